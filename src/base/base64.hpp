#pragma once

// Base64 (RFC 4648 section 4) between memory and memory.

#include <cstddef>
#include <cstdint>

namespace thrift {

[[nodiscard]] constexpr std::size_t base64_size(std::size_t bytes) noexcept {
  return (bytes + 2) / 3 * 4;
}
[[nodiscard]] constexpr std::size_t unpadded_base64_size(std::size_t bytes) noexcept {
  return bytes / 3 * 4 + (bytes % 3 == 0 ? 0 : bytes % 3 + 1);
}

/// Writes exactly base64_size(size) characters to `p`, with padding; where they end.
[[nodiscard]] char* write_base64(char* p, const char* bytes, std::size_t size) noexcept;
/// The same without padding: exactly unpadded_base64_size(size) characters.
[[nodiscard]] char* write_unpadded_base64(char* p, const char* bytes, std::size_t size) noexcept;

/// Bytes that must be free for what `size` characters of base64 mean.
[[nodiscard]] constexpr std::size_t base64_room(std::size_t size) noexcept {
  return size / 4 * 3 + 3;
}
/// Of bits left over behind the last byte that are not zero: two texts would mean the same bytes.
enum class SpareBits { refuse, ignore };
/// Reads base64 with or without padding into `p`, which may be `text`; where the bytes end, or
/// nullptr where `text` is not base64: other characters, or padding that does not fit.
[[nodiscard]] char* read_base64(char* p, const char* text, std::size_t size,
                                SpareBits spare = SpareBits::refuse) noexcept;

}  // namespace thrift
