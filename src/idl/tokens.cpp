#include "idl/tokens.hpp"

#include <algorithm>
#include <array>

namespace thrift::syntax {
namespace {

constexpr std::array<std::string_view, 37> keywords{
    "async",        "binary",      "bool",      "byte",    "const",  "cpp_include", "cpp_type",
    "double",       "enum",        "exception", "extends", "false",  "i16",         "i32",
    "i64",          "i8",          "include",   "list",    "map",    "namespace",   "oneway",
    "optional",     "required",    "service",   "set",     "string", "struct",      "throws",
    "true",         "typedef",     "union",     "uuid",    "void",   "xsd_all",     "xsd_attrs",
    "xsd_nillable", "xsd_optional"};
static_assert(std::is_sorted(keywords.begin(), keywords.end()));

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
constexpr bool is_line_end(char c) noexcept {
  return c == '\n';
}

/// What looks ahead passes over a type of no more tokens than this. It is done again at every token
/// that a type may begin at, so without an end to it brackets that are never closed would cost the
/// square of a file's size.
constexpr std::size_t longest_type = 256;

char at_or_nul(std::string_view text, std::size_t at) noexcept {
  return at < text.size() ? text[at] : '\0';
}

std::size_t word_end(std::string_view text, std::size_t at) noexcept {
  while (at < text.size()) {
    const char next = at_or_nul(text, at + 1);
    if (is_word(text[at])) {
      ++at;
    } else if ((text[at] == '.' && is_word(next)) || (text[at] == '-' && is_letter(next))) {
      at += 2;
    } else {
      break;
    }
  }
  return at;
}

std::size_t string_end(std::string_view text, std::size_t at) noexcept {
  const char quote = text[at];
  for (++at; at < text.size() && !is_line_end(text[at]); ++at) {
    if (text[at] == quote) return at + 1;
    if (text[at] == '\\' && at + 1 < text.size() && !is_line_end(text[at + 1])) ++at;
  }
  return at;
}

std::size_t number_end(std::string_view text, std::size_t at) noexcept {
  for (++at; at < text.size(); ++at) {
    const char before = text[at - 1];
    const bool exponent_sign = (text[at] == '+' || text[at] == '-') &&
                               (before == 'e' || before == 'E') &&
                               is_digit(at_or_nul(text, at + 1));
    if (!is_word(text[at]) && text[at] != '.' && !exponent_sign) break;
  }
  return at;
}

/// Reads tokens one after the other.
class Reader {
 public:
  Reader(std::string_view text, std::size_t at) : text_(text), token_(next_token(text, at)) {}

  [[nodiscard]] const Token& token() const { return token_; }
  [[nodiscard]] bool at_word() const { return token_.kind == Token::Kind::word; }
  [[nodiscard]] bool at(std::string_view spelling) const { return token_.in(text_) == spelling; }
  void advance() { token_ = next_token(text_, token_.end); }
  void move_to(std::size_t offset) { token_ = next_token(text_, offset); }
  bool accept(std::string_view spelling) {
    if (!at(spelling)) return false;
    advance();
    return true;
  }
  bool accept_word() {
    if (!at_word()) return false;
    advance();
    return true;
  }

