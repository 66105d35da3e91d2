#include "gateway/routes.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <thriftpp/base/near_name.hpp>

#include "gateway/annotated_routes.hpp"
#include "gateway/url.hpp"

namespace thrift::gateway {
namespace {

constexpr std::string_view method_names[] = {"GET",   "POST", "PUT",     "DELETE",
                                             "PATCH", "HEAD", "OPTIONS", "ANY"};
constexpr std::size_t method_count = std::size(method_names);

constexpr std::size_t index_of(HttpMethod method) noexcept {
  return static_cast<std::size_t>(method);
}

std::string position(const std::string& file, const SourceSpan& place) {
  if (place.begin.line == 0) return file;
  return file + ":" + std::to_string(place.begin.line) + ":" + std::to_string(place.begin.column);
}

}  // namespace

// A place in the tree of paths.
struct RouteTable::Node {
  std::map<std::string_view, std::unique_ptr<Node>, std::less<>> text;
  std::unique_ptr<Node> parameter;
  std::array<const Route*, method_count> routes{};  // that end here
  std::array<const Route*, method_count> rests{};   // that take all that follows

  [[nodiscard]] static const Route* pick(const std::array<const Route*, method_count>& routes,
                                         HttpMethod method, std::uint16_t& allowed) noexcept {
    for (std::size_t i = 0; i < method_count; ++i) {
      if (routes[i] != nullptr) allowed = static_cast<std::uint16_t>(allowed | (1U << i));
    }
    if (routes[index_of(method)] != nullptr) return routes[index_of(method)];
    if (method == HttpMethod::head && routes[index_of(HttpMethod::get)] != nullptr) {
      return routes[index_of(HttpMethod::get)];
    }
    return routes[index_of(HttpMethod::any)];
  }

  // By the text that the segment stands for: "%40me" is "@me".
  [[nodiscard]] auto find(std::string_view segment) const {
    if (segment.find('%') == std::string_view::npos) return text.find(segment);
    const auto plain = percent_decode(segment, false);
    return plain ? text.find(*plain) : text.end();
  }

