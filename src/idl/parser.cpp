// The one translation unit that knows PEGTL: grammar, actions and control come together here.
//
// Everything is resolved at compile time: an action is a specialisation for the rule whose text it
// gets, the control says for each rule what was expected where it fails, which rules recover, and
// which nest.

#include <thriftpp/idl/parser.hpp>

#include "idl/grammar.hpp"

namespace thrift {
namespace {

namespace g = grammar;
namespace p = tao::pegtl;
using syntax::Builder;
using syntax::Expect;
using syntax::Level;

using Input = p::memory_input<p::tracking_mode::lazy, p::eol::lf_crlf, const char*>;

// --- actions ------------------------------------------------------------------------------------

template <class Rule>
struct action : p::nothing<Rule> {};

/// An action that gets where the rule's text begins and ends.
template <void (Builder::*function)(const char*, const char*)>
struct with_text {
  template <class ActionInput>
  static void apply(const ActionInput& in, Builder& b) {
    (b.*function)(in.begin(), in.end());
  }
};

/// An action that gets where the rule's text begins.
template <void (Builder::*function)(const char*)>
struct with_place {
  template <class ActionInput>
  static void apply(const ActionInput& in, Builder& b) {
    (b.*function)(in.begin());
  }
};

/// An action that needs no text.
template <void (Builder::*function)()>
struct plain {
  static void apply0(Builder& b) { (b.*function)(); }
};

#define THRIFTPP_ACTION(rule, form, function) \
  template <>                                 \
  struct action<g::rule> : form<&Builder::function> {}

THRIFTPP_ACTION(line_comment, with_text, line_comment);
THRIFTPP_ACTION(block_comment, with_text, block_comment);
THRIFTPP_ACTION(unterminated_comment, with_place, unterminated_comment);

THRIFTPP_ACTION(open_brace_text, with_place, open);
THRIFTPP_ACTION(open_paren_text, with_place, open);
THRIFTPP_ACTION(open_angle_text, with_place, open);
template <>
struct action<g::close_brace> : plain<&Builder::close_bracket> {};
template <>
struct action<g::close_paren> : plain<&Builder::close_bracket> {};
template <>
struct action<g::close_angle> : plain<&Builder::close_bracket> {};
template <>
struct action<g::close_bracket> : plain<&Builder::close_bracket> {};

THRIFTPP_ACTION(number_text, with_text, number);
THRIFTPP_ACTION(malformed_number, with_text, malformed_number);
THRIFTPP_ACTION(extra_open_text, with_text, extra_open);
template <char C>
struct action<g::surplus_close<C>> : plain<&Builder::surplus_close> {};
THRIFTPP_ACTION(extra_separator_text, with_text, extra_separator);
THRIFTPP_ACTION(needless_separator_text, with_text, needless_separator);

THRIFTPP_ACTION(annotation_name_text, with_text, annotation_name);
THRIFTPP_ACTION(annotation_quoted_name, with_text, annotation_quoted_name);
THRIFTPP_ACTION(annotation_string, plain, annotation_string);
THRIFTPP_ACTION(annotation_number, with_text, annotation_number);
THRIFTPP_ACTION(annotation_word, with_text, annotation_word);
THRIFTPP_ACTION(annotation_end, plain, annotation_end);

template <>
struct action<g::simple_type_text> {
  template <class ActionInput>
  static bool apply(const ActionInput& in, Builder& b) {
    return b.simple_type(in.begin(), in.end());
  }
};
THRIFTPP_ACTION(list_text, with_text, list_type);
THRIFTPP_ACTION(set_text, with_text, set_type);
THRIFTPP_ACTION(map_text, with_text, map_type);
THRIFTPP_ACTION(leading_cpp_type, plain, leading_cpp_type);
THRIFTPP_ACTION(trailing_cpp_type, plain, trailing_cpp_type);
THRIFTPP_ACTION(type_argument, plain, type_argument);
THRIFTPP_ACTION(type_end, plain, type_end);
THRIFTPP_ACTION(type_annotations, plain, type_annotations);
template <>
struct action<g::stray_angle> {
  static void apply0(Builder& b) { b.type_takes_no_arguments(); }
};

THRIFTPP_ACTION(number_value, plain, number_value);
THRIFTPP_ACTION(string_value, plain, string_value);
THRIFTPP_ACTION(identifier_text, with_text, identifier_value);
template <>
struct action<g::stray_brace> {
  static void apply0(Builder& b) { b.foreign_struct_value(); }
};
template <>
struct action<g::broken_annotation_string> : plain<&Builder::annotation_string> {};
template <>
struct action<g::broken_value> : plain<&Builder::broken_value> {};
THRIFTPP_ACTION(open_list, with_place, list_value);
THRIFTPP_ACTION(open_map, with_place, map_value);
THRIFTPP_ACTION(list_element_end, plain, list_element);
THRIFTPP_ACTION(map_entry_end, plain, map_entry);
THRIFTPP_ACTION(value_end, plain, value_end);

THRIFTPP_ACTION(fields_begin, plain, fields_begin);
THRIFTPP_ACTION(field_begin, with_place, field_begin);
THRIFTPP_ACTION(field_id_number, plain, field_id);
THRIFTPP_ACTION(field_id_boolean, with_text, field_id_boolean);
THRIFTPP_ACTION(requiredness_text, with_text, requiredness);
THRIFTPP_ACTION(field_type, plain, field_type);
THRIFTPP_ACTION(field_reference, plain, field_reference);
THRIFTPP_ACTION(field_name_text, with_text, field_name);
THRIFTPP_ACTION(field_default, plain, field_default);
THRIFTPP_ACTION(xsd_optional, plain, field_xsd_optional);
THRIFTPP_ACTION(xsd_nillable, plain, field_xsd_nillable);
THRIFTPP_ACTION(xsd_attrs, plain, field_xsd_attrs);
THRIFTPP_ACTION(field_annotations, plain, field_annotations);
THRIFTPP_ACTION(field_end, plain, field_end);

THRIFTPP_ACTION(definition_name_text, with_text, definition_name);
THRIFTPP_ACTION(definition_annotations, plain, definition_annotations);
THRIFTPP_ACTION(definition_end, plain, definition_end);
THRIFTPP_ACTION(typedef_begin, with_place, definition_begin<ast::Typedef>);
THRIFTPP_ACTION(typedef_type, plain, typedef_type);
THRIFTPP_ACTION(const_begin, with_place, definition_begin<ast::Const>);
THRIFTPP_ACTION(const_type, plain, const_type);
THRIFTPP_ACTION(const_value, plain, const_value);
THRIFTPP_ACTION(const_annotations, plain, const_annotations);
THRIFTPP_ACTION(struct_begin, with_place, struct_begin);
THRIFTPP_ACTION(union_begin, with_place, union_begin);
THRIFTPP_ACTION(exception_begin, with_place, exception_begin);
THRIFTPP_ACTION(xsd_all, plain, xsd_all);
THRIFTPP_ACTION(struct_fields, plain, struct_fields);
THRIFTPP_ACTION(enum_begin, with_place, definition_begin<ast::Enum>);
THRIFTPP_ACTION(enum_value_begin, with_place, enum_value_begin);
THRIFTPP_ACTION(enum_value_name_text, with_text, enum_value_name);
THRIFTPP_ACTION(enum_value_number, plain, enum_value_number);
THRIFTPP_ACTION(enum_value_boolean, with_text, enum_value_boolean);
THRIFTPP_ACTION(enum_value_annotations, plain, enum_value_annotations);
THRIFTPP_ACTION(enum_value_end, plain, enum_value_end);
THRIFTPP_ACTION(service_begin, with_place, definition_begin<ast::Service>);
THRIFTPP_ACTION(extends_name_text, with_text, extends);
THRIFTPP_ACTION(function_begin, with_place, function_begin);
THRIFTPP_ACTION(call_text, with_text, function_call);
THRIFTPP_ACTION(void_text, with_text, void_type);
THRIFTPP_ACTION(function_type, plain, function_type);
THRIFTPP_ACTION(function_name_text, with_text, function_name);
THRIFTPP_ACTION(function_arguments, plain, function_arguments);
THRIFTPP_ACTION(throws_text, with_text, function_throws);
THRIFTPP_ACTION(function_exceptions, plain, function_exceptions);
THRIFTPP_ACTION(function_annotations, plain, function_annotations);
THRIFTPP_ACTION(function_end, plain, function_end);

THRIFTPP_ACTION(header_begin, with_place, header_begin);
THRIFTPP_ACTION(include_end, plain, include);
THRIFTPP_ACTION(include_alias_text, with_text, include_alias);
THRIFTPP_ACTION(cpp_include_end, plain, cpp_include);
THRIFTPP_ACTION(namespace_scope_text, with_text, namespace_scope);
THRIFTPP_ACTION(namespace_name_text, with_text, namespace_name);
THRIFTPP_ACTION(namespace_string, plain, namespace_string);
THRIFTPP_ACTION(namespace_annotations, plain, namespace_annotations);
THRIFTPP_ACTION(namespace_end, plain, namespace_end);
THRIFTPP_ACTION(namespace_behind, plain, namespace_behind);

#undef THRIFTPP_ACTION

template <char... C>
struct action<g::old_spelling<C...>> : with_text<&Builder::old_spelling> {};

// --- what is expected where a rule is insisted on -----------------------------------------------

template <class Rule>
constexpr Expect expectation = Expect::nothing;
template <>
constexpr Expect expectation<g::any_definition> = Expect::definition;
template <>
constexpr Expect expectation<g::definition_name> = Expect::definition_name;
template <>
constexpr Expect expectation<g::braced_name> = Expect::definition_name;
template <>
constexpr Expect expectation<g::default_value> = Expect::value;
template <>
constexpr Expect expectation<g::field_type> = Expect::field_type;
template <>
constexpr Expect expectation<g::field_name> = Expect::field_name;
template <>
constexpr Expect expectation<g::type> = Expect::type;
template <>
constexpr Expect expectation<g::typedef_type> = Expect::type;
template <>
constexpr Expect expectation<g::const_type> = Expect::type;
template <>
constexpr Expect expectation<g::function_type> = Expect::function;
template <>
constexpr Expect expectation<g::function_name> = Expect::function_name;
template <>
constexpr Expect expectation<g::function_arguments> = Expect::open_paren;
template <>
constexpr Expect expectation<g::function_exceptions> = Expect::open_paren;
template <>
constexpr Expect expectation<g::enum_value_name> = Expect::enum_value;
template <>
constexpr Expect expectation<g::enum_number> = Expect::integer;
template <>
constexpr Expect expectation<g::namespace_scope> = Expect::namespace_scope;
template <>
constexpr Expect expectation<g::namespace_name> = Expect::namespace_name;
template <>
constexpr Expect expectation<g::extends_name> = Expect::service_name;
template <>
constexpr Expect expectation<g::value> = Expect::value;
template <>
constexpr Expect expectation<g::const_value> = Expect::value;
template <>
constexpr Expect expectation<g::path_token> = Expect::string;
template <>
constexpr Expect expectation<g::literal> = Expect::string;
template <>
constexpr Expect expectation<g::annotation_name> = Expect::annotation;
template <>
constexpr Expect expectation<g::annotation_value> = Expect::annotation_value;
template <>
constexpr Expect expectation<g::colon> = Expect::colon;
template <>
constexpr Expect expectation<g::comma> = Expect::comma;
template <>
constexpr Expect expectation<g::equals> = Expect::equals;
template <>
constexpr Expect expectation<g::open_brace> = Expect::open_brace;
template <>
constexpr Expect expectation<g::open_paren> = Expect::open_paren;
template <>
constexpr Expect expectation<g::open_angle> = Expect::open_angle;
template <>
constexpr Expect expectation<g::close_brace> = Expect::close_brace;
template <>
constexpr Expect expectation<g::close_bracket> = Expect::close_bracket;
template <>
constexpr Expect expectation<g::close_paren> = Expect::close_paren;
template <>
constexpr Expect expectation<g::close_angle> = Expect::close_angle;
template <>
constexpr Expect expectation<g::end_of_text> = Expect::end_of_text;

// --- control ------------------------------------------------------------------------------------

template <class Rule>
struct base_control : p::normal<Rule> {
  template <class ParseInput>
  [[noreturn]] static void raise(const ParseInput& in, Builder& b) {
    static_assert(expectation<Rule> != Expect::nothing, "say what is expected");
    b.fail(expectation<Rule>, in.current());
  }
  template <class ParseInput>
  static void missing(const ParseInput& in, Builder& b) {
    constexpr Expect expected = expectation<Rule>;
    if constexpr (expected == Expect::open_brace || expected == Expect::open_paren) {
      b.open_missing(expected, expected == Expect::open_brace ? '{' : '(', in.current());
    } else if constexpr (expected >= Expect::close_brace && expected <= Expect::close_angle) {
      b.close_missing(expected, in.current());
    } else {
      static_assert(expected != Expect::nothing, "say what is expected");
      b.missing(expected, in.current());
    }
  }
  template <class ParseInput>
  static void unexpected(const ParseInput& in, Builder& b) {
    static_assert(expectation<Rule> != Expect::nothing, "say what is expected");
    b.missing(expectation<Rule>, in.current());
  }
};

/// A rule that recovers: what fails in it is reported and passed over.
template <class Rule, Level level>
struct recovering : base_control<Rule> {
  template <p::apply_mode A, p::rewind_mode M, template <class...> class Action,
            template <class...> class Control, class ParseInput>
  static bool match(ParseInput& in, Builder& b) {
    const char* const begin = in.current();
    const syntax::Mark mark = b.mark();
    try {
      return p::normal<Rule>::template match<A, M, Action, Control>(in, b);
    } catch (syntax::SyntaxFailure& failure) {
      in.iterator() = b.recover(level, begin, mark, failure);
      return Control<g::skip>::template match<A, M, Action, Control>(in, b);
    }
  }
};

/// A rule that contains itself: no deeper than the limit.
template <class Rule, std::size_t Builder::* depth>
struct nesting : base_control<Rule> {
  template <p::apply_mode A, p::rewind_mode M, template <class...> class Action,
            template <class...> class Control, class ParseInput>
  static bool match(ParseInput& in, Builder& b) {
    struct Counted {
      std::size_t& count;
      explicit Counted(std::size_t& c) : count(c) { ++count; }
      Counted(const Counted&) = delete;
      Counted& operator=(const Counted&) = delete;
      ~Counted() { --count; }
    };
    const Counted here(b.*depth);
    if (b.*depth > b.max_depth()) b.too_deep(in.current());
    return p::normal<Rule>::template match<A, M, Action, Control>(in, b);
  }
};

template <class Rule>
struct control : base_control<Rule> {};
template <class Rule>
  requires std::derived_from<Rule, g::type>
struct control<Rule> : nesting<Rule, &Builder::type_depth> {};
template <class Rule>
  requires std::derived_from<Rule, g::value>
struct control<Rule> : nesting<Rule, &Builder::value_depth> {};
template <>
struct control<g::xsd_attrs> : nesting<g::xsd_attrs, &Builder::field_depth> {};
template <>
struct control<g::definition> : recovering<g::definition, Level::definition> {};
template <>
struct control<g::field> : recovering<g::field, Level::field> {};
template <>
struct control<g::argument> : recovering<g::argument, Level::argument> {};
template <>
struct control<g::enum_value> : recovering<g::enum_value, Level::enum_value> {};
template <>
struct control<g::function> : recovering<g::function, Level::function> {};
template <>
struct control<g::list_element> : recovering<g::list_element, Level::element> {};
template <>
struct control<g::map_entry> : recovering<g::map_entry, Level::element> {};
template <>
struct control<g::annotation> : recovering<g::annotation, Level::annotation> {};

// --- entry --------------------------------------------------------------------------------------

template <class Grammar>
bool run(const SourceFile& source, Builder& builder) {
  const std::string_view text = source.text();
  Input in(text.data() + source.content_begin(), text.data() + text.size(), "");
  return p::parse<Grammar, action, control>(in, builder);
}

/// What must be known before the first token is read.
bool readable(const SourcePtr& source, Diagnostics& diagnostics, const ParseLimits& limits) {
  diagnostics.add_file(source);
  const std::string_view text = source->text();
  if (text.size() > limits.max_file_bytes) {
    diagnostics.error("file-too-large", source->range(0, 0),
                      "the file has " + std::to_string(text.size()) + " bytes; " +
                          std::to_string(limits.max_file_bytes) + " are allowed");
    return false;
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    diagnostics.error("bad-encoding", source->range(0, 2), "the file is UTF-16: save it as UTF-8");
    return false;
  }
  return true;
}

}  // namespace

ast::Program parse_idl(const SourcePtr& source, Diagnostics& diagnostics,
                       const ParseLimits& limits) {
  Builder builder(source, diagnostics, limits);
  if (readable(source, diagnostics, limits) && !diagnostics.full()) {
    try {
      run<g::program>(*source, builder);
    } catch (const syntax::StopParsing&) {
      builder.stopped();
    }
  }
  return builder.take_program();
}

std::optional<TypeExpression> parse_idl_type(const SourcePtr& source, Diagnostics& diagnostics,
                                             const ParseLimits& limits) {
  if (!readable(source, diagnostics, limits)) return std::nullopt;
  Builder builder(source, diagnostics, limits);
  const std::size_t errors = diagnostics.error_count();
  try {
    run<g::type_program>(*source, builder);
  } catch (const syntax::SyntaxFailure& failure) {
    diagnostics.report(failure.diagnostic);
  } catch (const syntax::StopParsing&) {
  }
  if (diagnostics.error_count() != errors) return std::nullopt;
  TypeExpression expression{source, builder.take_type(), nullptr};
  expression.memory = builder.take_program().memory;
  return expression;
}

}  // namespace thrift
