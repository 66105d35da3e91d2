#include "gateway/serve.hpp"

#include <algorithm>
#include <future>

#include "gateway/built_in.hpp"
#include "gateway/http_connection.hpp"

namespace thrift::gateway {

namespace {

constexpr std::size_t longest_id = 128;

void set_client(const Core& core, Exchange& exchange) {
  if (!core.options.trust_forwarded) return;
  const std::string all = exchange.request.all_headers("X-Forwarded-For");
  if (all.empty()) return;
  std::string_view last(all);
  if (const std::size_t comma = last.rfind(','); comma != std::string_view::npos) {
    last.remove_prefix(comma + 1);
  }
  while (last.starts_with(' ')) last.remove_prefix(1);
  if (!last.empty() && last.size() <= longest_id) exchange.client = last;
}

Problem nothing_at(const HttpThread& thread, std::string_view path) {
  Problem out;
  out.status = 404;
  out.message = "there is nothing at this path";
  out.suggestion = thread.snapshot()->table.near_path(path);
  return out;
}

const CustomRoute* find_custom(const Core& core, const Request& request) {
  for (const CustomRoute& route : core.custom) {
    if (route.path == request.path() && (route.method == "*" || route.method == request.method())) {
      return &route;
    }
  }
  return nullptr;
}

std::uint16_t bits_of(std::string_view method) noexcept {
  const auto known = method == "*" ? HttpMethod::any : find_http_method(method);
  return known ? bit_of(*known) : 0;
}

// The methods that may be used at the request's path; nothing where there is none.
std::string allowed_methods(HttpThread& thread, const Request& request) {
  const Core& core = thread.core();
  const std::string_view path = request.path();
  if (core.options.built_in && is_built_in(path)) return "GET, HEAD, OPTIONS";
  std::uint16_t allowed = thread.snapshot()->table.match(HttpMethod::options, path).allowed;
  for (const CustomRoute& route : core.custom) {
    if (route.path == path) allowed |= bits_of(route.method);
  }
  return allowed == 0 ? std::string() : allow_list(allowed);
}

// --- CORS: what browsers ask before, and with, requests from pages of other origins ---

bool allow_origin(const Core& core, Exchange& exchange) {
  const auto& origins = core.options.cors_origins;
  if (origins.empty()) return false;
  const std::string_view origin = exchange.request.header("Origin");
  if (origin.empty()) return false;
  const bool any = std::ranges::find(origins, "*") != origins.end();
  if (!any && std::ranges::find(origins, origin) == origins.end()) return false;
  if (any) {
    exchange.extra_headers = "Access-Control-Allow-Origin: *\r\n";
  } else {
    exchange.extra_headers =
        "Access-Control-Allow-Origin: " + std::string(origin) + "\r\nVary: Origin\r\n";
  }
  exchange.extra_headers += "Access-Control-Expose-Headers: X-Request-Id\r\n";
  return true;
}

bool is_preflight(const Request& request) {
  return request.method() == "OPTIONS" && request.has_header("Access-Control-Request-Method");
}

// A browser asks on its own, without the token that the request itself will have.
void serve_preflight(HttpThread& thread, Exchange& exchange) {
  const std::string allow = allowed_methods(thread, exchange.request);
  if (allow.empty()) return respond(thread, exchange, nothing_at(thread, exchange.request.path()));
  Headers headers{{"Allow", allow}, {"Access-Control-Allow-Methods", allow}};
  const std::string wanted = exchange.request.all_headers("Access-Control-Request-Headers");
  if (!wanted.empty()) headers.emplace_back("Access-Control-Allow-Headers", wanted);
  headers.emplace_back("Access-Control-Max-Age", "600");
  respond(thread, exchange, 204, {}, headers, {});
}

// --- whether the request may go on; else it has been answered ---

bool check_rate(HttpThread& thread, Exchange& exchange) {
  Core& core = thread.core();
  unsigned wait = 0;
  if (!core.rate.is_on() || core.rate.take(exchange.client, exchange.begin, wait)) return true;
  Problem problem;
  problem.status = 429;
  problem.message = "too many requests of this client";
  problem.headers = {{"Retry-After", std::to_string(std::max(1U, wait))}};
  respond(thread, exchange, problem);
  return false;
}

bool check_token(HttpThread& thread, Exchange& exchange) {
  const Core& core = thread.core();
  if (!core.options.check_token) return true;
  const std::string_view given = exchange.request.header("Authorization");
  constexpr std::string_view scheme = "Bearer ";
  const bool has_token =
      given.size() > scheme.size() && same_name(given.substr(0, scheme.size()), scheme);
  if (has_token && core.options.check_token(given.substr(scheme.size()))) return true;
  Problem problem;
  problem.status = 401;
  problem.message = has_token ? "this token is not valid" : "a bearer token is needed";
  problem.headers = {{"WWW-Authenticate", has_token ? "Bearer error=\"invalid_token\"" : "Bearer"}};
  respond(thread, exchange, problem);
  return false;
}

bool check_caller(HttpThread& thread, Exchange& exchange) {
  return check_rate(thread, exchange) && check_token(thread, exchange);
}

// --- middleware and custom routes, on a worker ---

/// The end of the chain: the request, as it was left, goes on on its thread; the worker waits.
HttpResponse go_on(HttpThread& thread, const ExchangePtr& exchange, const HttpRequest& request) {
  if (const CustomRoute* const custom = find_custom(thread.core(), exchange->request)) {
    HttpRequest own = request;
    return custom->handler(own);
  }
  auto inner = std::make_shared<Exchange>();
  inner->client = exchange->client;
  inner->id = exchange->id;
  auto promise = std::make_shared<std::promise<HttpResponse>>();
  inner->capture = [promise](HttpResponse response) { promise->set_value(std::move(response)); };
  auto changed = std::make_shared<HttpRequest>(request);
  thread.events().post([&thread, inner, changed] {
    inner->request.assign(*changed);
    serve_route(thread, inner);
  });
  return promise->get_future().get();
}

HttpResponse run_chain(HttpThread& thread, const ExchangePtr& exchange, HttpRequest& request,
                       std::size_t from) {
  const auto& middleware = thread.core().middleware;
  if (from == middleware.size()) return go_on(thread, exchange, request);
  const HttpHandler next = [&, from](HttpRequest& passed) {
    return run_chain(thread, exchange, passed, from + 1);
  };
  return middleware[from](request, next);
}

void serve_by_worker(HttpThread& thread, const ExchangePtr& exchange) {
  thread.begin_job();
  thread.core().workers->submit([&thread, exchange] {
    auto response = std::make_shared<HttpResponse>();
    const auto failed = [&](const std::string& what) {
      thread.core().log("middleware: " + what);
      Problem problem;
      problem.message = "the gateway failed";
      *response = to_response(problem);
    };
    try {
      HttpRequest request = exchange->request.to_public();
      request.client = exchange->client;
      request.id = exchange->id;
      *response = run_chain(thread, exchange, request, 0);
    } catch (const std::exception& e) {
      failed(e.what());
    } catch (...) {
      failed("it threw what is no std::exception");
    }
    thread.events().post([&thread, exchange, response] {
      thread.end_job();
      respond(thread, *exchange, *response);
    });
  });
}

Outcome outcome_of(const Exchange& exchange, bool gone) noexcept {
  if (gone) return Outcome::client_gone;
  if (!exchange.exception.empty()) return Outcome::exception;
  switch (exchange.status) {
    case 502: return Outcome::upstream;
    case 503: return Outcome::unavailable;
    case 504: return Outcome::timeout;
    default: break;
  }
  if (exchange.problem.empty()) return Outcome::ok;
  const bool of_client = exchange.status >= 400 && exchange.status < 500;
  return of_client ? Outcome::bad_request : Outcome::internal;
}

void write_access_log(const Core& core, const Exchange& exchange) {
  if (!core.options.access_log) return;
  try {
    core.options.access_log(log_line(exchange));
  } catch (const std::exception& e) {
    core.log(std::string("access log: ") + e.what());
  }
}

}  // namespace

void set_id(HttpThread& thread, Exchange& exchange) {
  const std::string_view given = exchange.request.header("X-Request-Id");
  const bool good = !given.empty() && given.size() <= longest_id &&
                    std::ranges::all_of(given, [](char c) { return c > ' ' && c < 127; });
  exchange.id = good ? std::string(given) : thread.make_id();
}

void serve(HttpThread& thread, const ExchangePtr& exchange) {
  Core& core = thread.core();
  set_id(thread, *exchange);
  set_client(core, *exchange);
  const bool from_allowed_origin = allow_origin(core, *exchange);
  if (from_allowed_origin && is_preflight(exchange->request)) {
    if (check_rate(thread, *exchange)) serve_preflight(thread, *exchange);
    return;
  }
  const std::string_view path = exchange->request.path();
  const bool for_machines = path == "/healthz" || path == "/readyz" || path == "/metrics";
  if (core.options.built_in && for_machines) {
    if (path == "/metrics" && !check_caller(thread, *exchange)) return;
    serve_built_in(thread, *exchange);
    return;
  }
  // The page itself holds no secrets: it asks for the token that openapi.json and the rest want.
  const bool is_page = core.options.built_in && (path == "/docs" || path.starts_with("/docs/"));
  if (!is_page && !check_caller(thread, *exchange)) return;
  if (!core.middleware.empty() || find_custom(core, exchange->request) != nullptr) {
    return serve_by_worker(thread, exchange);
  }
  serve_route(thread, exchange);
}

void serve_route(HttpThread& thread, const ExchangePtr& exchange) {
  Core& core = thread.core();
  if (core.options.built_in && serve_built_in(thread, *exchange)) return;
  const std::string_view name = exchange->request.method();
  const auto method = find_http_method(name);
  Problem problem;
  if (!method) {
    problem.status = 501;
    problem.message = "no such method";
    return respond(thread, *exchange, problem);
  }
  exchange->snapshot = thread.snapshot();
  const std::string_view path = exchange->request.path();
  exchange->match = exchange->snapshot->table.match(*method, path);
  if (exchange->match.route != nullptr) return call(thread, exchange);
  if (*method == HttpMethod::options && (exchange->match.allowed != 0 || path == "*")) {
    return respond(thread, *exchange, 204, {}, {{"Allow", allow_list(exchange->match.allowed)}},
                   {});
  }
  if (exchange->match.allowed == 0) return respond(thread, *exchange, nothing_at(thread, path));
  problem.status = 405;
  problem.message = "this path is not for " + std::string(name);
  problem.headers = {{"Allow", allow_list(exchange->match.allowed)}};
  respond(thread, *exchange, problem);
}

void respond(HttpThread& thread, Exchange& exchange, const Problem& problem) {
  exchange.problem = problem.message;
  respond(thread, exchange, problem.status, "application/json", problem.headers, to_json(problem));
}

void respond(HttpThread& thread, Exchange& exchange, const HttpResponse& response) {
  respond(thread, exchange, response.status, response.content_type, response.headers,
          response.body);
}

void respond(HttpThread& thread, Exchange& exchange, int status, std::string_view content_type,
             const Headers& headers, std::string_view body) {
  exchange.status = status;
  exchange.body_size = exchange.head_only || is_bodiless(status) ? 0 : body.size();
  if (exchange.capture) {
    finish(thread, exchange);
    const auto capture = std::exchange(exchange.capture, nullptr);
    HttpResponse response;
    response.status = status;
    response.body = body;
    response.content_type = content_type;
    response.headers = headers;
    return capture(std::move(response));
  }
  if (thread.draining()) exchange.keep_alive = false;
  write_response(status, content_type, headers, body, exchange.context(), exchange.out);
  finish(thread, exchange);
}

void finish(HttpThread& thread, Exchange& exchange) {
  Core& core = thread.core();
  exchange.done = true;
  const bool is_part = exchange.capture != nullptr;  // of another exchange, which has the client
  const auto connection = exchange.connection.lock();
  const bool gone = !is_part && (!connection || connection->is_closed());
  if (gone && exchange.problem.empty()) exchange.problem = "the client is gone";
  if (exchange.counted) {
    exchange.counted = false;
    core.in_flight.fetch_sub(1, std::memory_order_relaxed);
    exchange.plan().metrics->in_flight.fetch_sub(1, std::memory_order_relaxed);
  }
  if (exchange.match.route != nullptr) {
    exchange.plan().metrics->add(outcome_of(exchange, gone),
                                 transport::Clock::now() - exchange.begin,
                                 exchange.request.body().size(), exchange.body_size);
  }
  if (is_part) return;
  core.metrics.count_status(exchange.status);
  write_access_log(core, exchange);
  if (connection) connection->progressed();
}

}  // namespace thrift::gateway
