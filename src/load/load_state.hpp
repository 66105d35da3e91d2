#pragma once

// One load while it is under way: its files, what they define, and the schema that is being built.
// The phases (loader.cpp lists them) are free functions over a `Load`.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thriftpp/idl/ast.hpp>
#include <thriftpp/idl/diagnostic.hpp>
#include <thriftpp/load/options.hpp>
#include <thriftpp/schema/schema_builder.hpp>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "base/backquoted.hpp"
#include "load/idl_extra.hpp"

namespace thrift::loading {

struct Unit;

/// Who needs a name: a definition of an included file, or nullptr for the root's, whose mistakes
/// are errors at once.
using Owner = const void*;

/// How far a definition that may depend on others has come. `failed` says that this was reported:
/// whatever depends on it fails silently.
enum class Progress : std::uint8_t { untouched, active, done, failed };

/// A name that stands for a type or a service: they share one name space, as in Apache's compiler.
struct Symbol {
  /// What the file says; its node in the schema stands in the union below.
  std::variant<const ast::Struct*, const ast::Enum*, const ast::Typedef*, const ast::Service*> tree;
  union {
    StructType* structure;
    EnumType* enumeration;
    Typedef* alias;
    Service* service;
  };
  Unit* unit = nullptr;
  ast::Name name;
  Progress progress = Progress::untouched;
  /// Of a typedef that is done: what it stands for (the schema's node holds the same).
  TypeUse target = {};
  /// Of a typedef that is done: how many typedefs there are one after the other, itself included.
  std::uint32_t chain = 1;
  Symbol* base = nullptr;  ///< Of a service: what it extends.
};

/// How big a value is with all that it refers to, so that references cannot multiply for ever.
struct ValueSize {
  std::uint64_t values = 0;
  std::uint32_t depth = 0;
};

struct ConstSymbol {
  const ast::Const* tree = nullptr;
  Constant* node = nullptr;
  Unit* unit = nullptr;
  Progress progress = Progress::untouched;
  const std::byte* cell = nullptr;  ///< Once it is done.
  ValueSize size = {};
  std::uint32_t chain = 1;  ///< As a typedef's: constants that need each other.
};

/// Where something is used, and by whom.
struct Use {
  Owner owner;
  SourceRange range;
};

struct Include {
  const ast::Include* tree = nullptr;
  std::string prefix;      ///< What names of it begin with: its file's name without suffix.
  Unit* unit = nullptr;    ///< nullptr where it is missing or broken off.
  bool missing = false;    ///< Not found: a warning, or an error once something is used.
  std::vector<Use> uses;   ///< Of a missing one.
  std::string suggestion;  ///< What its path should be, perhaps.
};

/// One file.
struct Unit {
  SourcePtr source;
  std::string name;  ///< Without folder and suffix.
  ast::Program tree;
  std::vector<Include> includes;
  /// Positions in `includes` by prefix, the last first; each file once.
  std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_prefix;
  Program* program = nullptr;
  std::deque<Symbol> symbols;  // addresses stay
  std::deque<ConstSymbol> constant_symbols;
  std::unordered_map<std::string_view, Symbol*> types;
  std::unordered_map<std::string_view, ConstSymbol*> constants;
};

/// A default of a field, to be evaluated once layouts are known.
struct PendingDefault {
  Unit* unit;
  Owner owner;
  const ast::Field* tree;
  const Type* type;
  const Field* field;  ///< nullptr where it is left out: then the default is only checked.
};

struct Need {
  Owner owner;
  const void* needed;  ///< A Symbol, or a ConstSymbol.
};

/// A name that stands for nothing, in one file: one mistake, however often it is used. Names with a
/// prefix that nothing has are one mistake all together.
struct UnknownName {
  Diagnostic diagnostic;
  std::vector<Use> uses;
  /// A value's: an error in any case. A type's or a service's in an included file is one only if
  /// the root needs the definition that it stands in (Apache's compiler does not look at others).
  bool in_value = false;
};

/// What a container type costs.
struct TypeMeasure {
  std::uint32_t depth = 0;
  std::uint32_t names = 1;  ///< In its full spelling.
};

struct Load {
  Load(const LoadOptions& load_options, const FileProvider& provider)
      : options(load_options), files(provider), diagnostics(load_options.diagnostics) {}

