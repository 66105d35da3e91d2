#pragma once

// Writing compact's variable-length numbers: 7 bits a byte, the low ones first, and a high bit in
// all bytes but the last.

#include "protocol/big_endian.hpp"
#include "protocol/isa.hpp"

#ifdef __BMI2__
#include <immintrin.h>
#endif

namespace thrift::compact {
inline namespace THRIFTPP_ISA {

/// The low 56 bits of `v`, seven in each byte of the result.
[[nodiscard, gnu::always_inline]] inline std::uint64_t spread(std::uint64_t v) noexcept {
#ifdef __BMI2__
  return _pdep_u64(v, 0x7f7f7f7f7f7f7f7fU);
#else
  v = (v & 0x000000000fffffffU) | (v & 0x00fffffff0000000U) << 4;
  v = (v & 0x00003fff00003fffU) | (v & 0x0fffc0000fffc000U) << 2;
  return (v & 0x007f007f007f007fU) | (v & 0x3f803f803f803f80U) << 1;
#endif
}

/// The high bits of all bytes below the one of that number, of eight.
[[nodiscard, gnu::always_inline]] inline std::uint64_t high_bits_below(unsigned byte) noexcept {
  constexpr std::uint64_t all = 0x8080808080808080U;
#ifdef __BMI2__
  return _bzhi_u64(all, byte * 8);
#else
  return byte >= 8 ? all : all & ((std::uint64_t{1} << byte * 8) - 1);
#endif
}

/// A number of so many bits, without a branch on how large it is: for lists, whose numbers are not
/// alike. Scribbles over ten bytes, whatever the varint takes.
template <unsigned bits>
[[nodiscard, gnu::always_inline]] inline std::byte* put_any_varint(std::byte* p,
                                                                   std::uint64_t v) noexcept {
  const auto top = static_cast<unsigned>(63 ^ __builtin_clzll(v | 1));  // the highest bit's number
  const unsigned last = (top * 9 + 9) >> 6;                             // top / 7, for all below 64
  store_little(p, spread(v) | high_bits_below(last));
  if constexpr (bits > 56) {
    // The ninth byte, whose high bit is bit 63, and the tenth, which is that bit.
    const auto rest = static_cast<std::uint32_t>(v >> 56);
    store_little(p + 8, static_cast<std::uint16_t>(rest | rest >> 7 << 8));
  }
  return p + last + 1;
}

/// For single numbers, most of which are small: a branch that is mostly right.
template <unsigned bits>
[[nodiscard, gnu::always_inline]] inline std::byte* put_varint(std::byte* p,
                                                               std::uint64_t v) noexcept {
  if (v < 0x80) [[likely]] {
    *p = static_cast<std::byte>(v);
    return p + 1;
  }
  if (bits > 56 && v >> 56 != 0) [[unlikely]]
    return put_any_varint<64>(p, v);
  return put_any_varint<32>(p, v);
}

}  // namespace THRIFTPP_ISA
}  // namespace thrift::compact
