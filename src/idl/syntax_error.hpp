#pragma once

/// @file
/// Syntax errors: what may be expected, and how it is said.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thriftpp/idl/diagnostic.hpp>
#include <thriftpp/idl/source.hpp>

#include "base/backquoted.hpp"

namespace thrift::syntax {

/// What the grammar can insist on.
enum class Expect : std::uint8_t {
  nothing,
  definition,
  definition_name,
  field,
  argument,
  field_type,
  field_name,
  type,
  function,
  function_name,
  enum_value,
  namespace_scope,
  namespace_name,
  service_name,
  throws,
  value,
  integer,
  string,
  annotation,
  annotation_value,
  colon,
  comma,
  equals,
  open_brace,
  open_paren,
  open_angle,
  close_brace,
  close_bracket,
  close_paren,
  close_angle,
  end_of_text,
};

/// An opened bracket, for messages on its missing other half.
struct OpenBracket {
  char bracket;
  std::uint32_t offset;
  bool doubled = false;  ///< Another one like it follows, which was reported.
  bool assumed = false;  ///< It was missing, which was reported.
};

/// Where an error was found, as messages need it.
struct ErrorPlace {
  const SourceFile& file;
  std::size_t at;           ///< Where the expected thing should stand.
  std::size_t last_end;     ///< Behind the last token that was read; 0 where there is none.
  const OpenBracket* open;  ///< The innermost open bracket, or nullptr.
};

/// "expected a field name, found `}`", with id, range, notes and suggestion.
[[nodiscard]] Diagnostic describe(Expect expected, const ErrorPlace& place);

/// "`name`", "a string", "the end of the file": the token at `at`.
[[nodiscard]] std::string describe_token(std::string_view text, std::size_t at);

/// Thrown where the grammar insists in vain; caught by the next rule that can go on.
struct SyntaxFailure {
  Diagnostic diagnostic;
  std::size_t at;  ///< Where the text was not understood.
};

}  // namespace thrift::syntax
