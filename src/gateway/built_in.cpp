#include "gateway/built_in.hpp"

#include <algorithm>
#include <thriftpp/gateway/json_schema.hpp>

#include "gateway/assets.hpp"
#include "gateway/serve.hpp"
#include "gateway/status.hpp"
#include "gateway/url.hpp"

namespace thrift::gateway {

namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view schema_prefix = "/schema/";
constexpr std::string_view docs_prefix = "/docs/";
constexpr std::string_view places[] = {"/healthz",      "/readyz",   "/metrics", "/status",
                                       "/openapi.json", "/idl.json", "/docs"};

bool is_schema(std::string_view path) noexcept {
  return path.starts_with(schema_prefix) && path.ends_with(".json") &&
         path.size() > schema_prefix.size() + 5;
}

void answer_ready(HttpThread& thread, Exchange& exchange) {
  const Core& core = thread.core();
  bool healthy = core.upstreams.empty();
  for (const auto& upstream : core.upstreams)
    healthy = healthy || !upstream->endpoints().all_open();
  const bool ready = core.ready.load() && healthy;
  respond(thread, exchange, ready ? 200 : 503, "text/plain; charset=utf-8",
          {{"Cache-Control", "no-store"}},
          ready     ? "ready\n"
          : healthy ? "shutting down\n"
                    : "no upstream is healthy\n");
}

// Whether the client has what that tag is of.
bool has_tag(const Request& request, std::string_view etag) {
  const std::string tags = request.all_headers("If-None-Match");
  return std::ranges::any_of(list_elements(tags), [&](std::string_view tag) {
    if (tag.starts_with("W/")) tag.remove_prefix(2);  // weak ones are as good here
    return tag == etag || tag == "*";
  });
}

void answer_asset(HttpThread& thread, Exchange& exchange, std::string_view name) {
  const Asset* const asset = find_asset(name);
  if (asset == nullptr) {
    Problem problem;
    problem.status = 404;
    problem.message = "the page has no such file";
    return respond(thread, exchange, problem);
  }
  const Headers headers{{"ETag", std::string(asset->etag)},
                        {"Cache-Control", "no-cache"},
                        {"Content-Security-Policy", std::string(asset_policy)},
                        {"X-Content-Type-Options", "nosniff"}};
  if (has_tag(exchange.request, asset->etag)) {
    return respond(thread, exchange, 304, {}, headers, {});
  }
  respond(thread, exchange, 200, asset->content_type, headers, asset->bytes);
}

OpenApiOptions openapi_options(const Core& core) {
  OpenApiOptions out;
  out.json = core.options.json;
  out.wants_token = core.options.check_token != nullptr;
  out.status = [&core](const Field& exception) { return mapped_status(exception, core.statuses); };
  return out;
}

void answer_schema(HttpThread& thread, Exchange& exchange, std::string_view path) {
  Problem problem;
  problem.status = 404;
  problem.message = "no such type";
  const auto name = percent_decode(
      path.substr(schema_prefix.size(), path.size() - schema_prefix.size() - 5), false);
  for (const Idl& idl : thread.snapshot()->idls) {
    if (!name) break;
    try {
      return respond(thread, exchange, 200, "application/schema+json", {},
                     json_schema(idl.type(*name), thread.core().options.json));
    } catch (const TypeError& e) {
      problem.message = e.message();  // perhaps another file has it
      problem.suggestion = e.info().suggestion;
    }
  }
  respond(thread, exchange, problem);
}

}  // namespace

bool is_built_in(std::string_view path) noexcept {
  return std::ranges::find(places, path) != std::end(places) || is_schema(path) ||
         path.starts_with(docs_prefix);
}

bool serve_built_in(HttpThread& thread, Exchange& exchange) {
  const std::string_view path = exchange.request.path();
  if (!is_built_in(path)) return false;
  const std::string_view method = exchange.request.method();
  const Headers allow{{"Allow", "GET, HEAD, OPTIONS"}};
  if (method == "OPTIONS") {
    respond(thread, exchange, 204, {}, allow, {});
    return true;
  }
  if (method != "GET" && method != "HEAD") {
    Problem problem;
    problem.status = 405;
    problem.message = "this path is not for " + std::string(method);
    problem.headers = allow;
    respond(thread, exchange, problem);
    return true;
  }
  const Snapshot& snapshot = *thread.snapshot();
  if (path == "/healthz") {
    respond(thread, exchange, 200, "text/plain; charset=utf-8", {{"Cache-Control", "no-store"}},
            "ok\n");
  } else if (path == "/readyz") {
    answer_ready(thread, exchange);
  } else if (path == "/metrics") {
    respond(thread, exchange, 200, "text/plain; version=0.0.4; charset=utf-8", {},
            thread.core().metrics.render());
  } else if (path == "/status") {
    respond(thread, exchange, 200, json_type, {{"Cache-Control", "no-store"}},
            status_json(thread.core(), snapshot));
  } else if (path == "/openapi.json") {
    respond(thread, exchange, 200, json_type, {},
            snapshot.openapi_json(openapi_options(thread.core())));
  } else if (path == "/idl.json") {
    respond(thread, exchange, 200, json_type, {}, snapshot.idl_json());
  } else if (is_schema(path)) {
    answer_schema(thread, exchange, path);
  } else if (path == docs_prefix) {
    // what the page refers to is relative, and beside it
    respond(thread, exchange, 308, {}, {{"Location", "../docs"}}, {});
  } else {
    answer_asset(thread, exchange,
                 path == "/docs" ? "index.html" : path.substr(docs_prefix.size()));
  }
  return true;
}

}  // namespace thrift::gateway
