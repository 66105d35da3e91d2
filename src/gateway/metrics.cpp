#include "gateway/metrics.hpp"

#include <algorithm>
#include <thriftpp/base/json_writer.hpp>

namespace thrift::gateway {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

std::string number(double value) {
  std::string out;
  append_json_number(out, value);
  return out;
}

// Names of services and methods are Thrift's identifiers: nothing in them needs an escape.
std::string labels(const MethodMetrics& method) {
  return "service=\"" + method.service + "\",method=\"" + method.method + "\"";
}

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out += "# HELP ";
  out += name;
  out += ' ';
  out += help;
  out += "\n# TYPE ";
  out += name;
  out += ' ';
  out += type;
  out += '\n';
}

void line(std::string& out, std::string_view name, std::string_view its_labels,
          std::string_view value) {
  out += name;
  if (!its_labels.empty()) {
    out += '{';
    out += its_labels;
    out += '}';
  }
  out += ' ';
  out += value;
  out += '\n';
}

}  // namespace

std::string_view to_string(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::ok: return "ok";
    case Outcome::exception: return "exception";
    case Outcome::bad_request: return "bad_request";
    case Outcome::upstream: return "upstream";
    case Outcome::unavailable: return "unavailable";
    case Outcome::timeout: return "timeout";
    case Outcome::client_gone: return "client_gone";
    case Outcome::internal: break;
  }
  return "internal";
}

void MethodMetrics::add(Outcome outcome, std::chrono::nanoseconds time, std::size_t in,
                        std::size_t out) noexcept {
  outcomes[static_cast<std::size_t>(outcome)].fetch_add(1, relaxed);
  const double seconds = std::chrono::duration<double>(time).count();
  const auto bucket =
      static_cast<std::size_t>(std::ranges::lower_bound(bounds, seconds) - bounds.begin());
  buckets[bucket].fetch_add(1, relaxed);
  nanoseconds.fetch_add(static_cast<std::uint64_t>(time.count()), relaxed);
  bytes_in.fetch_add(in, relaxed);
  bytes_out.fetch_add(out, relaxed);
}

MethodMetrics& Metrics::of(std::string_view service, std::string_view method) {
  const std::lock_guard lock(mutex_);
  for (MethodMetrics& known : methods_) {
    if (known.service == service && known.method == method) return known;
  }
  return methods_.emplace_back(service, method);
}

void Metrics::count_status(int status) noexcept {
  if (status >= 0 && static_cast<std::size_t>(status) < statuses_.size()) {
    statuses_[static_cast<std::size_t>(status)].fetch_add(1, relaxed);
  }
}

std::string Metrics::render() const {
  std::string out;
  const auto integer = [](auto value) { return std::to_string(value); };
  head(out, "thriftpp_gateway_responses_total", "counter", "Responses by HTTP status.");
  for (std::size_t status = 0; status < statuses_.size(); ++status) {
    if (const auto n = statuses_[status].load(relaxed); n != 0) {
      line(out, "thriftpp_gateway_responses_total", "status=\"" + integer(status) + "\"",
           integer(n));
    }
  }
  head(out, "thriftpp_gateway_connections", "gauge", "Open connections of clients.");
  line(out, "thriftpp_gateway_connections", "", integer(connections.load(relaxed)));
  head(out, "thriftpp_gateway_connections_total", "counter", "Connections accepted.");
  line(out, "thriftpp_gateway_connections_total", "", integer(connections_total.load(relaxed)));
  head(out, "thriftpp_gateway_reloads_total", "counter",
       "Changes of the IDL, by what came of them.");
  line(out, "thriftpp_gateway_reloads_total", "result=\"ok\"", integer(reloads.load(relaxed)));
  line(out, "thriftpp_gateway_reloads_total", "result=\"failed\"",
       integer(failed_reloads.load(relaxed)));

  const std::lock_guard lock(mutex_);
  head(out, "thriftpp_gateway_calls_total", "counter", "Calls by method and outcome.");
  for (const MethodMetrics& method : methods_) {
    for (std::size_t i = 0; i < outcome_count; ++i) {
      const auto n = method.outcomes[i].load(relaxed);
      if (n == 0 && i != 0) continue;
      line(out, "thriftpp_gateway_calls_total",
           labels(method) + ",outcome=\"" + std::string(to_string(static_cast<Outcome>(i))) + "\"",
           integer(n));
    }
  }
  head(out, "thriftpp_gateway_call_seconds", "histogram", "Time from request to response.");
  for (const MethodMetrics& method : methods_) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i <= MethodMetrics::bounds.size(); ++i) {
      sum += method.buckets[i].load(relaxed);
      const bool last = i == MethodMetrics::bounds.size();
      line(out, "thriftpp_gateway_call_seconds_bucket",
           labels(method) + ",le=\"" + (last ? "+Inf" : number(MethodMetrics::bounds[i])) + "\"",
           integer(sum));
    }
    line(out, "thriftpp_gateway_call_seconds_sum", labels(method),
         number(static_cast<double>(method.nanoseconds.load(relaxed)) / 1e9));
    line(out, "thriftpp_gateway_call_seconds_count", labels(method), integer(sum));
  }
  const auto each = [&](std::string_view name, std::string_view type, std::string_view help,
                        auto member) {
    head(out, name, type, help);
    for (const MethodMetrics& method : methods_) {
      line(out, name, labels(method), integer((method.*member).load(relaxed)));
    }
  };
  each("thriftpp_gateway_request_bytes_total", "counter", "Bytes of requests' bodies.",
       &MethodMetrics::bytes_in);
  each("thriftpp_gateway_response_bytes_total", "counter", "Bytes of responses' bodies.",
       &MethodMetrics::bytes_out);
  each("thriftpp_gateway_in_flight", "gauge", "Calls that run.", &MethodMetrics::in_flight);
  return out;
}

}  // namespace thrift::gateway
