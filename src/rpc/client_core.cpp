#include "rpc/client_core.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "rpc/client_loop.hpp"

namespace thrift::rpc {

using transport::Deadline;

ClientOptions with_password(ClientOptions options, const Endpoint& endpoint) {
  const char* const password = std::getenv("THRIFTPP_PASSWORD");
  if (endpoint.sasl_plain && options.password.empty() && password != nullptr) {
    options.password = password;
  }
  return options;
}

ClientCore::ClientCore(SchemaPtr schema, std::string_view service, std::vector<Endpoint> endpoints,
                       const ClientOptions& options)
    : schema_(std::move(schema)),
      service_(schema_->service(service)),
      options_(with_password(options, endpoints.empty() ? Endpoint() : endpoints.front())),
      codec_(std::make_shared<const CallCodec>(endpoints.empty() ? Endpoint() : endpoints.front(),
                                               options)),
      endpoints_(std::make_shared<EndpointSet>(std::move(endpoints), options.down_time)),
      pool_(*endpoints_, *codec_, options_) {
  if (endpoint().timeout) options_.timeout = *endpoint().timeout;
}

ClientCore::~ClientCore() {
  if (async_) async_->retire();
}

Deadline ClientCore::deadline_of(const CallOptions& options) const {
  return Deadline::after(options.timeout.value_or(options_.timeout), "timeout");
}

bool ClientCore::is_idempotent(const Function& function, const CallOptions& options) const {
  if (options.idempotent) return *options.idempotent;
  return rpc::is_idempotent(function);
}

void ClientCore::connect() {
  bool fresh = false;
  RetryPlan plan(options_, endpoints_->size(), false);
  const Deadline deadline = deadline_of({});
  for (;;) {
    try {
      (void)pool_.acquire(endpoints_->pick(), deadline, fresh);
      return;
    } catch (const TransportError& e) {
      const auto pause = plan.next(*e.failure().as<TransportErrorDetail>(), deadline);
      if (!pause) throw;
      std::this_thread::sleep_for(*pause);
    }
  }
}

void ClientCore::close() {
  pool_.close();
  const std::lock_guard lock(async_mutex_);
  if (async_) async_->close();
}

ClientPool::ConnectionPtr ClientCore::send(const Function& function,
                                           const ClientConnection::Outgoing& message,
                                           ClientConnection::Waiter* waiter,
                                           const Deadline& deadline) {
  const std::size_t place = endpoints_->pick();
  for (;;) {
    bool fresh = false;
    bool untouched = false;
    ClientPool::ConnectionPtr connection = pool_.acquire(place, deadline, fresh);
    try {
      connection->send(message, waiter, function.name(), deadline, untouched);
      return connection;
    } catch (const TransportError& e) {
      pool_.drop(connection);
      // The peer closed a connection that nobody used: that says nothing about a new one.
      if (fresh || !untouched || e.kind() == TransportErrorKind::timed_out) throw;
    }
  }
}

Value ClientCore::call_once(const Function& function, const Buffer& message, std::int32_t id,
                            const CallOptions& options, const Deadline& deadline) {
  const ClientConnection::Outgoing outgoing{message.bytes(), &options.headers};
  if (!codec_->has_answer(function)) {
    send(function, outgoing, nullptr, deadline);
    return {};
  }
  ClientConnection::Waiter waiter(id, function.name(), function.is_oneway());
  const ClientPool::ConnectionPtr connection = send(function, outgoing, &waiter, deadline);
  bool strange = false;
  try {
    connection->wait(waiter, deadline);
    Reply& reply = waiter.reply;
    if (options.report != nullptr) {
      *options.report = {reply.protocol, message.size(), reply.size, std::move(reply.headers)};
    }
    return codec_->read_reply(function, reply, connection->endpoint(), strange);
  } catch (...) {
    if (strange) connection->retire();
    pool_.drop(connection);
    throw;
  }
}

Value ClientCore::call(const Function& function, ValueView arguments, const CallOptions& options) {
  const Deadline deadline = deadline_of(options);
  const std::int32_t id = next_id_.fetch_add(1, std::memory_order_relaxed);
  Buffer message(256);
  codec_->encode(function, arguments, id, options.headers, message);
  if (options_.retries == 0 && endpoints_->size() == 1) {
    return call_once(function, message, id, options, deadline);
  }
  RetryPlan plan(options_, endpoints_->size(), is_idempotent(function, options));
  for (;;) {
    try {
      return call_once(function, message, id, options, deadline);
    } catch (const TransportError& e) {
      const auto pause = plan.next(*e.failure().as<TransportErrorDetail>(), deadline);
      if (!pause) plan.told(e.failure()).raise();
      std::this_thread::sleep_for(*pause);
    }
  }
}

std::shared_ptr<AsyncCall> ClientCore::prepare(const Function& function, ValueView arguments,
                                               const CallOptions& options) {
  const std::int32_t id = next_id_.fetch_add(1, std::memory_order_relaxed);
  auto call = std::make_shared<AsyncCall>(
      function, schema_, id, options,
      RetryPlan(options_, endpoints_->size(), is_idempotent(function, options)));
  codec_->encode(function, arguments, id, options.headers, call->message);
  return call;
}

void ClientCore::start(std::shared_ptr<AsyncCall> call) {
  call->deadline = deadline_of(call->options);
  std::shared_ptr<AsyncClient> async;
  {
    const std::lock_guard lock(async_mutex_);
    if (!async_) {
      const auto loop = ClientLoop::get();
      async_ = std::make_shared<AsyncClient>(std::shared_ptr<EventLoop>(loop, &loop->events()),
                                             endpoints_, codec_, options_);
    }
    async = async_;
  }
  async->start(std::move(call));
}

}  // namespace thrift::rpc