 private:
  std::string_view text_;
  Token token_;
};

}  // namespace

bool is_keyword(std::string_view word) noexcept {
  return std::binary_search(keywords.begin(), keywords.end(), word);
}

std::optional<ast::TypeKind> base_type(std::string_view word) noexcept {
  using enum ast::TypeKind;
  switch (word.size()) {
    case 2:
      if (word == "i8") return i8;
      break;
    case 3:
      if (word == "i32") return i32;
      if (word == "i64") return i64;
      if (word == "i16") return i16;
      break;
    case 4:
      if (word == "bool") return boolean;
      if (word == "byte") return i8;
      if (word == "uuid") return uuid;
      break;
    case 6:
      if (word == "string") return string;
      if (word == "double") return floating;
      if (word == "binary") return binary;
      break;
    default: break;
  }
  return std::nullopt;
}

std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept {
  while (at < text.size()) {
    if (is_blank(text[at])) {
      ++at;
    } else if (text[at] == '#' || text.substr(at, 2) == "//") {
      at = std::min(text.find('\n', at), text.size());
    } else if (text.substr(at, 2) == "/*") {
      const std::size_t end = text.find("*/", at + 2);
      at = end == std::string_view::npos ? text.size() : end + 2;
    } else {
      break;
    }
  }
  return at;
}

Token next_token(std::string_view text, std::size_t at) noexcept {
  using enum Token::Kind;
  at = skip_blanks(text, at);
  if (at >= text.size()) return {end, text.size(), text.size()};
  const char c = text[at];
  if (is_letter(c)) return {word, at, word_end(text, at)};
  if (c == '"' || c == '\'') return {string, at, string_end(text, at)};
  const char next = at_or_nul(text, at + 1);
  const bool signed_digit =
      (c == '+' || c == '-' || c == '.') &&
      (is_digit(next) || (c != '.' && next == '.' && is_digit(at_or_nul(text, at + 2))));
  if (is_digit(c) || signed_digit) return {number, at, number_end(text, at)};
  if (std::string_view(":;,{}()=<>[]&*").find(c) != std::string_view::npos) {
    return {symbol, at, at + 1};
  }
  // All bytes of one UTF-8 character together.
  std::size_t stray_end = at + 1;
  while ((static_cast<unsigned char>(c) & 0xC0) == 0xC0 && stray_end < text.size() &&
         (static_cast<unsigned char>(text[stray_end]) & 0xC0) == 0x80 && stray_end < at + 4) {
    ++stray_end;
  }
  return {stray, at, stray_end};
}

Token last_token(std::string_view text, std::size_t at) noexcept {
  using Kind = Token::Kind;
  if (at == 0) return {Kind::end, 0, 0};
  const char c = text[at - 1];
  std::size_t begin = at - 1;
  if (is_word(c)) {
    while (begin > 0 && (is_word(text[begin - 1]) || text[begin - 1] == '.' ||
                         text[begin - 1] == '-' || text[begin - 1] == '+')) {
      --begin;
    }
    return {Kind::word, begin, at};
  }
  if (c == '"' || c == '\'') {
    // Backwards over the line to the other quote; one behind a backslash is no end.
    while (begin > 0 && !is_line_end(text[begin - 1])) {
      --begin;
      if (text[begin] == c && (begin == 0 || text[begin - 1] != '\\'))
        return {Kind::string, begin, at};
    }
    return {Kind::string, at - 1, at};
  }
  return {Kind::symbol, begin, at};
}

bool starts_line(std::string_view text, std::size_t at) noexcept {
  while (at > 0 && is_blank(text[at - 1])) {
    if (is_line_end(text[--at])) return true;
  }
  return at == 0;
}

bool has_line_end(std::string_view text, std::size_t from, std::size_t to) noexcept {
  return text.substr(from, to - from).find('\n') != std::string_view::npos;
}

bool definition_begins(std::string_view text, std::size_t at) noexcept {
  // Called before every field: most of them are dismissed by their first letter.
  constexpr std::string_view first_letters = "scuentpi";
  if (first_letters.find(at_or_nul(text, at)) == std::string_view::npos) return false;
  const std::string_view word = text.substr(at, word_end(text, at) - at);
  const bool braced = word == "struct" || word == "union" || word == "exception" ||
                      word == "enum" || word == "service";
  const bool other = word == "typedef" || word == "const" || word == "namespace" ||
                     word == "include" || word == "cpp_include";
  if (!braced && !other) return false;

  Reader reader(text, at + word.size());
  if (braced) {
    if (reader.at("{")) return true;  // its name was forgotten
    if (!reader.accept_word()) return false;
    return reader.at("{") || reader.at("extends") || reader.at("xsd_all");
  }
  if (!starts_line(text, at)) return false;
  if (word == "include" || word == "cpp_include") {
    const Token& path = reader.token();
    const bool is_path = path.kind == Token::Kind::string || reader.at("<") || reader.at_word();
    return is_path && !has_line_end(text, at, path.begin);
  }
  if (word == "namespace") return (reader.accept("*") || reader.accept_word()) && reader.at_word();
  const std::size_t type_end = skip_type(text, reader.token().begin);
  if (type_end == reader.token().begin) return false;
  reader.move_to(type_end);
  if (!reader.accept_word()) return false;
  return word == "typedef" || reader.at("=");
}

std::size_t skip_type(std::string_view text, std::size_t at) noexcept {
  const Token name = next_token(text, at);
  if (name.kind != Token::Kind::word) return at;
  std::size_t end = name.end;
  Token next = next_token(text, end);
  if (next.in(text) == "cpp_type") {
    next = next_token(text, next.end);
    end = next.end;
    next = next_token(text, end);
  }
  if (next.in(text) == "<") end = skip_brackets(text, next.begin, longest_type);
  return end;
}

std::size_t skip_brackets(std::string_view text, std::size_t at, std::size_t max_tokens) noexcept {
  std::size_t depth = 0;
  std::size_t count = 0;
  for (Token token = next_token(text, at); token.kind != Token::Kind::end;
       token = next_token(text, token.end)) {
    if (++count > max_tokens) return token.end;
    if (token.kind != Token::Kind::symbol) continue;
    const char c = text[token.begin];
    if (c == '{' || c == '(' || c == '[' || c == '<') ++depth;
    if (c == '}' || c == ')' || c == ']' || c == '>') --depth;
    if (depth == 0) return token.end;
  }
  return text.size();
}

bool function_begins(std::string_view text, std::size_t at) noexcept {
  Reader reader(text, at);
  if (reader.at("oneway") || reader.at("async")) reader.advance();
  if (!reader.at_word()) return false;
  reader.move_to(skip_type(text, reader.token().begin));
  if (!reader.accept_word() || !reader.accept("(")) return false;
  // `name (key = "value")` and `name (key)` are annotations.
  if (reader.at(")") || reader.token().kind == Token::Kind::number) return true;
  if (!reader.at_word()) return false;
  reader.move_to(skip_type(text, reader.token().begin));
  return reader.at_word();
}

bool field_begins(std::string_view text, std::size_t at) noexcept {
  Reader reader(text, at);
  if (reader.token().kind == Token::Kind::number) {
    reader.advance();
    return reader.at(":");
  }
  if (!reader.accept("required") && !reader.accept("optional")) return false;
  return reader.at_word();
}

bool enum_value_begins(std::string_view text, std::size_t at) noexcept {
  Reader reader(text, at);
  const std::size_t end = reader.token().end;
  if (!reader.accept_word()) return false;
  if (reader.accept("=")) return reader.token().kind == Token::Kind::number;
  return reader.at(",") || reader.at(";") || reader.at("}") ||
         has_line_end(text, end, reader.token().begin);
}

}  // namespace thrift::syntax
