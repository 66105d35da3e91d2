#pragma once

#include "protocol/compact.hpp"
#include "protocol/tokens_binary.hpp"

namespace thrift::tokens {

class CompactReader {
 public:
  static constexpr ProtocolId protocol = ProtocolId::compact;
  static constexpr bool says_empty_maps = false;

  CompactReader(DecodeState& s, Place from) noexcept : state(s), p(from), end(s.end()) {}

  bool begin_struct(Frame& frame) noexcept {
    frame.last_id = 0;
    return true;
  }
  bool next_field(Frame& frame, Field& field) {
    if (!has(1)) return false;
    const auto head = static_cast<unsigned>(*p);
    if (compact::is_stop(head)) {
      field.type = WireType::stop;
      return ++p, true;
    }
    field.type = compact::wire_type(head);
    field.flag = (head & 15) == static_cast<unsigned>(compact::Code::true_);
    if (field.type == WireType::stop) return failed(state.bad_wire_type(p, head & 15));
    ++p;
    if (head >> 4 != 0) {
      frame.last_id = static_cast<std::int16_t>(frame.last_id + static_cast<int>(head >> 4));
    } else {
      std::int64_t id = 0;
      if (!read_integer<WireType::i16>(id)) return false;
      frame.last_id = static_cast<std::int16_t>(id);
    }
    field.id = frame.last_id;
    return true;
  }
  bool end_field(Frame& /*frame*/) noexcept { return true; }

  bool begin_list(Container& list, const SlotLayout* slot) {
    if (!has(1)) return false;
    const Place start = p;
    const auto head = static_cast<unsigned>(*p++);
    list.element = compact::wire_type(head);
    follow_schema(list, slot);
    std::uint64_t size = head >> 4;
    if (size == 15 && !read_varint(size)) return false;
    return check_size(list, start, head & 15, size, compact::least_size(list.element));
  }
  bool begin_map(Container& map, const SlotLayout* slot) {
    const Place start = p;
    std::uint64_t size = 0;
    if (!read_varint(size)) return false;
    map.size = 0;
    if (size == 0) return true;
    if (!has(1)) return false;
    const auto head = static_cast<unsigned>(*p++);
    map.key = compact::wire_type(head >> 4);
    map.element = compact::wire_type(head);
    follow_schema(map, slot);
    const std::uint32_t key = compact::least_size(map.key);
    const std::uint32_t value = compact::least_size(map.element);
    return check_size(map, start, key == 0 ? head >> 4 : head & 15, size,
                      key == 0 || value == 0 ? 0 : key + value);
  }
  bool next_element(std::uint32_t /*i*/) noexcept { return true; }
  bool next_entry(std::uint32_t /*i*/) noexcept { return true; }
  bool between() noexcept { return true; }
  bool end_list() noexcept { return true; }
  bool end_map() noexcept { return true; }

