#pragma once

/// @file
/// The grammar of the Thrift language, in PEGTL.
///
/// How to read it. A token is its characters, `token_end`, and the blanks and comments behind it;
/// so a rule always begins at a token, and comments are seen once. `must` insists: without what it
/// names the text is wrong (parser.cpp says what was expected). `insert` insists too, but having
/// reported the mistake it goes on as though the thing were there: so for punctuation, whose
/// absence leaves no doubt about what follows. The rules that recover are `definition`, `field`,
/// `argument`, `enum_value`, `function`, `list_element`, `map_entry` and `annotation`: what fails
/// within one is passed over, and the list that it is part of goes on.
///
/// The first token decides between alternatives nearly everywhere, so that nothing is read twice
/// and actions can build the tree as they run.
///
/// Only parser.cpp and the test that analyses the grammar include this: it is slow to compile.

#include "idl/grammar_tokens.hpp"

namespace thrift::grammar {

// --- annotations --------------------------------------------------------------------------------

struct annotation_name_text : identifier {};
struct annotation_quoted_name : string_literal {};
struct annotation_string : string_literal {};
struct annotation_number : number_text {};
struct annotation_word : reference {};
struct broken_annotation_string : foreign<&Builder::broken_string> {};
struct annotation_value : p::sor<broken_annotation_string, token<annotation_string>,
                                 token<annotation_number>, token<annotation_word>> {};
struct annotation_name : token<p::sor<annotation_name_text, annotation_quoted_name>> {};
struct annotation_end : p::success {};
struct annotation_equals : p::sor<equals, p::seq<p::at<p::one<'"', '\''>>, missing<equals>>> {};
struct annotation
    : p::seq<p::must<annotation_name>, p::opt<annotation_equals, p::must<annotation_value>>,
             annotation_end, p::opt<separator>> {};
/// No annotation begins with a digit or an angle, but what is behind a forgotten parenthesis may.
struct annotations_stop : p::sor<p::one<')', '}', '>'>, p::digit, p::eof, definition_start> {};
struct annotations : p::seq<open_paren, p::star<p::not_at<annotations_stop>, annotation>,
                            insert_closer<close_paren>> {};

// --- types --------------------------------------------------------------------------------------

struct type;
struct list_text : keyword<'l', 'i', 's', 't'> {};
struct set_text : keyword<'s', 'e', 't'> {};
struct map_text : keyword<'m', 'a', 'p'> {};
struct cpp_type_word : token<keyword<'c', 'p', 'p', '_', 't', 'y', 'p', 'e'>> {};
struct leading_cpp_type : p::seq<cpp_type_word, p::must<literal>> {};
/// A field may be named `cpp_type`: only a string behind the word makes it the keyword.
struct trailing_cpp_type : p::seq<cpp_type_word, literal> {};
struct type_argument : p::must<type> {};
struct type_end : p::success {};
/// `listi32>` and `mapstring, string>`: the `<` was forgotten.
struct unopened_list : p::seq<p::at<p::one<'l', 's'>>, foreign<&Builder::unopened_list>> {};
struct unopened_map : p::seq<p::at<p::one<'m'>>, foreign<&Builder::unopened_map>> {};
struct list_type
    : p::seq<p::sor<p::seq<token<p::sor<list_text, set_text>>, p::opt<leading_cpp_type>,
                           p::must<open_angle>>,
                    unopened_list>,
             type_argument, insert_closer<close_angle>, p::opt<trailing_cpp_type>, type_end> {};
struct map_type
    : p::seq<p::sor<p::seq<token<map_text>, p::opt<leading_cpp_type>, p::must<open_angle>>,
                    unopened_map>,
             type_argument, insert<comma>, type_argument, insert_closer<close_angle>,
             p::opt<trailing_cpp_type>, type_end> {};
struct simple_type_text : reference {};
struct stray_angle : p::one<'<'> {};
struct simple_type : p::seq<token<simple_type_text>, p::opt<stray_angle>> {};
/// Where a function's name was forgotten, its arguments follow the type.
struct type_annotations
    : p::seq<p::at<p::one<'('>>, p::not_at<looks<&Builder::arguments_begin>>, annotations> {};
struct type : p::seq<p::sor<list_type, map_type, simple_type>, p::opt<type_annotations>> {};

// --- values -------------------------------------------------------------------------------------

struct value;
struct number_value : number {};
struct string_value : literal {};
struct identifier_text : reference {};
struct stray_brace : p::one<'{'> {};
struct identifier_value
    : p::seq<p::not_at<next_definition>, token<identifier_text>, p::opt<stray_brace>> {};
struct value_end : p::success {};

struct list_stop : p::sor<p::one<']', '}', ')'>, p::eof, definition_start> {};
struct list_element_end : p::success {};
struct list_element : p::seq<p::must<value>, list_element_end, p::opt<separator>> {};
struct open_list : p::one<'['> {};
struct list_rest
    : p::seq<p::star<p::not_at<list_stop>, list_element>, insert_closer<close_bracket>, value_end> {
};
struct list_value : p::seq<token<open_list>, list_rest> {};
struct unopened_list_value : p::seq<looks<&Builder::list_lacks_bracket>,
                                    foreign<&Builder::unopened_list_value>, list_rest> {};

struct map_stop : p::sor<p::one<'}', ']', ')'>, p::eof, definition_start,
                         p::seq<p::at<p::digit>, looks<&Builder::next_field>>> {};
struct map_entry_end : p::success {};
struct map_entry
    : p::seq<p::must<value>, insert<colon>, p::must<value>, map_entry_end, p::opt<separator>> {};
struct open_map : p::one<'{'> {};
struct map_rest
    : p::seq<p::star<p::not_at<map_stop>, map_entry>, insert_closer<close_brace>, value_end> {};
struct map_value
    : p::seq<token<open_map>, p::opt<looks<&Builder::doubled_brace>, token<extra_open_text>>,
             map_rest> {};
struct unopened_map_value
    : p::seq<looks<&Builder::map_lacks_brace>, foreign<&Builder::unopened_map_value>, map_rest> {};

struct broken_string : foreign<&Builder::broken_string> {};
struct broken_value : p::seq<broken_string, p::success> {};
struct value
    : p::sor<number_value, broken_value, string_value, identifier_value, list_value, map_value> {};
/// A constant or a default, whose opening bracket may have been forgotten.
struct whole_value : p::sor<unopened_list_value, unopened_map_value, value> {};

// --- fields -------------------------------------------------------------------------------------

struct structured_annotation
    : p::seq<p::at<p::one<'@'>>, foreign<&Builder::structured_annotation>> {};

struct fields_begin : p::success {};
struct field_begin : p::success {};
struct field_id_number : number {};
struct field_id_boolean : boolean_text {};
/// `1string name`
struct glued_field_id : p::seq<p::at<p::digit>, foreign<&Builder::glued_field_id>> {};
struct field_id : p::sor<glued_field_id,
                         p::seq<p::sor<field_id_number, token<field_id_boolean>>, insert<colon>>> {
};
struct requiredness_text : p::sor<keyword<'r', 'e', 'q', 'u', 'i', 'r', 'e', 'd'>,
                                  keyword<'o', 'p', 't', 'i', 'o', 'n', 'a', 'l'>> {};
struct misspelt_requiredness : leaf<misspelt_requiredness> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    // Nearly every field comes by here: the first letter tells whether a closer look is due.
    constexpr std::string_view letters = "roROep";
    if (in.empty() || letters.find(in.peek_char()) == std::string_view::npos) return false;
    const auto meant = b.intended_requiredness(in.current());
    if (meant.empty()) return false;
    const char* const begin = in.current();
    in.bump(syntax::next_token(b.text(), b.offset(begin)).end - b.offset(begin));
    b.misspelt(begin, in.current(), meant);
    b.misspelt_requiredness(begin, in.current(), meant);
    return true;
  }
};
struct requiredness : token<p::sor<requiredness_text, misspelt_requiredness>> {};
struct field_type : type {};
struct field_reference : mark<'&'> {};
struct field_name_text : identifier {};
struct field_name : p::seq<p::not_at<next_definition>, token<field_name_text>> {};
/// `double ratio 2.5` and `RED 1` lack only the `=`.
template <bool (Builder::*follows)(const char*) const>
struct equals_before : p::sor<equals, p::seq<looks<follows>, missing<equals>>> {};
/// `1: i32 a =` on a line of its own lacks its value: that is not the id of the next field.
struct default_value
    : p::seq<p::not_at<p::at<p::digit>, looks<&Builder::next_field>>, whole_value> {};
