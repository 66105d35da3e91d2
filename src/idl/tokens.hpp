#pragma once

/// @file
/// Words, keywords and tokens, looked at by hand: what messages and recovery need to know of text
/// that the grammar could not make sense of, and the look-ahead that tells a new definition from
/// the rest of an unfinished one. Nothing here recurses, and each function is linear in the text
/// that it looks at.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thriftpp/idl/ast.hpp>

namespace thrift::syntax {

[[nodiscard]] constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
[[nodiscard]] constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_word(char c) noexcept {
  return is_letter(c) || is_digit(c);
}

/// A word of the language that cannot name a type.
[[nodiscard]] bool is_keyword(std::string_view word) noexcept;
/// The kind that a base type's keyword stands for; `void` and the containers are none.
[[nodiscard]] std::optional<ast::TypeKind> base_type(std::string_view word) noexcept;

struct Token {
  enum class Kind : std::uint8_t { word, number, string, symbol, stray, end };
  Kind kind = Kind::end;
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::string_view in(std::string_view text) const noexcept {
    return text.substr(begin, end - begin);
  }
};

/// The first byte at or behind `at` that is neither blank nor in a comment.
[[nodiscard]] std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept;
/// The token at or behind `at`. Words may hold dots and, before a letter, hyphens; a string that
/// does not end on its line ends there. `stray` is a character that no token begins with.
[[nodiscard]] Token next_token(std::string_view text, std::size_t at) noexcept;
/// The token that ends at `at`; for messages, strings are found only on one line.
[[nodiscard]] Token last_token(std::string_view text, std::size_t at) noexcept;

/// Whether only blanks stand before `at` on its line.
[[nodiscard]] bool starts_line(std::string_view text, std::size_t at) noexcept;
/// Whether a line ends in [from, to).
[[nodiscard]] bool has_line_end(std::string_view text, std::size_t from, std::size_t to) noexcept;

/// Whether a definition or a header begins at `at`: a keyword followed by what must follow it, so
/// that a name which happens to be a keyword does not count.
[[nodiscard]] bool definition_begins(std::string_view text, std::size_t at) noexcept;
/// Whether a function begins at `at`: a type, a name, and what can only be a list of arguments.
[[nodiscard]] bool function_begins(std::string_view text, std::size_t at) noexcept;
/// Whether a field begins at `at` that has an id or a requiredness.
[[nodiscard]] bool field_begins(std::string_view text, std::size_t at) noexcept;
/// Whether a value of an enum stands at `at` that has a number, or nothing behind its name.
[[nodiscard]] bool enum_value_begins(std::string_view text, std::size_t at) noexcept;
/// The offset behind the type that begins at `at`, or `at` where none does.
[[nodiscard]] std::size_t skip_type(std::string_view text, std::size_t at) noexcept;
/// The bracket that closes `bracket`.
[[nodiscard]] constexpr char closer_of(char bracket) noexcept {
  switch (bracket) {
    case '{': return '}';
    case '(': return ')';
    case '[': return ']';
    default: return '>';
  }
}
/// The offset behind the bracket that closes the one at `at`; behind `max_tokens` tokens, or at the
/// end of the text, where that comes first.
[[nodiscard]] std::size_t skip_brackets(
    std::string_view text, std::size_t at,
    std::size_t max_tokens = std::numeric_limits<std::size_t>::max()) noexcept;

}  // namespace thrift::syntax
