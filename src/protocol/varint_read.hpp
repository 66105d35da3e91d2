#pragma once

// Numbers of variable length, read fast: 7 bits a byte, the low ones first, the highest bit set in
// all bytes but the last. For the loops of decoding; others use compact_varint.hpp.

#include <bit>
#include <type_traits>

#include "protocol/compact.hpp"
#include "protocol/decode_state.hpp"
#include "protocol/isa.hpp"

#ifdef THRIFTPP_V3
#include <immintrin.h>
#endif

namespace thrift {
inline namespace THRIFTPP_ISA {
namespace {

struct Varint {
  std::uint64_t value;   ///< Bits past the 64th are dropped, as Apache does.
  const std::byte* end;  ///< nullptr where it could not be read.
};

/// The number whose lowest byte is the first of the eight at `p`.
[[nodiscard, gnu::always_inline]] inline std::uint64_t load_little(const std::byte* p) noexcept {
  std::uint64_t v;
  std::memcpy(&v, p, sizeof(v));
  return std::endian::native == std::endian::little ? v : __builtin_bswap64(v);
}

constexpr std::uint64_t varint_marks = 0x8080808080808080;

/// The low seven bits of each byte, side by side.
[[nodiscard, gnu::always_inline]] inline std::uint64_t join_sevens(std::uint64_t bytes) noexcept {
#ifdef THRIFTPP_V3
  return _pext_u64(bytes, ~varint_marks);
#else
  bytes &= ~varint_marks;
  bytes = (bytes & 0x007f007f007f007f) | (bytes & 0x7f007f007f007f00) >> 1;
  bytes = (bytes & 0x00003fff00003fff) | (bytes & 0x3fff00003fff0000) >> 2;
  return (bytes & 0x000000000fffffff) | (bytes & 0x0fffffff00000000) >> 4;
#endif
}

/// The bits of T that `varint` has, as Apache takes them: those that do not fit are dropped before
/// the sign is unfolded.
template <class T>
[[nodiscard, gnu::always_inline]] inline T unfold(std::uint64_t varint) noexcept {
  // i16 goes through 32 bits.
  using Wide = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
  const auto v = static_cast<Wide>(varint);
  return static_cast<T>(v >> 1 ^ (Wide{0} - (v & 1)));
}

/// Byte by byte, where the input ends near or the number is long.
[[gnu::noinline]] inline Varint read_slow_varint(DecodeState& state, const std::byte* const p,
                                                 const std::byte* const end) {
  std::uint64_t value = 0;
  if (end - p >= compact::longest_varint) {  // large, as hashes are: nine or ten bytes
    const std::uint64_t bytes = load_little(p);
    const auto ninth = static_cast<std::uint64_t>(p[8]);
    const auto tenth = static_cast<std::uint64_t>(p[9]);
    if ((~bytes & varint_marks) == 0 && (ninth & tenth) < 0x80) {
      value = join_sevens(bytes) | (ninth & 0x7f) << 56;
      return ninth < 0x80 ? Varint{value, p + 9} : Varint{value | tenth << 63, p + 10};
    }
  }
  for (std::ptrdiff_t i = 0; i < compact::longest_varint; ++i) {
    if (p + i >= end) return {0, state.truncated(p + i, 1)};
    const auto byte = static_cast<std::uint64_t>(p[i]);
    value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return {value, p + i + 1};
  }
  return {0, state.endless_varint(p, compact::longest_varint)};
}

/// A number of up to eight bytes, at a place from which DecodeState::margin bytes may be read; it
/// may pass the input's end. Of longer ones, `end` is nullptr. Nearly all are of one byte, and
/// where there are many longer ones their lengths mix: one branch for the first, none for the
/// lengths.
[[nodiscard, gnu::always_inline]] inline Varint read_near_varint(const std::byte* p) noexcept {
  const auto first = static_cast<std::uint8_t>(*p);
  if (first < 0x80) return {first, p + 1};
  const std::uint64_t bytes = load_little(p);
  const std::uint64_t stops = ~bytes & varint_marks;
  if (stops == 0) [[unlikely]]
    return {0, nullptr};
  const std::uint64_t taken = stops ^ (stops - 1);  // up to the first stop
  return {join_sevens(bytes & taken), p + (std::countr_zero(stops) + 1) / 8};
}

/// A number anywhere; it never passes the input's end.
[[nodiscard, gnu::always_inline]] inline Varint read_varint(DecodeState& state,
                                                            const std::byte* p) {
  if (p >= state.fast_end()) [[unlikely]]
    return read_slow_varint(state, p, state.end());
  const Varint varint = read_near_varint(p);
  if (varint.end == nullptr) [[unlikely]]
    return read_slow_varint(state, p, state.end());
  if (varint.end > state.end()) [[unlikely]]
    return {0, state.truncated(state.end(), 1)};
  return varint;
}

}  // namespace
}  // namespace THRIFTPP_ISA
}  // namespace thrift