struct field_default : p::seq<equals_before<&Builder::default_follows>, p::must<default_value>> {};
/// Spellings that other parsers know. Only the documentation of Apache ever had them: where a word
/// follows, they are the type of the next field.
template <char... C>
struct old_spelling
    : p::seq<keyword<C...>, p::not_at<skip, p::not_at<p::string<'x', 's', 'd'>>, letter>> {};
struct xsd_optional
    : token<p::sor<keyword<'x', 's', 'd', '_', 'o', 'p', 't', 'i', 'o', 'n', 'a', 'l'>,
                   old_spelling<'x', 's', 'd', 'O', 'p', 't', 'i', 'o', 'n', 'a', 'l'>>> {};
struct xsd_nillable
    : token<p::sor<keyword<'x', 's', 'd', '_', 'n', 'i', 'l', 'l', 'a', 'b', 'l', 'e'>,
                   old_spelling<'x', 's', 'd', 'N', 'i', 'l', 'l', 'a', 'b', 'l', 'e'>>> {};
struct fields;
struct xsd_attrs
    : p::seq<token<p::sor<
                 keyword<'x', 's', 'd', '_', 'a', 't', 't', 'r', 's'>,
                 old_spelling<'x', 's', 'd', '_', 'a', 't', 't', 'r', 'i', 'b', 'u', 't', 'e', 's'>,
                 old_spelling<'x', 's', 'd', 'A', 't', 't', 'r', 's'>>>,
             p::must<open_brace>, fields, insert<close_brace>> {};
