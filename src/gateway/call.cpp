// A route's call: from the request's JSON to the upstream's bytes, and from its reply's to JSON.

#include <algorithm>
#include <thriftpp/base/near_name.hpp>

#include "gateway/arguments.hpp"
#include "gateway/http_connection.hpp"
#include "gateway/serve.hpp"
#include "gateway/stream.hpp"
#include "gateway/url.hpp"

namespace thrift::gateway {

namespace {

Problem unknown_value(const Pair& pair, std::span<const std::string_view> values) {
  Problem problem;
  problem.status = 400;
  problem.message = "`" + pair.name + "=" + pair.value + "`: expected ";
  for (std::size_t i = 0; i < values.size(); ++i) {
    problem.message += (i == 0 ? "`" : " or `") + std::string(values[i]) + "`";
  }
  problem.suggestion = near_name(pair.value, values);
  return problem;
}

// Nothing is unpacked: who sent a packed body is told so, and not that it is no JSON.
std::optional<Problem> check_content_coding(const Request& request) {
  if (request.body().empty()) return std::nullopt;
  const std::string codings = request.all_headers("Content-Encoding");
  for (const std::string_view coding : list_elements(codings)) {
    if (same_name(coding, "identity")) continue;
    Problem problem;
    problem.status = 415;
    problem.message = "the body has the content coding `" + std::string(coding) + "`";
    problem.headers = {{"Accept-Encoding", "identity"}};
    return problem;
  }
  return std::nullopt;
}

Headers upstream_headers(const Core& core, const Exchange& exchange) {
  Headers out{{"X-Request-Id", exchange.id}};
  for (const std::string& name : core.options.forward_headers) {
    if (same_name(name, "X-Request-Id") || !exchange.request.has_header(name)) continue;
    out.emplace_back(name, exchange.request.all_headers(name));
  }
  return out;
}

bool count_in(HttpThread& thread, Exchange& exchange) {
  Core& core = thread.core();
  if (core.in_flight.fetch_add(1, std::memory_order_relaxed) >= core.options.max_in_flight) {
    core.in_flight.fetch_sub(1, std::memory_order_relaxed);
    Problem problem;
    problem.status = 503;
    problem.message = "too many requests are in flight";
    problem.headers = {{"Retry-After", "1"}};
    respond(thread, exchange, problem);
    return false;
  }
  exchange.counted = true;
  exchange.plan().metrics->in_flight.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void answer(HttpThread& thread, const ExchangePtr& kept, rpc::RawReply reply) {
  Exchange& exchange = *kept;
  if (should_stream(exchange, reply)) {
    try {
      const ResultPart part =
          split_result(reply.protocol, reply.body, *exchange.match.route->function);
      const bool has_result = part.field != nullptr && part.field->id() == 0;
      if (has_result && stream_result(thread, kept, reply, part)) return;
    } catch (const ProtocolError& e) {
      return respond(thread, exchange, upstream_problem(e.failure()));
    }
  }
  Buffer& body = thread.scratch();
  body.clear();
  try {
    const Answer answer =
        answer_reply(*exchange.match.route, exchange.plan().reply, reply, exchange.json, body);
    exchange.exception = answer.exception;
    respond(thread, exchange, answer.status, "application/json", answer.headers, body.text());
  } catch (const Error& e) {
    respond(thread, exchange, upstream_problem(e.failure()));
  }
  if (body.capacity() > std::size_t{1} << 20) body = Buffer();
}

}  // namespace

std::optional<Problem> read_json_options(const Route& route, std::string_view query,
                                         JsonOptions& out) {
  if (query.empty()) return std::nullopt;
  const auto pairs = parse_pairs(query);
  if (!pairs) return std::nullopt;  // who needs the query will tell
  for (const Pair& pair : *pairs) {
    const auto option = std::ranges::find(json_options(), pair.name, &JsonOption::name);
    if (option == json_options().end() || is_bound_by_query(route, pair.name)) continue;
    if (option->set(out, pair.value)) continue;
    return unknown_value(pair, option->values);
  }
  return std::nullopt;
}

void call(HttpThread& thread, const ExchangePtr& exchange) {
  Core& core = thread.core();
  const Route& route = *exchange->match.route;
  const RoutePlan& plan = exchange->plan();
  const Upstream& upstream = *core.upstreams[plan.upstream];
  if (auto problem = check_content_coding(exchange->request)) {
    return respond(thread, *exchange, *problem);
  }
  exchange->json = core.options.json;
  if (auto problem = read_json_options(route, exchange->request.query(), exchange->json)) {
    return respond(thread, *exchange, *problem);
  }
  if (!count_in(thread, *exchange)) return;
  if (upstream.endpoints().all_open()) {
    Problem problem;
    problem.status = 503;
    problem.message = "no endpoint of `" + std::string(route.service->name()) + "` is healthy";
    problem.headers = {{"Retry-After", "1"}};
    return respond(thread, *exchange, problem);
  }
  CallOptions options;
  if (upstream.carries_headers()) options.headers = upstream_headers(core, *exchange);
  auto call = std::make_shared<rpc::AsyncCall>(
      *route.function, plan.schema, thread.next_sequence_id(), options,
      rpc::RetryPlan(upstream.options(), upstream.endpoints().size(),
                     rpc::is_idempotent(*route.function)));
  try {
    FromJsonOptions json;
    json.binary = exchange->json.binary;
    json.skip_unknown_fields = core.options.skip_unknown_fields;
    upstream.codec().encode(
        *route.function,
        [&](ProtocolId protocol, Buffer& out) {
          write_arguments(exchange->match, exchange->request, protocol, json, out);
        },
        call->sequence_id, options.headers, call->message);
  } catch (const BadRequest& e) {
    return respond(thread, *exchange, e.problem);
  } catch (const Error& e) {
    return respond(thread, *exchange, upstream_problem(e.failure()));
  }
  call->deadline = transport::Deadline::after(upstream.timeout(), "timeout");
  call->done_raw = [&thread, exchange](Result<rpc::RawReply> reply) {
    try {
      if (reply) return answer(thread, exchange, std::move(*reply));
      respond(thread, *exchange, upstream_problem(reply.error()));
    } catch (const std::exception& e) {
      Problem problem;
      problem.message = "the gateway failed";
      thread.core().log(e.what());
      if (!exchange->done) respond(thread, *exchange, problem);
    }
  };
  thread.client(plan.upstream).start_here(call);
}

}  // namespace thrift::gateway
