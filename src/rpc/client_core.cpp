#include "rpc/client_core.hpp"

#include "base/quoted.hpp"
#include "rpc/application_exception.hpp"
#include "rpc/arguments.hpp"

namespace thrift::rpc {

using transport::Deadline;

ClientCore::ClientCore(SchemaPtr schema, std::string_view service, std::string_view url,
                       const ClientOptions& options)
    : schema_(std::move(schema)),
      service_(schema_->service(service)),
      endpoint_(Endpoint::parse(url)),
      options_(options),
      format_(client_format(endpoint_)) {
  if (transport::has_tls(endpoint_)) {
    tls_ = std::make_unique<transport::TlsContext>(endpoint_, transport::TlsContext::Side::client);
  }
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
        transport::connect(endpoint_, tls_.get(), earlier(deadline, connect_by)), endpoint_,
        format_, Splitter::Limits{options_.max_frame, options_.max_message});
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

void ClientCore::encode_message(const Function& function, ValueView arguments,
                                std::int32_t sequence_id, Buffer& out) const {
  std::string multiplexed;
  std::string_view name = function.name();
  if (!endpoint_.service.empty()) {
    multiplexed = endpoint_.service + ':' + std::string(name);
    name = multiplexed;
  }
  const ProtocolId protocol = format_.wire.protocol;
  const MessageType type = function.is_oneway() ? MessageType::oneway : MessageType::call;
  write_message_header(protocol, {name, type, sequence_id}, out);
  as_argument_of(function, [&] { encode(protocol, arguments, out, options_.encode); });
  write_message_end(protocol, out);
}

void ClientCore::check_frame(const Function& function, std::size_t size) const {
  if (size <= options_.max_frame) return;
  transport::fail(TransportErrorKind::bad_args, endpoint_,
                  quoted(function.name()) + ": a frame of " + std::to_string(size) +
                      " bytes is over the limit of " + std::to_string(options_.max_frame),
                  true);
}

void ClientCore::encode_call(const Function& function, ValueView arguments,
                             std::int32_t sequence_id, const Headers& headers, Buffer& out) const {
  const WireFormat& wire = format_.wire;
  const std::size_t start = out.size();
  switch (wire.framing) {
    case Framing::buffered: encode_message(function, arguments, sequence_id, out); break;
    case Framing::framed:
      (void)begin_frame(out);
      encode_message(function, arguments, sequence_id, out);
      check_frame(function, out.size() - start - 4);
      end_frame(out, start);
      break;
    case Framing::header: {
      Buffer message(256);
      encode_message(function, arguments, sequence_id, message);
      transport::HeaderFrame frame;
      frame.protocol = header_protocol(wire.protocol);
      frame.sequence_id = sequence_id;
      frame.zlib = wire.compress;
      frame.headers = headers;
      try {
        write_framed(frame, wire.nested, message, out);
      } catch (const transport::CarrierError& e) {
        transport::fail(TransportErrorKind::bad_args, endpoint_,
                        quoted(function.name()) + ": " + e.what(), true);
      }
      check_frame(function, out.size() - start - 4);
      break;
    }
  }
}

ClientCore::ConnectionPtr ClientCore::send(const Function& function,
                                           const ClientConnection::Outgoing& message,
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
  encode_call(function, arguments, id, options.headers, message);
  const ClientConnection::Outgoing outgoing{message.bytes(), &options.headers};
  // A response comes to everything that HTTP carries.
  if (function.is_oneway() && format_.carriage != Carriage::http) {
    send(function, outgoing, nullptr, deadline);
    return {};
  }
  ClientConnection::Waiter waiter(id, function.name(), function.is_oneway());
  const ConnectionPtr connection = send(function, outgoing, &waiter, deadline);
  try {
    connection->wait(waiter, deadline);
    if (options.report != nullptr) {
      *options.report = {waiter.protocol, message.size(), waiter.size, std::move(waiter.headers)};
    }
    if (function.is_oneway() && waiter.reply.empty()) return {};
    return read_reply(function, *connection, waiter);
  } catch (...) {
    drop(connection);
    throw;
  }
}

Value ClientCore::read_reply(const Function& function, ClientConnection& connection,
                             ClientConnection::Waiter& waiter) const {
  if (waiter.reply.empty()) {
    throw ApplicationError(ApplicationErrorKind::missing_result,
                           endpoint_.address() + ": " + quoted(function.name()) +
                               ": the peer answered without a message");
  }
  auto arena = std::make_unique<Arena>();
  const std::span<const std::byte> message =
      arena->adopt(std::move(waiter.reply)).subspan(waiter.start, waiter.size);
  const ReadHeader read = read_message_header(waiter.protocol, message);
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
  const std::span<const std::byte> body = message_body(waiter.protocol, message, read);
  if (type == MessageType::exception) {
    ApplicationProblem problem = read_application_exception(waiter.protocol, body);
    if (problem.message.empty()) problem.message = to_string(problem.kind);
    throw ApplicationError(problem.kind, std::move(problem.message), true);
  }
  const ValueView result =
      decode(waiter.protocol, body, function.result(), *arena, options_.decode);
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
