#include "gateway/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace thrift::gateway {

namespace {

// More clients than this are looked through for those that have been away.
constexpr std::size_t many = 10'000;

}  // namespace

bool RateLimit::take(std::string_view client, Clock::time_point now, unsigned& wait) {
  if (!is_on()) return true;
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= many) forget_full(now);
  const auto [found, is_new] = buckets_.try_emplace(std::string(client), Bucket{burst_, now});
  Bucket& bucket = found->second;
  const double seconds = std::chrono::duration<double>(now - bucket.at).count();
  bucket.tokens = std::min(burst_, bucket.tokens + std::max(0.0, seconds) * rate_);
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return true;
  }
  wait = static_cast<unsigned>(std::ceil(std::min(3600.0, (1 - bucket.tokens) / rate_)));
  return false;
}

// A bucket that would be full again says no more than none at all.
void RateLimit::forget_full(Clock::time_point now) {
  if (now - swept_ < std::chrono::seconds(1)) return;
  swept_ = now;
  std::erase_if(buckets_, [&](const auto& entry) {
    const double seconds = std::chrono::duration<double>(now - entry.second.at).count();
    return entry.second.tokens + seconds * rate_ >= burst_;
  });
  // So many at once are no clients; they all begin anew rather than take all memory.
  if (buckets_.size() > 10 * many) buckets_.clear();
}

}  // namespace thrift::gateway
