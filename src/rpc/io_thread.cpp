#include "rpc/io_thread.hpp"

#include "rpc/connection.hpp"

namespace thrift::rpc {

void ServerContext::report(std::string_view where, std::string_view error) const noexcept {
  try {
    if (options.on_error) options.on_error(where, error);
  } catch (...) {  // NOLINT(bugprone-empty-catch): there is nobody left to tell
  }
}

SessionOptions ServerContext::session(const Endpoint& endpoint) const {
  SessionOptions out;
  out.max_frame = options.max_frame;
  out.max_message = options.max_message;
  out.accept = options.accept;
  narrow(out, endpoint);
  if (endpoint.sasl_plain) {
    if (!options.authenticate) {
      transport::fail(TransportErrorKind::bad_args, endpoint,
                      "`sasl=plain` needs ServerOptions::authenticate");
    }
    out.authenticate = options.authenticate;
  }
  return out;
}

IoThread::IoThread(ServerContext& context)
    : context_(context),
      loop_([&context](std::string_view error) { context.report("server", error); },
            context.options.busy_poll),
      arena_(16 * 1024) {}

IoThread::~IoThread() {
  loop_.end();
}

void IoThread::start() {
  schedule_sweep();
  loop_.start();
}

void IoThread::post_add(transport::Socket socket, const SessionOptions& session,
                        std::shared_ptr<const std::string> name) {
  auto shared = std::make_shared<transport::Socket>(std::move(socket));
  events().post(
      [this, shared, session, name = std::move(name)] { add(std::move(*shared), session, name); });
}

void IoThread::post_stop() {
  events().post([this] { stop(); });
}

void IoThread::add(transport::Socket socket, const SessionOptions& session,
                   std::shared_ptr<const std::string> name) {
  if (stopping_) {
    context_.connections.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  auto connection =
      std::make_shared<Connection>(*this, std::move(socket), session, std::move(name));
  connections_.insert(connection);
  connection->start();
}

void IoThread::remove(const std::shared_ptr<Connection>& connection) {
  connections_.erase(connection);
  stop_if_done();
}

void IoThread::stop() {
  if (stopping_) return;
  stopping_ = true;
  events().cancel(sweep_alarm_);
  if (context_.options.stop_timeout.count() > 0) {
    events().set(stop_alarm_, EventLoop::Clock::now() + context_.options.stop_timeout);
  }
  const auto all = connections_;  // a copy: they remove themselves
  for (const auto& connection : all) connection->stop();
  stop_if_done();
}

void IoThread::stop_if_done() {
  if (!stopping_ || !connections_.empty()) return;
  events().cancel(stop_alarm_);
  events().stop();
}

void IoThread::cut_all() {
  const auto all = connections_;
  for (const auto& connection : all) connection->cut("the server stops");
}

void IoThread::schedule_sweep() {
  const ServerOptions& options = context_.options;
  const auto pause =
      time_to_next_sweep({options.idle_timeout, options.header_timeout, options.message_timeout});
  if (pause) events().set(sweep_alarm_, EventLoop::Clock::now() + *pause);
}

void IoThread::sweep() {
  const auto now = transport::Clock::now();
  std::vector<std::shared_ptr<Connection>> late;
  for (const auto& connection : connections_) {
    if (connection->is_late(now)) late.push_back(connection);
  }
  for (const auto& connection : late) connection->cut(connection->lateness());
  schedule_sweep();
}

}  // namespace thrift::rpc
