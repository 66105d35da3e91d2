// Messages in binary. The envelope:
//
//     strict   u16 0x8001, u8 not used, u8 type, i32 size of name, name, i32 sequence id
//     old      i32 size of name, name, u8 type, i32 sequence id
//
// A strict message's first number is negative, an old one's is a size: so both can be told apart.
// A message ends with its struct.

#include "protocol/big_endian.hpp"
#include "protocol/binary.hpp"
#include "protocol/level_scanner.hpp"
#include "protocol/message_format.hpp"

namespace thrift::binary {
namespace {

/// Where the parts of an envelope lie.
struct HeaderShape {
  bool strict = false;
  std::size_t name = 0;
  std::size_t name_size = 0;
  std::size_t size = 0;  // of the whole envelope; 0 where too little is there to tell
};

/// The shape of the envelope of which `bytes` may hold only a part.
Result<HeaderShape> header_shape(std::span<const std::byte> bytes, const HeaderOptions& options) {
  if (bytes.size() < 4) return HeaderShape{};
  const auto first = load_big<std::uint32_t>(bytes.data());
  HeaderShape shape;
  shape.strict = first >> 31 != 0;
  std::uint32_t name_size = first;
  if (shape.strict) {
    if ((first & 0xffff0000) != 0x80010000) {
      return header_failure(ProtocolErrorKind::bad_version,
                            "the message has another version than 0x8001", 0);
    }
    if (bytes.size() < 8) return HeaderShape{};
    name_size = load_big<std::uint32_t>(bytes.data() + 4);
    shape.name = 8;
  } else {
    if (options.strict) {
      return header_failure(ProtocolErrorKind::bad_version, "the message has no version", 0);
    }
    shape.name = 4;
  }
  if (name_size > largest_wire_size || name_size > options.max_name) {
    return bad_name_size(static_cast<std::int32_t>(name_size), options, shape.name - 4);
  }
  shape.name_size = name_size;
  shape.size = shape.name + name_size + (shape.strict ? 4 : 5);
  return shape;
}

Result<ReadHeader> read_header(std::span<const std::byte> bytes, const HeaderOptions& options) {
  const Result<HeaderShape> shape = header_shape(bytes, options);
  if (!shape) return shape.error();
  const auto [strict, name, name_size, size] = *shape;
  if (size == 0 || size > bytes.size()) return header_truncated(bytes.size());
  const std::byte* const behind = bytes.data() + name + name_size;
  const std::size_t type_at = strict ? 3 : name + name_size;
  const auto type = static_cast<unsigned>(bytes[type_at]);
  if (!is_message_type(type)) return bad_message_type(type, type_at);
  ReadHeader read;
  read.header.name = {reinterpret_cast<const char*>(bytes.data() + name), name_size};
  read.header.type = static_cast<MessageType>(type);
  read.header.sequence_id = load_big<std::int32_t>(strict ? behind : behind + 1);
  read.size = size;
  return read;
}

void write_header(const MessageHeader& header, Buffer& out) {
  check_name_size(header);
  const std::size_t size = 12 + header.name.size();
  std::byte* const p = out.prepare(size);
  store_big(p, std::uint32_t{0x80010000} | static_cast<std::uint32_t>(header.type));
  store_big(p + 4, static_cast<std::uint32_t>(header.name.size()));
  if (!header.name.empty()) std::memcpy(p + 8, header.name.data(), header.name.size());
  store_big(p + 8 + header.name.size(), header.sequence_id);
  out.commit(size);
}

/// For LevelScanner.
struct ScanFormat {
  static Result<std::size_t> header_size(std::span<const std::byte> bytes) {
    const Result<HeaderShape> shape = header_shape(bytes, {});
    if (!shape) return shape.error();
    return shape->size;
  }

  static FieldStart field(std::span<const std::byte> bytes, std::size_t at) {
    const auto type = static_cast<WireType>(bytes[at]);
    if (type == WireType::stop) return {1, type, false};
    if (least_size(type) == 0) {
      throw ProtocolError(ProtocolErrorKind::invalid_data,
                          "there is no wire type " + std::to_string(static_cast<unsigned>(type)),
                          at);
    }
    if (bytes.size() - at < field_header_size) return {};
    return {field_header_size, type, true};
  }

  static ValueStart value(std::span<const std::byte> bytes, std::size_t at, WireType type) {
    using enum ValueStart::Opens;
    const std::byte* const p = bytes.data() + at;
    const auto left = static_cast<std::ptrdiff_t>(bytes.size() - at);
    switch (type) {
      case WireType::string: {
        if (left < 4) return {};
        const auto size = load_big<std::int32_t>(p);
        if (size < 0) {
          throw ProtocolError(ProtocolErrorKind::negative_size,
                              "a string of " + std::to_string(size) + " bytes", at);
        }
        return {4, static_cast<std::uint64_t>(size)};
      }
      case WireType::list:
      case WireType::set: {
        if (left < list_header_size) return {};
        const auto element = static_cast<WireType>(p[0]);
        return {list_header_size, 0, list, element, element, load_big<std::int32_t>(p + 1)};
      }
      case WireType::map:
        if (left < map_header_size) return {};
        return {map_header_size,
                0,
                map,
                static_cast<WireType>(p[0]),
                static_cast<WireType>(p[1]),
                load_big<std::int32_t>(p + 2)};
      default: return {.rest = least_size(type)};
    }
  }

  static std::uint32_t least_size(WireType type) noexcept { return binary::least_size(type); }
  static bool has_fixed_size(WireType type) noexcept { return binary::has_fixed_size(type); }
};

std::unique_ptr<MessageScanner::Strategy> new_scanner(std::size_t max_size,
                                                      std::uint32_t max_depth) {
  return std::make_unique<LevelScanner<ScanFormat>>(max_size, max_depth);
}

}  // namespace

constinit const MessageFormat message_format{.read_header = read_header,
                                             .write_header = write_header,
                                             .write_end = nullptr,
                                             .body = nullptr,
                                             .new_scanner = new_scanner};

}  // namespace thrift::binary
