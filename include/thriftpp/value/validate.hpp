#pragma once

/// @file
/// Checks that hold for a whole value rather than for one assignment.

#include <thriftpp/base/result.hpp>
#include <thriftpp/value/value.hpp>

namespace thrift {

struct ValidateOptions {
  bool enum_values = false;  ///< Enums must have a name for their number.
  bool utf8 = false;         ///< `string` fields must be UTF-8.
};

/// Whether `value` may be written: every required field set, exactly one member in every union;
/// and what the options ask for. The failure is a TypeError with the path of the first problem.
[[nodiscard]] THRIFTPP_API Result<void> try_validate(ValueView value,
                                                     const ValidateOptions& options = {});
/// As try_validate, but throws.
THRIFTPP_API void validate(ValueView value, const ValidateOptions& options = {});
inline void validate(const Value& value, const ValidateOptions& options = {}) {
  validate(value.view(), options);
}
[[nodiscard]] inline Result<void> try_validate(const Value& value,
                                               const ValidateOptions& options = {}) {
  return try_validate(value.view(), options);
}

}  // namespace thrift
