// The envelope in binary:
//
//     strict   u16 0x8001, u8 not used, u8 type, i32 size of name, name, i32 sequence id
//     old      i32 size of name, name, u8 type, i32 sequence id
//
// A strict message's first number is negative, an old one's is a size: so both can be told apart.

#include <thriftpp/protocol/message.hpp>

#include "protocol/big_endian.hpp"
#include "protocol/codec.hpp"
#include "protocol/message_header.hpp"

namespace thrift {

std::string_view to_string(MessageType type) noexcept {
  switch (type) {
    case MessageType::call: return "CALL";
    case MessageType::reply: return "REPLY";
    case MessageType::exception: return "EXCEPTION";
    case MessageType::oneway: return "ONEWAY";
  }
  return "unknown";
}

namespace {

Failure failure(ProtocolErrorKind kind, std::string problem, std::uint64_t offset = 0) {
  return make_failure<ProtocolErrorDetail>(kind, std::move(problem), offset, std::string());
}

}  // namespace

namespace binary {

Result<HeaderShape> header_shape(std::span<const std::byte> bytes, const HeaderOptions& options) {
  if (bytes.size() < 4) return HeaderShape{};
  const auto first = load_big<std::uint32_t>(bytes.data());
  HeaderShape shape;
  shape.strict = first >> 31 != 0;
  std::uint32_t name_size = first;
  if (shape.strict) {
    if ((first & 0xffff0000) != 0x80010000) {
      return failure(ProtocolErrorKind::bad_version, "the message has another version than 0x8001");
    }
    if (bytes.size() < 8) return HeaderShape{};
    name_size = load_big<std::uint32_t>(bytes.data() + 4);
    shape.name = 8;
  } else {
    if (options.strict) {
      return failure(ProtocolErrorKind::bad_version, "the message has no version");
    }
    shape.name = 4;
  }
  if (name_size > largest_wire_size) {
    return failure(
        ProtocolErrorKind::negative_size,
        "a method's name of " + std::to_string(static_cast<std::int32_t>(name_size)) + " bytes",
        shape.name - 4);
  }
  if (name_size > options.max_name) {
    return failure(ProtocolErrorKind::size_limit,
                   "a method's name of " + std::to_string(name_size) + " bytes, the limit is " +
                       std::to_string(options.max_name),
                   shape.name - 4);
  }
  shape.name_size = name_size;
  shape.size = shape.name + name_size + (shape.strict ? 4 : 5);
  return shape;
}

}  // namespace binary

Result<ReadHeader> try_read_message_header(ProtocolId protocol, std::span<const std::byte> bytes,
                                           const HeaderOptions& options) {
  if (find_codec(protocol) == nullptr) return no_codec(protocol);
  const Result<binary::HeaderShape> shape = binary::header_shape(bytes, options);
  if (!shape) return shape.error();
  const auto [strict, name, name_size, size] = *shape;
  if (size == 0 || size > bytes.size()) {
    return failure(ProtocolErrorKind::truncated, "the input ends inside of a message's header",
                   bytes.size());
  }
  const std::byte* const behind = bytes.data() + name + name_size;
  const std::size_t type_at = strict ? 3 : name + name_size;
  const auto type = static_cast<unsigned>(bytes[type_at]);
  if (type < 1 || type > 4) {
    return failure(ProtocolErrorKind::invalid_data,
                   "there is no message type " + std::to_string(type), type_at);
  }
  ReadHeader read;
  read.header.name = {reinterpret_cast<const char*>(bytes.data() + name), name_size};
  read.header.type = static_cast<MessageType>(type);
  read.header.sequence_id = load_big<std::int32_t>(strict ? behind : behind + 1);
  read.size = size;
  return read;
}

ReadHeader read_message_header(ProtocolId protocol, std::span<const std::byte> bytes,
                               const HeaderOptions& options) {
  return try_read_message_header(protocol, bytes, options).value();
}

void write_message_header(ProtocolId protocol, const MessageHeader& header, Buffer& out) {
  if (find_codec(protocol) == nullptr) no_codec(protocol).raise();
  if (header.name.size() > largest_wire_size) {
    throw TypeError("a method's name of " + std::to_string(header.name.size()) +
                    " bytes is longer than the protocol can say");
  }
  const std::size_t size = 12 + header.name.size();
  std::byte* const p = out.prepare(size);
  store_big(p, std::uint32_t{0x80010000} | static_cast<std::uint32_t>(header.type));
  store_big(p + 4, static_cast<std::uint32_t>(header.name.size()));
  copy_short(p + 8, header.name.data(), header.name.size());
  store_big(p + 8 + header.name.size(), header.sequence_id);
  out.commit(size);
}

}  // namespace thrift
