// The Builder's part that recognises a character that was forgotten, or typed twice: one mistake,
// of which everything behind it would otherwise be a consequence.

#include <algorithm>

#include "idl/builder.hpp"
#include "idl/tokens.hpp"

namespace thrift::syntax {
namespace {

bool is_quote(char c) {
  return c == '"' || c == '\'';
}

bool is_terminated(std::string_view string) {
  return string.size() > 1 && string.back() == string.front();
}

/// How far a string that has no opening quote is followed to its closing one. Every name in a value
/// might be one, so without an end to it a long line would be read again and again.
constexpr std::size_t longest_unopened = 256;

}  // namespace

bool Builder::has_odd_quotes(std::size_t at) {
  if (at < quotes_.begin || at >= quotes_.end) {
    quotes_ = {at == 0 ? 0 : text_.rfind('\n', at - 1) + 1,  // npos + 1 is 0
               std::min(text_.find('\n', at), text_.size()), false};
    for (Token token = next_token(text_, quotes_.begin); token.begin < quotes_.end;
         token = next_token(text_, token.end)) {
      quotes_.odd |= token.kind == Token::Kind::string && !is_terminated(token.in(text_));
    }
  }
  return quotes_.odd;
}

void Builder::extra_open(const char* begin, const char* end) {
  report({Severity::error, "unexpected-token",
          "unexpected `" + std::string(1, *begin) + "`: one bracket is enough", range(begin, end)},
         offset(begin));
  if (!open_.empty()) open_.back().doubled = true;
}

// --- quotes -------------------------------------------------------------------------------------

std::size_t Builder::before_closers(std::size_t begin, std::size_t end) const {
  constexpr std::string_view closers = "})]";
  constexpr std::string_view others = ",; \t\r";
  const auto is_closer = [closers](char c) { return closers.find(c) != std::string_view::npos; };
  std::size_t from = end;
  while (from > begin &&
         (is_closer(text_[from - 1]) || others.find(text_[from - 1]) != std::string_view::npos)) {
    --from;
  }
  // The first of them must close the innermost bracket, and so on.
  for (; from < end; ++from) {
    std::size_t level = open_.size();
    const bool fits = std::all_of(text_.begin() + static_cast<std::ptrdiff_t>(from),
                                  text_.begin() + static_cast<std::ptrdiff_t>(end), [&](char c) {
                                    if (!is_closer(c)) return true;
                                    if (level == 0) return false;
                                    --level;
                                    return closer_of(open_[level].bracket) == c;
                                  });
    if (fits) return from;
  }
  return end;
}

void Builder::quiet_at(std::size_t at) noexcept {
  const std::size_t next = skip_blanks(text_, at);
  if (has_line_end(text_, at, next)) return;
  failed_ = true;
  last_failure_ = std::max(last_failure_, next);
}

const char* Builder::broken_string(const char* p) {
  const std::size_t at = offset(p);
  Diagnostic d{Severity::error, "unterminated-string", {}, {}};
  if (is_quote(*p)) {
    const Token string = next_token(text_, at);
    if (!is_terminated(string.in(text_)) || string.end == text_.size()) return nullptr;
    const char behind = text_[string.end];
    if (!is_word(behind) && !is_quote(behind)) return nullptr;
    d.range = file_.range(at, string.end);
    string_.value = text_.substr(at + 1, string.end - at - 2);
    d.message = "this string ends where a word goes on: a quote is missing on this line";
  } else {
    if (!is_letter(*p)) return nullptr;
    std::size_t quote = at;
    const auto may_be_text = [](char c) {
      return is_word(c) || c == '.' || c == '-' || c == '/' || c == ' ';
    };
    const std::size_t farthest = std::min(at + longest_unopened, text_.size());
    while (quote < farthest && may_be_text(text_[quote])) ++quote;
    if (quote == farthest || !is_quote(text_[quote])) return nullptr;
    d.range = file_.range(at, quote + 1);
    string_.value = text_.substr(at, quote - at);
    d.message = "this string has no opening quote";
    d.suggestion = text_[quote] + std::string(d.range.text());
  }
  if (!has_odd_quotes(at)) return nullptr;
  string_.quote = '"';
  string_.range = d.range;
  report(std::move(d), at);
  const std::size_t end = before_closers(at, std::min(text_.find('\n', at), text_.size()));
  last_end_ = static_cast<std::uint32_t>(end);
  quiet_at(end);
  return text_.data() + skip_blanks(text_, end);
}

// --- brackets -----------------------------------------------------------------------------------

const char* Builder::strays_before_brace(const char* p) {
  const std::size_t at = offset(p);
  if (has_line_end(text_, last_end_, at) || field_begins(text_, at) || function_begins(text_, at)) {
    return nullptr;  // it is the brace that is missing
  }
  constexpr int most_strays = 16;
  Token token = next_token(text_, at);
  for (int i = 0; token.in(text_) != "{"; ++i) {
    const std::string_view stray = token.in(text_);
    // `struct S = {` and `struct S; {`, but no `{` of a value or of what comes next
    const bool ends = i > 0 && (stray == "=" || stray == ";");
    if (i == most_strays || token.kind == Token::Kind::end || stray == "}" || ends) {
      return nullptr;
    }
    const std::size_t end =
        stray == "(" ? skip_brackets(text_, token.begin, most_strays) : token.end;
    token = next_token(text_, end);
    if (has_line_end(text_, at, token.begin)) return nullptr;
  }
  // `struct struct S {` was reported as a name that is a keyword.
  if (!is_keyword(last_token(text_, last_end_).in(text_))) missing(Expect::open_brace, p);
  program_.skipped.push_back(file_.range(at, token.begin));
  return text_.data() + token.begin;
}

const char* Builder::wrong_open_brace(const char* p) {
  const Token next = next_token(text_, offset(p) + 1);
  const bool is_body = *p == '[' || (*p == '(' && (field_begins(text_, next.begin) ||
                                                   has_line_end(text_, offset(p), next.begin)));
  if (!is_body) return nullptr;
  open_missing(Expect::open_brace, '{', p);
  token_end(p + 1);
  return text_.data() + skip_blanks(text_, last_end_);
}

bool Builder::closes_wrongly(const char* p) const {
  if (open_.empty() || std::string_view("})]>").find(*p) == std::string_view::npos) return false;
  const auto waiting = std::count_if(open_.begin(), open_.end() - 1, [&](const OpenBracket& b) {
    return closer_of(b.bracket) == *p;
  });
  if (waiting == 0) return true;
  // It may close what is around, unless that goes on behind it.
  if ((*p != '}' && *p != ')') || has_line_end(text_, last_end_, offset(p))) return false;
  const Token next = next_token(text_, offset(p) + 1);
  const Token second = next_token(text_, next.end);
  if (next.kind == Token::Kind::word) {
    return !has_line_end(text_, offset(p), next.begin) && second.kind != Token::Kind::word &&
           (*p == '}' || second.in(text_) != "(");
  }
  const bool separated = next.in(text_) == "," || next.in(text_) == ";";
  const Token& behind = separated ? second : next;
  return field_begins(text_, behind.begin) ||
         (waiting == 1 && behind.in(text_) == std::string_view(p, 1));
}

// --- containers ---------------------------------------------------------------------------------

bool Builder::lacks_angle(std::size_t at, bool is_map) const {
  std::size_t end = skip_type(text_, at);
  if (end == at) return false;
  Token token = next_token(text_, end);
  if (is_map) {
    if (token.in(text_) != ",") return false;
    end = skip_type(text_, token.end);
    token = next_token(text_, end);
  }
  if (token.in(text_) != ">") return false;
  // More must follow, as many as are waited for: else this one closes what is around.
  std::size_t around = 0;
  while (around < open_.size() && open_[open_.size() - 1 - around].bracket == '<') ++around;
  for (token = next_token(text_, token.end); around > 0; token = next_token(text_, token.end)) {
    if (token.in(text_) == ">") {
      --around;
    } else if (token.in(text_) == ",") {
      token.end = skip_type(text_, token.end);
    } else {
      return false;
    }
  }
  return true;
}

const char* Builder::unopened_list(const char* p) {
  const std::string_view word = text_.substr(offset(p), 5);
  const std::size_t length = word.starts_with("list") ? 4 : word.starts_with("set") ? 3 : 0;
  if (length == 0 || word.size() <= length || !is_word(word[length])) return nullptr;
  if (!lacks_angle(offset(p) + length, false)) return nullptr;
  if (length == 4) {
    list_type(p, p + length);
  } else {
    set_type(p, p + length);
  }
  token_end(p + length);
  open_missing(Expect::open_angle, '<', p + length);
  return p + length;
}

const char* Builder::unopened_map(const char* p) {
  const std::string_view word = text_.substr(offset(p), 4);
  if (!word.starts_with("map") || word.size() < 4 || !is_word(word[3])) return nullptr;
  if (!lacks_angle(offset(p) + 3, true)) return nullptr;
  map_type(p, p + 3);
  token_end(p + 3);
  open_missing(Expect::open_angle, '<', p + 3);
  return p + 3;
}

const ast::Type* Builder::type_of_value() const {
  const auto* const constant =
      in_definition_ ? std::get_if<ast::Const>(&program_.definitions.back()) : nullptr;
  if (constant != nullptr) return &constant->type;
  return lists_.empty() || lists_.back().empty() ? nullptr : &lists_.back().back().type;
}

bool Builder::doubled_brace(const char* p) const {
  const ast::Type* const type = *p == '{' && value_depth == 1 ? type_of_value() : nullptr;
  if (type == nullptr || type->kind != ast::TypeKind::map || type->arguments.empty()) return false;
  switch (type->arguments.front().kind) {
    case ast::TypeKind::list:
    case ast::TypeKind::set:
    case ast::TypeKind::map:
    case ast::TypeKind::named: return false;
    default: return true;
  }
}

bool Builder::next_field(const char* p) const {
  const std::size_t at = offset(p);
  if (lists_.empty() || !starts_line(text_, at) || !field_begins(text_, at)) return false;
  const std::size_t type = next_token(text_, next_token(text_, at).end).end;
  const std::size_t type_end = skip_type(text_, type);
  const Token name = next_token(text_, type_end);
  return type_end != type && name.kind == Token::Kind::word && !has_line_end(text_, at, name.begin);
}

bool Builder::list_lacks_bracket(const char* p) const {
  const ast::Type* const wanted = type_of_value();
  if (wanted == nullptr) return false;
  const ast::Type& type = *wanted;
  if (type.kind != ast::TypeKind::list && type.kind != ast::TypeKind::set) return false;
  if (*p == '[' || *p == '{') return false;
  std::size_t depth = 0;
  for (Token token = next_token(text_, offset(p)); token.kind != Token::Kind::end;
       token = next_token(text_, token.end)) {
    const std::size_t at = token.begin;
    if (at > offset(p) && starts_line(text_, at) &&
        (definition_begins(text_, at) || field_begins(text_, at))) {
      return false;
    }
    if (token.kind != Token::Kind::symbol) continue;
    const char c = text_[at];
    if (c == '[' || c == '{') ++depth;
    if (c == ']' && depth == 0) return true;
    if (c == ';' || c == ':' || c == '=' || c == '(' || c == ')') return false;
    if ((c == ']' || c == '}') && depth-- == 0) return false;
  }
  return false;
}

bool Builder::map_lacks_brace(const char* p) const {
  if (!is_quote(*p) && !is_word(*p) && *p != '-' && *p != '+') return false;
  const Token key = next_token(text_, offset(p));
  if (text_.substr(skip_blanks(text_, key.end), 1) != ":") return false;
  // `= 2: i32 b` on a new line: the value is missing, and that is the next field.
  return key.kind != Token::Kind::number || !has_line_end(text_, last_end_, key.begin);
}

const char* Builder::unopened_value(const char* p, char bracket) {
  const Token first = next_token(text_, offset(p));
  report({Severity::error, "expected-token",
          "expected `" + std::string(1, bracket) + "` before " + describe_token(text_, first.begin),
          file_.range(first.begin, first.end)},
         first.begin);
  open_.push_back({bracket, static_cast<std::uint32_t>(offset(p))});
  return p;
}

const char* Builder::unopened_list_value(const char* p) {
  values_.push_back({ast::ListValue{}, range(p, p)});
  return unopened_value(p, '[');
}

const char* Builder::unopened_map_value(const char* p) {
  values_.push_back({ast::MapValue{}, range(p, p)});
  return unopened_value(p, '{');
}

// --- fields and functions -----------------------------------------------------------------------

const char* Builder::glued_field_id(const char* p) {
  const std::size_t at = offset(p);
  std::size_t end = at;
  while (end < text_.size() && is_digit(text_[end])) ++end;
  if (end == text_.size() || !is_letter(text_[end])) return nullptr;
  if (end == at + 1 && *p == '0' && (text_[end] == 'x' || text_[end] == 'X')) return nullptr;
  const Token word = next_token(text_, end);
  if (next_token(text_, word.end).in(text_) == ":") return nullptr;  // `1a: i32 b`
  number(p, text_.data() + end);
  field_id();
  last_end_ = static_cast<std::uint32_t>(end);
  missing(Expect::colon, text_.data() + end);
  return text_.data() + end;
}

bool Builder::number_follows(const char* p) const {
  if (!is_digit(*p) && *p != '-' && *p != '+' && *p != '.') return false;
  if (has_line_end(text_, last_end_, offset(p))) return false;
  const Token number = next_token(text_, offset(p));
  return number.kind == Token::Kind::number && next_token(text_, number.end).in(text_) != ":";
}

bool Builder::default_follows(const char* p) const {
  if (*p == ',' || *p == ';' || *p == '}' || *p == ')' || *p == '(') return false;  // most of them
  if (number_follows(p)) return true;
  if (has_line_end(text_, last_end_, offset(p))) return false;
  if (is_quote(*p) || *p == '[' || *p == '{') return true;
  if (!is_letter(*p)) return false;
  const Token word = next_token(text_, offset(p));
  const Token behind = next_token(text_, word.end);
  const std::string_view name = word.in(text_);
  // `Color color Color.RED,`; but `i32 a shop.Item item` are two fields
  return (name == "true" || name == "false" || name.find('.') != std::string_view::npos) &&
         behind.in(text_) != ":" && behind.in(text_) != "&" &&
         (behind.kind != Token::Kind::word || has_line_end(text_, word.end, behind.begin));
}

bool Builder::no_argument(const char* p) const {
  if ((*p != ',' && *p != ';') || !lists_.back().empty()) return false;
  const Token next = next_token(text_, offset(p) + 1);
  return next.in(text_) == "}" || has_line_end(text_, offset(p), next.begin);
}

bool Builder::argument_follows(const char* p) const {
  const std::size_t at = offset(p);
  if (*p == ')' || *p == ':' || field_begins(text_, at)) return true;
  if (!is_letter(*p) || has_line_end(text_, last_end_, at)) return false;
  const Token name = next_token(text_, skip_type(text_, at));
  const std::string_view behind = next_token(text_, name.end).in(text_);
  return name.kind == Token::Kind::word && (behind == "," || behind == ")");
}

bool Builder::arguments_begin(const char* p) const {
  if (*p != '(') return false;
  const Token first = next_token(text_, offset(p) + 1);
  return first.kind == Token::Kind::number && next_token(text_, first.end).in(text_) == ":";
}

const char* Builder::missing_throws(const char* p) {
  if (has_line_end(text_, last_end_, offset(p)) || !arguments_begin(p)) return nullptr;
  missing(Expect::throws, p);
  function_throws(p, p);
  return p;
}

bool Builder::result_missing(const char* p) const {
  if (!is_letter(*p)) return false;
  const Token name = next_token(text_, offset(p));
  const std::size_t open = name.end;  // a blank before it is not usual, and annotations have one
  if (open >= text_.size() || text_[open] != '(') return false;
  if (arguments_begin(text_.data() + open)) return true;
  const Token first = next_token(text_, open + 1);
  const Token second = next_token(text_, first.end);
  // `string () name(...)`: nothing is annotated.
  return first.in(text_) == ")" &&
         (second.kind != Token::Kind::word || starts_line(text_, second.begin));
}

const char* Builder::missing_result(const char* p) {
  const Token name = next_token(text_, offset(p));
  report({Severity::error, "expected-type",
          "expected the type of a result before `" + std::string(name.in(text_)) +
              "`; it is `void` where there is none",
          file_.range(name.begin, name.end)},
         name.begin);
  void_type(p, p);
  return p;
}

}  // namespace thrift::syntax
