#pragma once

// The OpenAPI 3.1 document of a table of routes: an operation a route, with parameters, bodies, the
// result and the declared exceptions with their status, and the types as components. Bodies have
// the form that `json` says; what only odd values need is left out of it (RareForms::leave_out),
// since programs that are made from the document would carry it about for every string.
//
// Threads: safe from several threads.

#include <functional>
#include <optional>
#include <string>
#include <thriftpp/value/text.hpp>

#include "gateway/routes.hpp"

namespace thrift::gateway {

struct OpenApiOptions {
  std::string title = {};  // empty: the names of the services
  std::string version = "1.0.0";
  std::string server = "/";  // the URL that paths are appended to
  JsonOptions json = {};
  bool wants_token = false;  // a bearer's, for every call
  // The status that a declared exception is answered with, whatever the IDL says; nothing: as the
  // IDL says.
  std::function<std::optional<int>(const Field& exception)> status = {};
};

[[nodiscard]] THRIFTPP_API std::string openapi(const RouteTable& routes,
                                               const OpenApiOptions& options = {});

}  // namespace thrift::gateway
