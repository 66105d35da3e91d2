#include "idl/syntax_error.hpp"

#include <array>
#include <cstdio>

#include "idl/tokens.hpp"
#include "idl/utf8.hpp"

namespace thrift::syntax {
namespace {

std::string_view phrase(Expect expected) {
  switch (expected) {
    case Expect::nothing: return "nothing";
    case Expect::definition: return "a definition";
    case Expect::definition_name: return "a name";
    case Expect::field: return "a field";
    case Expect::argument: return "an argument";
    case Expect::field_type: return "a field type";
    case Expect::field_name: return "a field name";
    case Expect::type: return "a type";
    case Expect::function: return "a function";
    case Expect::function_name: return "a function name";
    case Expect::enum_value: return "an enum value";
    case Expect::namespace_scope: return "a language or `*`";
    case Expect::namespace_name: return "a namespace";
    case Expect::service_name: return "the name of a service";
    case Expect::throws: return "`throws`";
    case Expect::value: return "a value";
    case Expect::integer: return "an integer";
    case Expect::string: return "a string in quotes";
    case Expect::annotation: return "an annotation";
    case Expect::annotation_value: return "a string in quotes";
    case Expect::colon: return "`:`";
    case Expect::comma: return "`,`";
    case Expect::equals: return "`=`";
    case Expect::open_brace: return "`{`";
    case Expect::open_paren: return "`(`";
    case Expect::open_angle: return "`<`";
    case Expect::close_brace: return "`}`";
    case Expect::close_bracket: return "`]`";
    case Expect::close_paren: return "`)`";
    case Expect::close_angle: return "`>`";
    case Expect::end_of_text: return "nothing more";
  }
  return "something else";
}

std::string_view id_of(Expect expected) {
  switch (expected) {
    case Expect::definition: return "expected-definition";
    case Expect::field:
    case Expect::argument:
    case Expect::function:
    case Expect::enum_value:
    case Expect::annotation: return "expected-member";
    case Expect::field_type:
    case Expect::type: return "expected-type";
    case Expect::definition_name:
    case Expect::field_name:
    case Expect::function_name:
    case Expect::namespace_scope:
    case Expect::namespace_name:
    case Expect::service_name: return "expected-name";
    case Expect::value:
    case Expect::integer:
    case Expect::string:
    case Expect::annotation_value: return "expected-value";
    case Expect::close_brace:
    case Expect::close_bracket:
    case Expect::close_paren:
    case Expect::close_angle: return "unclosed-bracket";
    default: return "expected-token";
  }
}

/// Whether the thing begins a member of a list: then it is the token found that is wrong, and not
/// something that is missing behind the last one.
bool begins_member(Expect expected) {
  return id_of(expected) == "expected-member";
}

bool is_name(Expect expected) {
  return id_of(expected) == "expected-name";
}
bool is_type(Expect expected) {
  return id_of(expected) == "expected-type";
}

struct NamedCharacter {
  std::uint32_t code_point;
  std::string_view name;
  std::string_view instead;
};
// Characters that slip into files from word processors and web pages, and look like others.
constexpr std::array look_alikes{
    NamedCharacter{0x00A0, "no-break space", " "},
    NamedCharacter{0x2013, "en dash", "-"},
    NamedCharacter{0x2014, "em dash", "-"},
    NamedCharacter{0x2018, "left single quotation mark", "'"},
    NamedCharacter{0x2019, "right single quotation mark", "'"},
    NamedCharacter{0x201C, "left double quotation mark", "\""},
    NamedCharacter{0x201D, "right double quotation mark", "\""},
    NamedCharacter{0x2212, "minus sign", "-"},
    NamedCharacter{0x3000, "ideographic space", " "},
    NamedCharacter{0xFEFF, "byte order mark", ""},
    NamedCharacter{0xFF0C, "fullwidth comma", ","},
    NamedCharacter{0xFF1A, "fullwidth colon", ":"},
    NamedCharacter{0xFF1B, "fullwidth semicolon", ";"},
};

const NamedCharacter* find_look_alike(std::uint32_t c) {
  for (const NamedCharacter& known : look_alikes) {
    if (known.code_point == c) return &known;
  }
  return nullptr;
}

std::string describe_character(std::string_view text, std::size_t at) {
  const utf8::CodePoint c = utf8::decode(text, at);
  std::array<char, 16> number{};
  if (!c.valid) {
    std::snprintf(number.data(), number.size(), "0x%02X",
                  static_cast<unsigned>(static_cast<unsigned char>(text[at])));
    return "byte " + std::string(number.data());
  }
  if (c.value > 0x20 && c.value < 0x7F) return backquoted(text.substr(at, 1));
  std::snprintf(number.data(), number.size(), "U+%04X", static_cast<unsigned>(c.value));
  const NamedCharacter* known = find_look_alike(c.value);
  if (known != nullptr) return std::string(number.data()) + " (" + std::string(known->name) + ")";
  if (c.value < 0x80) return std::string(number.data());
  return backquoted(text.substr(at, c.length)) + " (" + number.data() + ')';
}

Diagnostic describe_stray(Expect expected, const ErrorPlace& place, const Token& token) {
  const std::string_view text = place.file.text();
  Diagnostic d{
      Severity::error, "unexpected-character", {}, place.file.range(token.begin, token.end)};
  const char c = text[token.begin];
  if ((c == '-' || c == '+' || c == '.') && expected == Expect::value) {
    d.id = "bad-number";
    d.message = "a digit must follow `" + std::string(1, c) + "`";
    return d;
  }
  d.message = utf8::decode(text, token.begin).valid ? "unexpected character " : "unexpected ";
  d.message +=
      describe_character(text, token.begin) + "; expected " + std::string(phrase(expected));
  if (const auto* known = find_look_alike(utf8::decode(text, token.begin).value);
      known != nullptr && known->instead.find_first_not_of(' ') == 0) {
    d.suggestion = known->instead;
  }
  return d;
}

}  // namespace

std::string describe_token(std::string_view text, std::size_t at) {
  const Token token = next_token(text, at);
  constexpr std::size_t longest = 40;
  switch (token.kind) {
    case Token::Kind::end: return "the end of the file";
    case Token::Kind::stray: return describe_character(text, token.begin);
    case Token::Kind::string: return "a string";
    default: break;
  }
  std::string_view shown = token.in(text);
  const bool cut = shown.size() > longest;
  if (cut) shown = shown.substr(0, longest);
  return cut ? backquoted(std::string(shown) + "...") : backquoted(shown);
}

Diagnostic describe(Expect expected, const ErrorPlace& place) {
  const std::string_view text = place.file.text();
  const Token token = next_token(text, place.at);
  if (token.kind == Token::Kind::stray) return describe_stray(expected, place, token);

  Diagnostic d{
      Severity::error, std::string(id_of(expected)), {}, place.file.range(token.begin, token.end)};
  const std::string found = describe_token(text, token.begin);
  const std::string_view word = token.in(text);
  const std::string wanted(phrase(expected));

  const bool on_later_line = place.last_end != 0 && has_line_end(text, place.last_end, token.begin);
  const bool is_word = token.kind == Token::Kind::word;
  const std::string last =
      describe_token(text, place.last_end == 0 ? 0 : last_token(text, place.last_end).begin);

  if (is_name(expected) && is_word && is_keyword(word) && !on_later_line) {
    d.id = "reserved-word";
    d.message = found + " is a word of the language; " + wanted + " is expected here";
  } else if (is_type(expected) && word == "void") {
    d.id = "expected-type";
    d.message = "`void` is no type but that of a function without result; expected " + wanted;
  } else if (is_type(expected) && is_word && is_keyword(word)) {
    d.id = "reserved-word";
    d.message = found + " is a word of the language and no type";
  } else if (expected == Expect::string && !on_later_line && (is_word || word == "<")) {
    d.message = "expected " + wanted + ", found " + found;
    // `include a/b.thrift` and the like: all up to the next blank is what was meant.
    const std::size_t end = std::min(text.find_first_of(" \t\r\n;,", token.begin), text.size());
    d.range.end = static_cast<std::uint32_t>(end);
    std::string_view path = text.substr(token.begin, end - token.begin);
    if (path.starts_with('<') && path.ends_with('>')) path = path.substr(1, path.size() - 2);
    d.suggestion = "\"" + std::string(path) + "\"";
  } else if (on_later_line && !begins_member(expected) && expected != Expect::definition) {
    // What is missing is missing behind the last token: the one on a later line is innocent.
    d.message = "expected " + wanted + " after " + last;
    if (d.id == "unclosed-bracket") d.message += ", found " + found;
    d.range = place.file.range(place.last_end, place.last_end);
  } else {
    d.message = "expected " + wanted;
    if (begins_member(expected) && place.open != nullptr) {
      d.message += " or `" + std::string(1, closer_of(place.open->bracket)) + "`";
    } else if (expected == Expect::field_name) {
      d.message += " after " + last;  // which may be the name, and the type forgotten
    }
    d.message += ", found " + found;
  }
  if (d.id == "unclosed-bracket" && place.open != nullptr) {
    d.notes.push_back({"`" + std::string(1, place.open->bracket) + "` is opened here",
                       place.file.range(place.open->offset, place.open->offset + 1)});
  }
  return d;
}

}  // namespace thrift::syntax
