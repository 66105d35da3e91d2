#pragma once

// Values that look like something, for a server that has no real ones.

#include <thriftpp/value/value.hpp>

namespace thrift::command {

/// A value of `type`, always the same for the same type and name:
///
///     a field with an IDL default    that default
///     bool                           true
///     integers, double               1, 1.5
///     string, binary                 its name: a field's, the method's for a result
///     enum                           its first value
///     uuid                           00000000-0000-0000-0000-000000000001
///     list, set, map                 one element
///     struct                         every field; of a union the first member
///
/// Types that hold themselves end after a few levels: optional fields are left out there, and
/// containers empty.
[[nodiscard]] Value plausible_value(const Type& type, std::string_view name);

}  // namespace thrift::command
