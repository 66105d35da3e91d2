#pragma once

// A point in time with a name, so that errors can say which time-out passed and how long it was.

#include <algorithm>
#include <chrono>
#include <climits>
#include <string>
#include <string_view>

namespace thrift::transport {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Deadline {
  Clock::time_point at = Clock::time_point::max();
  std::string_view name = "timeout";
  milliseconds length{0};

  /// `length` from now; 0 is never, and so is what no clock can count.
  static Deadline after(milliseconds length, std::string_view name) {
    constexpr milliseconds longest = std::chrono::hours(24 * 365 * 10);
    if (length.count() <= 0 || length > longest) return {Clock::time_point::max(), name, length};
    return {Clock::now() + length, name, length};
  }

  [[nodiscard]] bool is_never() const noexcept { return at == Clock::time_point::max(); }
  [[nodiscard]] bool passed() const noexcept { return !is_never() && Clock::now() >= at; }
  /// What poll() takes: rounded up, so that the deadline has passed when poll times out; -1: never.
  [[nodiscard]] int poll_time() const noexcept {
    if (is_never()) return -1;
    const auto left = std::chrono::ceil<milliseconds>(at - Clock::now()).count();
    return static_cast<int>(std::clamp<decltype(left)>(left, 0, INT_MAX));
  }
  /// "the timeout of 500 ms"
  [[nodiscard]] std::string text() const {
    return "the " + std::string(name) + " of " + std::to_string(length.count()) + " ms";
  }
};

[[nodiscard]] inline const Deadline& earlier(const Deadline& a, const Deadline& b) noexcept {
  return b.at < a.at ? b : a;
}

}  // namespace thrift::transport
