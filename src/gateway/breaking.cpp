#include "gateway/breaking.hpp"

#include <algorithm>
#include <set>

#include "base/backquoted.hpp"
#include "gateway/routes.hpp"

namespace thrift::gateway {

namespace {

class Comparison {
 public:
  std::vector<std::string> run(std::span<const Service* const> before,
                               std::span<const Service* const> after) {
    for (const Service* old_service : before) {
      const auto found = std::ranges::find(after, old_service->name(), &Service::name);
      if (found == after.end()) {
        add("service " + backquoted(old_service->name()) + " is gone");
        continue;
      }
      for (const Function* function : old_service->all_functions()) compare(*function, **found);
    }
    compare(RouteTable(before), RouteTable(after));
    return std::move(out_);
  }

 private:
  void add(std::string line) {
    if (std::ranges::find(out_, line) == out_.end()) out_.push_back(std::move(line));
  }

  void compare(const Function& before, const Service& service) {
    const std::string name = std::string(service.name()) + "." + std::string(before.name());
    const Function* const after = service.find_function(before.name());
    if (after == nullptr) return add("method " + backquoted(name) + " is gone");
    if (before.is_oneway() != after->is_oneway()) {
      add("method " + backquoted(name) + (after->is_oneway() ? " has become" : " is no longer") +
          " oneway");
    }
    compare(before.arguments(), after->arguments(), "argument", name + ".");
    if (before.is_void() != after->is_void()) {
      add("method " + backquoted(name) + " returns " + backquoted(after->return_type().name()) +
          " instead of " + backquoted(before.return_type().name()));
    } else if (!before.is_void()) {
      compare(before.return_type(), after->return_type(), "the result of " + backquoted(name));
    }
    for (const Field& field : before.exceptions()) {
      const Field* const now = after->result().find_field(field.id());
      if (now == nullptr) {
        add("method " + backquoted(name) + " no longer throws " + backquoted(field.type().name()));
      } else {
        compare(field.type(), now->type(),
                "the exception " + backquoted(field.name()) + " of " + backquoted(name));
      }
    }
  }

  void compare(const RouteTable& before, const RouteTable& after) {
    for (const auto& route : before.routes()) {
      if (route->direct) continue;  // comes and goes with its method
      const auto found = std::ranges::find_if(
          after.routes(), [&](const auto& other) { return is_same_request(*route, *other); });
      const std::string name =
          "route `" + std::string(to_string(route->method)) + " " + route->path + "`";
      if (found == after.routes().end()) {
        add(name + " is gone");
      } else if ((*found)->function->name() != route->function->name()) {
        add(name + " calls " + backquoted((*found)->function->name()) + " instead of " +
            backquoted(route->function->name()));
      } else {
        compare(*route, **found, name);
      }
    }
  }

  // Paths that differ in nothing but the names of their parameters take the same requests.
  static bool is_same_request(const Route& a, const Route& b) {
    return a.method == b.method &&
           std::ranges::equal(a.segments, b.segments, [](const Segment& x, const Segment& y) {
             return x.kind == y.kind && (x.kind != Segment::Kind::text || x.text == y.text);
           });
  }

  // Where in a request the fields are.
  void compare(const Route& before, const Route& after, const std::string& name) {
    for (const Binding& binding : before.bindings) {
      if (binding.location == Location::path || binding.location == Location::none) continue;
      const bool still = std::ranges::any_of(after.bindings, [&](const Binding& other) {
        return other.field->id() == binding.field->id() && other.location == binding.location &&
               other.name == binding.name;
      });
      const bool has_field = after.bound().find_field(binding.field->id()) != nullptr;
      if (still || !has_field) continue;  // a field that is gone is named already
      add(name + " no longer takes " + backquoted(binding.field->name()) + " from the " +
          std::string(to_string(binding.location)) + " " + backquoted(binding.name));
    }
  }

  // Fields of structs, and arguments, which are those of a struct too.
  void compare(const StructType& before, const StructType& after, const std::string& what,
               const std::string& prefix) {
    for (const Field& field : before.fields()) {
      const std::string name = what + " " + backquoted(prefix + std::string(field.name()));
      const Field* const now = after.find_field(field.id());
      if (now == nullptr) {
        add(name + " is gone");
        continue;
      }
      if (now->name() != field.name()) {  // JSON goes by names
        add(name + " is now called " + backquoted(now->name()));
      }
      if (now->is_required() && !field.is_required()) add(name + " has become required");
      compare(field.type(), now->type(), name);
    }
    for (const Field& field : after.fields()) {
      if (field.is_required() && before.find_field(field.id()) == nullptr) {
        add(what + " " + backquoted(prefix + std::string(field.name())) + " is new and required");
      }
    }
  }

  void compare(const Type& before, const Type& after, const std::string& what) {
    const bool alike = before.kind() == after.kind() || (before.is_struct() && after.is_struct() &&
                                                         before.is_union() == after.is_union());
    if (!alike) {
      return add(what + " is " + backquoted(after.name()) + " instead of " +
                 backquoted(before.name()));
    }
    if (before.is_struct()) {
      if (!seen_.insert({&before, &after}).second) return;
      return compare(before.as_struct(), after.as_struct(), "field",
                     std::string(before.name()) + ".");
    }
    if (before.is_enum()) {
      const auto& now = static_cast<const EnumType&>(after);
      for (const EnumValue& value : static_cast<const EnumType&>(before).values()) {
        if (now.find(value.name()) != nullptr) continue;
        add("value " + backquoted(std::string(before.name()) + "." + std::string(value.name())) +
            " is gone");
      }
    } else if (before.is_container()) {
      const ContainerType& a = before.as_container();
      const ContainerType& b = after.as_container();
      if (before.kind() == TypeKind::map) compare(a.key(), b.key(), "the key of " + what);
      compare(a.element(), b.element(), "the element of " + what);
    }
  }

  std::vector<std::string> out_;
  std::set<std::pair<const Type*, const Type*>> seen_;
};

}  // namespace

std::vector<std::string> breaking_changes(std::span<const Service* const> before,
                                          std::span<const Service* const> after) {
  return Comparison().run(before, after);
}

}  // namespace thrift::gateway
