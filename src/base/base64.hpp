#pragma once

// Base64 (RFC 4648 section 4) between memory and memory.

#include <cstddef>
#include <cstdint>

namespace thrift {

[[nodiscard]] constexpr std::size_t base64_size(std::size_t bytes) noexcept {
  return (bytes + 2) / 3 * 4;
}

/// Writes exactly base64_size(size) characters to `p`, with padding; where they end.
[[nodiscard]] char* write_base64(char* p, const char* bytes, std::size_t size) noexcept;

/// Bytes that must be free for what `size` characters of base64 mean.
[[nodiscard]] constexpr std::size_t base64_room(std::size_t size) noexcept {
  return size / 4 * 3 + 3;
}
/// Reads base64 with or without padding into `p`; where the bytes end, or nullptr where `text` is
/// not base64: other characters, padding that does not fit, bits left over that are not zero (two
/// texts would mean the same bytes).
[[nodiscard]] char* read_base64(char* p, const char* text, std::size_t size) noexcept;

}  // namespace thrift
