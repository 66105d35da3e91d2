#pragma once

// Whether text is ASCII: the question to ask before the slow one, whether it is UTF-8.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "protocol/isa.hpp"

namespace thrift {
inline namespace THRIFTPP_ISA {

[[nodiscard, gnu::always_inline]] inline bool is_ascii(const char* text,
                                                       std::size_t size) noexcept {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::uint64_t word;
  std::uint64_t all = 0;
  for (; size >= 32; text += 32, size -= 32) {
    std::uint64_t words[4];
    std::memcpy(words, text, sizeof(words));
    if (((words[0] | words[1] | words[2] | words[3]) & high_bits) != 0) return false;
  }
  for (; size >= 8; text += 8, size -= 8) {
    std::memcpy(&word, text, sizeof(word));
    all |= word;
  }
  if (size >= 4) {  // two that overlap
    std::uint32_t half;
    std::memcpy(&half, text, sizeof(half));
    all |= half;
    std::memcpy(&half, text + size - 4, sizeof(half));
    all |= half;
  } else if (size != 0) {
    all |= static_cast<std::uint8_t>(text[0] | text[size / 2] | text[size - 1]);
  }
  return (all & high_bits) == 0;
}

}  // namespace THRIFTPP_ISA
}  // namespace thrift
