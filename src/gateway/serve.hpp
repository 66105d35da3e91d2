#pragma once

// From a request that is whole to its response. On the exchange's thread, unless it says otherwise.

#include "gateway/http_thread.hpp"
#include "gateway/problem.hpp"

namespace thrift::gateway {

// The exchange gets a response, now or later; it must be among its connection's.
void serve(HttpThread& thread, const ExchangePtr& exchange);

// The id that the request has, as far as it has come, or a new one.
void set_id(HttpThread& thread, Exchange& exchange);

void respond(HttpThread& thread, Exchange& exchange, const Problem& problem);
void respond(HttpThread& thread, Exchange& exchange, const HttpResponse& response);
void respond(HttpThread& thread, Exchange& exchange, int status, std::string_view content_type,
             const Headers& headers, std::string_view body);
// The response is whole: it is counted and written to the log.
void finish(HttpThread& thread, Exchange& exchange);

// The route for `exchange.request`, whatever middleware made of it: 404, 405, OPTIONS, or a call.
void serve_route(HttpThread& thread, const ExchangePtr& exchange);
// Calls the method of the exchange's route.
void call(HttpThread& thread, const ExchangePtr& exchange);

// Options for JSON by the query, as far as the route binds no fields by those names; a Problem
// where it says what cannot be.
[[nodiscard]] std::optional<Problem> read_json_options(const Route& route, std::string_view query,
                                                       JsonOptions& out);

// One line for the access log.
[[nodiscard]] std::string log_line(const Exchange& exchange);

}  // namespace thrift::gateway
