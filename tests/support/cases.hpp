#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace thrift::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
inline constexpr bool is_slow_build = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool is_slow_build = true;
#else
inline constexpr bool is_slow_build = false;
#endif
#else
inline constexpr bool is_slow_build = false;
#endif

/// How many of `n` random cases to try: few where sanitizers look on or nothing was optimized,
/// which takes ten times as long.
constexpr std::uint32_t cases(std::uint32_t n) {
  return is_slow_build ? (n + 7) / 8 : n;
}

/// Of a long row of cases that are all alike: one of how many to try. Each, unless the build is
/// slow and not all tests were asked for.
inline std::size_t one_of(std::size_t n) {
  const char* const all = std::getenv("THRIFTPP_TEST_ALL");
  return is_slow_build && (all == nullptr || *all == '\0') ? n : 1;
}

}  // namespace thrift::test
