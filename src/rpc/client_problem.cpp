#include "rpc/client_problem.hpp"

#include <new>

#include "base/backquoted.hpp"
#include "transport/carrier.hpp"

namespace thrift::rpc {

Problem current_problem() {
  try {
    throw;
  } catch (const ApplicationError& e) {
    return {TransportErrorKind::corrupted_data, e.kind(), e.message()};
  } catch (const transport::CarrierError& e) {
    return {TransportErrorKind::corrupted_data, {}, e.what()};
  } catch (const Error& e) {
    return {TransportErrorKind::corrupted_data, {}, "the reply makes no sense: " + e.message()};
  } catch (const std::bad_alloc&) {
    return {TransportErrorKind::internal_error, {}, "out of memory"};
  } catch (const std::exception& e) {
    return {TransportErrorKind::internal_error, {}, e.what()};
  }
}

Failure failure_of_call(const Problem& problem, const Endpoint& endpoint, std::string_view method,
                        bool retryable) {
  std::string text = backquoted(method) + ": " + problem.text;
  if (problem.application) {
    return make_failure<ApplicationErrorDetail>(*problem.application,
                                                endpoint.address() + ": " + text, false);
  }
  return make_failure<TransportErrorDetail>(problem.kind, endpoint.address(), std::move(text),
                                            retryable);
}

void fail_call(const Problem& problem, const Endpoint& endpoint, std::string_view method,
               bool retryable) {
  failure_of_call(problem, endpoint, method, retryable).raise();
}

}  // namespace thrift::rpc
