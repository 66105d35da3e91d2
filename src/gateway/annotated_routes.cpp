#include "gateway/annotated_routes.hpp"

#include <algorithm>

#include "gateway/bindings.hpp"

namespace thrift::gateway {
namespace {

struct RouteAnnotation {
  std::string_view annotation;
  HttpMethod method;
};
constexpr RouteAnnotation route_annotations[] = {
    {"api.get", HttpMethod::get},         {"api.post", HttpMethod::post},
    {"api.put", HttpMethod::put},         {"api.delete", HttpMethod::delete_},
    {"api.patch", HttpMethod::patch},     {"api.head", HttpMethod::head},
    {"api.options", HttpMethod::options}, {"api.any", HttpMethod::any},
};

bool is_name(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

/// The segment that `text` is, or what is wrong with it.
std::string read_segment(std::string_view text, Segment& out) {
  using Kind = Segment::Kind;
  out = {Kind::text, text};
  if (text.starts_with(':')) {
    out = {Kind::parameter, text.substr(1)};
  } else if (text.starts_with('*')) {
    out = {Kind::rest, text.substr(1)};
  } else if (text.starts_with('{')) {
    if (!text.ends_with('}')) return "`" + std::string(text) + "` lacks its `}`";
    std::string_view inner = text.substr(1, text.size() - 2);
    const bool rest = inner.ends_with('*');
    if (rest) inner.remove_suffix(1);
    out = {rest ? Kind::rest : Kind::parameter, inner};
  } else {
    if (text.find_first_of("{}*:?# %") != std::string_view::npos) {
      return "`" + std::string(text) + "` is neither plain text nor one parameter";
    }
    return {};
  }
  if (!is_name(out.text)) return "`" + std::string(text) + "` names no parameter";
  return {};
}

/// Fills `path` and `segments`; says what is wrong.
std::string read_path(std::string_view text, Route& route) {
  if (!text.starts_with('/')) return "a path begins with `/`";
  std::vector<Segment> segments;
  for (std::size_t begin = 1; begin <= text.size();) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    Segment segment{};
    if (std::string wrong = read_segment(text.substr(begin, end - begin), segment);
        !wrong.empty()) {
      return wrong;
    }
    if (segment.kind == Segment::Kind::rest && end != text.size()) {
      return "`*" + std::string(segment.text) + "` must come last";
    }
    if (segment.kind != Segment::Kind::text &&
        std::ranges::any_of(segments, [&](const Segment& other) {
          return other.kind != Segment::Kind::text && other.text == segment.text;
        })) {
      return "the parameter `" + std::string(segment.text) + "` stands there twice";
    }
    segments.push_back(segment);
    begin = end + 1;
  }
  const auto parameters = std::ranges::count_if(
      segments, [](const Segment& segment) { return segment.kind != Segment::Kind::text; });
  if (static_cast<std::size_t>(parameters) > RouteTable::max_parameters) {
    return "a path has at most " + std::to_string(RouteTable::max_parameters) + " parameters";
  }
  for (const Segment& segment : segments) {
    route.path += '/';
    if (segment.kind != Segment::Kind::text) route.path += '{';
    route.path += segment.text;
    if (segment.kind == Segment::Kind::rest) route.path += '*';
    if (segment.kind != Segment::Kind::text) route.path += '}';
  }
  route.segments = std::move(segments);  // view the schema's text
  return {};
}

/// The argument whose fields are bound in its place.
const Field* find_unpacked(const Function& function) noexcept {
  const auto arguments = function.arguments().fields();
  if (arguments.size() != 1) return nullptr;
  const Field& only = arguments.front();
  if (!only.type().is_struct() || has_location(only)) return nullptr;
  return &only;
}

}  // namespace

RouteProblem problem_at(const Function& function, std::string id, std::string message) {
  const Service& service = function.service();
  RouteProblem out;
  out.id = std::move(id);
  out.message =
      std::string(service.name()) + "." + std::string(function.name()) + ": " + std::move(message);
  out.file = std::string(service.program().path());
  out.place = function.source();
  return out;
}

std::unique_ptr<Route> direct_route(const Service& service, const Function& function) {
  auto route = std::make_unique<Route>();
  route->method = HttpMethod::post;
  route->path = "/" + std::string(service.name()) + "/" + std::string(function.name());
  route->segments = {{Segment::Kind::text, service.name()}, {Segment::Kind::text, function.name()}};
  route->service = &service;
  route->function = &function;
  route->direct = true;
  return route;
}

std::vector<std::unique_ptr<Route>> annotated_routes(const Service& service,
                                                     const Function& function,
                                                     std::vector<RouteProblem>& problems) {
  std::vector<std::unique_ptr<Route>> out;
  for (const Annotation& annotation : function.annotations()) {
    const auto* const named =
        std::ranges::find(route_annotations, annotation.name, &RouteAnnotation::annotation);
    if (named == std::end(route_annotations)) continue;
    auto route = std::make_unique<Route>();
    route->method = named->method;
    route->service = &service;
    route->function = &function;
    route->unpacked = find_unpacked(function);
    if (std::string wrong = read_path(annotation.value, *route); !wrong.empty()) {
      problems.push_back(problem_at(function, "route-path",
                                    "`" + std::string(annotation.name) + " = \"" +
                                        std::string(annotation.value) + "\"`: " + wrong));
      continue;
    }
    if (bind_fields(*route, problems)) out.push_back(std::move(route));
  }
  return out;
}

}  // namespace thrift::gateway