  const LoadOptions& options;
  const FileProvider& files;
  Diagnostics diagnostics;
  SchemaBuilder builder;
  std::deque<Unit> units;  ///< The root first, then as they were met.
  std::deque<PendingDefault> defaults;
  UuidSpellings uuids;
  Owner owner = nullptr;  ///< Of what is being defined.
  std::deque<UnknownName> unknown;
  std::size_t unquoted_strings = 0;
  std::map<std::pair<const Unit*, std::string>, UnknownName*> unknown_by_key;
  std::vector<Need> needs;
  std::unordered_map<const Type*, TypeMeasure> measures;  ///< Of containers.
  std::size_t type_bytes = 0;                             ///< Of the names of all containers.
  std::size_t functions = 0;                              ///< Inherited ones too.
  bool functions_reported = false;                        ///< That there are too many.
  std::uint64_t constant_values = 0;                      ///< Evaluated so far, and the memory
  std::size_t constant_bytes = 0;                         ///< that they take.
  bool constants_exhausted = false;                       ///< One was too much; it was reported.
  std::vector<Symbol*> typedef_stack;                     ///< Those being resolved.
  /// Structs that lost fields to mistakes: nobody is told that they lack one.
  std::unordered_set<const StructType*> incomplete;
  /// Stands where a type could not be resolved, which has been reported: whatever involves it is
  /// not complained of. Schemas that hold it are never handed out.
  const StructType* broken = nullptr;
};

/// Sets who needs what is resolved from here to the end of the scope.
class OwnerScope {
 public:
  OwnerScope(Load& load, const Unit& unit, Owner owner) : load_(load), before_(load.owner) {
    load.owner = &unit == &load.units.front() ? nullptr : owner;
  }
  OwnerScope(const OwnerScope&) = delete;
  OwnerScope& operator=(const OwnerScope&) = delete;
  ~OwnerScope() { load_.owner = before_; }

