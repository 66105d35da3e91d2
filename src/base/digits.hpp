#pragma once

// Numbers as decimal digits. All functions write to `p`, where `number_room` bytes must be free
// however few they need, and return where the text ends.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace thrift {

/// Bytes that must be free for any number.
inline constexpr std::size_t number_room = 40;

enum class NumberForm : bool {
  plain,  ///< As std::to_chars writes it.
  json,   ///< Integers as "1.0", so that they read back as doubles everywhere.
};

/// The shortest text that reads back as `value`, fixed or scientific, whichever is shorter. `value`
/// is finite.
[[nodiscard]] char* write_shortest(char* p, double value,
                                   NumberForm form = NumberForm::plain) noexcept;

/// Eight digits, leading zeroes included, in the order of the text from the lowest byte on; each
/// byte is 0 to 9. `n` is below 10^8. Halves are split in parallel: four digits, two, one.
[[nodiscard]] inline std::uint64_t eight_digits(std::uint32_t n) noexcept {
  const std::uint64_t fours = n / 10000 | static_cast<std::uint64_t>(n % 10000) << 32;
  // x / 100 for x below 10^4
  const std::uint64_t hundreds = (fours * 10486 >> 20) & 0x0000'007F'0000'007FU;
  const std::uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
  // x / 10 for x below 100
  const std::uint64_t tens = (twos * 103 >> 10) & 0x000F'000F'000F'000FU;
  return tens | (twos - 10 * tens) << 8;
}

inline constexpr std::uint64_t ascii_zeroes = 0x3030'3030'3030'3030U;

inline void store_digits(char* p, std::uint64_t digits) noexcept {
  if constexpr (std::endian::native == std::endian::big) digits = __builtin_bswap64(digits);
  std::memcpy(p, &digits, sizeof(digits));
}

/// `n` below 10^8, without leading zeroes.
[[nodiscard]] inline char* write_small(char* p, std::uint32_t n) noexcept {
  const std::uint64_t digits = eight_digits(n);
  // The last digit stands even where it is zero.
  const int zeroes = std::countr_zero(digits | std::uint64_t{1} << 56) & ~7;
  store_digits(p, (digits | ascii_zeroes) >> zeroes);
  return p + (8 - zeroes / 8);
}

[[nodiscard]] inline char* write_eight(char* p, std::uint32_t n) noexcept {
  store_digits(p, eight_digits(n) | ascii_zeroes);
  return p + 8;
}

[[nodiscard]] inline char* write_unsigned(char* p, std::uint64_t n) noexcept {
  constexpr std::uint64_t e8 = 100'000'000;
  if (n < 10) {
    *p = static_cast<char>('0' + n);
    return p + 1;
  }
  if (n < e8) return write_small(p, static_cast<std::uint32_t>(n));
  if (n < e8 * e8) {
    p = write_small(p, static_cast<std::uint32_t>(n / e8));
    return write_eight(p, static_cast<std::uint32_t>(n % e8));
  }
  p = write_small(p, static_cast<std::uint32_t>(n / (e8 * e8)));
  n %= e8 * e8;
  p = write_eight(p, static_cast<std::uint32_t>(n / e8));
  return write_eight(p, static_cast<std::uint32_t>(n % e8));
}

[[nodiscard]] inline char* write_integer(char* p, std::int64_t value) noexcept {
  auto n = static_cast<std::uint64_t>(value);
  if (value < 0) {
    *p++ = '-';
    n = 0 - n;
  }
  return write_unsigned(p, n);
}

}  // namespace thrift
