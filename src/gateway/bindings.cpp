#include "gateway/bindings.hpp"

#include <algorithm>
#include <string>

#include "gateway/annotated_routes.hpp"

namespace thrift::gateway {
namespace {

struct Named {
  std::string_view annotation;
  Location location;
};
constexpr Named request_locations[] = {
    {"api.path", Location::path},         {"api.query", Location::query},
    {"api.header", Location::header},     {"api.cookie", Location::cookie},
    {"api.body", Location::body},         {"api.form", Location::form},
    {"api.raw_body", Location::raw_body}, {"api.raw_uri", Location::raw_uri},
    {"api.none", Location::none},
};

const Named* find_location(std::string_view annotation) noexcept {
  const auto* const found = std::ranges::find(request_locations, annotation, &Named::annotation);
  return found == std::end(request_locations) ? nullptr : found;
}

/// The name that an annotation gives; the field's own where it gives none.
std::string_view name_of(const Annotation& annotation, const Field& field) noexcept {
  return annotation.has_value && !annotation.value.empty() ? annotation.value : field.name();
}

std::string quoted_place(const Binding& binding) {
  return "`api." + std::string(to_string(binding.location)) + "`";
}

class Binder {
 public:
  Binder(Route& route, std::vector<RouteProblem>& problems) : route_(route), problems_(problems) {}

  bool run() {
    for (const Field& field : route_.bound().fields()) bind(field);
    check_path();
    check_bodies();
    return possible_;
  }

 private:
  void bind(const Field& field) {
    const std::size_t before = route_.bindings.size();
    const bool js_conv = field.annotations().is_set("api.js_conv");
    for (const Annotation& annotation : field.annotations()) {
      const Named* const named = find_location(annotation.name);
      if (named == nullptr) continue;
      if (named->location == Location::none && !field.annotations().is_set("api.none")) continue;
      Binding binding{&field, named->location, name_of(annotation, field), js_conv};
      if (binding.location == Location::body && binding.name == "*") {
        binding.location = Location::whole_body;
      }
      if (fits(binding)) route_.bindings.push_back(binding);
    }
    const bool none = std::any_of(route_.bindings.begin() + static_cast<std::ptrdiff_t>(before),
                                  route_.bindings.end(),
                                  [](const Binding& b) { return b.location == Location::none; });
    if (none) {
      route_.bindings.resize(before);
      route_.bindings.push_back({&field, Location::none, field.name(), js_conv});
      if (field.is_required()) fail(field, "is required, and `api.none` leaves it unset");
    } else if (route_.bindings.size() == before && !has_location(field)) {
      route_.bindings.push_back({&field, usual_location(field), field.name(), js_conv});
    }
  }

  [[nodiscard]] bool has_parameter(std::string_view name) const noexcept {
    return std::ranges::any_of(route_.segments, [&](const Segment& segment) {
      return segment.kind != Segment::Kind::text && segment.text == name;
    });
  }

  [[nodiscard]] Location usual_location(const Field& field) const noexcept {
    if (is_scalar(field.type()) && has_parameter(field.name())) return Location::path;
    if (has_body(route_.method)) return Location::body;
    return is_json_in_text(field.type()) ? Location::body : Location::query;
  }

  // Reports what the location cannot hold.
  bool fits(const Binding& binding) {
    const Type& type = binding.field->type();
    switch (binding.location) {
      case Location::path:
        if (!is_scalar(type)) return fail(binding, "a path holds no `" + name(type) + "`");
        if (!has_parameter(binding.name)) return missing_parameter(binding);
        return true;
      case Location::raw_body:
        if (!type.is_string()) return fail(binding, "the raw body is no `" + name(type) + "`");
        return true;
      case Location::raw_uri:
        if (type.kind() != TypeKind::string) {
          return fail(binding, "the raw URI is no `" + name(type) + "`");
        }
        return true;
      default: return true;
    }
  }