struct field_annotations : annotations {};
struct field_end : p::success {};
/// What is rare is tried only where its first letter stands.
struct field_xsd
    : p::seq<p::at<p::one<'x'>>, p::opt<xsd_optional>, p::opt<xsd_nillable>, p::opt<xsd_attrs>> {};
struct field_body : p::seq<field_begin, p::star<structured_annotation>, p::opt<field_id>,
                           p::opt<requiredness>, p::must<field_type>, p::opt<field_reference>,
                           p::must<field_name>, p::opt<field_default>, p::opt<field_xsd>,
                           p::opt<field_annotations>, field_end, p::opt<separator>> {};
struct field : field_body {};
struct argument : field_body {};

struct body_stop : p::sor<p::one<'}'>, p::eof, definition_start> {};
struct fields : p::seq<fields_begin, p::star<p::not_at<body_stop>, field>> {};
struct arguments_stop
    : p::sor<p::one<')', '}'>, p::eof, looks<&Builder::no_argument>,
             keyword<'t', 'h', 'r', 'o', 'w', 's'>, definition_start, function_start> {};
struct arguments_begin
    : p::sor<open_paren, p::seq<looks<&Builder::argument_follows>, missing<open_paren>>> {};
struct arguments
    : p::seq<arguments_begin, fields_begin, p::star<p::not_at<arguments_stop>, argument>,
             insert_closer<close_paren>> {};

// --- definitions --------------------------------------------------------------------------------

struct definition_name_text : identifier {};
struct definition_name : p::seq<p::not_at<next_definition>, token<definition_name_text>> {};
/// Of what has braces: `struct {` lacks its name, and is read all the same.
struct braced_name : p::sor<definition_name, p::seq<p::at<p::one<'{'>>, missing<definition_name>>> {
};
/// Opens a body, whatever stands before the brace on its line, or in its place.
struct body_begin : insert<open_brace, p::seq<foreign<&Builder::strays_before_brace>, open_brace>,
                           foreign<&Builder::wrong_open_brace>> {};
struct definition_annotations : annotations {};
struct definition_end : p::success {};
struct definition_tail
    : p::seq<p::opt<definition_annotations>, definition_end, p::opt<needless_separator>> {};

struct typedef_begin : p::success {};
struct typedef_type : type {};
struct typedef_rest : p::seq<p::must<typedef_type, definition_name>, p::opt<definition_annotations>,
                             definition_end, p::opt<separator>> {};

struct const_begin : p::success {};
struct const_type : type {};
struct const_value : whole_value {};
struct const_annotations : annotations {};
struct const_rest
    : p::seq<p::must<const_type, definition_name>, insert<equals>, p::must<const_value>,
             p::opt<const_annotations>, definition_end, p::opt<separator>> {};

struct struct_begin : p::success {};
struct union_begin : p::success {};
struct exception_begin : p::success {};
struct xsd_all : token<p::sor<keyword<'x', 's', 'd', '_', 'a', 'l', 'l'>,
                              old_spelling<'x', 's', 'd', 'A', 'l', 'l'>>> {};
struct struct_fields : fields {};
struct struct_rest : p::seq<p::must<braced_name>, p::opt<xsd_all>, body_begin, struct_fields,
                            insert<close_brace>, definition_tail> {};

