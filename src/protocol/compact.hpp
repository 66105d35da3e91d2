#pragma once

// Thrift's compact protocol (TCompactProtocol, version 1):
//
//     i8                  1 byte
//     i16 i32 i64 enum    zigzag varint, 7 bits a byte, low bits first
//     double              8 bytes, little endian        uuid   16 bytes
//     string binary       varint size, bytes
//     bool                in a struct: its type, true_ or false_, and no bytes; elsewhere one byte,
//                         1 is true, everything else false (2 is written)
//     struct              fields: u8 (delta of the id << 4 | type), or, where the id is not 1 to 15
//                         more than the one before (at first 0), u8 type and a zigzag id; then a
//                         zero byte
//     list set            u8 (size << 4 | type), or 0xf? and a varint size from 15 on
//     map                 varint size; unless it is 0, u8 (type of keys << 4 | of values)
//
// Peers pad varints and use long forms where short ones would do: both are read.

#include <array>
#include <thriftpp/protocol/protocol.hpp>

#include "protocol/decode_state.hpp"
#include "protocol/encode_state.hpp"
#include "protocol/isa.hpp"

namespace thrift::compact {

inline namespace THRIFTPP_ISA {

/// The value of type `slot` that starts at `p`, into `cell`; where it ends, or nullptr.
[[nodiscard]] const std::byte* decode(DecodeState& state, const std::byte* p, std::byte* cell,
                                      const SlotLayout& slot, std::uint32_t depth);

/// Writes the value at `p`; where it ends, or nullptr.
[[nodiscard]] std::byte* encode(EncodeState& state, std::byte* p, const std::byte* cell,
                                const SlotLayout& slot);

}  // namespace THRIFTPP_ISA

/// Where the value of wire type `type` at `p` ends, or nullptr. A bool is that of a container: one
/// byte. Never allocates.
[[nodiscard]] const std::byte* skip(DecodeState& state, const std::byte* p, WireType type,
                                    std::uint32_t depth);

/// The types as compact numbers them.
enum class Code : std::uint8_t {
  stop = 0,
  true_ = 1,
  false_ = 2,
  i8 = 3,
  i16 = 4,
  i32 = 5,
  i64 = 6,
  double_ = 7,
  string = 8,
  list = 9,
  set = 10,
  map = 11,
  struct_ = 12,
  uuid = 13,
};

/// The wire type that a code (its low four bits) stands for; `stop` where there is none.
[[nodiscard]] constexpr WireType wire_type(unsigned code) noexcept {
  using enum WireType;
  constexpr std::array<WireType, 16> types{stop,   bool_, bool_, i8,  i16,     i32,  i64,  double_,
                                           string, list,  set,   map, struct_, uuid, stop, stop};
  return types[code & 15];
}

/// Whether the header of a field ends its struct. Apache's runtimes look at the low half alone.
[[nodiscard]] constexpr bool is_stop(unsigned header) noexcept {
  return (header & 15) == 0;
}

/// The code of a wire type in the header of a container, where every bool is true_; 0 where there
/// is none.
[[nodiscard]] constexpr std::uint8_t code(WireType type) noexcept {
  using enum WireType;
  switch (type) {
    case bool_: return 1;
    case i8: return 3;
    case i16: return 4;
    case i32: return 5;
    case i64: return 6;
    case double_: return 7;
    case string: return 8;
    case list: return 9;
    case set: return 10;
    case map: return 11;
    case struct_: return 12;
    case uuid: return 13;
    default: return 0;
  }
}

/// The fewest bytes that a value of a wire type takes in a container; 0 where there is none such.
[[nodiscard]] constexpr std::uint32_t least_size(WireType type) noexcept {
  if (type == WireType::double_) return 8;
  if (type == WireType::uuid) return 16;
  return code(type) == 0 ? 0 : 1;
}

/// Whether every value of a wire type takes exactly least_size bytes in a container.
[[nodiscard]] constexpr bool has_fixed_size(WireType type) noexcept {
  using enum WireType;
  return type == bool_ || type == i8 || type == double_ || type == uuid;
}

inline constexpr std::ptrdiff_t longest_varint = 10;

[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t v) noexcept {
  return static_cast<std::uint64_t>(v) << 1 ^ static_cast<std::uint64_t>(v >> 63);
}
[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t v) noexcept {
  return static_cast<std::int64_t>(v >> 1 ^ (0 - (v & 1)));
}

}  // namespace thrift::compact
