#pragma once

/// @file
/// The state of a parse: the tree as far as it is built, and what is needed to report mistakes and
/// to go on behind them. The actions of the grammar call it; it knows nothing of PEGTL.
///
/// Members under construction stand in their place already (a field at the end of the open list of
/// fields, a function at the end of its service), so that nothing large is moved; types and values,
/// which nest, are put together on stacks. A `Mark` remembers the sizes of all of these. Where a
/// mistake is found, everything beyond the mark of the rule that recovers is dropped.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <thriftpp/idl/ast.hpp>
#include <thriftpp/idl/diagnostic.hpp>
#include <thriftpp/idl/parser.hpp>
#include <utility>
#include <variant>
#include <vector>

#include "idl/syntax_error.hpp"

namespace thrift::syntax {

/// Thrown where reading on makes no sense: the limit of errors is reached.
struct StopParsing {};

/// The rules that recover.
enum class Level : std::uint8_t {
  definition,
  field,     ///< In braces.
  argument,  ///< A field in parentheses.
  enum_value,
  function,
  element,  ///< Of a list, or an entry of a map.
  annotation,
};

struct Mark {
  std::size_t types, values, annotations, lists, list_size, open;
  std::size_t definitions, functions, enum_values;
};

class Builder {
 public:
  Builder(SourcePtr source, Diagnostics& diagnostics, const ParseLimits& limits);

  // Text.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] std::size_t offset(const char* p) const noexcept {
    return static_cast<std::size_t>(p - text_.data());
  }
  [[nodiscard]] SourceRange range(const char* begin, const char* end) const noexcept {
    return file_.range(offset(begin), offset(end));
  }
  void token_end(const char* p) noexcept { last_end_ = static_cast<std::uint32_t>(offset(p)); }

  // Comments.
  void line_comment(const char* begin, const char* end);
  void block_comment(const char* begin, const char* end);
  void unterminated_comment(const char* begin);

  // Errors.
  [[noreturn]] void fail(Expect expected, const char* at);
  [[noreturn]] void fail(Diagnostic diagnostic, const char* at);
  /// As fail, but reading goes on as though the thing were there.
  void missing(Expect expected, const char* at);
  void close_missing(Expect expected, const char* at);
  void error(std::string_view id, SourceRange range, std::string message,
             std::string suggestion = {}, std::vector<DiagnosticNote> notes = {});
  void warning(std::string_view id, SourceRange range, std::string message,
               std::string suggestion = {});
  void not_portable(SourceRange range, std::string_view what);
  [[nodiscard]] Mark mark() const noexcept;
  /// Reports, drops what is beyond `mark`, and returns where to go on.
  [[nodiscard]] const char* recover(Level level, const char* begin, const Mark& mark,
                                    SyntaxFailure& failure);
  [[noreturn]] void too_deep(const char* at);
  /// Reading ended early: what is under construction is dropped.
  void stopped();

  // Brackets.
  void open(const char* p) { open_.push_back({*p, static_cast<std::uint32_t>(offset(p))}); }
  void open_missing(Expect expected, char bracket, const char* at);
  void close_bracket() noexcept {
    if (!open_.empty()) open_.pop_back();
  }

  /// `{{` or `((`: the second bracket is passed over, and one more that closes may be.
  void extra_open(const char* begin, const char* end);
  [[nodiscard]] bool has_surplus_close(const char*) const noexcept {
    return !open_.empty() && open_.back().doubled;
  }
  void surplus_close() noexcept { open_.back().doubled = false; }

  // Literals, of which the last one read is kept until it is used.
  void number(const char* begin, const char* end);
  void malformed_number(const char* begin, const char* end);
  void string(const char* begin, const char* end, const char* content_end, bool escapes);
  [[nodiscard]] const ast::String& last_string() const noexcept { return string_; }

  // Types.
  [[nodiscard]] bool simple_type(const char* begin, const char* end);
  void void_type(const char* begin, const char* end);
  void list_type(const char* begin, const char* end) { container(ast::TypeKind::list, begin, end); }
  void set_type(const char* begin, const char* end) { container(ast::TypeKind::set, begin, end); }
  void map_type(const char* begin, const char* end) { container(ast::TypeKind::map, begin, end); }
  void type_argument();
  void leading_cpp_type() { cpp_type(false); }
  void trailing_cpp_type() { cpp_type(true); }
  void type_end();
  void type_annotations() { types_.back().annotations = take_annotations(); }

