#pragma once

/// @file
/// The grammar's words: what is written by hand, blanks and comments, names, numbers, strings and
/// punctuation. grammar.hpp, which says how to read all this, makes sentences of them.

#include <tao/pegtl.hpp>

#include "idl/builder.hpp"
#include "idl/literals.hpp"
#include "idl/tokens.hpp"

namespace thrift::grammar {

namespace p = tao::pegtl;
using syntax::Builder;

// --- rules written by hand ----------------------------------------------------------------------

/// What such a rule is to PEGTL: one without parts.
template <class Rule>
struct leaf {
  using rule_t = leaf;
  using subs_t = p::empty_list;
};

/// Remembers the place behind a token. Always succeeds.
struct token_end : leaf<token_end> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    b.token_end(in.current());
    return true;
  }
};

/// Succeeds without reading where a definition begins: see `definition_begins`.
struct definition_start : leaf<definition_start> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    return syntax::definition_begins(b.text(), b.offset(in.current()));
  }
};

/// The same on a new line: where a name or a value must stand it is missing, but `service service
/// {` is a name.
struct next_definition : leaf<next_definition> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    const std::size_t at = b.offset(in.current());
    return syntax::definition_begins(b.text(), at) && syntax::starts_line(b.text(), at);
  }
};

/// Succeeds without reading where a function begins on a line of its own.
struct function_start : leaf<function_start> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    const std::size_t at = b.offset(in.current());
    return !in.empty() && syntax::is_letter(in.peek_char()) && syntax::starts_line(b.text(), at) &&
           syntax::function_begins(b.text(), at);
  }
};

/// A string literal. Read by hand because one that is not terminated must be cut somewhere.
struct string_literal : leaf<string_literal> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    if (in.empty() || (in.peek_char() != '"' && in.peek_char() != '\'')) return false;
    const char* const begin = in.current();
    const std::size_t at = b.offset(begin);
    auto found = syntax::scan_string(b.text(), at);
    if (found.line_end) {
      b.error("newline-in-string", b.range(begin, begin + (found.end - at)),
              "a string must end on the line that it begins on; a line end in it is written `\\n`");
    } else if (!found.terminated) {
      // What closes the brackets that are open was hardly meant to be part of it.
      const std::size_t line_end = found.end;
      found.end = found.content_end = b.before_closers(at + 1, found.content_end);
      if (found.end != line_end) b.quiet_at(found.end);
      b.error("unterminated-string", b.range(begin, begin + (found.end - at)),
              "this string is never closed");
    }
    in.bump(found.end - at);
    b.string(begin, in.current(), begin + (found.content_end - at), found.escapes);
    return true;
  }
};

/// Reports that R is missing, and goes on without it.
template <class Rule>
struct missing : leaf<missing<Rule>> {
  template <p::apply_mode, p::rewind_mode, template <class...> class,
            template <class...> class Control, class Input>
  static bool match(Input& in, Builder& b) {
    Control<Rule>::missing(in, b);
    return true;
  }
};
/// A character that begins no token at all.
struct stray : leaf<stray> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    const syntax::Token token = syntax::next_token(b.text(), b.offset(in.current()));
    if (token.kind != syntax::Token::Kind::stray) return false;
    in.bump(syntax::skip_blanks(b.text(), token.end) - b.offset(in.current()));
    return true;
  }
};
/// Reports that something stands before R that does not belong there.
template <class Rule>
struct unexpected : leaf<unexpected<Rule>> {
  template <p::apply_mode, p::rewind_mode, template <class...> class,
            template <class...> class Control, class Input>
  static bool match(Input& in, Builder& b) {
    Control<Rule>::unexpected(in, b);
    return true;
  }
};
/// `Instead` is what may stand in its place by mistake.
template <class Rule, class... Instead>
struct insert : p::sor<Rule, p::seq<p::at<stray, Rule>, unexpected<Rule>, stray, Rule>, Instead...,
                       missing<Rule>> {};

/// Looks ahead with one of the Builder's functions; reads nothing.
template <bool (Builder::*look)(const char*) const>
struct looks : leaf<looks<look>> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    return !in.empty() && (b.*look)(in.current());
  }
};

/// Succeeds without reading at a word that was most likely meant to be this keyword.
template <class Keyword>
struct means : leaf<means<Keyword>> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    return b.intended_keyword(in.current()) == Keyword::spelling;
  }
};
/// Reads and reports that word.
template <class Keyword>
struct misspelt : leaf<misspelt<Keyword>> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    const char* const begin = in.current();
    in.bump(syntax::next_token(b.text(), b.offset(begin)).end - b.offset(begin));
    b.misspelt(begin, in.current(), Keyword::spelling);
    return true;
  }
};

/// Passes over what one of the Builder's functions recognises as another dialect's syntax.
template <const char* (Builder::*pass)(const char*)>
struct foreign : leaf<foreign<pass>> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    const char* const behind = (b.*pass)(in.current());
    if (behind == nullptr) return false;
    in.bump(static_cast<std::size_t>(behind - in.current()));
    return true;
  }
};

// --- blanks and comments ------------------------------------------------------------------------

