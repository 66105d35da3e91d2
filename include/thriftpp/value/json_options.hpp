#pragma once

/// @file
/// What a caller may choose of plain JSON (value/text.hpp has the table of forms), and the same
/// choices as words, for command lines, query strings and configuration:
///
///     for (const JsonOption& option : json_options())
///       std::cout << option.name << ": " << option.docs << '\n';

#include <cstdint>
#include <span>
#include <string_view>
#include <thriftpp/base/export.hpp>

namespace thrift {

struct JsonOptions {
  enum class Enums : std::uint8_t { name, number };
  enum class Maps : std::uint8_t { object, pairs };
  enum class Int64 : std::uint8_t { number, string };
  enum class Binary : std::uint8_t { base64, text };
  enum class Defaults : std::uint8_t { omit, write };

  Enums enums = Enums::name;
  Maps maps = Maps::object;
  Int64 int64 = Int64::number;     ///< string: for readers that lose precision beyond 2^53.
  Binary binary = Binary::base64;  ///< text: as a string's; base64 where it is not UTF-8.
  /// write: unset fields that have an IDL default, too, and within a default those that it has.
  Defaults defaults = Defaults::omit;
  int indent = 0;  ///< Spaces a level; 0 is one line.
};

/// One member of JsonOptions by its name. All views are of literals.
struct JsonOption {
  std::string_view name;  ///< The member's: "int64"
  std::string_view docs;  ///< A line: "How 64-bit integers are written"
  std::span<const std::string_view> values;
  /// The value at hand as one of `values`; empty where that has no word.
  std::string_view (*get)(const JsonOptions& options);
  /// False where `value` is none of `values`; nothing is changed then.
  bool (*set)(JsonOptions& options, std::string_view value);
};

/// All of them, in the order of JsonOptions. Safe from several threads.
[[nodiscard]] THRIFTPP_API std::span<const JsonOption> json_options() noexcept;

}  // namespace thrift
