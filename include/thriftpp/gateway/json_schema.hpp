#pragma once

/// @file
/// JSON Schema (2020-12) of a Thrift type: what the plain JSON of its values looks like
/// (value/text.hpp has the table of forms).
///
///     std::string schema = json_schema(idl.type("Order"));
///
/// Structs, enums and typedefs are definitions under `$defs`, by "program.Name", and referred to;
/// so recursive types are no matter. Documentation comments are descriptions, requiredness and
/// defaults are kept, `(deprecated)` is `deprecated`.
///
/// Every value of the type that `to_json` writes with the same options is valid by the schema.
/// Threads: free functions, safe from several threads.

#include <string>
#include <thriftpp/schema/type.hpp>
#include <thriftpp/value/text.hpp>

namespace thrift {

/// Forms that only odd values need: a number where an enum has no such name, `{"base64": "..."}`
/// and pairs where a string is not UTF-8, `"NaN"` and infinities, a set that came with duplicates.
enum class RareForms : std::uint8_t {
  allow,      ///< The schema allows all that can be written.
  leave_out,  ///< Plainer: what programs that are made from a schema do better with.
};

[[nodiscard]] THRIFTPP_API std::string json_schema(const Type& type, const JsonOptions& json = {},
                                                   RareForms rare = RareForms::allow);

}  // namespace thrift
