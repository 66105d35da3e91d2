#pragma once

/// @file
/// The syntax tree of one `.thrift` file: what was written, and where. Plain data, no behaviour.
///
///     Program -- headers      Include | CppInclude | Namespace
///             `- definitions  Typedef | Const | Enum | Struct | Service     in the file's order
///                              Struct - Field - Type, ConstValue, Annotation
///                              Service - Function - Field
///
/// Nothing is resolved or checked here: names are as written, ids may clash, a default may not fit
/// its type. That is the business of the `load` layer.
///
/// Every node has the `range` of its text, from its first token to its last (documentation and the
/// separator behind it left out); parts that messages point at have their own.
///
/// After mistakes the tree holds what could be read. A definition with a part missing has
/// `damaged` set: do not complain of members that it lacks. Text that was not understood is listed
/// in `Program::skipped`: do not complain that a name is undefined which occurs in it
/// (`mentioned_in_skipped`).
///
/// Ownership: a `std::string_view` here points into the text of `Program::source` or into
/// `Program::memory` (strings with escapes, documentation); both live as long as the Program.
/// Threads: const use is safe from several threads.

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <thriftpp/base/arena.hpp>
#include <thriftpp/base/export.hpp>
#include <thriftpp/idl/source.hpp>
#include <variant>
#include <vector>

