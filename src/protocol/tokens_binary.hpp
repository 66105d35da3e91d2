#pragma once

#include "protocol/big_endian.hpp"
#include "protocol/binary.hpp"
#include "protocol/tjson_text.hpp"
#include "protocol/tokens.hpp"

namespace thrift::tokens {

using tjson::Text;

/// Bytes that a number of that type takes, in binary and in memory.
template <WireType type>
using Number = std::conditional_t<
    type == WireType::i8, std::int8_t,
    std::conditional_t<type == WireType::i16, std::int16_t,
                       std::conditional_t<type == WireType::i32, std::int32_t, std::int64_t>>>;

class BinaryReader {
 public:
  static constexpr ProtocolId protocol = ProtocolId::binary;
  static constexpr bool says_empty_maps = true;
  static std::uint32_t least_size(WireType type) noexcept { return binary::least_size(type); }

  BinaryReader(DecodeState& s, Place from) noexcept : state(s), p(from), end(s.end()) {}

  bool begin_struct(Frame& /*frame*/) noexcept { return true; }
  bool next_field(Frame& /*frame*/, Field& field) {
    if (p == end) return failed(state.truncated(p, 1));
    field.type = static_cast<WireType>(*p);
    if (field.type == WireType::stop) return ++p, true;
    if (!has(binary::field_header_size)) return false;
    if (binary::least_size(field.type) == 0) {
      return failed(state.bad_wire_type(p, static_cast<unsigned>(field.type)));
    }
    field.id = load_big<std::int16_t>(p + 1);
    p += binary::field_header_size;
    return true;
  }
  bool end_field(Frame& /*frame*/) noexcept { return true; }

  bool begin_list(Container& list, const SlotLayout* slot) {
    if (!has(binary::list_header_size)) return false;
    list.element = static_cast<WireType>(*p);
    follow_schema(list, slot);
    const Place types = p;
    p += binary::list_header_size;
    return check_size(list, types, list.element, binary::least_size(list.element));
  }
  bool begin_map(Container& map, const SlotLayout* slot) {
    if (!has(binary::map_header_size)) return false;
    map.key = static_cast<WireType>(p[0]);
    map.element = static_cast<WireType>(p[1]);
    follow_schema(map, slot);
    const Place types = p;
    p += binary::map_header_size;
    const std::uint32_t key = binary::least_size(map.key);
    const std::uint32_t value = binary::least_size(map.element);
    return check_size(map, types, key == 0 ? map.key : map.element,
                      key == 0 || value == 0 ? 0 : key + value);
  }
  bool next_element(std::uint32_t /*i*/) noexcept { return true; }
  bool next_entry(std::uint32_t /*i*/) noexcept { return true; }
  bool between() noexcept { return true; }
  bool end_list() noexcept { return true; }
  bool end_map() noexcept { return true; }

  bool read_bool(bool& value) {
    if (!has(1)) return false;
    value = *p++ != std::byte{0};
    return true;
  }
  bool read_field_bool(const Field& /*field*/, bool& value) { return read_bool(value); }
  template <WireType type>
  bool read_integer(std::int64_t& value) {
    using T = Number<type>;
    if (!has(sizeof(T))) return false;
    value = load_big<T>(p);
    p += sizeof(T);
    return true;
  }
  bool read_double(std::uint64_t& bits) {
    if (!has(8)) return false;
    bits = load_big<std::uint64_t>(p);
    p += 8;
    return true;
  }
  bool read_uuid(std::byte* to) {
    if (!has(sizeof(Uuid))) return false;
    std::memcpy(to, p, sizeof(Uuid));
    p += sizeof(Uuid);
    return true;
  }
  bool read_string(Text& text) {
    if (!has(4)) return false;
    const auto size = load_big<std::uint32_t>(p);
    if (size > state.max_string() || size > static_cast<std::size_t>(end - p) - 4) {
      return failed(state.bad_string_size(p, size, p + 4));
    }
    text = {p + 4, p + 4 + size, size};
    p = text.end;
    return true;
  }

  DecodeState& state;
  Place p;
  Place end;

 private:
  static bool failed(Place /*nothing*/) noexcept { return false; }
  bool has(std::ptrdiff_t n) {
    if (end - p >= n) [[likely]]
      return true;
    return failed(state.truncated(p, static_cast<std::uint64_t>(n)));
  }
  /// The size stands in the four bytes before `p`; `least` is 0 where `type` does not exist.
  bool check_size(Container& container, Place types, WireType type, std::uint64_t least) {
    container.size = load_big<std::uint32_t>(p - 4);
    if (container.size == 0) return true;  // an empty one's types mean nothing
    if (least == 0) return failed(state.bad_wire_type(types, static_cast<unsigned>(type)));
    if (container.size > state.max_container() ||
        container.size * least > static_cast<std::size_t>(end - p)) {
      return failed(state.bad_container_size(p - 4, container.size, least, p));
    }
    return true;
  }
};

class BinaryWriter {
 public:
  static constexpr ProtocolId protocol = ProtocolId::binary;
  /// Enough for a field's header and a value other than a string, or a container's header.
  static constexpr std::size_t value_room = 24;

  explicit BinaryWriter(Output& out) : output(out), q(out.start()) {}
  void room(std::size_t n) { q = output.room(q, n); }

  void put_struct(Frame& /*frame*/) noexcept {}
  void put_field(Frame& /*frame*/, WireType type, std::int16_t id) noexcept {
    *q = static_cast<std::byte>(type);
    store_big(q + 1, id);
    q += binary::field_header_size;
  }
  void put_field_bool(Frame& frame, std::int16_t id, bool value) noexcept {
    put_field(frame, WireType::bool_, id);
    put_bool<false>(value);
  }
  void put_field_end() noexcept {}
  void put_struct_end() noexcept { *q++ = std::byte{0}; }

  void put_list(const Container& list) noexcept {
    *q = static_cast<std::byte>(list.element);
    store_big(q + 1, list.size);
    q += binary::list_header_size;
  }
  void put_map(const Container& map) noexcept {
    q[0] = static_cast<std::byte>(map.key);
    q[1] = static_cast<std::byte>(map.element);
    store_big(q + 2, map.size);
    q += binary::map_header_size;
  }
  void put_element(std::uint32_t /*i*/) noexcept {}
  void put_entry(std::uint32_t /*i*/) noexcept {}
  void put_between() noexcept {}
  void put_list_end() noexcept {}
  void put_map_end() noexcept {}

  template <bool key>
  void put_bool(bool value) noexcept {
    *q++ = std::byte{value};
  }
  template <WireType type, bool key>
  void put_integer(std::int64_t value) noexcept {
    store_big(q, static_cast<Number<type>>(value));
    q += sizeof(Number<type>);
  }
  template <bool key>
  void put_double(std::uint64_t bits) noexcept {
    store_big(q, bits);
    q += 8;
  }
  void put_uuid(const std::byte* from) noexcept {
    std::memcpy(q, from, sizeof(Uuid));
    q += sizeof(Uuid);
  }
  /// The size of a string whose bytes follow, and room for these.
  void begin_string(std::size_t size) {
    room(4 + size + value_room);
    store_big(q, static_cast<std::uint32_t>(size));
    q += 4;
  }

  Output& output;
  std::byte* q;
};

}  // namespace thrift::tokens
