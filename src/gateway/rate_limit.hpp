#pragma once

// So many requests a second for each client: a bucket of tokens that fills up again.

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace thrift::gateway {

// Safe from several threads.
class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;
  // `rate` a second, 0: no limit. `burst` at once, 0: as the rate, at least 1.
  RateLimit(double rate, double burst) noexcept
      : rate_(rate), burst_(burst > 0 ? burst : (rate > 1 ? rate : 1)) {}

  [[nodiscard]] bool is_on() const noexcept { return rate_ > 0; }
  // Whether the client may; where not, `wait` is in how many seconds (rounded up).
  [[nodiscard]] bool take(std::string_view client, Clock::time_point now, unsigned& wait);

 private:
  struct Bucket {
    double tokens;
    Clock::time_point at;
  };
  void forget_full(Clock::time_point now);

  const double rate_;
  const double burst_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
  Clock::time_point swept_{};
};

}  // namespace thrift::gateway
