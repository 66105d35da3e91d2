#pragma once

// Base64 (RFC 4648, section 4) between bytes and bytes, for the codecs' loops: no allocation.

#include <cstddef>
#include <cstdint>

namespace thrift {

/// Bytes that `size` bytes take as base64 without padding.
[[nodiscard]] constexpr std::size_t unpadded_base64_size(std::size_t size) noexcept {
  return size / 3 * 4 + (size % 3 == 0 ? 0 : size % 3 + 1);
}

/// Writes `n` bytes as base64 without padding, which takes unpadded_base64_size(n); where it ends.
std::byte* encode_base64(std::byte* to, const std::byte* from, std::size_t n) noexcept;

/// Bytes that `n` characters of base64 decode to at most.
[[nodiscard]] constexpr std::size_t most_from_base64(std::size_t n) noexcept {
  return n / 4 * 3 + n % 4;
}

/// Reads `n` characters, with or without padding; `to` may be `from`. The number of bytes, or
/// SIZE_MAX where they are not base64.
[[nodiscard]] std::size_t decode_base64(std::byte* to, const std::byte* from,
                                        std::size_t n) noexcept;

}  // namespace thrift