struct enum_begin : p::success {};
struct enum_value_begin : p::success {};
struct enum_value_name_text : identifier {};
struct enum_value_name : token<enum_value_name_text> {};
struct enum_value_number : number {};
struct enum_value_boolean : boolean_text {};
struct enum_number : p::sor<enum_value_number, token<enum_value_boolean>> {};
struct enum_value_annotations : annotations {};
struct enum_value_end : p::success {};
struct enum_value
    : p::seq<enum_value_begin, p::star<structured_annotation>, p::must<enum_value_name>,
             p::opt<equals_before<&Builder::number_follows>, p::must<enum_number>>,
             p::opt<enum_value_annotations>, enum_value_end, p::opt<separator>> {};
struct enum_rest
    : p::seq<p::must<braced_name>, body_begin, p::star<p::not_at<body_stop>, enum_value>,
             insert<close_brace>, definition_tail> {};

struct function_begin : p::success {};
struct call_text : p::sor<keyword<'o', 'n', 'e', 'w', 'a', 'y'>, keyword<'a', 's', 'y', 'n', 'c'>> {
};
struct misspelt_call : leaf<misspelt_call> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    constexpr std::string_view letters = "oOnN";
    if (in.empty() || letters.find(in.peek_char()) == std::string_view::npos) return false;
    const auto meant = b.intended_call(in.current());
    if (meant.empty()) return false;
    const char* const begin = in.current();
    in.bump(syntax::next_token(b.text(), b.offset(begin)).end - b.offset(begin));
    b.misspelt(begin, in.current(), meant);
    b.function_call(meant.data(), meant.data() + meant.size());
    return true;
  }
};
struct call : token<p::sor<call_text, misspelt_call>> {};
struct void_text : keyword<'v', 'o', 'i', 'd'> {};
/// `name(1: i32 a)`: the type of the result was forgotten.
struct missing_result : p::seq<looks<&Builder::result_missing>, foreign<&Builder::missing_result>> {
};
struct function_type : p::sor<token<void_text>, missing_result, type> {};
struct function_name_text : identifier {};
struct function_name : token<function_name_text> {};
struct function_arguments : arguments {};
struct throws_text : keyword<'t', 'h', 'r', 'o', 'w', 's'> {};
struct misspelt_throws : leaf<misspelt_throws> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    constexpr std::string_view letters = "trhTRH";
    if (in.empty() || letters.find(in.peek_char()) == std::string_view::npos) return false;
    if (!b.intended_throws(in.current())) return false;
    const char* const begin = in.current();
    in.bump(syntax::next_token(b.text(), b.offset(begin)).end - b.offset(begin));
    b.misspelt(begin, in.current(), "throws");
    b.function_throws(begin, in.current());
    return true;
  }
};
struct function_exceptions : arguments {};
/// `void f() (1: X x)`
struct missing_throws : p::seq<p::at<p::one<'('>>, foreign<&Builder::missing_throws>> {};
struct throws_clause : p::seq<p::sor<token<p::sor<throws_text, misspelt_throws>>, missing_throws>,
                              p::must<function_exceptions>> {};
struct function_annotations : annotations {};
struct function_end : p::success {};
struct function_body : p::seq<function_begin, p::opt<call>, p::must<function_type, function_name>,
                              p::must<function_arguments>, p::opt<throws_clause>,
                              p::opt<function_annotations>, function_end, p::opt<separator>> {};
struct foreign_function
    : p::seq<p::at<p::one<'@', 'p', 'r', 'i'>>, foreign<&Builder::foreign_function>> {};
struct function : p::sor<foreign_function, function_body> {};

struct service_begin : p::success {};
struct extends_name_text : reference {};
struct misspelt_extends : leaf<misspelt_extends> {
  template <p::apply_mode, p::rewind_mode, template <class...> class, template <class...> class,
            class Input>
  static bool match(Input& in, Builder& b) {
    if (!b.intended_extends(in.current())) return false;
    const char* const begin = in.current();
    in.bump(syntax::next_token(b.text(), b.offset(begin)).end - b.offset(begin));
    b.misspelt(begin, in.current(), "extends");
    return true;
  }
};
struct extends_word : token<p::sor<keyword<'e', 'x', 't', 'e', 'n', 'd', 's'>,
                                   p::seq<p::not_at<p::one<'{'>>, misspelt_extends>>> {};
struct extends_name : token<extends_name_text> {};
struct extends : p::seq<extends_word, p::must<extends_name>> {};
struct service_rest
    : p::seq<p::must<braced_name>, p::opt<extends>, body_begin,
             p::star<p::not_at<body_stop>, function>, insert<close_brace>, definition_tail> {};

// --- headers ------------------------------------------------------------------------------------

