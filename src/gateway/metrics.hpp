#pragma once

// What is counted, and its text in Prometheus' format (version 0.0.4).

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

namespace thrift::gateway {

enum class Outcome : std::uint8_t {
  ok,
  exception,    // a declared one
  bad_request,  // 4xx of ours
  upstream,     // 502
  unavailable,  // 503
  timeout,      // 504
  client_gone,  // it left before the response was whole
  internal,     // 500 of ours
};
inline constexpr std::size_t outcome_count = 8;
[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;

// Of one method. Safe from several threads.
struct MethodMetrics {
  // Upper bounds in seconds; a last bucket holds the rest.
  static constexpr std::array<double, 14> bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                 0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  MethodMetrics(std::string_view its_service, std::string_view its_method)
      : service(its_service), method(its_method) {}

  void add(Outcome outcome, std::chrono::nanoseconds time, std::size_t in,
           std::size_t out) noexcept;

  const std::string service;
  const std::string method;
  std::array<std::atomic<std::uint64_t>, outcome_count> outcomes{};
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> buckets{};
  std::atomic<std::uint64_t> nanoseconds = 0;
  std::atomic<std::uint64_t> bytes_in = 0;   // of requests' bodies
  std::atomic<std::uint64_t> bytes_out = 0;  // of responses' bodies
  std::atomic<std::int64_t> in_flight = 0;
};

class Metrics {
 public:
  // Lives as long as this.
  [[nodiscard]] MethodMetrics& of(std::string_view service, std::string_view method);
  void count_status(int status) noexcept;
  [[nodiscard]] std::string render() const;

  std::atomic<std::size_t> connections = 0;
  std::atomic<std::uint64_t> connections_total = 0;
  std::atomic<std::uint64_t> reloads = 0;
  std::atomic<std::uint64_t> failed_reloads = 0;

 private:
  std::array<std::atomic<std::uint64_t>, 600> statuses_{};
  mutable std::mutex mutex_;  // guards methods_, not what is in them
  std::deque<MethodMetrics> methods_;
};

}  // namespace thrift::gateway