  // Values.
  void number_value();
  void string_value();
  void broken_value() {
    string_value();
    value_damaged_ = true;
  }
  void identifier_value(const char* begin, const char* end);
  void list_value(const char* begin);
  void map_value(const char* begin);
  void list_element();
  void map_entry();
  void value_end();

  // Annotations.
  void annotation_name(const char* begin, const char* end);
  void annotation_quoted_name(const char* begin, const char* end);
  void annotation_string();
  void annotation_word(const char* begin, const char* end);
  void annotation_number(const char* begin, const char* end);
  void annotation_end();

  // Fields.
  void fields_begin() { lists_.emplace_back(); }
  void field_begin(const char* at);
  void field_id();
  void field_id_boolean(const char* begin, const char* end);
  void requiredness(const char* begin, const char* end);
  /// What stands in [begin, end) was meant to be `meant`.
  void misspelt_requiredness(const char* begin, const char* end, std::string_view meant);
  void field_type() { field().type = take_type(); }
  void field_reference() { field().is_reference = true; }
  void field_name(const char* begin, const char* end);
  void field_default() {
    ast::ConstValue value = take_value();
    if (!std::exchange(value_damaged_, false)) field().default_value = std::move(value);
  }
  void field_xsd_optional() { field().xsd_optional = true; }
  void field_xsd_nillable() { field().xsd_nillable = true; }
  void field_xsd_attrs();
  void field_annotations() { field().annotations = take_annotations(); }
  void field_end() {
    field().range.end = last_end_;
    documented(field().doc, false);
  }

  // Headers.
  void header_begin(const char* at);
  void include();
  void cpp_include();
  void namespace_scope(const char* begin, const char* end);
  void namespace_name(const char* begin, const char* end);
  void namespace_string();
  void namespace_annotations();
  void namespace_end();
  void namespace_behind() noexcept { header_seen_ = true; }

  // Definitions.
  template <class Definition>
  void definition_begin(const char* at) {
    ast::Doc doc = take_doc();
    auto& made =
        std::get<Definition>(program_.definitions.emplace_back(std::in_place_type<Definition>));
    made.doc = doc;
    made.range = range(at, at);
    in_definition_ = true;
  }
  void struct_begin(const char* at) { struct_begin_as(ast::StructKind::structure, at); }
  void union_begin(const char* at) { struct_begin_as(ast::StructKind::union_type, at); }
  void exception_begin(const char* at) { struct_begin_as(ast::StructKind::exception, at); }
  void definition_name(const char* begin, const char* end);
  void definition_end();
  void definition_annotations();
  void typedef_type() { current<ast::Typedef>().type = take_type(); }
  void const_type() { current<ast::Const>().type = take_type(); }
  void const_value();
  void const_annotations();
  void xsd_all() { current<ast::Struct>().xsd_all = true; }
  void struct_fields() { current<ast::Struct>().fields = take_fields(); }
  void extends(const char* begin, const char* end);
  void enum_value_begin(const char* at);
  void enum_value_name(const char* begin, const char* end);
  void enum_value_number();
  void enum_value_boolean(const char* begin, const char* end);
  void enum_value_annotations() { enum_value().annotations = take_annotations(); }
  void enum_value_end() {
    enum_value().range.end = last_end_;
    documented(enum_value().doc, false);
  }
  void function_begin(const char* at);
  void function_call(const char* begin, const char* end);
  void function_type() { function().result = take_type(); }
  void function_name(const char* begin, const char* end);
  void function_arguments() { function().arguments = take_fields(); }
  void function_throws(const char* begin, const char* end) {
    function().throws_range = range(begin, end);
  }
  void function_exceptions() { function().throws = take_fields(); }
  void function_annotations() { function().annotations = take_annotations(); }
  void function_end();

  // Separators.
  void extra_separator(const char* begin, const char* end);
  void needless_separator(const char* begin, const char* end);
  void old_spelling(const char* begin, const char* end);

