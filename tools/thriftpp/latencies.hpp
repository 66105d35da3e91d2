#pragma once

// How long things took, counted in buckets: any number of them in fixed memory, and percentiles
// that are right to a 64th of what they say, as HDR histograms have them.

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace thrift::command {

/// Numbers below 64 have a bucket each, then each power of two has 64.
struct LatencyBuckets {
  static constexpr unsigned bits = 6;
  static constexpr std::size_t per_power = std::size_t{1} << bits;
  static constexpr std::size_t count = per_power * (64 - bits + 1);

  static constexpr std::size_t of(std::uint64_t ns) {
    if (ns < per_power) return static_cast<std::size_t>(ns);
    const unsigned shift = static_cast<unsigned>(std::bit_width(ns)) - bits - 1;
    return per_power * (shift + 1) + static_cast<std::size_t>((ns >> shift) - per_power);
  }
  /// The largest number in a bucket.
  static constexpr std::uint64_t last(std::size_t bucket) {
    if (bucket < per_power) return bucket;
    const std::size_t shift = bucket / per_power - 1;
    return (((bucket % per_power) + per_power + 1) << shift) - 1;
  }
  /// Whether that is the last one, and what it says of `ns` is right to a 64th.
  static constexpr bool is_right(std::uint64_t ns) {
    const std::uint64_t said = last(of(ns));
    return said >= ns && said - ns <= ns / per_power && of(said) == of(ns) &&
           of(said + 1) == of(ns) + 1;
  }
};
static_assert(LatencyBuckets::is_right(0) && LatencyBuckets::is_right(63) &&
              LatencyBuckets::is_right(64) && LatencyBuckets::is_right(1000) &&
              LatencyBuckets::is_right(123'456'789) &&
              LatencyBuckets::is_right(std::uint64_t{1} << 62) &&
              LatencyBuckets::of(UINT64_MAX) == LatencyBuckets::count - 1);

class Latencies {
 public:
  void add(std::chrono::nanoseconds took) {
    const std::uint64_t ns = took.count() < 0 ? 0 : static_cast<std::uint64_t>(took.count());
    ++counts_[LatencyBuckets::of(ns)];
    if (count_ == 0 || ns < min_) min_ = ns;
    if (ns > max_) max_ = ns;
    sum_ += static_cast<double>(ns);
    ++count_;
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  // In microseconds; 0 where there are none.
  [[nodiscard]] double min() const { return static_cast<double>(min_) / 1e3; }
  [[nodiscard]] double max() const { return static_cast<double>(max_) / 1e3; }
  [[nodiscard]] double mean() const {
    return count_ == 0 ? 0 : sum_ / static_cast<double>(count_) / 1e3;
  }
  /// What `percent` of them took at most.
  [[nodiscard]] double percentile(double percent) const {
    const double wanted = percent / 100 * static_cast<double>(count_);
    double seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += static_cast<double>(counts_[i]);
      if (counts_[i] != 0 && seen >= wanted) {
        const std::uint64_t last = LatencyBuckets::last(i);
        return static_cast<double>(last < max_ ? last : max_) / 1e3;
      }
    }
    return max();
  }

 private:
  std::array<std::uint64_t, LatencyBuckets::count> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t min_ = 0;
  std::uint64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace thrift::command
