#pragma once

#include <cstdint>

namespace thrift::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool with_sanitizers = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool with_sanitizers = true;
#else
inline constexpr bool with_sanitizers = false;
#endif
#else
inline constexpr bool with_sanitizers = false;
#endif

/// How many of `n` random cases to try: few where sanitizers look on, which takes ten times as
/// long.
constexpr std::uint32_t cases(std::uint32_t n) {
  return with_sanitizers ? (n + 7) / 8 : n;
}

}  // namespace thrift::test