  // Text that is no Thrift, but looks like something.
  /// What the first word of a definition most likely was meant to be; nothing where it is that
  /// keyword itself. Looked up once for a place.
  [[nodiscard]] std::string_view intended_keyword(const char* at);
  void misspelt(const char* begin, const char* end, std::string_view keyword);
  /// The same for the first word of a field, and of what may follow a function or a service's name.
  [[nodiscard]] std::string_view intended_requiredness(const char* at) const;
  [[nodiscard]] bool intended_throws(const char* at) const;
  [[nodiscard]] bool intended_extends(const char* at) const;
  [[nodiscard]] std::string_view intended_call(const char* at) const;
  /// Passes over syntax of other dialects that may stand at `at` as a definition or a member of a
  /// service, having reported it; nullptr where there is none.
  [[nodiscard]] const char* foreign_definition(const char* at);
  [[nodiscard]] const char* foreign_function(const char* at);
  [[nodiscard]] const char* structured_annotation(const char* at);
  /// `<<<<<<< HEAD`, `=======` or `>>>>>>> branch`.
  [[nodiscard]] const char* conflict_mark(const char* at);
  [[nodiscard]] const char* include_name(const char* at);
  void include_alias(const char* begin, const char* end);
  // Characters that were forgotten. Each looks whether that is what is wrong at a place, reports it
  // and returns where to go on, or nullptr where it is not; forgotten.cpp.
  /// Where a string that is never closed may end: before the brackets at the end of its line that
  /// close open ones.
  [[nodiscard]] std::size_t before_closers(std::size_t begin, std::size_t end) const;
  /// Whatever is found wrong at the next token, if that is on the same line, follows from what was
  /// reported.
  void quiet_at(std::size_t at) noexcept;
  /// A string that lacks a quote, on a line with an odd number of them.
  [[nodiscard]] const char* broken_string(const char* at);
  [[nodiscard]] const char* unopened_list(const char* at);
  [[nodiscard]] const char* unopened_map(const char* at);
  [[nodiscard]] bool list_lacks_bracket(const char* at) const;
  [[nodiscard]] bool map_lacks_brace(const char* at) const;
  /// `{{`, where the keys of the map are none that have a brace.
  [[nodiscard]] bool doubled_brace(const char* at) const;
  /// `2: string name` on a line of its own: no entry of a map, but what stands behind the map.
  [[nodiscard]] bool next_field(const char* at) const;
  [[nodiscard]] const char* unopened_list_value(const char* at);
  [[nodiscard]] const char* unopened_map_value(const char* at);
  [[nodiscard]] const char* glued_field_id(const char* at);
  /// A number, or anything that can only be a value, right behind a name.
  [[nodiscard]] bool number_follows(const char* at) const;
  [[nodiscard]] bool default_follows(const char* at) const;
  /// `void ping(,`: the line ends where arguments should begin.
  [[nodiscard]] bool no_argument(const char* at) const;
  [[nodiscard]] bool argument_follows(const char* at) const;
  /// `(1:`, which begins no annotations.
  [[nodiscard]] bool arguments_begin(const char* at) const;
  [[nodiscard]] const char* missing_throws(const char* at);
  /// Passes over what stands on a line before the `{` of a body; takes another bracket for it.
  [[nodiscard]] const char* strays_before_brace(const char* at);
  [[nodiscard]] const char* wrong_open_brace(const char* at);
  /// Whether the bracket at `at` was meant to close the innermost one, which is of another kind.
  [[nodiscard]] bool closes_wrongly(const char* at) const;
  [[nodiscard]] bool result_missing(const char* at) const;
  [[nodiscard]] const char* missing_result(const char* at);

  [[noreturn]] void type_takes_no_arguments();
  [[noreturn]] void foreign_struct_value();

  [[nodiscard]] ast::Program take_program();
  [[nodiscard]] ast::Type take_type();

  std::size_t type_depth = 0;
  std::size_t value_depth = 0;
  std::size_t field_depth = 0;
  [[nodiscard]] std::size_t max_depth() const noexcept { return max_depth_; }

