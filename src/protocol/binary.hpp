#pragma once

// Thrift's binary protocol (TBinaryProtocol):
//
//     bool i8 i16 i32 i64 double uuid   1 1 2 4 8 8 16 bytes, big endian
//     string binary                     i32 size, bytes
//     struct                            fields: i8 type, i16 id, value; then a zero byte
//     list set                          i8 type, i32 size, elements
//     map                               i8 type of keys, i8 of values, i32 size, entries
//
// The rules that Apache's documents leave open (which mistakes are errors, which are skipped)
// stand at the functions of decode_state.hpp and in protocol.hpp.

#include <array>
#include <thriftpp/protocol/protocol.hpp>

#include "protocol/decode_state.hpp"
#include "protocol/encode_state.hpp"
#include "protocol/isa.hpp"

namespace thrift::binary {

inline namespace THRIFTPP_ISA {

/// The value of type `slot` that starts at `p`, into `cell`; where it ends, or nullptr.
[[nodiscard]] const std::byte* decode(DecodeState& state, const std::byte* p, std::byte* cell,
                                      const SlotLayout& slot, std::uint32_t depth);

/// Writes the value at `p`; where it ends, or nullptr.
[[nodiscard]] std::byte* encode(EncodeState& state, std::byte* p, const std::byte* cell,
                                const SlotLayout& slot);

}  // namespace THRIFTPP_ISA

/// Where the value of wire type `type` at `p` ends, or nullptr. Never allocates.
[[nodiscard]] const std::byte* skip(DecodeState& state, const std::byte* p, WireType type,
                                    std::uint32_t depth);

inline constexpr std::ptrdiff_t field_header_size = 3;
inline constexpr std::ptrdiff_t list_header_size = 5;
inline constexpr std::ptrdiff_t map_header_size = 6;

/// The fewest bytes that a value of a wire type takes, by its code; 0 for codes that no value has.
inline constexpr std::array<std::uint8_t, 17> least_sizes{
    0, 0, 1, 1, 8, 0, 2, 0, 4, 0, 8, 4, 1, map_header_size, list_header_size, list_header_size, 16};

/// Those whose every value takes exactly that many bytes have a 1.
inline constexpr std::array<bool, 17> fixed_size{false, false, true,  true,  true, false,
                                                 true,  false, true,  false, true, false,
                                                 false, false, false, false, true};

[[nodiscard]] constexpr std::uint32_t least_size(WireType type) noexcept {
  const auto code = static_cast<std::size_t>(type);
  return code < least_sizes.size() ? least_sizes[code] : 0;
}

[[nodiscard]] constexpr bool has_fixed_size(WireType type) noexcept {
  const auto code = static_cast<std::size_t>(type);
  return code < fixed_size.size() && fixed_size[code];
}

}  // namespace thrift::binary
