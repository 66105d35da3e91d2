#pragma once

// Which part of a request each field comes from: from the annotations of fields to bindings.

#include "gateway/routes.hpp"

namespace thrift::gateway {

// The bindings of a route whose method, path, segments, service and function are set, and
// `unpacked`. Reports what cannot be, and returns false where that leaves no route.
bool bind_fields(Route& route, std::vector<RouteProblem>& problems);

// Whether one piece of text can hold values of the type: numbers, booleans, enums, strings, uuids.
[[nodiscard]] bool is_scalar(const Type& type) noexcept;
// Whether text for the type is JSON: structs, maps, and lists and sets of such. Lists and sets of
// scalars are several texts.
[[nodiscard]] bool is_json_in_text(const Type& type) noexcept;

// The annotations of the field that begin with "api." and say where it is.
[[nodiscard]] bool has_location(const Field& field) noexcept;

}  // namespace thrift::gateway
