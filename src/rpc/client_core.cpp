#include "rpc/client_core.hpp"

#include "rpc/application_exception.hpp"
#include "rpc/arguments.hpp"

namespace thrift::rpc {

using transport::Deadline;

namespace {

std::string quoted(std::string_view name) {
  return '`' + std::string(name) + '`';
}

}  // namespace

ClientCore::ClientCore(SchemaPtr schema, std::string_view service, std::string_view url,
                       const ClientOptions& options)
    : schema_(std::move(schema)),
      service_(schema_->service(service)),
      endpoint_(Endpoint::parse(url)),
      options_(options) {
  check_client_endpoint(endpoint_);
  format_ = {framing_of(endpoint_).value_or(Framing::buffered),
             protocol_of(endpoint_).value_or(ProtocolId::binary)};
  if (endpoint_.connect_timeout) options_.connect_timeout = *endpoint_.connect_timeout;
  if (endpoint_.timeout) options_.timeout = *endpoint_.timeout;
  options_.decode.alias_input = true;  // the result owns the bytes that were received
}

Deadline ClientCore::deadline_of(const CallOptions& options) const {
  return Deadline::after(options.timeout.value_or(options_.timeout), "timeout");
}

ClientCore::ConnectionPtr ClientCore::acquire(const Deadline& deadline, bool& fresh) {
  std::unique_lock lock(mutex_);
  for (;;) {
    fresh = false;
    if (current_ && current_->is_usable()) return current_;
    current_.reset();  // calls that run on it hold it
    if (!connecting_) break;
    if (deadline.is_never()) {
      connected_.wait(lock, [&] { return !connecting_; });
    } else if (!connected_.wait_until(lock, deadline.at, [&] { return !connecting_; })) {
      transport::fail(TransportErrorKind::timed_out, endpoint_,
                      "could not connect within " + deadline.text(), true);
    }
  }
  connecting_ = true;
  lock.unlock();
  ConnectionPtr connection;
  const auto done = [&] {
    lock.lock();
    connecting_ = false;
    current_ = connection;
    connected_.notify_all();
  };
  try {
    const Deadline connect_by = Deadline::after(options_.connect_timeout, "connect_timeout");
    connection = std::make_shared<ClientConnection>(
        transport::connect(endpoint_, earlier(deadline, connect_by)), endpoint_, format_,
        Splitter::Limits{options_.max_frame, options_.max_message});
  } catch (...) {
    done();
    throw;
  }
  done();
  fresh = true;
  return connection;
}

void ClientCore::drop(const ConnectionPtr& connection) {
  const std::lock_guard lock(mutex_);
  if (current_ == connection && !connection->is_usable()) current_.reset();
}

void ClientCore::connect() {
  bool fresh = false;
  (void)acquire(deadline_of({}), fresh);
}

void ClientCore::close() {
  ConnectionPtr connection;
  {
    const std::lock_guard lock(mutex_);
    connection = std::exchange(current_, nullptr);
  }
  if (connection) connection->close();
}

void ClientCore::encode_call(const Function& function, ValueView arguments,
                             std::int32_t sequence_id, Buffer& out) const {
  const bool framed = format_.framing == Framing::framed;
  const std::size_t start = framed ? begin_frame(out) : 0;
  std::string multiplexed;
  std::string_view name = function.name();
  if (!endpoint_.service.empty()) {
    multiplexed = endpoint_.service + ':' + std::string(name);
    name = multiplexed;
  }
  const MessageType type = function.is_oneway() ? MessageType::oneway : MessageType::call;
  write_message_header(format_.protocol, {name, type, sequence_id}, out);
  as_argument_of(function, [&] { encode(format_.protocol, arguments, out, options_.encode); });
  write_message_end(format_.protocol, out);
  if (!framed) return;
  const std::size_t size = out.size() - start - 4;
  if (size > options_.max_frame) {
    transport::fail(TransportErrorKind::bad_args, endpoint_,
                    quoted(function.name()) + ": a frame of " + std::to_string(size) +
                        " bytes is over the limit of " + std::to_string(options_.max_frame),
                    true);
  }
  end_frame(out, start);
}

ClientCore::ConnectionPtr ClientCore::send(const Function& function,
                                           std::span<const std::byte> message,
                                           ClientConnection::Waiter* waiter,
                                           const Deadline& deadline) {
  for (;;) {
    bool fresh = false;
    bool untouched = false;
    ConnectionPtr connection = acquire(deadline, fresh);
    try {
      connection->send(message, waiter, function.name(), deadline, untouched);
      return connection;
    } catch (const TransportError& e) {
      drop(connection);
      // The peer closed a connection that nobody used: that says nothing about a new one.
      if (fresh || !untouched || e.kind() == TransportErrorKind::timed_out) throw;
    }
  }
}

Value ClientCore::call(const Function& function, ValueView arguments, const CallOptions& options) {
  const Deadline deadline = deadline_of(options);
  const std::int32_t id = next_id_.fetch_add(1, std::memory_order_relaxed);
  Buffer message(256);
  encode_call(function, arguments, id, message);
  if (function.is_oneway()) {
    send(function, message.bytes(), nullptr, deadline);
    return {};
  }
  ClientConnection::Waiter waiter(id, function.name());
  const ConnectionPtr connection = send(function, message.bytes(), &waiter, deadline);
  try {
    connection->wait(waiter, deadline);
    return read_reply(function, *connection, std::move(waiter.reply), waiter.start);
  } catch (...) {
    drop(connection);
    throw;
  }
}

Value ClientCore::read_reply(const Function& function, ClientConnection& connection, Buffer&& reply,
                             std::size_t start) const {
  auto arena = std::make_unique<Arena>();
  const std::span<const std::byte> message = arena->adopt(std::move(reply)).subspan(start);
  const ReadHeader read = read_message_header(format_.protocol, message);
  const MessageType type = read.header.type;
  if (type != MessageType::reply && type != MessageType::exception) {
    connection.retire();
    throw ApplicationError(ApplicationErrorKind::invalid_message_type,
                           endpoint_.address() + ": " + quoted(function.name()) +
                               ": the peer answered with a message of type " +
                               std::string(to_string(type)));
  }
  // A multiplexed server answers without the service's name; one that does not know it, with it.
  std::string_view name = read.header.name;
  const std::string& prefix = endpoint_.service;
  if (!prefix.empty() && name.starts_with(prefix) && name.substr(prefix.size()).starts_with(':')) {
    name.remove_prefix(prefix.size() + 1);
  }
  if (name != function.name()) {
    connection.retire();
    throw ApplicationError(ApplicationErrorKind::wrong_method_name,
                           endpoint_.address() + ": " + quoted(function.name()) +
                               ": the peer answered as " + quoted(name));
  }
  const std::span<const std::byte> body = message_body(format_.protocol, message, read);
  if (type == MessageType::exception) {
    ApplicationProblem problem = read_application_exception(format_.protocol, body);
    if (problem.message.empty()) problem.message = to_string(problem.kind);
    throw ApplicationError(problem.kind, std::move(problem.message), true);
  }
  const ValueView result =
      decode(format_.protocol, body, function.result(), *arena, options_.decode);
  // The field's own cell becomes the root of a Value that owns all of the memory.
  const auto take = [&](const Field& field) {
    return Value::adopt(std::move(arena), field.type(),
                        const_cast<std::byte*>(result[field].cell()));
  };
  const Field* const success = function.success();
  if (success != nullptr && result.has(*success)) return take(*success);
  for (const Field& field : function.exceptions()) {
    if (result.has(field)) throw ServiceException(take(field));
  }
  if (success == nullptr) return {};
  throw ApplicationError(ApplicationErrorKind::missing_result,
                         endpoint_.address() + ": " + quoted(function.name()) +
                             ": the peer answered without a result");
}

}  // namespace thrift::rpc