 private:
  Load& load_;
  Owner before_;
};

/// The place as the schema keeps it.
[[nodiscard]] SourceSpan span_of(const SourceRange& range);
/// The schema's form of annotations.
[[nodiscard]] std::vector<Annotation> annotations_of(const ast::Annotations& annotations);
[[nodiscard]] std::string_view text_of(const ast::Doc& doc);
[[nodiscard]] DefinitionSpec definition_of(const ast::Doc& doc, const ast::Annotations& annotations,
                                           const SourceRange& range);
/// Whether a file may be read: it lies in one of `LoadOptions::roots`, or there are none.
[[nodiscard]] bool inside_roots(const Load& load, std::string_view canonical);

// Names: names.cpp. What is not found is reported, unless that would only follow from something
// else that is wrong.

/// The type that `name` stands for in `unit`, or nullptr.
[[nodiscard]] Symbol* find_type(Load& load, Unit& unit, const ast::Name& name);
/// The service.
[[nodiscard]] Symbol* find_service(Load& load, Unit& unit, const ast::Name& name);

/// What a name in a value stands for: a constant, or a value of an enum.
struct ValueName {
  ConstSymbol* constant = nullptr;
  Symbol* enumeration = nullptr;
  const EnumValue* value = nullptr;
  bool is_text = false;  ///< A string that lacks its quotes.
  explicit operator bool() const noexcept {
    return constant != nullptr || value != nullptr || is_text;
  }
};
/// `wanted` is the type of the place: where it is an enum, its values may stand there by their bare
/// names. A map's key is never a string that lacks its quotes.
[[nodiscard]] ValueName find_value(Load& load, Unit& unit, const ast::Name& name,
                                   const Type& wanted, bool is_key);

/// Notes that `name` stands for nothing where a type, a service, or a value of `wanted` should:
/// unknown_names.cpp. Nothing is noted where that would only follow from another mistake.
enum class Wanted : std::uint8_t { type, service, value };
void note_unknown(Load& load, Unit& unit, const ast::Name& name, Wanted wanted,
                  const Type* type = nullptr);
/// Whether the text that was not understood may define `name`, or an include that is missing: then
/// it is not the name that is wrong.
[[nodiscard]] bool blame_others(Load& load, Unit& unit, const ast::Name& name);
/// The name by which `unit` can call the enum, or its bare name where it cannot.
[[nodiscard]] std::string qualified_name(const Unit& unit, const EnumType& type);
/// The name nearest to `name` of those that may stand for a value of `type`.
[[nodiscard]] std::string nearest_value(const Unit& unit, std::string_view name, const Type& type);

template <class Map>
auto find_in(const Map& map, std::string_view name) {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : found->second;
}
[[nodiscard]] inline bool is_service(const Symbol& symbol) {
  return std::holds_alternative<const ast::Service*>(symbol.tree);
}

/// Calls `visit(include, rest)` for every include that `name` may belong to, the longest prefix
/// first; stops where that returns true.
template <class Visit>
bool each_include_of(Unit& unit, std::string_view name, Visit visit) {
  for (auto dot = name.rfind('.'); dot != std::string_view::npos && dot != 0;
       dot = name.rfind('.', dot - 1)) {
    const auto found = unit.by_prefix.find(name.substr(0, dot));
    if (found == unit.by_prefix.end()) continue;
    for (const std::uint32_t at : found->second) {
      if (visit(unit.includes[at], name.substr(dot + 1))) return true;
    }
  }
  return false;
}

// Types: types.cpp.

/// The type as the schema holds it; `load.broken` where there is none, which has been reported.
[[nodiscard]] TypeUse resolve_type(Load& load, Unit& unit, const ast::Type& tree);

// Fields: fields.cpp.

enum class FieldList : std::uint8_t { structure, union_type, exception, arguments, throws, xsd };

/// A default value that waits for the layouts.
struct FieldDefault {
  const ast::Field* tree;
  const Type* type;
  std::optional<std::uint32_t> index;  ///< In the list that was made, if the field is there.
};
/// The fields of a list, checked. `owner` is what messages call it ("struct `User`").
[[nodiscard]] std::vector<FieldSpec> make_fields(Load& load, Unit& unit,
                                                 const std::vector<ast::Field>& trees,
                                                 FieldList kind, std::string_view owner,
                                                 std::vector<FieldDefault>& defaults);
/// Has the defaults evaluated later. `fields` is the list that was made, or empty where that is
/// left out as a whole.
void add_defaults(Load& load, Unit& unit, std::span<const FieldDefault> defaults,
                  std::span<const Field> fields);

// The phases. Each reports what it finds and goes on.

/// Reads and parses the root and all that it includes: includes.cpp.
void read_files(Load& load, const SourcePtr& root);
/// Adds a node for each definition; reports names that are defined twice: names.cpp.
void declare_names(Load& load);
/// Gives every declared node its content, but for values: definitions.cpp, types.cpp, fields.cpp,
/// services.cpp, constants.cpp.
void define_programs(Load& load);
void define_enums(Load& load);
void define_typedefs(Load& load);
void define_structs(Load& load);
void define_services(Load& load);
void define_constants(Load& load);
/// Evaluates constants and defaults: constants.cpp.
void evaluate_constants(Load& load);
/// Reports unknown names and missing includes: errors where the root needs what stands on them,
/// else that is left out with a warning: unused.cpp.
void settle_unused(Load& load);

}  // namespace thrift::loading
