#pragma once

// Messages of the test service as bytes, for tests that send and read them by hand.

#include "rpc/service.hpp"

namespace test {

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}
inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The test service, for sessions that want nothing special of it.
inline const thrift::Processor& users() {
  static const thrift::Processor one = [] {
    thrift::Processor p(schema(), "Users");
    serve_users(p);
    return p;
  }();
  return one;
}

inline const thrift::Function& function(std::string_view name) {
  return schema()->service("Users").function(name);
}

inline thrift::Buffer message(std::string_view name, thrift::MessageType type, std::int32_t id,
                              const thrift::Value& value,
                              thrift::ProtocolId protocol = thrift::ProtocolId::binary) {
  thrift::Buffer out;
  thrift::write_message_header(protocol, {name, type, id}, out);
  thrift::encode(protocol, value, out);
  thrift::write_message_end(protocol, out);
  return out;
}

inline thrift::Buffer call(std::string_view method, const thrift::Literal& arguments,
                           std::int32_t id = 7,
                           thrift::ProtocolId protocol = thrift::ProtocolId::binary) {
  return message(method, thrift::MessageType::call, id,
                 thrift::Value(function(method).arguments(), arguments), protocol);
}

inline thrift::Buffer reply(std::string_view method, const thrift::Literal& result,
                            std::int32_t id = 7,
                            thrift::ProtocolId protocol = thrift::ProtocolId::binary) {
  return message(method, thrift::MessageType::reply, id,
                 thrift::Value(function(method).result(), result), protocol);
}

/// Whether this build has that protocol.
inline bool has_protocol(thrift::ProtocolId protocol) {
  try {
    thrift::Buffer out;
    thrift::write_message_header(protocol, {"x", thrift::MessageType::call, 1}, out);
    thrift::encode(protocol, thrift::Value(function("ping").arguments()), out);
    return true;
  } catch (const thrift::ProtocolError&) {
    return false;
  }
}

/// Those that this build has.
inline std::vector<thrift::ProtocolId> protocols() {
  std::vector<thrift::ProtocolId> out;
  for (const auto id :
       {thrift::ProtocolId::binary, thrift::ProtocolId::compact, thrift::ProtocolId::json}) {
    if (has_protocol(id)) out.push_back(id);
  }
  return out;
}

/// As clients older than the version word wrote it.
inline thrift::Buffer old_call(std::string_view method, const thrift::Literal& arguments,
                               std::int32_t id = 7) {
  const thrift::Buffer strict = call(method, arguments, id);
  thrift::Buffer out;
  out.append(strict.bytes().subspan(4, 4 + method.size()));
  out.push_back(std::byte{1});
  out.append(strict.bytes().subspan(8 + method.size()));
  return out;
}

inline thrift::Buffer frame(std::span<const std::byte> message) {
  thrift::Buffer out;
  const std::size_t start = thrift::begin_frame(out);
  out.append(message);
  thrift::end_frame(out, start);
  return out;
}

/// As the message would look on the wire in that framing.
inline thrift::Buffer on_wire(thrift::Framing framing, std::span<const std::byte> message) {
  return framing == thrift::Framing::framed ? frame(message) : thrift::Buffer(message);
}

}  // namespace test
