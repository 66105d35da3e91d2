// Messages in compact. The envelope:
//
//     u8 0x82, u8 (type << 5 | version 1), varint sequence id, varint size of name, name
//
// The sequence id is the plain varint of its 32 bits, not zigzag: a negative one takes five bytes.
// (Peers that extend its sign to 64 bits write ten; both are read.) A message ends with its struct.

#include "protocol/compact.hpp"
#include "protocol/compact_varint.hpp"
#include "protocol/level_scanner.hpp"
#include "protocol/message_format.hpp"

namespace thrift::compact {
namespace {

constexpr unsigned protocol_id = 0x82;
constexpr unsigned version = 1;  // fbthrift's 2 writes doubles the other way round

/// How a read went that may need more bytes.
enum class Got : std::uint8_t { all, too_few, too_long };

Got read(std::span<const std::byte> bytes, std::size_t& at, std::uint64_t& out) {
  const std::byte* const begin = bytes.data() + at;
  const std::byte* const end = bytes.data() + bytes.size();
  const std::byte* const p = begin == end ? nullptr : read_varint(begin, end, out);
  if (p == nullptr) return is_cut_varint(begin, end) ? Got::too_few : Got::too_long;
  at += static_cast<std::size_t>(p - begin);
  return Got::all;
}

std::string long_varint() {
  return "a number of variable length takes more than " + std::to_string(longest_varint) + " bytes";
}

struct HeaderShape {
  std::uint32_t sequence_id = 0;
  std::size_t name = 0;
  std::size_t size = 0;  // of the whole envelope; 0 where too little is there to tell
};

Result<HeaderShape> header_shape(std::span<const std::byte> bytes, const HeaderOptions& options) {
  if (bytes.empty()) return HeaderShape{};
  if (static_cast<unsigned>(bytes[0]) != protocol_id) {
    return header_failure(ProtocolErrorKind::bad_version,
                          "the message does not begin with 0x82, as compact ones do", 0);
  }
  if (bytes.size() == 1) return HeaderShape{};
  if (const unsigned given = static_cast<unsigned>(bytes[1]) & 0x1f; given != version) {
    return header_failure(
        ProtocolErrorKind::bad_version,
        "the message is of version " + std::to_string(given) + " of compact, not 1", 1);
  }
  std::size_t at = 2;
  std::uint64_t sequence_id = 0;
  std::uint64_t name_size = 0;
  for (std::uint64_t* const number : {&sequence_id, &name_size}) {
    const std::size_t begin = at;
    switch (read(bytes, at, *number)) {
      case Got::all: break;
      case Got::too_few: return HeaderShape{};
      case Got::too_long:
        return header_failure(ProtocolErrorKind::invalid_data, long_varint(), begin);
    }
    if (number == &name_size && (name_size > largest_wire_size || name_size > options.max_name)) {
      return bad_name_size(as_size(name_size), options, begin);
    }
  }
  return HeaderShape{static_cast<std::uint32_t>(sequence_id), at, at + name_size};
}

Result<ReadHeader> read_header(std::span<const std::byte> bytes, const HeaderOptions& options) {
  const Result<HeaderShape> shape = header_shape(bytes, options);
  if (!shape) return shape.error();
  if (shape->size == 0 || shape->size > bytes.size()) return header_truncated(bytes.size());
  const unsigned type = static_cast<unsigned>(bytes[1]) >> 5;
  if (!is_message_type(type)) return bad_message_type(type, 1);
  ReadHeader read;
  read.header.name = {reinterpret_cast<const char*>(bytes.data() + shape->name),
                      shape->size - shape->name};
  read.header.type = static_cast<MessageType>(type);
  read.header.sequence_id = static_cast<std::int32_t>(shape->sequence_id);
  read.size = shape->size;
  return read;
}

void write_header(const MessageHeader& header, Buffer& out) {
  check_name_size(header);
  const std::byte* const begin = out.prepare(2 + 2 * longest_varint + header.name.size());
  std::byte* p = const_cast<std::byte*>(begin);
  *p++ = std::byte{protocol_id};
  *p++ = static_cast<std::byte>(static_cast<unsigned>(header.type) << 5 | version);
  p = write_varint(p, static_cast<std::uint32_t>(header.sequence_id));
  p = write_varint(p, header.name.size());
  if (!header.name.empty()) std::memcpy(p, header.name.data(), header.name.size());
  out.commit(static_cast<std::size_t>(p - begin) + header.name.size());
}

/// For LevelScanner.
struct ScanFormat {
  static Result<std::size_t> header_size(std::span<const std::byte> bytes) {
    const Result<HeaderShape> shape = header_shape(bytes, {});
    if (!shape) return shape.error();
    return shape->size;
  }

  static FieldStart field(std::span<const std::byte> bytes, std::size_t at) {
    const auto byte = static_cast<unsigned>(bytes[at]);
    if (is_stop(byte)) return {1, WireType::stop, false};
    const WireType type = wire_type(byte);
    if (type == WireType::stop) {
      throw ProtocolError(ProtocolErrorKind::invalid_data,
                          "there is no wire type " + std::to_string(byte & 15), at);
    }
    std::size_t end = at + 1;
    std::uint64_t id = 0;
    if (byte >> 4 == 0 && !number(bytes, end, id)) return {};
    return {end - at, type, type != WireType::bool_};
  }

  static ValueStart value(std::span<const std::byte> bytes, std::size_t at, WireType type) {
    using enum ValueStart::Opens;
    std::size_t end = at;
    std::uint64_t n = 0;
    switch (type) {
      case WireType::i16:
      case WireType::i32:
      case WireType::i64: return number(bytes, end, n) ? ValueStart{end - at} : ValueStart{};
      case WireType::string: {
        if (!number(bytes, end, n)) return {};
        if (n > largest_wire_size) {
          throw ProtocolError(ProtocolErrorKind::negative_size,
                              "a string of " + std::to_string(as_size(n)) + " bytes", at);
        }
        return {end - at, n};
      }
      case WireType::list:
      case WireType::set: {
        const auto byte = static_cast<unsigned>(bytes[end++]);
        n = byte >> 4;
        if (n == 15 && !number(bytes, end, n)) return {};
        const WireType element = wire_type(byte);
        return {end - at, 0, list, element, element, as_size(n)};
      }
      case WireType::map: {
        if (!number(bytes, end, n)) return {};
        if (n == 0) return {.size = end - at, .opens = map};
        if (end == bytes.size()) return {};
        const auto byte = static_cast<unsigned>(bytes[end++]);
        return {end - at, 0, map, wire_type(byte >> 4), wire_type(byte), as_size(n)};
      }
      default: return {.rest = compact::least_size(type)};
    }
  }

  static std::uint32_t least_size(WireType type) noexcept { return compact::least_size(type); }
  static bool has_fixed_size(WireType type) noexcept { return compact::has_fixed_size(type); }

 private:
  /// The number at `at`, which moves behind it; false where more bytes are needed.
  static bool number(std::span<const std::byte> bytes, std::size_t& at, std::uint64_t& out) {
    switch (read(bytes, at, out)) {
      case Got::all: return true;
      case Got::too_few: return false;
      case Got::too_long: break;
    }
    throw ProtocolError(ProtocolErrorKind::invalid_data, long_varint(), at);
  }
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

}  // namespace thrift::compact
