// Names that stand for nothing: what may have been meant, where it is defined, and whether the name
// is what is wrong at all.

#include <algorithm>
#include <array>
#include <thriftpp/base/near_name.hpp>

#include "load/load_state.hpp"

namespace thrift::loading {
namespace {

// What looking for the nearest name may cost.
constexpr std::size_t max_length = 256;         // comparing two names takes the square of this
constexpr std::size_t max_candidates = 10'000;  // more names than that are not compared
constexpr std::size_t max_searches = 100;       // nobody reads more suggestions than that
/// Distinct unknown names that are collected; what comes after them is reported on its own.
constexpr std::size_t max_unknown = 10'000;

/// Collects names that may have been meant.
class Names {
 public:
  void add(std::string_view candidate) { add({}, candidate); }
  void add(const std::string& prefix, std::string_view candidate) {
    if (candidate.size() > max_length || names_.size() >= max_candidates) return;
    names_.push_back(prefix.empty() ? std::string(candidate)
                                    : prefix + '.' + std::string(candidate));
  }
  [[nodiscard]] std::string nearest(std::string_view name) const {
    if (name.size() > max_length) return {};
    const std::vector<std::string_view> views(names_.begin(), names_.end());
    return std::string(near_name(name, views));
  }

 private:
  std::vector<std::string> names_;
};

void add_symbols(Names& names, const Unit& unit, const std::string& prefix, bool services) {
  for (const Symbol& symbol : unit.symbols) {
    if (is_service(symbol) == services) names.add(prefix, symbol.name.text);
  }
}

void add_values(Names& names, const Unit& unit, const std::string& prefix) {
  for (const ConstSymbol& constant : unit.constant_symbols) {
    names.add(prefix, constant.tree->name.text);
  }
  for (const Symbol& symbol : unit.symbols) {
    if (!std::holds_alternative<const ast::Enum*>(symbol.tree)) continue;
    for (const EnumValue& value : symbol.enumeration->values()) {
      names.add(prefix, std::string(symbol.name.text) + '.' + std::string(value.name()));
    }
  }
}

struct Translation {
  std::string_view foreign, ours;
};
/// Types that are called otherwise here than in other languages, or were once, and numbers whose
/// digits are swapped.
constexpr std::array foreign_types{
    Translation{"bytes", "binary"}, Translation{"boolean", "bool"}, Translation{"char", "byte"},
    Translation{"float", "double"}, Translation{"i23", "i32"},      Translation{"i46", "i64"},
    Translation{"i61", "i16"},      Translation{"int", "i32"},      Translation{"int8", "i8"},
    Translation{"int16", "i16"},    Translation{"int32", "i32"},    Translation{"int64", "i64"},
    Translation{"integer", "i32"},  Translation{"long", "i64"},     Translation{"short", "i16"},
    Translation{"slist", "string"}, Translation{"str", "string"},
};

/// The nearest name, or the one that is just what it says but for a prefix too few or too many.
std::string nearest_symbol(const Unit& unit, std::string_view name, bool services) {
  Names names;
  add_symbols(names, unit, {}, services);
  for (const Include& include : unit.includes) {
    if (include.unit == nullptr) continue;
    const Symbol* const there = find_in(include.unit->types, name);
    if (there != nullptr && is_service(*there) == services) {
      return include.prefix + '.' + std::string(name);
    }
    add_symbols(names, *include.unit, include.prefix, services);
  }
  if (name.starts_with(unit.name + '.') && unit.types.contains(name.substr(unit.name.size() + 1))) {
    return std::string(name.substr(unit.name.size() + 1));  // a file cannot name itself
  }
  if (!services) {
    for (const Translation& type : foreign_types) {
      if (type.foreign == name) return std::string(type.ours);
    }
    for (const char* base : {"bool", "byte", "i8", "i16", "i32", "i64", "double", "string",
                             "binary", "uuid", "void", "list", "set", "map"}) {
      names.add(base);
    }
  }
  return names.nearest(name);
}

/// Files of this load that define `name` but are not included by `unit`, or a file that lies where
/// the name's prefix says and is not included: the message's tail, and a note.
std::string defined_elsewhere(Load& load, Unit& unit, std::string_view name,
                              std::vector<DiagnosticNote>& notes) {
  const auto dot = name.rfind('.');
  const bool dotted = dot != std::string_view::npos;
  const std::string_view bare = dotted ? name.substr(dot + 1) : name;
  for (Unit& other : load.units) {
    if (&other == &unit || (dotted && other.name != name.substr(0, dot))) continue;
    const Symbol* const symbol = find_in(other.types, bare);
    const ConstSymbol* const constant = find_in(other.constants, bare);
    if (symbol == nullptr && constant == nullptr) continue;
    for (const Include& include : unit.includes) {
      if (include.unit == &other) return {};  // a suggestion says it better
    }
    notes.push_back({backquoted(bare) + " is defined here",
                     symbol != nullptr ? symbol->name.range : constant->tree->name.range});
    return ", defined in " + backquoted(other.source->name()) + ", which is not included";
  }
  return {};
}

/// The first part of a dotted name where that is neither an include nor a type here: what is wrong
/// with the name. Empty where it is something else.
std::string_view unknown_prefix(Unit& unit, std::string_view name) {
  const std::string_view first = name.substr(0, name.find('.'));
  if (first.size() == name.size() || first == unit.name || unit.types.contains(first)) return {};
  const bool known = each_include_of(unit, name, [](Include&, std::string_view) { return true; });
  return known ? std::string_view() : first;
}

/// Whether a file PREFIX.thrift lies beside `unit`.
bool lies_beside(const Load& load, const Unit& unit, std::string_view prefix) {
  if (prefix.size() > max_length) return false;
  const std::string file = std::string(prefix) + ".thrift";
  return load.files.canonical(load.files.join(load.files.directory(unit.source->name()), file))
      .has_value();
}

/// An include that is missing because its own name is misspelt: `include "shraed.thrift"`, and
/// `shared.Item`. From here on the prefix stands for it.
bool blame_misspelt_include(const Load& load, Unit& unit, std::string_view prefix) {
  for (std::uint32_t at = 0; at < unit.includes.size(); ++at) {
    Include& include = unit.includes[at];
    if (!include.missing || include.prefix.size() > max_length || prefix.size() > max_length) {
      continue;
    }
    const std::string_view candidates[] = {prefix};
    if (near_name(include.prefix, candidates).empty()) continue;
    const std::string_view path = include.tree->path.value;
    include.suggestion =
        load.files.join(load.files.directory(path), std::string(prefix) + ".thrift");
    unit.by_prefix[prefix].push_back(at);
    return true;
  }
  return false;
}

const ConstSymbol* find_constant(Unit& unit, std::string_view name) {
  const ConstSymbol* found = find_in(unit.constants, name);
  if (found != nullptr) return found;
  each_include_of(unit, name, [&](Include& include, std::string_view rest) {
    if (include.unit != nullptr) found = find_in(include.unit->constants, rest);
    return found != nullptr;
  });
  return found;
}

void tell_constant(Diagnostic& d, const ConstSymbol& constant, const ast::Name& name,
                   Wanted wanted) {
  const bool service = wanted == Wanted::service;
  const ast::Name& definition = constant.tree->name;
  d.id = service ? "not-a-service" : "not-a-type";
  d.message = backquoted(name.text) + " is a constant, no " + (service ? "service" : "type");
  d.notes.push_back({backquoted(definition.text) + " is defined here", definition.range});
}

}  // namespace

bool blame_others(Load& load, Unit& unit, const ast::Name& name) {
  if (ast::mentioned_in_skipped(unit.tree, name.text)) return true;
  const std::string_view prefix = unknown_prefix(unit, name.text);
  if (!prefix.empty() && ast::mentioned_in_skipped(unit.tree, prefix)) return true;
  if (!prefix.empty() && load.unknown.size() <= max_searches) {
    blame_misspelt_include(load, unit, prefix);
  }
  return each_include_of(unit, name.text, [&](Include& include, std::string_view rest) {
    if (include.missing) include.uses.push_back({load.owner, name.range});
    return include.unit == nullptr ||
           ast::mentioned_in_skipped(include.unit->tree, rest.substr(0, rest.find('.')));
  });
}

std::string nearest_value(const Unit& unit, std::string_view name, const Type& type) {
  Names names;
  if (type.is_enum()) {
    Names bare;
    for (const EnumValue& value : type.as_enum().values()) {
      bare.add(value.name());
      names.add(std::string(type.name()), value.name());
    }
    const std::string near = bare.nearest(name);
    if (!near.empty()) return qualified_name(unit, type.as_enum()) + '.' + near;
  }
  add_values(names, unit, {});
  for (const Include& include : unit.includes) {
    if (include.unit == nullptr) continue;
    if (include.unit->constants.contains(name)) return include.prefix + '.' + std::string(name);
    add_values(names, *include.unit, include.prefix);
  }
  return names.nearest(name);
}

void note_unknown(Load& load, Unit& unit, const ast::Name& name, Wanted wanted, const Type* type) {
  if (blame_others(load, unit, name)) return;
  const std::string_view prefix = unknown_prefix(unit, name.text);
  std::string key(prefix.empty() ? name.text : prefix);
  key += prefix.empty() ? (wanted == Wanted::value ? " value" : " type") : ".";
  if (load.unknown.size() >= max_unknown) {
    load.diagnostics.error("unknown-type", name.range, "unknown name " + backquoted(name.text));
    return;
  }
  UnknownName*& known = load.unknown_by_key[{&unit, std::move(key)}];
  if (known == nullptr) {
    known = &load.unknown.emplace_back();
    static constexpr const char* whats[] = {"unknown type ", "unknown service ",
                                            "no constant or enum value "};
    static constexpr const char* ids[] = {"unknown-type", "unknown-service", "unknown-constant"};
    Diagnostic& d = known->diagnostic;
    d.id = ids[static_cast<std::size_t>(wanted)];
    d.message = whats[static_cast<std::size_t>(wanted)] + backquoted(name.text);
    const ConstSymbol* const constant =
        wanted == Wanted::value ? nullptr : find_constant(unit, name.text);
    if (constant != nullptr) {
      tell_constant(d, *constant, name, wanted);
    } else if (load.unknown.size() <= max_searches) {
      d.suggestion = wanted == Wanted::value
                         ? nearest_value(unit, name.text, *type)
                         : nearest_symbol(unit, name.text, wanted == Wanted::service);
      const std::string elsewhere = defined_elsewhere(load, unit, name.text, d.notes);
      if (!elsewhere.empty()) {
        d.suggestion.clear();
        d.message += elsewhere;
      } else if (!prefix.empty()) {
        d.message += lies_beside(load, unit, prefix)
                         ? "; " + backquoted(std::string(prefix) + ".thrift") + " is not included"
                         : ", nothing that is included goes by " + backquoted(prefix);
      }
    }
  }
  known->uses.push_back({load.owner, name.range});
  known->in_value = known->in_value || wanted == Wanted::value;
}

}  // namespace thrift::loading
