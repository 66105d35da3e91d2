#pragma once

// From a request to the bytes of its call's arguments, in one pass over JSON text: the body as it
// is, or an object put together of the parts that the route's bindings name.

#include <thriftpp/json/transcode.hpp>

#include "gateway/problem.hpp"
#include "gateway/request.hpp"
#include "gateway/routes.hpp"

namespace thrift::gateway {

// Appends the struct of the arguments. Throws BadRequest.
void write_arguments(const RouteTable::Match& match, const Request& request, ProtocolId protocol,
                     const FromJsonOptions& options, Buffer& out);

// Whether the route takes a field from that name in the query: then it is no option of JSON.
[[nodiscard]] bool is_bound_by_query(const Route& route, std::string_view name) noexcept;

// The request is not one that the route can take.
class BadRequest : public std::exception {
 public:
  explicit BadRequest(Problem what) : problem(std::move(what)) {}
  [[nodiscard]] const char* what() const noexcept override { return problem.message.c_str(); }
  Problem problem;
};

// "application/json" of "application/json; charset=utf-8".
[[nodiscard]] std::string_view media_type(std::string_view content_type) noexcept;

}  // namespace thrift::gateway
