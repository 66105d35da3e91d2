#include "idl/builder.hpp"

#include <algorithm>

#include "idl/doc_comment.hpp"
#include "idl/literals.hpp"
#include "idl/tokens.hpp"

namespace thrift::syntax {
namespace {

std::string_view view(const char* begin, const char* end) noexcept {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

Builder::Builder(SourcePtr source, Diagnostics& diagnostics, const ParseLimits& limits)
    : file_(*source),
      text_(source->text()),
      diagnostics_(diagnostics),
      max_depth_(limits.max_depth) {
  program_.source = std::move(source);
  program_.memory = std::make_unique<Arena>();
}

// --- comments -----------------------------------------------------------------------------------

void Builder::line_comment(const char* begin, const char* end) {
  std::string_view comment = view(begin, end);
  while (comment.ends_with('\r')) comment.remove_suffix(1);
  const std::size_t at = comment.find('\r');
  if (at == std::string_view::npos) return;
  warning("lone-carriage-return", range(begin + at, begin + at + 1),
          "a carriage return without a line feed ends no comment: what follows it is part of it");
}

void Builder::block_comment(const char* begin, const char* end) {
  if (!is_doc_comment(view(begin, end))) return;
  pending_doc_ = range(begin, end);
  if (header_seen_) return;
  if (!program_doc_) {
    program_doc_ = pending_doc_;
  } else if (second_doc_ == 0 && has_line_end(text_, same_line_, pending_doc_.end)) {
    second_doc_ = pending_doc_.begin;
  }
  same_line_ = pending_doc_.end;
}

void Builder::unterminated_comment(const char* begin) {
  if (rest_lost_) return;
  rest_lost_ = true;
  program_.skipped.push_back(range(begin, text_.data() + text_.size()));
  error("unterminated-comment", range(begin, begin + 2), "this comment is never closed");
}

ast::Doc Builder::take_doc() {
  const SourceRange comment = std::exchange(pending_doc_, {});
  if (!comment) return {};
  return {program_.memory->copy(clean_doc_comment(comment.text())), comment};
}

// --- literals -----------------------------------------------------------------------------------

void Builder::number(const char* begin, const char* end) {
  const std::string_view digits = view(begin, end);
  number_range_ = range(begin, end);
  number_is_integer_ = is_integer(digits);
  if (number_is_integer_) {
    integer_ = to_integer(digits);
    integer_.range = number_range_;
    if (integer_.overflow) {
      error("integer-overflow", number_range_,
            "`" + std::string(digits.substr(0, 60)) + "` does not fit 64 bits");
    } else if (digits.size() > 1 && integer_.value > 7 && digits.front() == '0' &&
               integer_.form == ast::Integer::Form::decimal) {
      warning("leading-zero", number_range_,
              "`" + std::string(digits) + "` is a decimal number, but other compilers read it as " +
                  "an octal one");
    }
    return;
  }
  const ParsedDouble parsed = to_double(digits);
  double_ = {parsed.value, digits};
  if (parsed.overflow) {
    warning(
        "double-overflow", number_range_,
        "`" + std::string(digits.substr(0, 60)) + "` is too large for a double: it is infinite");
  }
}

void Builder::malformed_number(const char* begin, const char* end) {
  const SourceRange all = file_.range(number_range_.begin, offset(end));
  const std::string_view spelling = all.text();
  const std::string_view tail = view(begin, end);
  std::string message = "`" + std::string(spelling.substr(0, 60)) + "` is no number";
  std::string suggestion;
  if (tail == ".") {
    message = "a digit must follow the point";
    suggestion = std::string(spelling) + "0";
  } else if (tail.starts_with('X') && number_range_.text().ends_with('0')) {
    message = "a hexadecimal number begins with `0x`";
    suggestion = spelling;
    suggestion[spelling.find('X')] = 'x';
  } else if (tail == "f" || tail == "F" || tail == "L" || tail == "l") {
    message = "numbers have no suffix";
    suggestion = number_range_.text();
  }
  error("bad-number", all, std::move(message), std::move(suggestion));
}

void Builder::string(const char* begin, const char* end, const char* content_end, bool escapes) {
  const std::string_view content = view(begin + 1, content_end);
  string_.quote = *begin;
  string_.range = range(begin, end);
  string_.value = escapes ? unescaped(content, offset(begin + 1)) : content;
}

std::string_view Builder::unescaped(std::string_view content, std::size_t begin) {
  std::string out;
  out.reserve(content.size());
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (content[i] != '\\') {
      out += content[i];
      continue;
    }
    const char c = i + 1 < content.size() ? content[i + 1] : '\0';
    switch (c) {
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 't': out += '\t'; break;
      case '"':
      case '\'':
      case '\\': out += c; break;
      default: {
        std::size_t length = 2;  // the whole of a UTF-8 character
        while (i + length < content.size() &&
               (static_cast<unsigned char>(content[i + length]) & 0xC0) == 0x80) {
          ++length;
        }
        length = std::min(length, content.size() - i);
        error("bad-escape", file_.range(begin + i, begin + i + length),
              "`" + std::string(content.substr(i, length)) +
                  "` is no escape: there are \\n \\r \\t \\\" \\' and \\\\",
              "\\" + std::string(content.substr(i, length)));
        out += content.substr(i, length);
        i += length - 2;
        break;
      }
    }
    ++i;
  }
  return program_.memory->copy(out);
}

std::optional<ast::Integer> Builder::take_integer() {
  if (number_is_integer_) return integer_;
  error("expected-value", number_range_,
        "expected an integer, found `" + std::string(number_range_.text()) + "`");
  return std::nullopt;
}

ast::Integer Builder::boolean_integer(const char* begin, const char* end) const noexcept {
  return {*begin == 't' ? 1 : 0, view(begin, end), ast::Integer::Form::boolean, false,
          range(begin, end)};
}

// --- types --------------------------------------------------------------------------------------

bool Builder::simple_type(const char* begin, const char* end) {
  const std::string_view word = view(begin, end);
  ast::TypeKind kind = ast::TypeKind::named;
  if (const auto base = base_type(word)) {
    kind = *base;
  } else if (is_keyword(word)) {
    return false;
  }
  ast::Type& type = types_.emplace_back();
  type.kind = kind;
  type.name = name(begin, end);
  type.range = type.name.range;
  return true;
}

void Builder::void_type(const char* begin, const char* end) {
  ast::Type& type = types_.emplace_back();
  type.kind = ast::TypeKind::void_type;
  type.name = name(begin, end);
  type.range = type.name.range;
}

void Builder::container(ast::TypeKind kind, const char* begin, const char* end) {
  ast::Type& type = types_.emplace_back();
  type.kind = kind;
  type.name = name(begin, end);
  type.range = type.name.range;
  type.arguments.reserve(kind == ast::TypeKind::map ? 2 : 1);
}

void Builder::type_argument() {
  ast::Type argument = take_type();
  types_.back().arguments.push_back(std::move(argument));
}

void Builder::cpp_type(bool trailing) {
  if (trailing) {
    warning("deprecated-syntax", string_.range,
            "`cpp_type` behind a type is deprecated: it stands before the `<`");
  }
  types_.back().cpp_types.push_back({string_, trailing});
}

void Builder::type_end() {
  types_.back().range.end = last_end_;
}

ast::Type Builder::take_type() {
  ast::Type type = std::move(types_.back());
  types_.pop_back();
  return type;
}

// --- values -------------------------------------------------------------------------------------

void Builder::number_value() {
  if (number_is_integer_) {
    values_.push_back({integer_, number_range_});
  } else {
    values_.push_back({double_, number_range_});
  }
}

void Builder::string_value() {
  values_.push_back({string_, string_.range});
}

void Builder::identifier_value(const char* begin, const char* end) {
  const std::string_view word = view(begin, end);
  if (word == "true" || word == "false") {
    values_.push_back({ast::Boolean{word == "true"}, range(begin, end)});
  } else {
    values_.push_back({ast::Identifier{word}, range(begin, end)});
  }
}

void Builder::list_value(const char* begin) {
  open(begin);
  values_.push_back({ast::ListValue{}, range(begin, begin + 1)});
}

void Builder::map_value(const char* begin) {
  open(begin);
  values_.push_back({ast::MapValue{}, range(begin, begin + 1)});
}

void Builder::list_element() {
  ast::ConstValue element = take_value();
  std::get<ast::ListValue>(values_.back().value).elements.push_back(std::move(element));
}

void Builder::map_entry() {
  ast::ConstValue value = take_value();
  ast::ConstValue key = take_value();
  std::get<ast::MapValue>(values_.back().value)
      .entries.push_back({std::move(key), std::move(value)});
}

void Builder::value_end() {
  values_.back().range.end = last_end_;
}

ast::ConstValue Builder::take_value() {
  ast::ConstValue value = std::move(values_.back());
  values_.pop_back();
  return value;
}

// --- annotations --------------------------------------------------------------------------------

void Builder::annotation_name(const char* begin, const char* end) {
  ast::Annotation& annotation = annotations_.emplace_back();
  annotation.name = name(begin, end);
  annotation.range = annotation.name.range;
  portable_name(begin, end, "an annotation");
}

void Builder::annotation_quoted_name(const char* begin, const char* end) {
  ast::Annotation& annotation = annotations_.emplace_back();
  annotation.name = {string_.value, range(begin, end)};
  annotation.range = annotation.name.range;
  not_portable(annotation.range, "a quoted name of an annotation");
}

void Builder::annotation_string() {
  annotations_.back().value = string_;
}

void Builder::annotation_word(const char* begin, const char* end) {
  ast::String value{view(begin, end), '\0', range(begin, end)};
  not_portable(value.range, "an annotation whose value is no string");
  annotations_.back().value = value;
}

void Builder::annotation_number(const char* begin, const char* end) {
  // `B = 2` on a line of its own, behind annotations that nothing closes, is the next value.
  const bool looks_so = in_enum() && starts_line(text_, annotations_.back().name.range.begin);
  if (looks_so && body_ends_first(offset(end))) fail(Expect::annotation_value, begin);
  annotation_word(begin, end);
}

void Builder::documented(const ast::Doc& doc, bool annotated) noexcept {
  if (!doc.range || header_seen_ || !program_doc_) return;
  // Annotations end a node without a look at what follows.
  const bool alone = second_doc_ == 0 || (annotated && second_doc_ >= last_end_);
  if (alone) {
    program_doc_ = {};
    header_seen_ = true;
  }
}

void Builder::annotation_end() {
  annotations_.back().range.end = last_end_;
}

// --- fields -------------------------------------------------------------------------------------

void Builder::field_begin(const char* at) {
  ast::Doc doc = take_doc();
  ast::Field& made = lists_.back().emplace_back();
  made.doc = doc;
  made.range = range(at, at);
}

void Builder::field_id() {
  field().id = take_integer();
}

void Builder::field_id_boolean(const char* begin, const char* end) {
  field().id = boolean_integer(begin, end);
}

void Builder::requiredness(const char* begin, const char* end) {
  misspelt_requiredness(begin, end, view(begin, end));
}

void Builder::misspelt_requiredness(const char* begin, const char* end, std::string_view meant) {
  field().requiredness =
      meant == "required" ? ast::Requiredness::required : ast::Requiredness::optional;
  field().requiredness_range = range(begin, end);
}

void Builder::field_name(const char* begin, const char* end) {
  field().name = simple_name(begin, end);
  const std::string_view word = field().name.text;
  if (word == "true" || word == "false" || word == "cpp_type" || word.starts_with("xsd_")) {
    portable_name(begin, end, "a field");
  }
}

void Builder::field_xsd_attrs() {
  std::vector<ast::Field> attributes = take_fields();
  field().xsd_attrs = std::move(attributes);
}

std::vector<ast::Field> Builder::take_fields() {
  std::vector<ast::Field> fields = std::move(lists_.back());
  lists_.pop_back();
  return fields;
}

// --- names --------------------------------------------------------------------------------------

ast::Name Builder::simple_name(const char* begin, const char* end) {
  ast::Name made = name(begin, end);
  if (made.text.find('.') != std::string_view::npos) {
    error("dotted-name", made.range,
          "the name `" + std::string(made.text) + "` must not hold a dot");
  }
  return made;
}

void Builder::portable_name(const char* begin, const char* end, std::string_view what) {
  if (is_keyword(view(begin, end))) {
    not_portable(range(begin, end), "the keyword `" + std::string(view(begin, end)) +
                                        "` as the name of " + std::string(what));
  }
}

// --- headers ------------------------------------------------------------------------------------

void Builder::header_begin(const char* at) {
  header_ = range(at, at);
  pending_doc_ = {};  // documentation before a header never belongs to the definition behind it
  if (!program_.definitions.empty()) {
    not_portable(file_.range(offset(at), next_token(text_, offset(at)).end),
                 "a header behind a definition");
  }
}

// Whose documentation is the first comment of a file? Apache's compiler decides it so:
//
// - it is the program's where a header follows it. A namespace is noticed only when the compiler
//   has read on to see whether annotations follow, and with them the comment behind it: so that
//   one counts as well, and a namespace without annotations does not come by header_declared;
// - without headers it is the program's where another one, on a later line, has been read when the
//   first documented node ends; else it is that node's alone.
//
// (`t_doc::set_doc`, `declare_valid_program_doctext` and the look-ahead of its parser.)
void Builder::header_declared() noexcept {
  if (!header_seen_ && program_doc_ && program_doc_.begin >= last_end_) program_doc_ = {};
  header_seen_ = true;
}

void Builder::include() {
  header_.end = last_end_;
  header_declared();
  program_.headers.emplace_back(ast::Include{string_, header_});
}

void Builder::cpp_include() {
  header_.end = last_end_;
  header_declared();
  program_.headers.emplace_back(ast::CppInclude{string_, header_});
}

void Builder::namespace_scope(const char* begin, const char* end) {
  namespace_ = {};
  namespace_.scope = name(begin, end);
}

void Builder::namespace_name(const char* begin, const char* end) {
  namespace_.name = name(begin, end);
  if (namespace_.name.text.find('-') != std::string_view::npos) {
    not_portable(namespace_.name.range, "a `-` in a namespace");
  }
}

void Builder::namespace_string() {
  namespace_.name = {string_.value, string_.range};
  namespace_.quote = string_.quote;
  not_portable(string_.range, "a namespace in quotes");
}

void Builder::namespace_annotations() {
  namespace_.annotations = take_annotations();
  if (namespace_.scope.text == "*") {
    not_portable(namespace_.scope.range, "an annotation of `namespace *`");
  }
}

void Builder::namespace_end() {
  header_.end = last_end_;
  if (namespace_.scope.text == "*" || !namespace_.annotations.empty()) header_declared();
  namespace_.range = header_;
  program_.headers.emplace_back(std::move(namespace_));
}

// --- definitions --------------------------------------------------------------------------------

void Builder::struct_begin_as(ast::StructKind kind, const char* at) {
  definition_begin<ast::Struct>(at);
  current<ast::Struct>().kind = kind;
}

void Builder::definition_name(const char* begin, const char* end) {
  ast::Name made = simple_name(begin, end);
  ast::Definition& definition = program_.definitions.back();
  const bool is_type = !std::holds_alternative<ast::Const>(definition) &&
                       !std::holds_alternative<ast::Service>(definition);
  if (is_keyword(made.text)) {
    if (is_type) {
      error("reserved-word", made.range,
            "`" + std::string(made.text) + "` is a word of the language and cannot name a type");
    } else {
      portable_name(begin, end, "a definition");
    }
  }
  std::visit([&](auto& d) { d.name = made; }, definition);
}

void Builder::definition_end() {
  std::visit(
      [&](auto& d) {
        d.range.end = last_end_;
        documented(d.doc, !d.annotations.empty());
      },
      program_.definitions.back());
  in_definition_ = false;
}

void Builder::definition_annotations() {
  std::visit([&](auto& d) { d.annotations = take_annotations(); }, program_.definitions.back());
}

void Builder::const_value() {
  ast::ConstValue value = take_value();
  auto& constant = current<ast::Const>();
  if (std::exchange(value_damaged_, false)) {
    constant.damaged = true;
  } else {
    constant.value = std::move(value);
  }
}

void Builder::const_annotations() {
  definition_annotations();
  not_portable(current<ast::Const>().name.range, "an annotation of a constant");
}

void Builder::extends(const char* begin, const char* end) {
  current<ast::Service>().extends = name(begin, end);
}

void Builder::enum_value_begin(const char* at) {
  ast::Doc doc = take_doc();
  ast::EnumValue& made = current<ast::Enum>().values.emplace_back();
  made.doc = doc;
  made.range = range(at, at);
}

void Builder::enum_value_name(const char* begin, const char* end) {
  enum_value().name = simple_name(begin, end);
  portable_name(begin, end, "an enum value");
}

void Builder::enum_value_number() {
  enum_value().value = take_integer();
}

void Builder::enum_value_boolean(const char* begin, const char* end) {
  enum_value().value = boolean_integer(begin, end);
}

void Builder::function_begin(const char* at) {
  ast::Doc doc = take_doc();
  ast::Function& made = current<ast::Service>().functions.emplace_back();
  made.doc = doc;
  made.range = range(at, at);
  in_function_ = true;
}

void Builder::function_call(const char* begin, const char* end) {
  const bool is_async = *begin == 'a';
  function().call = is_async ? ast::Function::Call::async : ast::Function::Call::oneway;
  function().call_range = range(begin, end);
  if (is_async) {
    warning("deprecated-syntax", range(begin, end), "`async` is deprecated", "oneway");
  }
}

void Builder::function_name(const char* begin, const char* end) {
  function().name = simple_name(begin, end);
  portable_name(begin, end, "a function");
}

void Builder::function_end() {
  function().range.end = last_end_;
  documented(function().doc, false);
  in_function_ = false;
}

// --- the end ------------------------------------------------------------------------------------

ast::Program Builder::take_program() {
  if (program_doc_) {
    program_.doc = {program_.memory->copy(clean_doc_comment(program_doc_.text())), program_doc_};
  }
  return std::move(program_);
}

}  // namespace thrift::syntax
