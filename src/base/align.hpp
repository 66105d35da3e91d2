#pragma once

#include <cstdint>

namespace thrift {

/// The next multiple of `align`, a power of two.
constexpr std::uint32_t align_up(std::uint32_t n, std::uint32_t align) {
  return (n + align - 1) & ~(align - 1);
}

}  // namespace thrift
