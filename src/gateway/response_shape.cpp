#include <algorithm>
#include <charconv>

#include "gateway/routes.hpp"

namespace thrift::gateway {
namespace {

std::optional<int> status_of(Annotations annotations) noexcept {
  const auto text = annotations.find("api.http_code");
  if (!text) return std::nullopt;
  int status = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), status);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  if (status < 200 || status > 599) return std::nullopt;
  return status;
}

/// Where the field goes; `shaped` is set where that is not its usual place.
Binding locate(const Field& field, bool& shaped) {
  Binding out{&field, Location::body, field.name()};
  for (const Annotation& annotation : field.annotations()) {
    const bool named = annotation.has_value && !annotation.value.empty();
    const std::string_view name = named ? annotation.value : field.name();
    if (annotation.name == "api.js_conv") {
      out.js_conv = field.annotations().is_set(annotation.name);
    } else if (annotation.name == "api.none" && field.annotations().is_set("api.none")) {
      out.location = Location::none;
    } else if (annotation.name == "api.http_code" && field.type().is_integer()) {
      out.location = Location::status;
    } else if (annotation.name == "api.header" && !field.type().is_struct() &&
               !field.type().is_container()) {
      out.location = Location::header;
      out.name = name;
    } else if (annotation.name == "api.body") {
      out.location = name == "*" ? Location::whole_body : Location::body;
      out.name = name;
    }
  }
  shaped = shaped || out.js_conv || out.location != Location::body || out.name != field.name();
  return out;
}

}  // namespace

const Binding* ResponseShape::find(Location location) const noexcept {
  const auto found = std::ranges::find(bindings, location, &Binding::location);
  return found == bindings.end() ? nullptr : &*found;
}

std::optional<ResponseShape> response_shape(const Type& type) {
  if (!type.is_struct()) return std::nullopt;
  ResponseShape out;
  bool shaped = false;
  for (const Field& field : type.as_struct().fields()) {
    out.bindings.push_back(locate(field, shaped));
  }
  if (!shaped) return std::nullopt;
  return out;
}

std::optional<int> fixed_status(const Field& exception) noexcept {
  if (const auto status = status_of(exception.annotations())) return status;
  if (!exception.type().is_struct()) return std::nullopt;
  return status_of(exception.type().as_struct().annotations());
}

std::optional<int> fixed_status(const Function& function) noexcept {
  return status_of(function.annotations());
}

}  // namespace thrift::gateway
