#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace thrift::test {

/// Of a library that sanitizers look at, or that was not optimized.
#ifdef THRIFTPP_SLOW_BUILD
inline constexpr bool is_slow_build = true;
#else
inline constexpr bool is_slow_build = false;
#endif

/// How many of `n` random cases to try: few where sanitizers look on or nothing was optimized,
/// which takes ten times as long.
constexpr std::uint32_t cases(std::uint32_t n) {
  return is_slow_build ? (n + 7) / 8 : n;
}

/// Of a long row of cases that are all alike: one of how many to try. Each, where all tests were
/// asked for.
inline std::size_t one_of(std::size_t n) {
  const char* const all = std::getenv("THRIFTPP_TEST_ALL");
  return all == nullptr || *all == '\0' ? n : 1;
}

}  // namespace thrift::test
