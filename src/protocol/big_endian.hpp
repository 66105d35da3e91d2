#pragma once

// Numbers in network order, at any address.

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace thrift {

template <std::unsigned_integral T>
[[nodiscard]] constexpr T swap_bytes(T v) noexcept {
  if constexpr (sizeof(T) == 1) {
    return v;
  } else if constexpr (sizeof(T) == 2) {
    return __builtin_bswap16(v);
  } else if constexpr (sizeof(T) == 4) {
    return __builtin_bswap32(v);
  } else {
    return __builtin_bswap64(v);
  }
}

template <std::unsigned_integral T>
[[nodiscard]] constexpr T to_big_endian(T v) noexcept {
  return std::endian::native == std::endian::big ? v : swap_bytes(v);
}

/// The number whose sizeof(T) bytes start at `p`.
template <std::integral T>
[[nodiscard]] inline T load_big(const std::byte* p) noexcept {
  std::make_unsigned_t<T> v;
  std::memcpy(&v, p, sizeof(v));
  return static_cast<T>(to_big_endian(v));
}

template <std::integral T>
inline void store_big(std::byte* p, T value) noexcept {
  const auto v = to_big_endian(static_cast<std::make_unsigned_t<T>>(value));
  std::memcpy(p, &v, sizeof(v));
}

/// In the other order, lowest byte first: several small things go in one store, the first of them
/// in the lowest bits.
template <std::unsigned_integral T>
inline void store_little(std::byte* p, T value) noexcept {
  if constexpr (std::endian::native == std::endian::big) value = swap_bytes(value);
  std::memcpy(p, &value, sizeof(value));
}

/// sizeof(T) bytes from `from` to `to` with their order reversed (or not, where memory is big
/// endian): reads and writes one number, whichever direction it goes.
template <std::unsigned_integral T>
inline void copy_big(std::byte* to, const std::byte* from) noexcept {
  T v;
  std::memcpy(&v, from, sizeof(v));
  v = to_big_endian(v);
  std::memcpy(to, &v, sizeof(v));
}

}  // namespace thrift
