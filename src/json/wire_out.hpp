#pragma once

// Writing the wire piece by piece. There is room for each piece, as its function says.

#include <bit>
#include <cstdint>
#include <cstring>
#include <thriftpp/schema/layout.hpp>

#include "protocol/big_endian.hpp"
#include "protocol/binary.hpp"
#include "protocol/compact.hpp"

namespace thrift::wire_out {

using Place = char*;

[[nodiscard]] inline std::byte* bytes(char* p) noexcept {
  return reinterpret_cast<std::byte*>(p);
}

/// The most that a number, a size, or a header of a field or a container takes.
inline constexpr std::size_t room = 24;

struct Binary {
  static constexpr ProtocolId protocol = ProtocolId::binary;

  /// `before`: the id of the field that was written before, at first 0.
  [[nodiscard]] static Place field(Place p, const FieldLayout& field, std::int16_t) noexcept {
    *p = static_cast<char>(field.wire);
    store_big(bytes(p + 1), field.id);
    return p + binary::field_header_size;
  }
  [[nodiscard]] static Place field_bool(Place p, const FieldLayout& layout, std::int16_t before,
                                        bool value) noexcept {
    p = field(p, layout, before);
    *p = static_cast<char>(value);
    return p + 1;
  }
  /// The header of a field that was written behind another one: `old` is its header then.
  [[nodiscard]] static Place move_field(Place p, const FieldLayout& layout, std::int16_t before,
                                        const char* /*old*/) noexcept {
    return field(p, layout, before);
  }
  [[nodiscard]] static Place element_bool(Place p, bool value) noexcept {
    *p = static_cast<char>(value);
    return p + 1;
  }
  template <class T>
  [[nodiscard]] static Place integer(Place p, T value) noexcept {
    store_big(bytes(p), value);
    return p + sizeof(T);
  }
  [[nodiscard]] static Place number(Place p, double value) noexcept {
    store_big(bytes(p), std::bit_cast<std::uint64_t>(value));
    return p + sizeof(value);
  }
  [[nodiscard]] static Place size(Place p, std::uint32_t size) noexcept { return integer(p, size); }
  /// What stands before elements that are not counted yet.
  [[nodiscard]] static Place list(Place p) noexcept { return p + binary::list_header_size; }
  [[nodiscard]] static Place map(Place p) noexcept { return p + binary::map_header_size; }
  /// Now they are: `header` is what list() got, the elements end at `p`, behind which there is
  /// `room`. Where they end now.
  [[nodiscard]] static Place end_list(Place header, Place p, const SlotLayout& element,
                                      std::uint32_t count) noexcept {
    *header = static_cast<char>(element.wire);
    store_big(bytes(header + 1), count);
    return p;
  }
  [[nodiscard]] static Place end_map(Place header, Place p, const SlotLayout& key,
                                     const SlotLayout& value, std::uint32_t count) noexcept {
    header[0] = static_cast<char>(key.wire);
    header[1] = static_cast<char>(value.wire);
    store_big(bytes(header + 2), count);
    return p;
  }
};

struct Compact {
  static constexpr ProtocolId protocol = ProtocolId::compact;

  [[nodiscard]] static Place field(Place p, const FieldLayout& field,
                                   std::int16_t before) noexcept {
    return header(p, compact::code(field.wire), field.id, before);
  }
  [[nodiscard]] static Place field_bool(Place p, const FieldLayout& field, std::int16_t before,
                                        bool value) noexcept {
    return header(p,
                  static_cast<std::uint8_t>(value ? compact::Code::true_ : compact::Code::false_),
                  field.id, before);
  }
  [[nodiscard]] static Place move_field(Place p, const FieldLayout& field, std::int16_t before,
                                        const char* old) noexcept {
    return header(p, static_cast<std::uint8_t>(*old & 15), field.id, before);
  }
  [[nodiscard]] static Place element_bool(Place p, bool value) noexcept {
    *p = static_cast<char>(value ? compact::Code::true_ : compact::Code::false_);
    return p + 1;
  }
  template <class T>
  [[nodiscard]] static Place integer(Place p, T value) noexcept {
    if constexpr (sizeof(T) == 1) {
      *p = static_cast<char>(value);
      return p + 1;
    } else {
      return varint(p, compact::zigzag(value));
    }
  }
  [[nodiscard]] static Place number(Place p, double value) noexcept {
    store_big(bytes(p), swap_bytes(std::bit_cast<std::uint64_t>(value)));
    return p + sizeof(value);
  }
  [[nodiscard]] static Place size(Place p, std::uint32_t size) noexcept { return varint(p, size); }
  [[nodiscard]] static Place list(Place p) noexcept { return p + 1; }
  [[nodiscard]] static Place map(Place p) noexcept { return p + 2; }
  [[nodiscard]] static Place end_list(Place header, Place p, const SlotLayout& element,
                                      std::uint32_t count) noexcept {
    const unsigned code = compact::code(element.wire);
    if (count < 15) {
      *header = static_cast<char>(count << 4 | code);
      return p;
    }
    *header = static_cast<char>(0xF0 | code);
    p = move(header + 1, header + 1 + length(count), p);
    (void)varint(header + 1, count);
    return p;
  }
  [[nodiscard]] static Place end_map(Place header, Place p, const SlotLayout& key,
                                     const SlotLayout& value, std::uint32_t count) noexcept {
    if (count == 0) {
      *header = 0;
      return header + 1;
    }
    p = move(header + 2, header + 1 + length(count), p);
    header = varint(header, count);
    *header = static_cast<char>(compact::code(key.wire) << 4 | compact::code(value.wire));
    return p;
  }

 private:
  [[nodiscard]] static Place header(Place p, std::uint8_t code, std::int16_t id,
                                    std::int16_t before) noexcept {
    const int delta = id - before;
    if (delta > 0 && delta <= 15) {
      *p = static_cast<char>(delta << 4 | code);
      return p + 1;
    }
    *p = static_cast<char>(code);
    return varint(p + 1, compact::zigzag(id));
  }
  [[nodiscard]] static Place varint(Place p, std::uint64_t value) noexcept {
    for (; value >= 0x80; value >>= 7) *p++ = static_cast<char>(value | 0x80);
    *p = static_cast<char>(value);
    return p + 1;
  }
  [[nodiscard]] static std::size_t length(std::uint32_t value) noexcept {
    return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
  }
  /// What lies in [from, p) goes to `to`; where it ends.
  [[nodiscard]] static Place move(Place from, Place to, Place p) noexcept {
    std::memmove(to, from, static_cast<std::size_t>(p - from));
    return to + (p - from);
  }
};

}  // namespace thrift::wire_out