struct header_begin : p::success {};
struct include_name : foreign<&Builder::include_name> {};
struct include_alias_text : p::seq<keyword<'a', 's'>, skip, identifier> {};
struct include_alias : token<include_alias_text> {};
struct path_token : literal {};
struct include_path
    : p::sor<foreign<&Builder::broken_string>, p::seq<p::opt<include_name>, p::must<path_token>>> {
};
struct include_end : p::success {};
struct include_rest
    : p::seq<include_path, include_end, p::opt<include_alias>, p::opt<needless_separator>> {};
struct cpp_include_end : p::success {};
struct cpp_include_rest : p::seq<p::must<path_token>, cpp_include_end, p::opt<needless_separator>> {
};

struct namespace_scope_text : p::sor<p::one<'*'>, namespace_path> {};
struct namespace_scope : p::seq<p::not_at<next_definition>, token<namespace_scope_text>> {};
struct namespace_name_text : namespace_path {};
struct namespace_string : string_literal {};
struct namespace_name
    : p::seq<p::not_at<next_definition>, token<p::sor<namespace_name_text, namespace_string>>> {};
struct namespace_annotations : annotations {};
struct namespace_end : p::success {};
struct namespace_behind : p::success {};
struct namespace_rest
    : p::seq<p::must<namespace_scope, namespace_name>, p::opt<namespace_annotations>, namespace_end,
             p::opt<needless_separator>, namespace_behind> {};

// --- the file -----------------------------------------------------------------------------------

// Each keyword knows its spelling, for words that were meant to be it.
struct struct_word : keyword<'s', 't', 'r', 'u', 'c', 't'> {
  static constexpr std::string_view spelling = "struct";
};
struct union_word : keyword<'u', 'n', 'i', 'o', 'n'> {
  static constexpr std::string_view spelling = "union";
};
struct exception_word : keyword<'e', 'x', 'c', 'e', 'p', 't', 'i', 'o', 'n'> {
  static constexpr std::string_view spelling = "exception";
};
struct enum_word : keyword<'e', 'n', 'u', 'm'> {
  static constexpr std::string_view spelling = "enum";
};
struct service_word : keyword<'s', 'e', 'r', 'v', 'i', 'c', 'e'> {
  static constexpr std::string_view spelling = "service";
};
struct typedef_word : keyword<'t', 'y', 'p', 'e', 'd', 'e', 'f'> {
  static constexpr std::string_view spelling = "typedef";
};
struct const_word : keyword<'c', 'o', 'n', 's', 't'> {
  static constexpr std::string_view spelling = "const";
};
struct namespace_word : keyword<'n', 'a', 'm', 'e', 's', 'p', 'a', 'c', 'e'> {
  static constexpr std::string_view spelling = "namespace";
};
struct include_word : keyword<'i', 'n', 'c', 'l', 'u', 'd', 'e'> {
  static constexpr std::string_view spelling = "include";
};
struct cpp_include_word : keyword<'c', 'p', 'p', '_', 'i', 'n', 'c', 'l', 'u', 'd', 'e'> {
  static constexpr std::string_view spelling = "cpp_include";
};

/// `Begin` runs at the keyword, once that is certain.
template <class Keyword, class Begin, class Rest>
struct proper : p::seq<p::at<Keyword>, Begin, token<Keyword>, Rest> {};
template <class Keyword, class Begin, class Rest>
struct improper : p::seq<means<Keyword>, Begin, token<misspelt<Keyword>>, Rest> {};

template <template <class, class, class> class Form>
struct definitions_of
    : p::sor<Form<struct_word, struct_begin, struct_rest>, Form<enum_word, enum_begin, enum_rest>,
             Form<typedef_word, typedef_begin, typedef_rest>,
             Form<const_word, const_begin, const_rest>,
             Form<service_word, service_begin, service_rest>,
             Form<exception_word, exception_begin, struct_rest>,
             Form<union_word, union_begin, struct_rest>,
             Form<namespace_word, header_begin, namespace_rest>,
             Form<include_word, header_begin, include_rest>,
             Form<cpp_include_word, header_begin, cpp_include_rest>> {};

struct proper_definition : definitions_of<proper> {};
struct foreign_definition : foreign<&Builder::foreign_definition> {};
struct improper_definition : p::sor<foreign_definition, definitions_of<improper>> {};
struct any_definition : p::sor<proper_definition, improper_definition> {};
struct definition : p::must<any_definition> {};

struct program : p::seq<skip, p::star<p::not_at<p::eof>, definition>> {};

struct end_of_text : p::eof {};
struct type_alone : p::must<type> {};
struct type_program : p::seq<skip, type_alone, p::must<end_of_text>> {};

}  // namespace thrift::grammar
