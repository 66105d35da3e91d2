#pragma once

/// @file
/// Paths: where something is in a value, as text. Error messages print them, `ValueView::path`
/// reads them.
///
///     users[3].tags{"x"}.name
///
///     path   = [ name ] *( "." name / index / key )     the first name without a dot
///     index  = "[" number "]"                           list or set
///     key    = "{" string / number / name "}"           map; a name is an enum's, true or false
///     string = JSON's, in double quotes

#include <string>
#include <string_view>
#include <thriftpp/base/export.hpp>
#include <variant>
#include <vector>

namespace thrift {

struct PathField {
  std::string name;
};
struct PathIndex {
  std::uint64_t index;
};
/// A key of a map: a string, an integer, a double, or a bare word (enum, bool, uuid).
struct PathKey {
  std::variant<std::string, std::int64_t, double> key;
  bool quoted = false;
};
using PathStep = std::variant<PathField, PathIndex, PathKey>;

/// The steps of a path. TypeError with the column where it is malformed.
[[nodiscard]] THRIFTPP_API std::vector<PathStep> parse_path(std::string_view path);

}  // namespace thrift
