// Compiled with the vectoriser on, whatever the build's level: see CMakeLists.txt.

#include "protocol/bulk.hpp"

#include "protocol/big_endian.hpp"

namespace thrift {
inline namespace THRIFTPP_ISA {
namespace {

template <class T>
void copy_numbers(std::byte* __restrict to, const std::byte* __restrict from, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) copy_big<T>(to + i * sizeof(T), from + i * sizeof(T));
}

}  // namespace

void copy_big_16(std::byte* to, const std::byte* from, std::size_t n) noexcept {
  copy_numbers<std::uint16_t>(to, from, n);
}

void copy_big_32(std::byte* to, const std::byte* from, std::size_t n) noexcept {
  copy_numbers<std::uint32_t>(to, from, n);
}

void copy_big_64(std::byte* to, const std::byte* from, std::size_t n) noexcept {
  copy_numbers<std::uint64_t>(to, from, n);
}

void copy_bools(std::byte* __restrict to, const std::byte* __restrict from,
                std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) to[i] = std::byte{from[i] != std::byte{0}};
}

}  // namespace THRIFTPP_ISA
}  // namespace thrift
