#pragma once

// Powers of ten to 128 bits, for turning doubles into text and text into doubles.

#include <array>
#include <cstddef>
#include <cstdint>

namespace thrift {

/// 10^k is just at or below `(high * 2^64 + low) * 2^(floor(log2(10^k)) - 127)`: the top bit of
/// `high` is set, and the number is rounded up (it is exact for k in 0..55).
struct PowerOfTen {
  std::uint64_t high;
  std::uint64_t low;
};

inline constexpr int least_power_of_ten = -342;
inline constexpr int greatest_power_of_ten = 324;
inline constexpr int least_exact_power_of_ten = 0;
inline constexpr int greatest_exact_power_of_ten = 55;

extern const std::array<PowerOfTen, greatest_power_of_ten - least_power_of_ten + 1> powers_of_ten;

[[nodiscard]] inline const PowerOfTen& power_of_ten(int k) noexcept {
  return powers_of_ten[static_cast<std::size_t>(k - least_power_of_ten)];
}

/// floor(log2(10^k)) for |k| <= 1233, which the fraction 1741647 / 2^19 gets right.
[[nodiscard]] constexpr int floor_log2_of_power_of_ten(int k) noexcept {
  return (k * 1741647) >> 19;
}
/// floor(log10(2^e)) for |e| <= 1500.
[[nodiscard]] constexpr int floor_log10_of_power_of_two(int e) noexcept {
  return (e * 1262611) >> 22;
}
/// floor(log10(3/4 * 2^e)) for |e| <= 1500.
[[nodiscard]] constexpr int floor_log10_of_three_quarters(int e) noexcept {
  return (e * 1262611 - 524031) >> 22;
}

}  // namespace thrift