namespace thrift::ast {

/// A name where it is defined or used; may hold dots where it is used.
struct Name {
  std::string_view text;
  SourceRange range;
};

/// The documentation comment `/** ... */` of a node: its text without the stars at the line starts,
/// common indentation and white space at line ends, lines joined with LF, as Apache's compiler
/// cleans it. Empty where there is none. `range` is the whole comment.
struct Doc {
  std::string_view text;
  SourceRange range;
};

/// A string literal.
struct String {
  std::string_view value;  ///< Escapes replaced; any bytes.
  char quote = '"';        ///< `"` or `'`
  SourceRange range;       ///< The quotes included.
};

/// An integer literal; also `true` (1) and `false` (0), where a number is wanted.
struct Integer {
  enum class Form : std::uint8_t { decimal, hexadecimal, boolean };
  std::int64_t value = 0;
  std::string_view text;  ///< As written, the sign included.
  Form form = Form::decimal;
  /// Does not fit 64 bits (which has been reported); `value` is the nearest that does.
  bool overflow = false;
  SourceRange range;
};

/// A floating-point literal. Beyond the range of double it is infinite or 0.
struct Double {
  double value = 0;
  std::string_view text;
};

struct Boolean {
  bool value = false;
};

/// A name used as a value: a constant, or an enum's value (`E.A`, `b.E.A`, or `A` alone).
struct Identifier {
  std::string_view text;
};

struct ConstValue;
struct MapEntry;

struct ListValue {
  std::vector<ConstValue> elements;
};

/// `{...}`: a map, a struct, or an empty set, as the type says.
struct MapValue {
  std::vector<MapEntry> entries;
};

struct ConstValue {
  std::variant<Integer, Boolean, Double, String, Identifier, ListValue, MapValue> value;
  SourceRange range;
};

struct MapEntry {
  ConstValue key;
  ConstValue value;
};

/// `name`, or `name = "value"`.
struct Annotation {
  Name name;
  /// Nothing where only the name was written (Apache reads that as "1"). Numbers and names are
  /// taken too, with a warning; the value is then their text, and `quote` is 0.
  std::optional<String> value;
  SourceRange range;
};
using Annotations = std::vector<Annotation>;

enum class TypeKind : std::uint8_t {
  void_type,  ///< Only as the result of a function.
  boolean,
  i8,  ///< `i8` or `byte`; `name` tells.
  i16,
  i32,
  i64,
  floating,  ///< `double`
  string,
  binary,
  uuid,
  list,
  set,
  map,
  named,  ///< A reference to a definition, perhaps of an included file (`b.User`).
};

/// `cpp_type "..."` of a container.
struct CppType {
  String name;
  bool trailing = false;  ///< Behind `<...>` (deprecated) instead of before it.
};

/// A type where it is used.
struct Type {
  TypeKind kind = TypeKind::void_type;
  Name name;                       ///< As written: `i32`, `byte`, `map`, `b.User`.
  std::vector<Type> arguments;     ///< One of a list or a set; key and value of a map.
  std::vector<CppType> cpp_types;  ///< Of a container; at most one in each place.
  Annotations annotations;
  SourceRange range;
};

enum class Requiredness : std::uint8_t { unspecified, required, optional };

/// A field, an argument, a declared exception of a function.
struct Field {
  Doc doc;
  std::optional<Integer> id;  ///< Nothing where it is implicit.
  Requiredness requiredness = Requiredness::unspecified;
  SourceRange requiredness_range;
  Type type;
  bool is_reference = false;  ///< `T & name`
  bool xsd_optional = false;
  bool xsd_nillable = false;
  Name name;
  std::optional<ConstValue> default_value;
  std::optional<std::vector<Field>> xsd_attrs;  ///< `xsd_attrs {...}`
  Annotations annotations;
  SourceRange range;
};

struct Include {
  String path;
  SourceRange range;
};

struct CppInclude {
  String path;
  SourceRange range;
};

struct Namespace {
  Name scope;  ///< `py`, `py.twisted`, `*`
  Name name;
  /// The character around a name that was written as a string (fbthrift's form), else 0.
  char quote = 0;
  Annotations annotations;
  SourceRange range;
};

using Header = std::variant<Include, CppInclude, Namespace>;

struct Typedef {
  Doc doc;
  Name name;
  Type type;
  Annotations annotations;
  SourceRange range;
  bool damaged = false;
};

struct Const {
  Doc doc;
  Name name;
  Type type;
  /// Nothing only where the constant is damaged.
  std::optional<ConstValue> value;
  Annotations annotations;
  SourceRange range;
  bool damaged = false;
};

struct EnumValue {
  Doc doc;
  Name name;
  std::optional<Integer> value;  ///< Nothing where it is implicit.
  Annotations annotations;
  SourceRange range;
};

struct Enum {
  Doc doc;
  Name name;
  std::vector<EnumValue> values;
  Annotations annotations;
  SourceRange range;
  bool damaged = false;
};

enum class StructKind : std::uint8_t { structure, union_type, exception };

struct Struct {
  Doc doc;
  StructKind kind = StructKind::structure;
  Name name;
  bool xsd_all = false;
  std::vector<Field> fields;
  Annotations annotations;
  SourceRange range;
  bool damaged = false;
};

struct Function {
  enum class Call : std::uint8_t {
    twoway,
    oneway,
    async,  ///< The old word for oneway.
  };
  Doc doc;
  Call call = Call::twoway;
  SourceRange call_range;  ///< Of `oneway` or `async`.
  Type result;
  Name name;
  std::vector<Field> arguments;
  std::optional<std::vector<Field>> throws;  ///< Nothing where there is no `throws`.
  SourceRange throws_range;                  ///< Of the word `throws`.
  Annotations annotations;
  SourceRange range;
  bool damaged = false;
};

struct Service {
  Doc doc;
  Name name;
  std::optional<Name> extends;
  std::vector<Function> functions;
  Annotations annotations;
  SourceRange range;
  bool damaged = false;
};

using Definition = std::variant<Typedef, Const, Enum, Struct, Service>;

struct Program {
  SourcePtr source;
  Doc doc;
  std::vector<Header> headers;
  std::vector<Definition> definitions;
  /// Text that was passed over after a mistake, in order.
  std::vector<SourceRange> skipped;
  /// Holds the strings that do not stand in the source as they are.
  std::unique_ptr<Arena> memory;
};

/// Whether `name` occurs as a word in text that was skipped, so that it may well have been meant to
/// be defined there.
[[nodiscard]] THRIFTPP_API bool mentioned_in_skipped(const Program& program, std::string_view name);

/// Whether two trees say the same: everything but ranges, places and `skipped`. Numbers compare by
/// their text as well (`0x10` is not `16`), strings by their value.
[[nodiscard]] THRIFTPP_API bool same_structure(const Program& a, const Program& b);

}  // namespace thrift::ast