  // Of a function with several routes, one may have the parameter and another not; and where the
  // field comes from somewhere else, the path is only a preference.
  bool missing_parameter(const Binding& binding) {
    const auto from_elsewhere = [](const Annotation& annotation) {
      const Named* const named = find_location(annotation.name);
      return named != nullptr && named->location != Location::path;
    };
    if (std::ranges::any_of(binding.field->annotations(), from_elsewhere)) return false;
    const std::string name(binding.name);
    const auto has_it = [&](const Annotation& annotation) {
      return annotation.name.starts_with("api.") &&
             (annotation.value.find(":" + name) != std::string_view::npos ||
              annotation.value.find("{" + name) != std::string_view::npos);
    };
    if (!binding.field->is_required() &&
        std::ranges::any_of(route_.function->annotations(), has_it)) {
      return false;
    }
    return fail(binding, "the path `" + route_.path + "` has no parameter `" + name + "`");
  }

  void check_path() {
    for (const Segment& segment : route_.segments) {
      if (segment.kind == Segment::Kind::text) continue;
      const auto bound = [&](const Binding& binding) {
        return binding.location == Location::path && binding.name == segment.text;
      };
      if (std::ranges::any_of(route_.bindings, bound)) continue;
      if (!possible_) continue;  // it has been said what is wrong with the field
      report(problem_at(*route_.function, "route-parameter",
                        "the parameter `" + std::string(segment.text) + "` of `" + route_.path +
                            "` is no field of `" + std::string(route_.bound().name()) + "`"));
    }
  }

  // One field can be the whole body, and then none is a part of it.
  void check_bodies() {
    const Binding* whole = nullptr;
    const Binding* raw = nullptr;
    for (const Binding& binding : route_.bindings) {
      if (binding.location == Location::whole_body) {
        if (whole != nullptr) clash(*whole, binding);
        whole = &binding;
      } else if (binding.location == Location::raw_body) {
        if (raw != nullptr) clash(*raw, binding);
        raw = &binding;
      }
    }
    if (whole == nullptr) return;
    for (const Binding& binding : route_.bindings) {
      if (binding.location == Location::body || binding.location == Location::form) {
        clash(*whole, binding);
      }
    }
    if (raw != nullptr && raw->field != whole->field) clash(*whole, *raw);
  }

  void clash(const Binding& a, const Binding& b) {
    if (a.field == b.field) return;
    fail(b, "`" + std::string(a.field->name()) + "` is the whole body already", "route-body");
  }

  static std::string name(const Type& type) { return std::string(type.name()); }

  bool fail(const Binding& binding, const std::string& message, std::string id = "route-binding") {
    RouteProblem problem =
        problem_at(*route_.function, std::move(id),
                   "`" + std::string(binding.field->name()) + "` cannot be bound by " +
                       quoted_place(binding) + ": " + message);
    locate(problem, *binding.field);
    report(std::move(problem));
    return false;
  }
  void fail(const Field& field, const std::string& message) {
    RouteProblem problem = problem_at(*route_.function, "route-binding",
                                      "`" + std::string(field.name()) + "` " + message);
    locate(problem, field);
    report(std::move(problem));
  }
  void locate(RouteProblem& problem, const Field& field) const {
    if (field.source().begin.line == 0) return;
    problem.place = field.source();
    if (route_.unpacked != nullptr) {
      problem.file = std::string(route_.bound().program().path());
    }
  }
  void report(RouteProblem problem) {
    possible_ = false;
    problems_.push_back(std::move(problem));
  }

  Route& route_;
  std::vector<RouteProblem>& problems_;
  bool possible_ = true;
};

}  // namespace

bool is_scalar(const Type& type) noexcept {
  return !type.is_void() && !type.is_struct() && !type.is_container();
}

bool is_json_in_text(const Type& type) noexcept {
  if (type.kind() == TypeKind::list || type.kind() == TypeKind::set) {
    return !is_scalar(type.as_container().element());
  }
  return !is_scalar(type);
}

bool has_location(const Field& field) noexcept {
  return std::ranges::any_of(field.annotations(), [&](const Annotation& annotation) {
    const Named* const named = find_location(annotation.name);
    return named != nullptr &&
           !(named->location == Location::none && !field.annotations().is_set(annotation.name));
  });
}

bool bind_fields(Route& route, std::vector<RouteProblem>& problems) {
  return Binder(route, problems).run();
}

}  // namespace thrift::gateway