 private:
  [[nodiscard]] ast::Name name(const char* begin, const char* end) const noexcept {
    return {{begin, static_cast<std::size_t>(end - begin)}, range(begin, end)};
  }
  void container(ast::TypeKind kind, const char* begin, const char* end);
  void cpp_type(bool trailing);
  void struct_begin_as(ast::StructKind kind, const char* at);
  /// A name that is defined: it may hold no dots, which are reported.
  [[nodiscard]] ast::Name simple_name(const char* begin, const char* end);
  void portable_name(const char* begin, const char* end, std::string_view what);
  [[nodiscard]] ast::Integer boolean_integer(const char* begin, const char* end) const noexcept;
  [[nodiscard]] std::optional<ast::Integer> take_integer();
  void header_declared() noexcept;
  /// A node with this documentation is complete.
  void documented(const ast::Doc& doc, bool annotated) noexcept;
  [[nodiscard]] ast::Doc take_doc();
  [[nodiscard]] ast::ConstValue take_value();
  [[nodiscard]] ast::Annotations take_annotations() { return std::exchange(annotations_, {}); }
  [[nodiscard]] std::vector<ast::Field> take_fields();
  [[nodiscard]] ast::Field& field() { return lists_.back().back(); }
  template <class Definition>
  [[nodiscard]] Definition& current() {
    return std::get<Definition>(program_.definitions.back());
  }
  [[nodiscard]] bool in_enum() const noexcept {
    return in_definition_ && std::holds_alternative<ast::Enum>(program_.definitions.back());
  }
  [[nodiscard]] ast::EnumValue& enum_value() { return current<ast::Enum>().values.back(); }
  [[nodiscard]] ast::Function& function() { return current<ast::Service>().functions.back(); }
  [[nodiscard]] std::string_view unescaped(std::string_view content, std::size_t offset);
  [[nodiscard]] ErrorPlace place(const char* at) const noexcept;
  bool report(Diagnostic diagnostic, std::size_t at);
  void stop_if_full() const;
  /// Whether the line of `at` leaves a string open at its end. Looked up once for a line.
  [[nodiscard]] bool has_odd_quotes(std::size_t at);
  [[nodiscard]] bool lacks_angle(std::size_t at, bool is_map) const;
  const char* unopened_value(const char* at, char bracket);
  /// The type of the value that is being read, the outermost one; nullptr outside of values.
  [[nodiscard]] const ast::Type* type_of_value() const;
  void drop_beyond(const Mark& mark);
  void mark_damaged(Level level);
  [[nodiscard]] std::size_t resume_point(Level level, std::size_t begin, std::size_t failure,
                                         const Mark& mark);
  /// Whether `at`, outside of all definitions, lies in a body that was closed too early: then a `}`
  /// that closes nothing comes before the next definition. Looked up once for a stretch of text.
  [[nodiscard]] bool in_closed_body(std::size_t at);
  /// Whether a `}` comes before a `)`, not far from `at`.
  [[nodiscard]] bool body_ends_first(std::size_t at) const;
  /// Whether the bracket at `at` stands for the `}` of a body: a definition follows, or nothing.
  [[nodiscard]] bool ends_body(std::size_t at) const;
  /// Takes it so, and returns where to go on.
  const char* end_body(Level level, const char* at, const Mark& mark);
  void drop_member(Level level, const Mark& mark);
  /// Fails for want of what should stand before `at`, on an earlier line.
  [[noreturn]] void fail_before(Expect expected, std::size_t at);
  /// Whether a member of the definition begins at `at`, and none of the annotations that seem to go
  /// on there.
  [[nodiscard]] bool member_begins(std::size_t at) const;
  const char* foreign(std::string_view id, std::size_t begin, std::size_t end, std::size_t resume,
                      std::string message, std::string suggestion = {});

  const SourceFile& file_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  std::size_t max_depth_;
  ast::Program program_;

  std::uint32_t last_end_ = 0;
  std::size_t last_failure_ = 0;  // errors at or before it only follow from it
  bool failed_ = false;           // last_failure_ is one
  bool rest_lost_ = false;        // an unterminated comment holds the rest of the file

  SourceRange pending_doc_;
  SourceRange program_doc_;       // the first one, as long as it may be the program's
  std::uint32_t same_line_ = 0;   // up to here all comments behind it end on its line
  std::uint32_t second_doc_ = 0;  // where the first one behind it begins that is on a later line
  bool header_seen_ = false;      // whose the first one is has been decided
  bool in_definition_ = false;
  bool in_function_ = false;

  ast::String string_;
  ast::Integer integer_;
  ast::Double double_;
  bool number_is_integer_ = false;
  SourceRange number_range_;

  std::vector<ast::Type> types_;
  std::vector<ast::ConstValue> values_;
  ast::Annotations annotations_;
  std::vector<std::vector<ast::Field>> lists_;
  std::vector<OpenBracket> open_;
  bool value_damaged_ = false;  // a bracket of the value being read is missing
  SourceRange header_;
  ast::Namespace namespace_;

  struct {
    std::size_t begin = 0, end = 0;
    bool odd = false;
  } quotes_;  // of the last line that was asked for
  struct {
    std::size_t begin = 0, end = 0;
    bool closed = false;
  } stretch_;  // that in_closed_body was asked about last
  std::size_t intended_at_ = static_cast<std::size_t>(-1);
  std::string_view intended_;
};

}  // namespace thrift::syntax
