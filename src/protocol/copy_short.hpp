#pragma once

#include <cstddef>
#include <cstring>
#include <type_traits>

namespace thrift {

/// What copy_short copies at most. (Shorter than EncodeState::reserve: such strings need no room of
/// their own.)
inline constexpr std::size_t short_bytes = 64;

/// memcpy for the short strings that messages are full of, and for short messages: no call.
[[gnu::always_inline]] inline void copy_short(std::byte* to, const void* from,
                                              std::size_t n) noexcept {
  const auto* const source = static_cast<const std::byte*>(from);
  // Two overlapping copies of a fixed size cover every length between that size and twice it.
  const auto ends = [&]<std::size_t size>(std::integral_constant<std::size_t, size>) {
    std::memcpy(to, source, size);
    std::memcpy(to + n - size, source + n - size, size);
  };
  if (n > 32) {
    ends(std::integral_constant<std::size_t, 32>());
  } else if (n >= 16) {
    ends(std::integral_constant<std::size_t, 16>());
  } else if (n >= 8) {
    ends(std::integral_constant<std::size_t, 8>());
  } else if (n >= 4) {
    ends(std::integral_constant<std::size_t, 4>());
  } else if (n != 0) {
    to[0] = source[0];
    to[n / 2] = source[n / 2];
    to[n - 1] = source[n - 1];
  }
}

}  // namespace thrift
