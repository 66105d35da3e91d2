// Doubles as the shortest decimal text that reads back the same, after Raffaello Giulietti's
// "Schubfach" (2021): of all decimals that round to the double, there is one of at most 17 digits
// whose exponent is known beforehand, or one digit less is enough; which one is told by three
// multiplications with a power of ten of 128 bits.

#include <cstring>

#include "base/digits.hpp"
#include "base/powers_of_ten.hpp"

namespace thrift {
namespace {

__extension__ using Wide = unsigned __int128;

/// digits * 10^exponent
struct Decimal {
  std::uint64_t digits;
  int exponent;
};

constexpr int significand_bits = 52;
constexpr std::uint64_t hidden_bit = std::uint64_t{1} << significand_bits;
constexpr int exponent_bias = 1023 + significand_bits;

/// power * factor / 2^127 or so, without the fraction; the lowest bit tells whether there was one.
[[nodiscard]] inline std::uint64_t round_to_odd(const PowerOfTen& power,
                                                std::uint64_t factor) noexcept {
  const Wide low = static_cast<Wide>(power.low) * factor;
  const Wide high = static_cast<Wide>(power.high) * factor + static_cast<std::uint64_t>(low >> 64);
  const bool inexact = static_cast<std::uint64_t>(high) > 1;
  return static_cast<std::uint64_t>(high >> 64) | static_cast<std::uint64_t>(inexact);
}

/// Of significand * 2^exponent, a normal or subnormal double.
[[nodiscard]] inline Decimal shortest(std::uint64_t significand, int exponent,
                                      bool lower_is_closer) noexcept {
  // The double and the borders to its neighbours, times four. An even one owns its borders.
  const std::uint64_t odd = significand & 1;
  const std::uint64_t at = 4 * significand;
  const std::uint64_t below = at - 2 + static_cast<std::uint64_t>(lower_is_closer);
  const std::uint64_t above = at + 2;

  const int k = lower_is_closer ? floor_log10_of_three_quarters(exponent)
                                : floor_log10_of_power_of_two(exponent);
  const int shift = exponent + floor_log2_of_power_of_ten(-k) + 1;
  const PowerOfTen& power = power_of_ten(-k);
  const std::uint64_t lower = round_to_odd(power, below << shift) + odd;
  const std::uint64_t value = round_to_odd(power, at << shift);
  const std::uint64_t upper = round_to_odd(power, above << shift) - odd;

  // Without branches, since which of the two it is nobody can predict.
  const std::uint64_t s = value / 4;
  const std::uint64_t tens = s / 10;  // one digit less, rounded down or up
  const bool tens_down = lower <= 40 * tens;
  const bool tens_up = 40 * tens + 40 <= upper;
  const bool short_enough = s >= 10 && tens_down != tens_up;

  const bool down = lower <= 4 * s;
  const bool up = 4 * s + 4 <= upper;
  const std::uint64_t middle = 4 * s + 2;
  const bool nearer_up = value > middle || (value == middle && (s & 1) != 0);
  const bool round_up = down != up ? up : nearer_up;
  return {short_enough ? tens + static_cast<std::uint64_t>(tens_up)
                       : s + static_cast<std::uint64_t>(round_up),
          k + static_cast<int>(short_enough)};
}

/// Moves trailing zeroes into the exponent.
[[nodiscard]] inline Decimal without_zeroes(Decimal d) noexcept {
  if (d.digits % 10 != 0) return d;
  const auto drop = [&](std::uint64_t power, int count) {
    while (d.digits % power == 0) {
      d.digits /= power;
      d.exponent += count;
    }
  };
  drop(100'000'000, 8);
  drop(10'000, 4);
  drop(100, 2);
  drop(10, 1);
  return d;
}

/// "e+22", "e-07", "e+308"
[[nodiscard]] inline char* write_exponent(char* p, int exponent) noexcept {
  *p++ = 'e';
  *p++ = exponent < 0 ? '-' : '+';
  const auto e = static_cast<unsigned>(exponent < 0 ? -exponent : exponent);
  if (e >= 100) *p++ = static_cast<char>('0' + e / 100);
  *p++ = static_cast<char>('0' + e / 10 % 10);
  *p++ = static_cast<char>('0' + e % 10);
  return p;
}

/// Makes room for a point behind the first `before` of the digits that start at p + 1, by moving
/// those down to p.
inline void put_point(char* p, unsigned before) noexcept {
  if (std::endian::native == std::endian::little && before < 8) {
    std::uint64_t digits;
    std::memcpy(&digits, p + 1, sizeof(digits));
    const std::uint64_t moved = (std::uint64_t{1} << 8 * before) - 1;
    const std::uint64_t stay = digits << 8 & ~(moved << 8 | 0xFF);  // those behind the point
    const std::uint64_t text = (digits & moved) | std::uint64_t{'.'} << 8 * before | stay;
    std::memcpy(p, &text, sizeof(text));
    return;
  }
  std::memmove(p, p + 1, before);
  p[before] = '.';
}

/// 16 or 17 digits with the point behind the first 1 to 7 of them, which is what most doubles look
/// like: in registers, and without a branch on the number of digits, which nobody can predict.
[[nodiscard]] inline char* write_long(char* p, std::uint64_t digits, int exponent) noexcept {
  constexpr std::uint64_t e8 = 100'000'000;
  const std::uint64_t first = digits / (e8 * e8);
  const std::uint64_t rest = digits - first * (e8 * e8);
  const auto longer = static_cast<int>(first != 0);
  const std::uint64_t high = eight_digits(static_cast<std::uint32_t>(rest / e8));
  const std::uint64_t low = eight_digits(static_cast<std::uint32_t>(rest % e8));
  // The text without a point, in three words.
  const int shift = 8 * longer;
  const std::uint64_t carry = (0 - static_cast<std::uint64_t>(longer)) & 0xFF;
  const std::uint64_t a = (first | high << shift) | ascii_zeroes;
  const std::uint64_t b = ((high >> 56 & carry) | low << shift) | ascii_zeroes;
  const std::uint64_t c = (low >> 56) | ascii_zeroes;

  const int length = 16 + longer;
  const int before = length + exponent;
  const std::uint64_t moved = (std::uint64_t{1} << 8 * before) - 1;
  const std::uint64_t stay = a << 8 & ~(moved << 8 | 0xFF);
  store_digits(p, (a & moved) | std::uint64_t{'.'} << 8 * before | stay);
  store_digits(p + 8, a >> 56 | b << 8);
  store_digits(p + 16, b >> 56 | c << 8);
  return p + length + 1;
}

[[nodiscard]] inline char* end_integer(char* p, NumberForm form) noexcept {
  if (form == NumberForm::plain) return p;
  p[0] = '.';
  p[1] = '0';
  return p + 2;
}

[[nodiscard]] inline char* write_decimal(char* p, Decimal d, NumberForm form) noexcept {
  constexpr std::uint64_t sixteen_digits = 1'000'000'000'000'000;
  if (d.digits >= sixteen_digits && d.exponent >= -15 && d.exponent <= -10) [[likely]]
    return write_long(p, d.digits, d.exponent);
  // One byte is left free for a point.
  const int length = static_cast<int>(write_unsigned(p + 1, d.digits) - (p + 1));
  const int point = length + d.exponent;  // digits before the point
  const int scientific_exponent = point - 1;
  const bool long_exponent = scientific_exponent >= 100 || scientific_exponent <= -100;
  const int scientific_length = length + (length > 1 ? 1 : 0) + (long_exponent ? 5 : 4);
  const int fixed_length = d.exponent >= 0 ? point : (point > 0 ? length + 1 : length + 2 - point);
  if (fixed_length > scientific_length) {
    if (length == 1) {
      *p = p[1];
      return write_exponent(p + 1, scientific_exponent);
    }
    put_point(p, 1);
    return write_exponent(p + length + 1, scientific_exponent);
  }
  if (d.exponent < 0) {
    if (point > 0) {
      put_point(p, static_cast<unsigned>(point));
      return p + length + 1;
    }
    std::memmove(p + 2 - point, p + 1, static_cast<std::size_t>(length));
    std::memset(p, '0', static_cast<std::size_t>(2 - point));
    p[1] = '.';
    return p + fixed_length;
  }
  std::memmove(p, p + 1, static_cast<std::size_t>(length));
  std::memset(p + length, '0', static_cast<std::size_t>(d.exponent));
  return end_integer(p + point, form);
}

/// significand * 2^exponent, an integer so large that its shortest text drops digits: in full where
/// that is not longer, with all its digits exact.
[[gnu::noinline]] char* write_large(char* p, std::uint64_t significand, int exponent, Decimal d,
                                    NumberForm form) noexcept {
  char digits[number_room];
  char* const stop = digits + sizeof(digits);
  char* start = stop;
  for (Wide whole = static_cast<Wide>(significand) << exponent; whole != 0; whole /= 10) {
    *--start = static_cast<char>('0' + static_cast<int>(whole % 10));
  }
  const auto length = static_cast<std::size_t>(stop - start);
  char* const end = write_decimal(p, d, NumberForm::plain);
  if (static_cast<std::size_t>(end - p) < length) return end;
  std::memcpy(p, start, length);
  return end_integer(p + length, form);
}

}  // namespace

char* write_shortest(char* p, double value, NumberForm form) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  *p = '-';
  p += bits >> 63;
  const std::uint64_t fraction = bits & (hidden_bit - 1);
  const auto biased = static_cast<int>(bits >> significand_bits & 0x7FF);
  if (biased == 0) {
    if (fraction == 0) {
      *p = '0';
      return end_integer(p + 1, form);
    }
    return write_decimal(p, without_zeroes(shortest(fraction, 1 - exponent_bias, false)), form);
  }
  const std::uint64_t significand = fraction | hidden_bit;
  const int exponent = biased - exponent_bias;
  if (exponent <= 0 && exponent > -significand_bits - 1) {
    // An integer below 2^53 is its own shortest text.
    const std::uint64_t whole = significand >> -exponent;
    if (whole << -exponent == significand)
      return write_decimal(p, without_zeroes({whole, 0}), form);
  }
  const Decimal d = without_zeroes(shortest(significand, exponent, fraction == 0 && biased > 1));
  constexpr int largest = 24;  // from there on scientific is always shorter
  if (exponent > 0 && d.exponent > 0 && exponent < largest) [[unlikely]]
    return write_large(p, significand, exponent, d, form);
  return write_decimal(p, d, form);
}

}  // namespace thrift
