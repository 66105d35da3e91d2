#pragma once

// Whether a call that failed is to be tried again, and when.

#include <optional>
#include <thriftpp/rpc/client.hpp>

#include "transport/deadline.hpp"

namespace thrift::rpc {

// What the IDL says by its annotation.
[[nodiscard]] inline bool is_idempotent(const Function& function) noexcept {
  return function.annotations().is_set("idempotent");
}

class RetryPlan {
 public:
  // `endpoints` is how many there are: each has its turn at once before anything is waited for.
  // `idempotent`: trying again is safe even where the call may have run.
  RetryPlan(const ClientOptions& options, std::size_t endpoints, bool idempotent) noexcept
      : endpoints_(endpoints),
        untried_(endpoints - 1),
        retries_(options.retries),
        delay_(options.retry_delay),
        idempotent_(idempotent) {}

  // How long to wait before the next attempt; nothing: give up, and tell this error.
  [[nodiscard]] std::optional<transport::milliseconds> next(
      const TransportErrorDetail& error, const transport::Deadline& deadline) noexcept {
    constexpr transport::milliseconds longest(5000);
    if (error.kind == TransportErrorKind::bad_args || error.kind == closed_by_us) return {};
    if (!error.retryable && !idempotent_) return {};
    if (deadline.passed()) return {};
    if (untried_ == 0 && retries_ == 0) return {};
    maybe_ran_ = maybe_ran_ || !error.retryable;
    if (untried_ > 0) {
      --untried_;
      return transport::milliseconds(0);
    }
    --retries_;
    untried_ = endpoints_ - 1;
    const transport::milliseconds now = delay_;
    if (!deadline.is_never() && transport::Clock::now() + now >= deadline.at) return {};
    delay_ = std::min(2 * delay_, longest);
    return now;
  }

  // What the caller is told in the end: where an attempt may have run, a later one that did not
  // does not make the call one that certainly did not.
  [[nodiscard]] Failure told(const Failure& failure) const {
    const auto* const detail = failure.as<TransportErrorDetail>();
    if (!maybe_ran_ || detail == nullptr || !detail->retryable) return failure;
    return make_failure<TransportErrorDetail>(detail->kind, detail->endpoint, detail->problem,
                                              false);
  }

  // What calls fail with because of Client::close.
  static constexpr TransportErrorKind closed_by_us = TransportErrorKind::interrupted;

 private:
  std::size_t endpoints_;
  std::size_t untried_;
  unsigned retries_;
  transport::milliseconds delay_;
  bool idempotent_;
  bool maybe_ran_ = false;  // an attempt
};

}  // namespace thrift::rpc
