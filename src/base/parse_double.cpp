#include "base/parse_double.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/powers_of_ten.hpp"

namespace thrift {
namespace {

__extension__ using Wide = unsigned __int128;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Eight digits at `p`, if all are: then `n` becomes n * 10^8 + them.
bool take_eight(const char* p, std::uint64_t& n) noexcept {
  if constexpr (std::endian::native == std::endian::big) return false;
  std::uint64_t text;
  std::memcpy(&text, p, sizeof(text));
  const std::uint64_t digits = text - 0x3030'3030'3030'3030U;
  if (((text + 0x4646'4646'4646'4646U) | digits) & 0x8080'8080'8080'8080U) return false;
  // Neighbours are joined in parallel: two digits, four, eight.
  const std::uint64_t twos = digits * 10 + (digits >> 8);
  const std::uint64_t fours =
      (twos & 0x00FF'00FF'00FF'00FFU) * (1 + (std::uint64_t{100} << 16)) >> 16;
  const std::uint64_t eight =
      (fours & 0x0000'FFFF'0000'FFFFU) * (1 + (std::uint64_t{10000} << 32)) >> 32;
  n = n * 100'000'000 + static_cast<std::uint32_t>(eight);
  return true;
}

/// The digits at `p`, into `n` as far as it holds them.
const char* take_digits(const char* p, const char* end, std::uint64_t& n) noexcept {
  while (end - p >= 8 && take_eight(p, n)) p += 8;
  for (; p != end && is_digit(*p); ++p) n = n * 10 + static_cast<unsigned>(*p - '0');
  return p;
}

/// More digits than `digits` holds: takes the first 19 of them again.
[[gnu::noinline]] void cut(DecimalText& decimal, const char* whole, const char* whole_end,
                           const char* fraction, const char* fraction_end) noexcept {
  constexpr int most = 19;  // fit 64 bits, whatever they are
  int count = 0;
  decimal.digits = 0;
  decimal.exponent = 0;
  const auto take = [&](const char* p, const char* end, bool behind) {
    for (; p != end; ++p) {
      if (count < most) {
        decimal.digits = decimal.digits * 10 + static_cast<unsigned>(*p - '0');
        count += static_cast<int>(decimal.digits != 0);
        decimal.exponent -= static_cast<int>(behind);
      } else {
        decimal.dropped = decimal.dropped || *p != '0';
        decimal.exponent += static_cast<int>(!behind);
      }
    }
  };
  take(whole, whole_end, false);
  take(fraction, fraction_end, true);
}

/// digits * 10^exponent where 128 bits of the power tell which double is next to it: after Daniel
/// Lemire, "Number parsing at a gigabyte per second" (2021).
bool multiply(std::uint64_t digits, int exponent, double& value) noexcept {
  if (exponent < least_power_of_ten || exponent > 308) return false;
  const int zeroes = std::countl_zero(digits);
  const std::uint64_t normal = digits << zeroes;
  const PowerOfTen& power = power_of_ten(exponent);
  const Wide low = static_cast<Wide>(normal) * power.low;
  const Wide product =
      static_cast<Wide>(normal) * power.high + static_cast<std::uint64_t>(low >> 64);
  // The power is rounded up by less than one in its last bit, so that the true product lies within
  // one of this one, of 128 bits; the highest bit is the first or the second.
  const int second = static_cast<int>(product >> 127) ^ 1;
  constexpr int rest_bits = 128 - 53;
  const Wide aligned = product << second;
  auto significand = static_cast<std::uint64_t>(aligned >> rest_bits);
  const Wide rest = aligned & ((static_cast<Wide>(1) << rest_bits) - 1);
  constexpr Wide half = static_cast<Wide>(1) << (rest_bits - 1);
  constexpr Wide doubt = 4;
  const Wide from_half = rest > half ? rest - half : half - rest;
  if (from_half <= doubt || rest <= doubt || rest >= 2 * half - doubt) return false;
  if (rest > half) ++significand;
  // digits * 10^exponent = aligned * 2^(...): the power stands for 2^(log2 - 127) a unit.
  int binary = floor_log2_of_power_of_ten(exponent) - 127 - zeroes - second + 64 + rest_bits;
  if (significand == std::uint64_t{1} << 53) {
    significand >>= 1;
    ++binary;
  }
  const int biased = binary + 1075;
  if (biased < 1 || biased > 2046) return false;
  value = std::bit_cast<double>((significand & ((std::uint64_t{1} << 52) - 1)) |
                                static_cast<std::uint64_t>(biased) << 52);
  return true;
}

constexpr std::array<double, 23> exact_powers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

}  // namespace

const char* scan_decimal(const char* p, const char* end, DecimalText& decimal) noexcept {
  if (p != end && *p == '-') {
    decimal.negative = true;
    ++p;
  }
  if (p == end || !is_digit(*p)) return nullptr;
  const char* const whole = p;
  p = take_digits(p, end, decimal.digits);
  const char* const whole_end = p;
  if (*whole == '0' && whole_end - whole != 1) return nullptr;
  const char* fraction = p;
  if (p != end && *p == '.') {
    decimal.whole = false;
    fraction = ++p;
    p = take_digits(p, end, decimal.digits);
    if (p == fraction) return nullptr;
    decimal.exponent = static_cast<int>(fraction - p);
  }
  constexpr std::ptrdiff_t surely_fits = 19;
  if ((whole_end - whole) + (p - fraction) > surely_fits) [[unlikely]]
    cut(decimal, whole, whole_end, fraction, p);
  if (p != end && (*p == 'e' || *p == 'E')) {
    decimal.whole = false;
    ++p;
    const bool negative = p != end && *p == '-';
    if (p != end && (*p == '-' || *p == '+')) ++p;
    if (p == end || !is_digit(*p)) return nullptr;
    constexpr int enough = 100'000;
    int exponent = 0;
    for (; p != end && is_digit(*p); ++p) {
      if (exponent < enough) exponent = exponent * 10 + (*p - '0');
    }
    if (exponent >= enough) decimal.dropped = true;
    decimal.exponent += negative ? -exponent : exponent;
  }
  return p;
}

bool to_double(const DecimalText& decimal, const char* begin, const char* end,
               double& value) noexcept {
  if (!decimal.dropped) {
    if (decimal.digits == 0) {
      value = decimal.negative ? -0.0 : 0.0;
      return true;
    }
    // Where both are exact, one operation rounds once.
    constexpr int most = static_cast<int>(exact_powers.size()) - 1;
    if (decimal.digits <= std::uint64_t{1} << 53 && decimal.exponent >= -most &&
        decimal.exponent <= most) {
      value = static_cast<double>(decimal.digits);
      if (decimal.exponent < 0) {
        value /= exact_powers[static_cast<std::size_t>(-decimal.exponent)];
      } else {
        value *= exact_powers[static_cast<std::size_t>(decimal.exponent)];
      }
      if (decimal.negative) value = -value;
      return true;
    }
    if (multiply(decimal.digits, decimal.exponent, value)) {
      if (decimal.negative) value = -value;
      return true;
    }
  }
  const auto [stop, error] = std::from_chars(begin, end, value);
  return error == std::errc() && stop == end && std::isfinite(value);
}

}  // namespace thrift
