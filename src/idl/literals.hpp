#pragma once

/// @file
/// The values of literals.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <thriftpp/idl/ast.hpp>

namespace thrift::syntax {

/// Whether `text`, a number as the grammar reads one, is an integer.
[[nodiscard]] bool is_integer(std::string_view text) noexcept;

/// The value of a decimal or hexadecimal integer, with its sign. Without a range.
[[nodiscard]] ast::Integer to_integer(std::string_view text) noexcept;

/// The nearest double, whatever the locale. `overflow` says that it is infinite.
struct ParsedDouble {
  double value;
  bool overflow;
};
[[nodiscard]] ParsedDouble to_double(std::string_view text) noexcept;

/// What scanning found at the quote that begins a string.
struct ScannedString {
  std::size_t end;          ///< Behind the closing quote, or where an unterminated string is cut.
  std::size_t content_end;  ///< Where its content ends.
  bool escapes;             ///< There is a backslash in it.
  bool terminated;
  bool line_end;  ///< It was terminated, but on a later line.
};

/// A string must end on its line. Where it does not, but the quote that was forgotten most likely
/// is one further down (a text of several lines), the scan goes on to there; else it is cut at the
/// line's end.
[[nodiscard]] ScannedString scan_string(std::string_view text, std::size_t at) noexcept;

}  // namespace thrift::syntax