  bool read_bool(bool& value) {
    if (!has(1)) return false;
    value = *p++ == std::byte{1};
    return true;
  }
  bool read_field_bool(const Field& field, bool& value) noexcept {
    value = field.flag;
    return true;
  }
  template <WireType type>
  bool read_integer(std::int64_t& value) {
    if constexpr (type == WireType::i8) {
      if (!has(1)) return false;
      value = static_cast<std::int8_t>(*p++);
      return true;
    } else {
      std::uint64_t bits = 0;
      if (!read_varint(bits)) return false;
      // As Apache: of a number that is too large the low 32 bits first, then their sign.
      if constexpr (sizeof(Number<type>) < 8) bits &= 0xffffffff;
      value = static_cast<Number<type>>(compact::unzigzag(bits));
      return true;
    }
  }
  bool read_double(std::uint64_t& bits) {
    if (!has(8)) return false;
    std::memcpy(&bits, p, sizeof(bits));
    if constexpr (std::endian::native == std::endian::big) bits = swap_bytes(bits);
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
    const Place start = p;
    std::uint64_t wide = 0;
    if (!read_varint(wide)) return false;
    if (wide > state.max_string() || wide > static_cast<std::size_t>(end - p)) {
      return failed(state.bad_string_size(start, wide, p));
    }
    text = {p, p + wide, static_cast<std::size_t>(wide)};
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
  bool read_varint(std::uint64_t& value) {
    if (p != end && static_cast<std::uint8_t>(*p) < 0x80) [[likely]] {
      value = static_cast<std::uint64_t>(*p++);
      return true;
    }
    return read_long_varint(value);
  }
  [[gnu::noinline]] bool read_long_varint(std::uint64_t& value) {
    const Place start = p;
    value = 0;
    for (unsigned shift = 0; p != end; shift += 7) {
      if (p - start == compact::longest_varint) {
        return failed(
            state.fail(ProtocolErrorKind::invalid_data, start, "a varint of more than 10 bytes"));
      }
      const auto byte = static_cast<std::uint64_t>(*p++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return failed(state.truncated(p, 1));
  }
  bool check_size(Container& container, Place start, unsigned code, std::uint64_t wide,
                  std::uint64_t least) {
    container.size = static_cast<std::uint32_t>(wide);
    if (wide == 0) return true;
    if (wide <= state.max_container() && least == 0) {
      return failed(state.bad_wire_type(start, code));
    }
    if (wide > state.max_container() || wide * least > static_cast<std::size_t>(end - p)) {
      return failed(state.bad_container_size(start, wide, least, p));
    }
    return true;
  }
};

class CompactWriter {
 public:
  static constexpr ProtocolId protocol = ProtocolId::compact;
  static constexpr std::size_t value_room = 24;

  explicit CompactWriter(Output& out) : output(out), q(out.start()) {}
  void room(std::size_t n) { q = output.room(q, n); }

  void put_struct(Frame& frame) noexcept { frame.last_id = 0; }
  void put_field(Frame& frame, WireType type, std::int16_t id) noexcept {
    put_header(frame, compact::code(type), id);
  }
  void put_field_bool(Frame& frame, std::int16_t id, bool value) noexcept {
    put_header(frame,
               static_cast<std::uint8_t>(value ? compact::Code::true_ : compact::Code::false_), id);
  }
  void put_field_end() noexcept {}
  void put_struct_end() noexcept { *q++ = std::byte{0}; }

  void put_list(const Container& list) noexcept {
    const auto code = std::byte{compact::code(list.element)};
    if (list.size < 15) {
      *q++ = static_cast<std::byte>(list.size << 4) | code;
    } else {
      *q++ = std::byte{0xf0} | code;
      put_varint(list.size);
    }
  }
  void put_map(const Container& map) noexcept {
    put_varint(map.size);
    if (map.size == 0) return;
    *q++ = static_cast<std::byte>(compact::code(map.key) << 4 | compact::code(map.element));
  }
  void put_element(std::uint32_t /*i*/) noexcept {}
  void put_entry(std::uint32_t /*i*/) noexcept {}
  void put_between() noexcept {}
  void put_list_end() noexcept {}
  void put_map_end() noexcept {}

  template <bool key>
  void put_bool(bool value) noexcept {
    *q++ = std::byte{value ? std::uint8_t{1} : std::uint8_t{2}};
  }
  template <WireType type, bool key>
  void put_integer(std::int64_t value) noexcept {
    if constexpr (type == WireType::i8) {
      *q++ = static_cast<std::byte>(value);
    } else {
      put_varint(compact::zigzag(static_cast<Number<type>>(value)));
    }
  }
  template <bool key>
  void put_double(std::uint64_t bits) noexcept {
    if constexpr (std::endian::native == std::endian::big) bits = swap_bytes(bits);
    std::memcpy(q, &bits, sizeof(bits));
    q += 8;
  }
  void put_uuid(const std::byte* from) noexcept {
    std::memcpy(q, from, sizeof(Uuid));
    q += sizeof(Uuid);
  }
  void begin_string(std::size_t size) {
    room(5 + size + value_room);
    put_varint(size);
  }

  Output& output;
  std::byte* q;

 private:
  void put_varint(std::uint64_t value) noexcept {
    while (value >= 0x80) {
      *q++ = static_cast<std::byte>(value | 0x80);
      value >>= 7;
    }
    *q++ = static_cast<std::byte>(value);
  }
  void put_header(Frame& frame, std::uint8_t code, std::int16_t id) noexcept {
    const int delta = id - frame.last_id;
    frame.last_id = id;
    if (delta >= 1 && delta <= 15) {
      *q++ = static_cast<std::byte>(static_cast<unsigned>(delta) << 4 | code);
    } else {
      *q++ = std::byte{code};
      put_varint(compact::zigzag(id));
    }
  }
};

}  // namespace thrift::tokens