struct blank : p::plus<p::one<' ', '\t', '\n', '\r', '\v', '\f'>> {};
struct line_comment : p::seq<p::sor<p::one<'#'>, p::two<'/'>>, p::star<p::not_one<'\n'>>> {};
struct block_comment : p::seq<p::string<'/', '*'>, p::until<p::string<'*', '/'>>> {};
struct unterminated_comment : p::seq<p::string<'/', '*'>, p::star<p::any>> {};
struct skip
    : p::star<p::sor<blank, p::seq<p::at<p::one<'/', '#'>>,
                                   p::sor<line_comment, block_comment, unterminated_comment>>>> {};

// --- tokens -------------------------------------------------------------------------------------

struct letter : p::ranges<'a', 'z', 'A', 'Z', '_'> {};
struct word_char : p::ranges<'a', 'z', 'A', 'Z', '0', '9', '_'> {};
struct digits : p::plus<p::digit> {};

/// A name as Apache's compiler reads it; where a name is defined, dots in it are an error.
struct identifier : p::seq<letter, p::star<word_char>, p::star<p::one<'.'>, p::plus<word_char>>> {};
/// A name where it is used: the parts may be joined by hyphens as well, as in names of files.
struct reference : p::seq<letter, p::star<word_char>,
                          p::star<p::sor<p::seq<p::one<'.'>, p::plus<word_char>>,
                                         p::seq<p::one<'-'>, letter, p::star<word_char>>>>> {};
struct namespace_path
    : p::seq<letter, p::star<p::sor<word_char, p::seq<p::one<'.', '-'>, word_char>>>> {};

template <class... Rules>
struct token : p::seq<Rules..., token_end, skip> {};

template <char... C>
struct keyword
    : p::seq<p::string<C...>, p::not_at<p::sor<word_char, p::seq<p::one<'.'>, word_char>>>> {};

template <char C>
struct mark : token<p::one<C>> {};

struct hexadecimal : p::seq<p::string<'0', 'x'>, p::plus<p::xdigit>> {};
struct fraction : p::seq<p::one<'.'>, digits> {};
struct exponent : p::seq<p::one<'e', 'E'>, p::opt<p::one<'+', '-'>>, digits> {};
struct decimal : p::sor<p::seq<digits, p::opt<fraction>, p::opt<exponent>>,
                        p::seq<fraction, p::opt<exponent>>> {};
struct number_text : p::seq<p::opt<p::one<'+', '-'>>, p::sor<hexadecimal, decimal>> {};
/// `5.`, `0XFF`, `12abc`
struct malformed_number : p::plus<p::sor<word_char, p::one<'.'>>> {};
struct number : token<number_text, p::opt<malformed_number>> {};
struct literal : token<string_literal> {};
struct boolean_text : p::sor<keyword<'t', 'r', 'u', 'e'>, keyword<'f', 'a', 'l', 's', 'e'>> {};

struct colon : mark<':'> {};
struct comma : mark<','> {};
struct equals : mark<'='> {};
/// `{{` and `((` are an error, and as long as there was one, `}}` and `))` are none.
struct extra_open_text : p::one<'{', '('> {};
template <char C>
struct surplus_close : p::seq<looks<&Builder::has_surplus_close>, mark<C>> {};
struct open_brace_text : p::one<'{'> {};
struct open_brace
    : p::seq<token<open_brace_text>, p::star<p::at<p::one<'{'>>, token<extra_open_text>>> {};
struct close_brace : p::seq<mark<'}'>, p::opt<surplus_close<'}'>>> {};
struct open_paren_text : p::one<'('> {};
struct open_paren
    : p::seq<token<open_paren_text>, p::star<p::at<p::one<'('>>, token<extra_open_text>>> {};
struct close_paren : p::seq<mark<')'>, p::opt<surplus_close<')'>>> {};
struct open_angle_text : p::one<'<'> {};
struct open_angle : token<open_angle_text> {};
struct close_angle : mark<'>'> {};
struct close_bracket : mark<']'> {};
/// A bracket of another kind, in place of the one that closes: `list<i32} a`.
template <class Rule>
struct other_closer : leaf<other_closer<Rule>> {
  template <p::apply_mode, p::rewind_mode, template <class...> class,
            template <class...> class Control, class Input>
  static bool match(Input& in, Builder& b) {
    if (in.empty() || !b.closes_wrongly(in.current())) return false;
    Control<Rule>::unexpected(in, b);
    in.bump(1);
    b.token_end(in.current());
    b.close_bracket();
    return true;
  }
};
template <class Rule>
struct insert_closer : insert<Rule, p::seq<other_closer<Rule>, skip>> {};

/// One between two members; more are an error, which is not worth losing a member for.
struct extra_separator_text : p::one<',', ';'> {};
struct extra_separator : token<extra_separator_text> {};
struct separator : p::seq<token<p::one<',', ';'>>, p::star<extra_separator>> {};
/// Apache's compiler knows none in this place.
struct needless_separator_text : p::one<',', ';'> {};
struct needless_separator : p::seq<token<needless_separator_text>, p::star<extra_separator>> {};

}  // namespace thrift::grammar
