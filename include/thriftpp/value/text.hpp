#pragma once

/// @file
/// Values as readable text: plain JSON.
///
///     struct               object by field name, by rising id as on the wire; unset fields absent
///     enum                 name, or the number where the value has no name
///     bool, i8 to i64      true, 1              double  1.5, "NaN", "Infinity", "-Infinity"
///     string               text; one that is not UTF-8 is {"base64": "..."}
///     binary               base64               uuid    "5e2ab188-1726-4e75-a04f-1ed9a6a89c4c"
///     list, set            array
///     map                  object where the keys are strings, numbers, bools, enums, binary
///                          (base64) or uuids, else an array of [key, value] pairs; also pairs
///                          where a string key is not UTF-8
///
/// It is reversible: the json layer reads back what stands here. Threads: free functions on const
/// values, safe from several threads.

#include <string>
#include <thriftpp/value/json_options.hpp>
#include <thriftpp/value/value.hpp>

namespace thrift {

/// Appends `value`. TypeError past max_value_depth.
THRIFTPP_API void append_json(std::string& out, ValueView value, const JsonOptions& options = {});
[[nodiscard]] THRIFTPP_API std::string to_json(ValueView value, const JsonOptions& options = {});
[[nodiscard]] inline std::string to_json(const Value& value, const JsonOptions& options = {}) {
  return to_json(value.view(), options);
}

/// "5e2ab188-1726-4e75-a04f-1ed9a6a89c4c"
[[nodiscard]] THRIFTPP_API std::string to_string(const Uuid& uuid);
/// Reads that form, in either case, also in braces; nothing where the text is none.
[[nodiscard]] THRIFTPP_API std::optional<Uuid> parse_uuid(std::string_view text);

}  // namespace thrift