  // `path` is what is left of it; `count` of the parameters are set.
  void match(HttpMethod method, std::string_view path, std::size_t count, Match& out) const {
    if (path.empty()) {
      out.route = pick(routes, method, out.allowed);
    } else {
      const std::size_t end = std::min(path.find('/', 1), path.size());
      const std::string_view segment = path.substr(1, end - 1);
      if (const auto found = find(segment); found != text.end()) {
        found->second->match(method, path.substr(end), count, out);
        if (out.route != nullptr) return;
      }
      if (parameter && !segment.empty()) {
        out.parameters[count] = segment;
        parameter->match(method, path.substr(end), count + 1, out);
        if (out.route != nullptr) return;
      }
    }
    if (out.route != nullptr || path.size() < 2) return;
    out.route = pick(rests, method, out.allowed);
    if (out.route != nullptr) out.parameters[count] = path.substr(1);
  }
};

std::string_view to_string(HttpMethod method) noexcept {
  return method_names[index_of(method)];
}

std::optional<HttpMethod> find_http_method(std::string_view name) noexcept {
  for (std::size_t i = 0; i < index_of(HttpMethod::any); ++i) {
    if (method_names[i] == name) return static_cast<HttpMethod>(i);
  }
  return std::nullopt;
}

std::string_view to_string(Location location) noexcept {
  switch (location) {
    case Location::path: return "path";
    case Location::query: return "query";
    case Location::header: return "header";
    case Location::cookie: return "cookie";
    case Location::body:
    case Location::whole_body: return "body";
    case Location::form: return "form";
    case Location::raw_body: return "raw_body";
    case Location::raw_uri: return "raw_uri";
    case Location::status: return "http_code";
    case Location::none: break;
  }
  return "none";
}

bool Route::reads_body() const noexcept {
  return direct || std::ranges::any_of(bindings, [](const Binding& binding) {
           return binding.location == Location::body || binding.location == Location::whole_body ||
                  binding.location == Location::form || binding.location == Location::raw_body;
         });
}

std::string render_text(const RouteProblem& problem) {
  std::string out = position(problem.file, problem.place) +
                    (problem.error ? ": error: " : ": warning: ") + problem.message + " [" +
                    problem.id + "]\n";
  if (!problem.note.empty()) {
    out += position(problem.note_file, problem.note_place) + ": note: " + problem.note + "\n";
  }
  return out;
}

RouteTable::RouteTable(std::span<const Service* const> services)
    : services_(services.begin(), services.end()), root_(std::make_unique<Node>()) {
  for (const Service* service : services_) add_service(*service);
}

RouteTable::RouteTable(const Schema& schema) : root_(std::make_unique<Node>()) {
  for (const Program* program : schema.programs()) {
    services_.insert(services_.end(), program->services().begin(), program->services().end());
  }
  for (const Service* service : services_) add_service(*service);
}

RouteTable::RouteTable(RouteTable&&) noexcept = default;
RouteTable& RouteTable::operator=(RouteTable&&) noexcept = default;
RouteTable::~RouteTable() = default;

void RouteTable::add_service(const Service& service) {
  for (const Function* function : service.all_functions()) {
    add(direct_route(service, *function));
    // Inherited routes are the base's where that is exposed as well, or those of the first heir.
    const Service& owner = function->service();
    if (&owner != &service) {
      const auto first = std::ranges::find_if(services_, [&](const Service* other) {
        return other->find_function(function->name()) == function;
      });
      const bool owner_is_exposed = std::ranges::find(services_, &owner) != services_.end();
      if (owner_is_exposed || *first != &service) continue;
    }
    for (auto& route : annotated_routes(service, *function, problems_)) add(std::move(route));
  }
}

void RouteTable::add(std::unique_ptr<Route> route) {
  Node* node = root_.get();
  bool rest = false;
  for (const Segment& segment : route->segments) {
    if (segment.kind == Segment::Kind::rest) {
      rest = true;
      break;
    }
    auto& next = segment.kind == Segment::Kind::text ? node->text[segment.text] : node->parameter;
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  const Route*& place = (rest ? node->rests : node->routes)[index_of(route->method)];
  if (place != nullptr) {
    RouteProblem problem = problem_at(
        *route->function, "route-conflict",
        "`" + std::string(to_string(route->method)) + " " + route->path + "` is taken by `" +
            std::string(place->service->name()) + "." + std::string(place->function->name()) + "`");
    problem.note = "`" + std::string(to_string(place->method)) + " " + place->path + "` is here";
    problem.note_file = std::string(place->function->service().program().path());
    problem.note_place = place->function->source();
    problems_.push_back(std::move(problem));
    return;
  }
  place = route.get();
  route->index = routes_.size();
  routes_.push_back(std::move(route));
}

bool RouteTable::has_errors() const noexcept {
  return std::ranges::any_of(problems_, &RouteProblem::error);
}

void RouteTable::warn_of_hidden(bool (*is_taken)(std::string_view path)) {
  for (const auto& route : routes_) {
    if (!is_taken(route->path)) continue;
    RouteProblem problem =
        problem_at(*route->function, "route-hidden",
                   "`" + std::string(to_string(route->method)) + " " + route->path +
                       "` is hidden by what the gateway itself serves at this path");
    problem.error = false;
    problems_.push_back(std::move(problem));
  }
}

RouteTable::Match RouteTable::match(HttpMethod method, std::string_view path) const {
  Match out;
  if (!path.starts_with('/')) return out;
  root_->match(method, path, 0, out);
  return out;
}

std::string RouteTable::near_path(std::string_view path) const {
  constexpr std::size_t longest = 256;
  if (path.size() > longest) return {};
  std::vector<std::string_view> paths;
  paths.reserve(routes_.size());
  for (const auto& route : routes_) paths.push_back(route->path);
  return std::string(near_name(path, paths));
}

std::string allow_list(std::uint16_t allowed) {
  if ((allowed & bit_of(HttpMethod::any)) != 0) allowed = 0x7f;
  if ((allowed & bit_of(HttpMethod::get)) != 0) allowed |= bit_of(HttpMethod::head);
  allowed |= bit_of(HttpMethod::options);
  std::string out;
  for (std::size_t i = 0; i < index_of(HttpMethod::any); ++i) {
    if ((allowed & (1U << i)) == 0) continue;
    if (!out.empty()) out += ", ";
    out += method_names[i];
  }
  return out;
}

}  // namespace thrift::gateway
