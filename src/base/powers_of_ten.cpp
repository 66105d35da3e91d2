#include "base/powers_of_ten.hpp"

#include <bit>

namespace thrift {
namespace {

__extension__ using Wide = unsigned __int128;

/// A natural number of a fixed number of words, the lowest first.
template <std::size_t words>
struct Natural {
  std::array<std::uint64_t, words> word{};

  constexpr void multiply_by_ten() {
    std::uint64_t carry = 0;
    for (std::uint64_t& w : word) {
      const Wide product = static_cast<Wide>(w) * 10 + carry;
      w = static_cast<std::uint64_t>(product);
      carry = static_cast<std::uint64_t>(product >> 64);
    }
  }
  /// Rounds down.
  constexpr void divide_by_ten() {
    std::uint64_t rest = 0;
    for (std::size_t i = words; i-- > 0;) {
      const Wide dividend = static_cast<Wide>(rest) << 64 | word[i];
      word[i] = static_cast<std::uint64_t>(dividend / 10);
      rest = static_cast<std::uint64_t>(dividend % 10);
    }
  }
  /// The 128 bits from the highest one on, rounded up where `inexact` or where a lower bit is set.
  [[nodiscard]] constexpr PowerOfTen top(bool inexact) const {
    std::size_t i = words;
    while (word[--i] == 0) {
    }
    const auto at = [&](std::size_t down) { return down <= i ? word[i - down] : 0; };
    const int shift = std::countl_zero(word[i]);
    const auto shifted = [&](std::size_t down) {
      return shift == 0 ? at(down) : at(down) << shift | at(down + 1) >> (64 - shift);
    };
    PowerOfTen power{shifted(0), shifted(1)};
    inexact = inexact || (shifted(2) != 0);
    for (std::size_t down = 3; down <= i; ++down) inexact = inexact || at(down) != 0;
    if (inexact && ++power.low == 0) ++power.high;
    return power;
  }
};

constexpr auto make_powers() {
  std::array<PowerOfTen, greatest_power_of_ten - least_power_of_ten + 1> powers{};
  constexpr auto one = static_cast<std::size_t>(-least_power_of_ten);

  Natural<18> up;  // 10^324 has 1077 bits
  up.word[0] = 1;
  for (std::size_t k = 0; k <= greatest_power_of_ten; ++k, up.multiply_by_ten()) {
    powers[one + k] = up.top(false);
  }
  // 2^1536 / 10^k, whose floor is what k divisions with remainders dropped leave: 10^342 has 1137
  // bits, so that some 400 are left.
  Natural<25> down;
  down.word[24] = 1;
  for (std::size_t k = 1; k <= one; ++k) {
    down.divide_by_ten();
    powers[one - k] = down.top(true);
  }
  return powers;
}

}  // namespace

constinit const std::array<PowerOfTen, greatest_power_of_ten - least_power_of_ten + 1>
    powers_of_ten = make_powers();

}  // namespace thrift
