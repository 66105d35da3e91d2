#include "gateway/openapi.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "gateway/arguments.hpp"
#include "gateway/openapi_operation.hpp"
#include "gateway/schema_writer.hpp"

namespace thrift::gateway {
namespace {

/// The routes that OpenAPI sees as one path, by method.
struct Path {
  std::string name;  // with its first route's names of parameters
  std::map<std::string_view, const Route*> methods;
};

/// OpenAPI takes `/users/{id}` and `/users/{name}` for the same path.
std::string shape(const Route& route) {
  std::string out;
  for (const Segment& segment : route.segments) {
    out += '/';
    out += segment.kind == Segment::Kind::text ? segment.text : std::string_view("{}");
  }
  return out;
}

std::string path_name(const Route& route) {
  std::string out;
  for (const Segment& segment : route.segments) {
    const bool text = segment.kind == Segment::Kind::text;
    out.append(text ? "/" : "/{").append(segment.text).append(text ? "" : "}");
  }
  return out;
}

constexpr std::string_view method_key(HttpMethod method) noexcept {
  switch (method) {
    case HttpMethod::get: return "get";
    case HttpMethod::put: return "put";
    case HttpMethod::delete_: return "delete";
    case HttpMethod::patch: return "patch";
    case HttpMethod::head: return "head";
    case HttpMethod::options: return "options";
    case HttpMethod::post:
    case HttpMethod::any: break;
  }
  return "post";
}

/// In the order of the table. A route for any method is listed under those that have no route of
/// their own.
std::vector<Path> by_path(const RouteTable& routes) {
  std::vector<Path> out;
  std::map<std::string, std::size_t> places;
  const auto place = [&](const Route& route) -> Path& {
    const auto [found, added] = places.try_emplace(shape(route), out.size());
    if (added) out.push_back({path_name(route), {}});
    return out[found->second];
  };
  for (const auto& route : routes.routes()) {
    Path& path = place(*route);
    if (route->method != HttpMethod::any)
      path.methods.try_emplace(method_key(route->method), route.get());
  }
  for (const auto& route : routes.routes()) {
    if (route->method != HttpMethod::any) continue;
    for (const std::string_view key : {"get", "put", "post", "delete", "patch"}) {
      place(*route).methods.try_emplace(key, route.get());
    }
  }
  return out;
}

class Document {
 public:
  Document(const RouteTable& routes, const OpenApiOptions& options)
      : routes_(routes),
        options_(options),
        json_(text_, options.json.indent),
        schemas_(json_, "#/components/schemas/", options.json, RareForms::leave_out) {}

  std::string write() {
    json_.begin_object().key("openapi").string("3.1.0");
    write_info();
    json_.key("servers").begin_array().begin_object();
    json_.key("url").string(options_.server).end_object().end_array();
    write_tags();
    if (options_.wants_token) {
      json_.key("security").begin_array().begin_object();
      json_.key("token").begin_array().end_array().end_object().end_array();
    }
    json_.key("paths").begin_object();
    for (const Path& path : by_path(routes_)) write_path(path);
    json_.end_object();
    json_.key("components").begin_object().key("schemas").begin_object();
    write_error_schema(json_);
    schemas_.write_definitions();
    json_.end_object();
    json_.key("responses").begin_object();
    write_error_response(json_);
    json_.end_object();
    write_json_options();
    if (options_.wants_token) write_token_scheme();
    json_.end_object().end_object();
    return std::move(text_);
  }

 private:
  void write_info() {
    std::string title = options_.title;
    std::string docs;
    std::set<const Program*> programs;
    for (const Service* service : routes_.services()) {
      if (options_.title.empty()) title.append(title.empty() ? "" : ", ").append(service->name());
      const Program& program = service->program();
      if (program.docs().empty() || !programs.insert(&program).second) continue;
      docs.append(docs.empty() ? "" : "\n\n").append(readable_docs(program.docs()));
    }
    json_.key("info").begin_object();
    json_.key("title").string(title.empty() ? "Thrift services" : title);
    json_.key("version").string(options_.version);
    if (!docs.empty()) json_.key("description").string(docs);
    json_.end_object();
  }

  void write_tags() {
    json_.key("tags").begin_array();
    std::set<std::string_view> names;
    for (const Service* service : routes_.services()) {
      if (!names.insert(service->name()).second) continue;
      json_.begin_object().key("name").string(service->name());
      if (!service->docs().empty()) json_.key("description").string(readable_docs(service->docs()));
      json_.end_object();
    }
    json_.end_array();
  }

  void write_token_scheme() {
    json_.key("securitySchemes").begin_object().key("token").begin_object();
    json_.key("type").string("http").key("scheme").string("bearer").end_object().end_object();
  }

  /// What a query may say of each call's JSON, beside what the call itself takes from it.
  void write_json_options() {
    json_.key("parameters").begin_object();
    for (const JsonOption& option : json_options()) {
      json_.key(option.name).begin_object();
      json_.key("name").string(option.name).key("in").string("query");
      json_.key("description").string(option.docs);
      json_.key("schema").begin_object().key("enum").begin_array();
      for (const std::string_view value : option.values) json_.string(value);
      json_.end_array().end_object().end_object();
    }
    json_.end_object();
  }

  void write_path(const Path& path) {
    json_.key(path.name).begin_object();
    json_.key("parameters").begin_array();
    for (const JsonOption& option : json_options()) {
      // Where some of the path's routes bind the name, their own parameter takes its place.
      const auto is_bound = [&](const auto& method) {
        return is_bound_by_query(*method.second, option.name);
      };
      if (std::ranges::all_of(path.methods, is_bound)) continue;
      const std::string name = "#/components/parameters/" + std::string(option.name);
      json_.begin_object().key("$ref").string(name).end_object();
    }
    json_.end_array();
    for (const auto& [key, route] : path.methods) {
      json_.key(key);
      const std::string id = operation_id(*route, key);
      write_operation({json_, schemas_, options_, *route, id, path.name});
    }
    json_.end_object();
  }

  /// Different for each operation: "Shop.place" for what is always there, "Shop.place.get" for what
  /// annotations add.
  std::string operation_id(const Route& route, std::string_view key) {
    std::string id(route.service->name());
    id.append(".").append(route.function->name());
    if (!route.direct) id.append(".").append(key);
    const std::string base = id;
    for (int number = 2; !operation_ids_.insert(id).second; ++number) {
      id = base + "." + std::to_string(number);
    }
    return id;
  }

  const RouteTable& routes_;
  const OpenApiOptions& options_;
  std::string text_;
  JsonWriter json_;
  SchemaWriter schemas_;
  std::set<std::string> operation_ids_;
};

}  // namespace

std::string openapi(const RouteTable& routes, const OpenApiOptions& options) {
  return Document(routes, options).write();
}

}  // namespace thrift::gateway
