#include "protocol/base64.hpp"

#include <array>
#include <string_view>

namespace thrift {
namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of each character, or 0xff.
constexpr std::array<std::uint8_t, 256> values = [] {
  std::array<std::uint8_t, 256> table;
  table.fill(0xff);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    table[static_cast<std::uint8_t>(digits[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}();

inline std::byte digit(std::uint32_t group, unsigned shift) noexcept {
  return static_cast<std::byte>(digits[group >> shift & 63]);
}

inline std::uint32_t value(std::byte c) noexcept {
  return values[static_cast<std::uint8_t>(c)];
}

}  // namespace

std::byte* encode_base64(std::byte* to, const std::byte* from, std::size_t n) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<std::uint32_t>(from[i]); };
  for (; n >= 3; n -= 3, from += 3, to += 4) {
    const std::uint32_t group = at(0) << 16 | at(1) << 8 | at(2);
    to[0] = digit(group, 18);
    to[1] = digit(group, 12);
    to[2] = digit(group, 6);
    to[3] = digit(group, 0);
  }
  if (n == 0) return to;
  const std::uint32_t group = at(0) << 16 | (n == 2 ? at(1) << 8 : 0);
  *to++ = digit(group, 18);
  *to++ = digit(group, 12);
  if (n == 2) *to++ = digit(group, 6);
  return to;
}

std::size_t decode_base64(std::byte* to, const std::byte* from, std::size_t n) noexcept {
  // Padding makes the size a multiple of four; at most two characters are padding.
  if (n != 0 && n % 4 == 0 && from[n - 1] == std::byte{'='}) {
    --n;
    if (from[n - 1] == std::byte{'='}) --n;
  }
  if (n % 4 == 1) return SIZE_MAX;
  const std::byte* const begin = to;
  std::uint32_t wrong = 0;
  for (; n >= 4; n -= 4, from += 4, to += 3) {
    const std::uint32_t a = value(from[0]), b = value(from[1]);
    const std::uint32_t c = value(from[2]), d = value(from[3]);
    wrong |= a | b | c | d;
    const std::uint32_t group = a << 18 | b << 12 | c << 6 | d;
    to[0] = static_cast<std::byte>(group >> 16);
    to[1] = static_cast<std::byte>(group >> 8);
    to[2] = static_cast<std::byte>(group);
  }
  if (n != 0) {
    const std::uint32_t a = value(from[0]), b = value(from[1]);
    const std::uint32_t c = n == 3 ? value(from[2]) : 0;
    wrong |= a | b | c;
    const std::uint32_t group = a << 18 | b << 12 | c << 6;
    *to++ = static_cast<std::byte>(group >> 16);
    if (n == 3) *to++ = static_cast<std::byte>(group >> 8);
  }
  return wrong > 63 ? SIZE_MAX : static_cast<std::size_t>(to - begin);
}

}  // namespace thrift
