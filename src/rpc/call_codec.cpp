#include "rpc/call_codec.hpp"

#include "base/backquoted.hpp"
#include "rpc/application_exception.hpp"
#include "rpc/arguments.hpp"
#include "transport/socket.hpp"

namespace thrift::rpc {

namespace {

constexpr std::size_t max_datagram = 65'507;  // UDP's own, over IPv4

}  // namespace

CallCodec::CallCodec(Endpoint endpoint, ClientOptions options)
    : endpoint_(std::move(endpoint)),
      options_(std::move(options)),
      format_(client_format(endpoint_)) {
  options_.decode.alias_input = true;  // the result owns the bytes that were received
}

template <class Write>
void CallCodec::encode_message(const Function& function, const Write& write_arguments,
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
  write_arguments(protocol, out);
  write_message_end(protocol, out);
}

void CallCodec::check_frame(const Function& function, std::size_t size) const {
  if (size <= options_.max_frame) return;
  transport::fail(TransportErrorKind::bad_args, endpoint_,
                  backquoted(function.name()) + ": a frame of " + std::to_string(size) +
                      " bytes is over the limit of " + std::to_string(options_.max_frame),
                  true);
}

void CallCodec::encode(const Function& function, ValueView arguments, std::int32_t sequence_id,
                       const Headers& headers, Buffer& out) const {
  const auto write_arguments = [&](ProtocolId protocol, Buffer& to) {
    as_argument_of(function, [&] { thrift::encode(protocol, arguments, to, options_.encode); });
  };
  encode_framed(function, write_arguments, sequence_id, headers, out);
}

void CallCodec::encode(const Function& function, const WriteArguments& write_arguments,
                       std::int32_t sequence_id, const Headers& headers, Buffer& out) const {
  encode_framed(function, write_arguments, sequence_id, headers, out);
}

template <class Write>
void CallCodec::encode_framed(const Function& function, const Write& write_arguments,
                              std::int32_t sequence_id, const Headers& headers, Buffer& out) const {
  const WireFormat& wire = format_.wire;
  const std::size_t start = out.size();
  const bool is_datagram = endpoint_.scheme == Endpoint::Scheme::udp;
  if (is_datagram && !function.is_oneway()) {
    transport::fail(TransportErrorKind::bad_args, endpoint_,
                    backquoted(function.name()) + " expects a reply, which UDP does not carry",
                    true);
  }
  switch (wire.framing) {
    case Framing::buffered: encode_message(function, write_arguments, sequence_id, out); break;
    case Framing::framed:
      (void)begin_frame(out);
      encode_message(function, write_arguments, sequence_id, out);
      check_frame(function, out.size() - start - 4);
      end_frame(out, start);
      break;
    case Framing::header: {
      Buffer message(256);
      encode_message(function, write_arguments, sequence_id, message);
      transport::HeaderFrame frame;
      frame.protocol = header_protocol(wire.protocol);
      frame.sequence_id = sequence_id;
      frame.zlib = wire.compress;
      frame.headers = headers;
      try {
        write_framed(frame, wire.nested, message, out);
      } catch (const transport::CarrierError& e) {
        transport::fail(TransportErrorKind::bad_args, endpoint_,
                        backquoted(function.name()) + ": " + e.what(), true);
      }
      check_frame(function, out.size() - start - 4);
      break;
    }
  }
  if (is_datagram && out.size() - start > max_datagram) {
    transport::fail(TransportErrorKind::bad_args, endpoint_,
                    backquoted(function.name()) + ": a datagram of " +
                        std::to_string(out.size() - start) + " bytes is over the limit of " +
                        std::to_string(max_datagram),
                    true);
  }
}

namespace {

// A oneway call's answer may have none; any other's must.
bool has_message(const Function& function, const Reply& reply, const Endpoint& peer) {
  if (reply.size != 0) return true;
  if (function.is_oneway()) return false;
  throw ApplicationError(ApplicationErrorKind::missing_result,
                         peer.address() + ": " + backquoted(function.name()) +
                             ": the peer answered without a message");
}

}  // namespace

std::span<const std::byte> CallCodec::open_reply(const Function& function, ProtocolId protocol,
                                                 std::span<const std::byte> message,
                                                 const Endpoint& peer, bool& strange,
                                                 bool& is_exception) const {
  const ReadHeader read = read_message_header(protocol, message);
  const MessageType type = read.header.type;
  if (type != MessageType::reply && type != MessageType::exception) {
    strange = true;
    throw ApplicationError(ApplicationErrorKind::invalid_message_type,
                           peer.address() + ": " + backquoted(function.name()) +
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
    strange = true;
    throw ApplicationError(ApplicationErrorKind::wrong_method_name,
                           peer.address() + ": " + backquoted(function.name()) +
                               ": the peer answered as " + backquoted(name));
  }
  is_exception = type == MessageType::exception;
  return message_body(protocol, message, read);
}

RawReply CallCodec::read_raw_reply(const Function& function, Reply& reply, const Endpoint& peer,
                                   bool& strange) const {
  RawReply out;
  out.protocol = reply.protocol;
  out.headers = std::move(reply.headers);
  if (!has_message(function, reply, peer)) return out;
  out.bytes = std::move(reply.bytes);
  out.body = open_reply(function, out.protocol, out.bytes.bytes().subspan(reply.start, reply.size),
                        peer, strange, out.is_exception);
  return out;
}

Value CallCodec::read_reply(const Function& function, Reply& reply, const Endpoint& peer,
                            bool& strange) const {
  if (!has_message(function, reply, peer)) return {};
  auto arena = std::make_unique<Arena>();
  const std::span<const std::byte> message =
      arena->adopt(std::move(reply.bytes)).subspan(reply.start, reply.size);
  bool is_exception = false;
  const std::span<const std::byte> body =
      open_reply(function, reply.protocol, message, peer, strange, is_exception);
  if (is_exception) {
    ApplicationProblem problem = read_application_exception(reply.protocol, body);
    if (problem.message.empty()) problem.message = to_string(problem.kind);
    throw ApplicationError(problem.kind, std::move(problem.message), true);
  }
  const ValueView result = decode(reply.protocol, body, function.result(), *arena, options_.decode);
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
  throw ApplicationError(
      ApplicationErrorKind::missing_result,
      peer.address() + ": " + backquoted(function.name()) + ": the peer answered without a result");
}

}  // namespace thrift::rpc
