#include "gateway/problem.hpp"

#include <thriftpp/base/json_writer.hpp>

#include "base/readable.hpp"

namespace thrift::gateway {

std::string_view problem_name(int status) noexcept {
  switch (status) {
    case 400: return "bad_request";
    case 401: return "unauthorized";
    case 403: return "forbidden";
    case 404: return "not_found";
    case 405: return "method_not_allowed";
    case 408: return "request_timeout";
    case 413: return "too_large";
    case 415: return "unsupported_media_type";
    case 417: return "expectation_failed";
    case 429: return "too_many_requests";
    case 431: return "header_too_large";
    case 501: return "not_implemented";
    case 502: return "bad_upstream";
    case 503: return "unavailable";
    case 504: return "upstream_timeout";
    case 505: return "http_version";
    default: return "internal_error";
  }
}

std::string to_json(const Problem& problem) {
  std::string out;
  JsonWriter w(out);
  w.begin_object().key("error").begin_object();
  w.key("name").string(problem.name.empty() ? problem_name(problem.status)
                                            : std::string_view(problem.name));
  w.key("status").integer(problem.status);
  // what a client or an upstream sent may not be text
  w.key("message").string(readable(problem.message));
  if (!problem.path.empty()) w.key("path").string(readable(problem.path));
  if (problem.line != 0) w.key("line").integer(problem.line);
  if (problem.column != 0) w.key("column").integer(problem.column);
  if (!problem.suggestion.empty()) w.key("suggestion").string(problem.suggestion);
  w.end_object().end_object();
  return out;
}

HttpResponse to_response(const Problem& problem) {
  HttpResponse out;
  out.status = problem.status;
  out.body = to_json(problem);
  out.headers = problem.headers;
  return out;
}

Problem bad_input(const TypeError& error) {
  const TypeErrorDetail& detail = error.info();
  Problem out;
  out.status = 400;
  out.message = detail.message;
  out.path = detail.path;
  out.suggestion = detail.suggestion;
  out.line = detail.line;
  out.column = detail.column;
  return out;
}

Problem upstream_problem(const Failure& failure) {
  Problem out;
  out.status = 502;
  out.message = failure.message();
  if (const auto* const transport = failure.as<TransportErrorDetail>()) {
    if (transport->kind == TransportErrorKind::timed_out) out.status = 504;
    if (transport->kind == TransportErrorKind::bad_args) out.status = 413;
  } else if (const auto* const application = failure.as<ApplicationErrorDetail>()) {
    if (application->from_peer) out.name = "upstream_error";
  }
  return out;
}

}  // namespace thrift::gateway
