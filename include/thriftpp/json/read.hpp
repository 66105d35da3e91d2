#pragma once

/// @file
/// Plain JSON to values: the way back of `to_json` (value/text.hpp has the table of forms).
///
///     Value user = from_json(R"({"id": "1", "name": "Ann", "age": 30})", idl.type("User"));
///
/// All forms that `to_json` can write are read, whatever its options were (only `Binary` must be
/// told, since base64 is text too):
///
///     enum            its name, or its number
///     i64             a number, or a string of one
///     double          a number, "NaN", "Infinity", "-Infinity"
///     string, binary  a string, or {"base64": "..."}; base64 with or without padding
///     map             an object, or an array of [key, value] pairs
///     null            as a field: unset; anywhere else a mistake
///
/// Everything is checked against the type as braced literals are (value/literal.hpp): ranges,
/// names with the nearest one that exists, required fields, one member in a union. Nothing is
/// guessed: `1.0` is no i32 and `"1"` no i32 either. A struct that names a field twice is a
/// mistake; of equal keys in a map, and equal members in a set, the last and the first one count.
///
/// Reversible for values that are complete: `from_json(to_json(v), v.type()) == v`, and doubles
/// keep their sign of zero (but only one NaN is left of all). What lacks a required field, or is a
/// union without a member, which decoding lets through (protocol/strictness.hpp), prints and is
/// refused on the way back.
///
/// Hostile text is normal input: depth and memory have limits. Threads: free functions, safe from
/// several threads.

#include <string_view>
#include <thriftpp/base/result.hpp>
#include <thriftpp/json/document.hpp>
#include <thriftpp/value/text.hpp>

namespace thrift {

struct FromJsonOptions {
  /// What a string means for a `binary`: base64, or its own bytes.
  JsonOptions::Binary binary = JsonOptions::Binary::base64;
  /// Members that the struct does not have are left out instead of being a mistake.
  bool skip_unknown_fields = false;
  /// Sets absent fields of default requiredness that have an IDL default, as `Idl::make` does.
  /// Without it what comes in is what stands there.
  bool set_defaults = false;
  /// Bytes of memory that the value may take. 0: 64 KiB plus 32 times the size of the text.
  std::size_t max_memory = 0;
};

/// The value of `type` that `text` is. TypeError with the field's path where it does not fit, with
/// line and column where it is not JSON.
[[nodiscard]] THRIFTPP_API Value from_json(std::string_view text, const Type& type,
                                           const FromJsonOptions& options = {});
/// As above, of a part of a document.
[[nodiscard]] THRIFTPP_API Value from_json(JsonNode node, const Type& type,
                                           const FromJsonOptions& options = {});
/// As from_json, without throwing.
[[nodiscard]] THRIFTPP_API Result<Value> try_from_json(std::string_view text, const Type& type,
                                                       const FromJsonOptions& options = {});

}  // namespace thrift
