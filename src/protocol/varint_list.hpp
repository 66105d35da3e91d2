#pragma once

// Lists of numbers of variable length, 64 bytes at a time: a bit mask says which bytes are the last
// of their number, so that a number costs no branch on its length. Needs AVX2 and BMI2.

#include "protocol/varint_read.hpp"

#ifdef THRIFTPP_V3

namespace thrift {
inline namespace THRIFTPP_ISA {
namespace {

/// 64 numbers of one byte each.
template <class T>
[[gnu::always_inline]] inline void unfold_bytes(const std::byte* p, std::byte* data) noexcept {
  const __m256i one = _mm256_set1_epi64x(sizeof(T) == 8   ? 1
                                         : sizeof(T) == 4 ? 0x100000001
                                                          : 0x1000100010001);
  constexpr int step = 32 / sizeof(T);
  for (int i = 0; i < 64; i += step) {
    const __m128i bytes = sizeof(T) == 2 ? _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + i))
                                         : _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p + i));
    __m256i v;
    if constexpr (sizeof(T) == 2) {
      v = _mm256_cvtepu8_epi16(bytes);
      v = _mm256_xor_si256(_mm256_srli_epi16(v, 1),
                           _mm256_sub_epi16(_mm256_setzero_si256(), _mm256_and_si256(v, one)));
    } else if constexpr (sizeof(T) == 4) {
      v = _mm256_cvtepu8_epi32(bytes);
      v = _mm256_xor_si256(_mm256_srli_epi32(v, 1),
                           _mm256_sub_epi32(_mm256_setzero_si256(), _mm256_and_si256(v, one)));
    } else {
      v = _mm256_cvtepu8_epi64(bytes);
      v = _mm256_xor_si256(_mm256_srli_epi64(v, 1),
                           _mm256_sub_epi64(_mm256_setzero_si256(), _mm256_and_si256(v, one)));
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(data + static_cast<std::size_t>(i) * sizeof(T)),
                        v);
  }
}

/// The number that takes `size` bytes, at most 10, of the 16 from `p` on that may be read. No
/// branch: in lists of large numbers one in ten takes more than eight bytes.
template <class T>
[[nodiscard, gnu::always_inline]] inline std::uint64_t join_varint(const std::byte* p,
                                                                   unsigned size) noexcept {
  const std::uint64_t low = join_sevens(_bzhi_u64(load_little(p), size * 8));
  if constexpr (sizeof(T) < 8) return low;  // what the ninth byte has is beyond its bits
  std::uint16_t more;
  std::memcpy(&more, p + 8, sizeof(more));
  const std::uint64_t taken = _bzhi_u64(more, size > 8 ? size * 8 - 64 : 0);
  return low | _pext_u64(taken, 0x017f) << 56;
}

/// Reads numbers from `p` on into `data` while there are at least 64 to come and the input does not
/// end near; where it stopped, and in `done` how many it has read. Never fails: a number that is
/// too long is left to who goes on from there.
template <class T>
const std::byte* read_varint_blocks(const std::byte* p, const std::byte* end, std::byte* data,
                                    std::size_t n, std::size_t& done) noexcept {
  while (n - done >= 64 && end - p >= 64 + 16) {
    const auto low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    const auto high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 32));
    const auto marks =
        static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(low))) |
        static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(high))) << 32;
    std::byte* to = data + done * sizeof(T);
    if (marks == 0) {
      unfold_bytes<T>(p, to);
      done += 64;
      p += 64;
      continue;
    }
    std::uint64_t ends = ~marks;
    std::uint64_t start = 0;
    while (ends != 0) {
      const auto last = static_cast<std::uint64_t>(std::countr_zero(ends));
      const std::uint64_t size = last + 1 - start;
      if (size > compact::longest_varint) [[unlikely]]
        break;
      const T number = unfold<T>(join_varint<T>(p + start, static_cast<unsigned>(size)));
      std::memcpy(to, &number, sizeof(number));
      to += sizeof(T);
      start = last + 1;
      ends &= ends - 1;
    }
    if (start == 0) return p;
    done = static_cast<std::size_t>(to - data) / sizeof(T);
    p += start;
    if (ends != 0) return p;
  }
  return p;
}

}  // namespace
}  // namespace THRIFTPP_ISA
}  // namespace thrift

#endif
