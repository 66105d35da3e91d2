#pragma once

// Variable-length numbers as compact writes them: 7 bits a byte, the low ones first, the highest
// bit set in all bytes but the last.

#include <cstddef>
#include <cstdint>

#include "protocol/compact.hpp"

namespace thrift::compact {

/// The number at `p`; where it ends, or nullptr where the input ends inside of it or where it takes
/// more than longest_varint bytes. Bits past the 64th are dropped, as Apache does.
[[nodiscard]] inline const std::byte* read_varint(const std::byte* p, const std::byte* end,
                                                  std::uint64_t& out) noexcept {
  if (p != end && static_cast<std::uint8_t>(*p) < 0x80) [[likely]] {
    out = static_cast<std::uint8_t>(*p);
    return p + 1;
  }
  const std::byte* const last = end - p > longest_varint ? p + longest_varint : end;
  std::uint64_t value = 0;
  for (unsigned shift = 0; p != last; shift += 7) {
    const auto byte = static_cast<std::uint64_t>(*p++);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      out = value;
      return p;
    }
  }
  return nullptr;
}

/// Where the number at `p` ends, or nullptr as above.
[[nodiscard]] inline const std::byte* skip_varint(const std::byte* p,
                                                  const std::byte* end) noexcept {
  const std::byte* const last = end - p > longest_varint ? p + longest_varint : end;
  while (p != last) {
    if (static_cast<std::uint8_t>(*p++) < 0x80) return p;
  }
  return nullptr;
}

/// Whether the number at `p`, which could not be read, is cut off rather than too long.
[[nodiscard]] inline bool is_cut_varint(const std::byte* p, const std::byte* end) noexcept {
  return end - p < longest_varint;
}

/// A size as it counts: sizes are signed as everywhere in Thrift, so that what does not fit into 31
/// bits is negative.
[[nodiscard]] inline std::int64_t as_size(std::uint64_t n) noexcept {
  return n > largest_wire_size ? static_cast<std::int32_t>(n | 0x80000000)
                               : static_cast<std::int64_t>(n);
}

/// Writes a number, at most longest_varint bytes; where it ends.
inline std::byte* write_varint(std::byte* p, std::uint64_t value) noexcept {
  for (; value >= 0x80; value >>= 7) *p++ = static_cast<std::byte>(value | 0x80);
  *p++ = static_cast<std::byte>(value);
  return p;
}

}  // namespace thrift::compact
