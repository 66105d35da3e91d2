// The Builder's part that knows what text which is no Thrift most likely was meant to be: misspelt
// keywords, and the syntax of other dialects and of older times.

#include <algorithm>
#include <array>
#include <thriftpp/base/near_name.hpp>

#include "idl/builder.hpp"
#include "idl/tokens.hpp"

namespace thrift::syntax {
namespace {

constexpr std::array<std::string_view, 10> definition_keywords{
    "struct", "enum",      "service", "typedef",   "const",
    "union",  "exception", "include", "namespace", "cpp_include"};

struct Translation {
  std::string_view foreign, ours;
};
constexpr std::array other_languages{
    Translation{"import", "include"},    Translation{"message", "struct"},
    Translation{"class", "struct"},      Translation{"record", "struct"},
    Translation{"interface", "service"}, Translation{"error", "exception"},
    Translation{"constant", "const"},    Translation{"package_name", "namespace"},
};

// Headers that Apache's compiler once knew; each is a namespace's scope now.
constexpr std::array old_namespaces{
    Translation{"cpp_namespace", "cpp"},
    Translation{"php_namespace", "php"},
    Translation{"py_module", "py"},
    Translation{"perl_package", "perl"},
    Translation{"ruby_namespace", "rb"},
    Translation{"smalltalk_category", "st"},
    Translation{"smalltalk_prefix", "st"},
    Translation{"java_package", "java"},
    Translation{"cocoa_package", "cocoa"},
    Translation{"cocoa_prefix", "cocoa"},
    Translation{"csharp_namespace", "csharp"},
    Translation{"delphi_namespace", "delphi"},
    Translation{"xsd_namespace", "xsd"},
};

constexpr std::array<std::string_view, 6> exception_qualifiers{"safe",      "transient", "stateful",
                                                               "permanent", "client",    "server"};

template <std::size_t N>
std::string_view translated(const std::array<Translation, N>& table, std::string_view word) {
  for (const Translation& entry : table) {
    if (entry.foreign == word) return entry.ours;
  }
  return {};
}

template <class... Words>
std::string_view nearest(std::string_view word, Words... words) {
  const std::array<std::string_view, sizeof...(Words)> candidates{words...};
  const std::string_view near = near_name(word, candidates);
  return near == word ? std::string_view{} : near;
}

}  // namespace

std::string_view Builder::intended_keyword(const char* p) {
  const std::size_t at = offset(p);
  if (intended_at_ == at) return intended_;
  intended_at_ = at;
  intended_ = {};
  const Token first = next_token(text_, at);
  if (first.kind != Token::Kind::word || first.begin != at) return {};
  const std::string_view word = first.in(text_);
  if (is_keyword(word)) return {};
  std::string_view keyword = translated(other_languages, word);
  if (keyword.empty()) keyword = near_name(word, definition_keywords);
  if (keyword.empty()) return {};

  // It must be followed by what follows that keyword.
  const Token second = next_token(text_, first.end);
  const Token third = next_token(text_, second.end);
  const bool word_follows = second.kind == Token::Kind::word;
  bool fits = word_follows;
  if (keyword.ends_with("include")) {
    fits = second.kind == Token::Kind::string;
  } else if (keyword == "namespace") {
    fits = (word_follows || second.in(text_) == "*") && third.kind == Token::Kind::word;
  } else if (keyword != "typedef" && keyword != "const") {
    const std::string_view next = third.in(text_);
    fits = word_follows && (next == "{" || third.kind == Token::Kind::word ||
                            (keyword == "service" && next == ":"));
  }
  if (fits) intended_ = keyword;
  return intended_;
}

void Builder::misspelt(const char* begin, const char* end, std::string_view keyword) {
  const std::string word(begin, end);
  std::string message = "unknown keyword `" + word + "`";
  if (word == ":") message = "the name of a base service does not follow `:`";
  report({Severity::error,
          "unknown-keyword",
          std::move(message),
          range(begin, end),
          {},
          std::string(keyword)},
         offset(begin));
}

std::string_view Builder::intended_requiredness(const char* p) const {
  const Token first = next_token(text_, offset(p));
  const std::string_view word = first.in(text_);
  const bool is_long = word.size() >= 6 && word.size() <= 10 && !is_keyword(word);
  const std::string_view near =
      word == "opt"   ? std::string_view("optional")
      : word == "req" ? std::string_view("required")
      : is_long       ? nearest(word, std::string_view("required"), std::string_view("optional"))
                      : std::string_view();
  if (near.empty()) return {};
  // `requird string name`: a type and a name must follow on the same line.
  const std::size_t type_end = skip_type(text_, first.end);
  const Token name = next_token(text_, type_end);
  const bool fits = type_end != first.end && name.kind == Token::Kind::word &&
                    !has_line_end(text_, first.begin, name.begin);
  return fits ? near : std::string_view{};
}

bool Builder::intended_throws(const char* p) const {
  const Token first = next_token(text_, offset(p));
  return first.kind == Token::Kind::word && !is_keyword(first.in(text_)) &&
         (first.in(text_) == "raises" ||
          !nearest(first.in(text_), std::string_view("throws")).empty()) &&
         next_token(text_, first.end).in(text_) == "(";
}

bool Builder::intended_extends(const char* p) const {
  const Token first = next_token(text_, offset(p));
  const Token second = next_token(text_, first.end);
  if (second.kind != Token::Kind::word) return false;
  const std::string_view word = first.in(text_);
  const bool meant = word == ":" || (first.kind == Token::Kind::word && !is_keyword(word));
  return meant && next_token(text_, second.end).in(text_) == "{";
}

std::string_view Builder::intended_call(const char* p) const {
  const Token first = next_token(text_, offset(p));
  const std::string_view word = first.in(text_);
  if (first.kind != Token::Kind::word || is_keyword(word)) return {};
  const std::string_view near = nearest(word, std::string_view("oneway"));
  if (near.empty() || has_line_end(text_, first.begin, next_token(text_, first.end).begin))
    return {};
  return function_begins(text_, first.end) ? near : std::string_view{};
}

const char* Builder::foreign(std::string_view id, std::size_t begin, std::size_t end,
                             std::size_t resume, std::string message, std::string suggestion) {
  report({Severity::error,
          std::string(id),
          std::move(message),
          file_.range(begin, end),
          {},
          std::move(suggestion)},
         begin);
  program_.skipped.push_back(file_.range(begin, resume));
  last_end_ = static_cast<std::uint32_t>(resume);
  return text_.data() + skip_blanks(text_, resume);
}

const char* Builder::conflict_mark(const char* p) {
  constexpr std::size_t length = 7;
  const std::size_t at = offset(p);
  const bool begins_line = at == 0 || text_[at - 1] == '\n';
  if (!begins_line || text_.substr(at, length) != std::string(length, *p)) return nullptr;
  return foreign("unexpected-token", at, at + length, std::min(text_.find('\n', at), text_.size()),
                 "a merge left this here, whose conflict was not settled");
}

const char* Builder::structured_annotation(const char* p) {
  const std::size_t at = offset(p);
  const Token name = next_token(text_, at + 1);
  std::size_t end = name.kind == Token::Kind::word ? name.end : at + 1;
  if (next_token(text_, end).in(text_) == "{") end = skip_brackets(text_, end);
  const std::size_t mark_end = name.kind == Token::Kind::word ? name.end : at + 1;
  return foreign(
      "fbthrift-syntax", at, mark_end, end,
      "annotations `@Name{...}` are fbthrift's; Apache's are `(name = \"value\")` behind "
      "what they annotate");
}

const char* Builder::foreign_definition(const char* p) {
  const std::size_t at = offset(p);
  const Token first = next_token(text_, at);
  const std::string_view word = first.in(text_);
  const Token second = next_token(text_, first.end);

  if (word == "@") return structured_annotation(p);
  if (first.kind == Token::Kind::symbol) {
    if (const char* const behind = conflict_mark(p)) return behind;
    const char c = text_[first.begin];
    if (c == '}' || c == ')' || c == ']' || c == '>') {
      // The annotations behind it are those of the definition before.
      const bool annotated = c == '}' && second.in(text_) == "(";
      return foreign("unexpected-token", first.begin, first.end,
                     annotated ? skip_brackets(text_, second.begin) : first.end,
                     "unexpected `" + std::string(word) + "`: no bracket is open here");
    }
    if (c == ',' || c == ';') {
      return foreign("extra-separator", first.begin, first.end, first.end,
                     "unexpected `" + std::string(word) + "`: there is nothing that it separates");
    }
    return nullptr;
  }
  if (word == "package" && second.kind == Token::Kind::string) {
    return foreign("fbthrift-syntax", first.begin, second.end, second.end,
                   "`package` is fbthrift's; Apache's files say `namespace LANGUAGE NAME`");
  }
  if (word == "hs_include" && second.kind == Token::Kind::string) {
    return foreign("fbthrift-syntax", first.begin, first.end, second.end,
                   "`hs_include` is fbthrift's");
  }
  if (word == "interaction" && second.kind == Token::Kind::word) {
    return foreign("fbthrift-syntax", first.begin, first.end, skip_brackets(text_, second.end),
                   "`interaction` is fbthrift's: Apache's services have none");
  }
  if (std::find(exception_qualifiers.begin(), exception_qualifiers.end(), word) !=
          exception_qualifiers.end() &&
      second.kind == Token::Kind::word) {
    std::size_t end = first.end;
    Token next = second;
    while (std::find(exception_qualifiers.begin(), exception_qualifiers.end(), next.in(text_)) !=
           exception_qualifiers.end()) {
      end = next.end;
      next = next_token(text_, end);
    }
    if (next.in(text_) == "exception") {
      return foreign("fbthrift-syntax", first.begin, end, end,
                     backquoted(word) + " before `exception` is fbthrift's");
    }
  }
  if (word == "senum" && second.kind == Token::Kind::word) {
    return foreign("removed-syntax", first.begin, first.end, skip_brackets(text_, second.end),
                   "`senum` was removed from the language: write `typedef string " +
                       std::string(second.in(text_)) + "` or an enum");
  }
  if (const std::string_view scope = translated(old_namespaces, word); !scope.empty()) {
    const bool named = second.kind == Token::Kind::word || second.kind == Token::Kind::string;
    return foreign("removed-syntax", first.begin, first.end, named ? second.end : first.end,
                   backquoted(word) + " was removed from the language",
                   "namespace " + std::string(scope));
  }
  return nullptr;
}

const char* Builder::foreign_function(const char* p) {
  const std::size_t at = offset(p);
  const Token first = next_token(text_, at);
  const std::string_view word = first.in(text_);
  if (word == "@") return structured_annotation(p);
  const Token second = next_token(text_, first.end);
  if (word == "performs" && second.kind == Token::Kind::word &&
      next_token(text_, second.end).in(text_) != "(") {
    const Token third = next_token(text_, second.end);
    const bool separated = third.in(text_) == ";" || third.in(text_) == ",";
    return foreign("fbthrift-syntax", first.begin, second.end, separated ? third.end : second.end,
                   "`performs` is fbthrift's: Apache's services have no interactions");
  }
  if ((word == "readonly" || word == "idempotent") && function_begins(text_, first.end)) {
    return foreign("fbthrift-syntax", first.begin, first.end, first.end,
                   backquoted(word) + " before a function is fbthrift's");
  }
  return nullptr;
}

const char* Builder::include_name(const char* p) {
  const Token first = next_token(text_, offset(p));
  const Token second = next_token(text_, first.end);
  if (first.kind != Token::Kind::word || second.kind != Token::Kind::string) return nullptr;
  if (is_keyword(first.in(text_)) && has_line_end(text_, last_end_, first.begin)) return nullptr;
  report({Severity::error, "thriftrw-syntax",
          "`include NAME \"path\"` is thriftrw's: an included file is known by its own name",
          file_.range(first.begin, first.end)},
         first.begin);
  return text_.data() + second.begin;
}

void Builder::include_alias(const char* begin, const char* end) {
  report({Severity::error, "fbthrift-syntax",
          "`include \"path\" as NAME` is fbthrift's: an included file is known by its own name",
          range(begin, end)},
         offset(begin));
}

void Builder::type_takes_no_arguments() {
  const ast::Name& name = types_.back().name;
  const std::string word(name.text);
  if (word == "stream" || word == "sink") {
    fail({Severity::error, "fbthrift-syntax",
          "`" + word + "<...>` is fbthrift's: Apache's services do not stream", name.range},
         name.text.data());
  }
  fail({Severity::error, "expected-type",
        "`" + word + "` takes no types in `<...>`: list, set and map do", name.range},
       name.text.data());
}

void Builder::foreign_struct_value() {
  const SourceRange range = values_.back().range;
  fail({Severity::error, "fbthrift-syntax",
        "`" + std::string(range.text()) +
            "{name = value}` is fbthrift's; Apache's structs are `{\"name\": value}`",
        range},
       text_.data() + range.begin);
}

// --- separators ---------------------------------------------------------------------------------

void Builder::extra_separator(const char* begin, const char* end) {
  report(
      {Severity::error, "extra-separator",
       "unexpected `" + std::string(1, *begin) + "`: one separator is enough", range(begin, end)},
      offset(begin));
}

void Builder::needless_separator(const char* begin, const char* end) {
  not_portable(range(begin, end), "a `" + std::string(1, *begin) + "` in this place");
}

void Builder::old_spelling(const char* begin, const char* end) {
  not_portable(range(begin, end), "the spelling `" + std::string(begin, end) + "`");
}

}  // namespace thrift::syntax
