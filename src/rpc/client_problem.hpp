#pragma once

// What broke a client's connection, kept until each call that ran on it has been told.

#include <optional>
#include <string>
#include <string_view>
#include <thriftpp/base/error.hpp>
#include <thriftpp/transport/endpoint.hpp>

namespace thrift::rpc {

struct Problem {
  TransportErrorKind kind = TransportErrorKind::unknown;
  std::optional<ApplicationErrorKind> application{};  // a reply that makes no sense, instead
  std::string text;
};

// Of the exception that is being handled, one that reading replies threw.
[[nodiscard]] Problem current_problem();

// As the end of a call of `method`; `retryable`: the call certainly did not run. The exception, or
// the error as a value.
[[noreturn]] void fail_call(const Problem& problem, const Endpoint& endpoint,
                            std::string_view method, bool retryable = false);
[[nodiscard]] Failure failure_of_call(const Problem& problem, const Endpoint& endpoint,
                                      std::string_view method, bool retryable = false);

}  // namespace thrift::rpc
