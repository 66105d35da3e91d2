#pragma once

// Whole lists of numbers at once, between the wire's order and memory. The same call reads and
// writes, since reversing bytes is its own inverse. `from` and `to` do not overlap, need no
// alignment, and are touched for exactly `n` numbers.

#include <cstddef>

#include "protocol/isa.hpp"

namespace thrift {
inline namespace THRIFTPP_ISA {

void copy_big_16(std::byte* to, const std::byte* from, std::size_t n) noexcept;
void copy_big_32(std::byte* to, const std::byte* from, std::size_t n) noexcept;
void copy_big_64(std::byte* to, const std::byte* from, std::size_t n) noexcept;
/// Each byte as 0 or 1: what a peer writes for `true` may be any number, a cell may not.
void copy_bools(std::byte* to, const std::byte* from, std::size_t n) noexcept;

}  // namespace THRIFTPP_ISA
}  // namespace thrift
