// Names: what each file defines, and what a name stands for.

#include <thriftpp/base/near_name.hpp>

#include "load/load_state.hpp"

namespace thrift::loading {
namespace {

const char* kind_name(const Symbol& symbol) {
  switch (symbol.tree.index()) {
    case 0:
      return std::get<0>(symbol.tree)->kind == ast::StructKind::structure    ? "struct"
             : std::get<0>(symbol.tree)->kind == ast::StructKind::union_type ? "union"
                                                                             : "exception";
    case 1: return "enum";
    case 2: return "typedef";
    default: return "service";
  }
}

TypeKind kind_of(ast::StructKind kind) {
  return kind == ast::StructKind::structure    ? TypeKind::struct_
         : kind == ast::StructKind::union_type ? TypeKind::union_
                                               : TypeKind::exception;
}

class Declarer {
 public:
  Declarer(Load& load, Unit& unit) : load_(load), unit_(unit) {}

  void operator()(const ast::Struct& tree) {
    if (Symbol* const s = add(tree)) {
      s->structure = &load_.builder.add_struct(*unit_.program, tree.name.text, kind_of(tree.kind));
    }
  }
  void operator()(const ast::Enum& tree) {
    if (Symbol* const s = add(tree)) {
      s->enumeration = &load_.builder.add_enum(*unit_.program, tree.name.text);
    }
  }
  void operator()(const ast::Typedef& tree) {
    if (Symbol* const s = add(tree)) {
      s->alias = &load_.builder.add_typedef(*unit_.program, tree.name.text);
    }
  }
  void operator()(const ast::Service& tree) {
    if (Symbol* const s = add(tree)) {
      s->service = &load_.builder.add_service(*unit_.program, tree.name.text);
    }
  }
  void operator()(const ast::Const& tree) {
    if (tree.name.text.empty()) return;
    const auto [known, is_new] = unit_.constants.try_emplace(tree.name.text, nullptr);
    if (!is_new) return report("duplicate-constant", tree.name, known->second->tree->name);
    ConstSymbol& symbol = unit_.constant_symbols.emplace_back();
    symbol.tree = &tree;
    symbol.unit = &unit_;
    symbol.node = &load_.builder.add_constant(*unit_.program, tree.name.text);
    known->second = &symbol;
  }

 private:
  template <class Tree>
  Symbol* add(const Tree& tree) {
    if (tree.name.text.empty()) return nullptr;  // damaged
    const auto [known, is_new] = unit_.types.try_emplace(tree.name.text, nullptr);
    if (!is_new) {
      report("duplicate-definition", tree.name, known->second->name);
      return nullptr;
    }
    Symbol& symbol = unit_.symbols.emplace_back();
    symbol.tree = &tree;
    symbol.structure = nullptr;
    symbol.unit = &unit_;
    symbol.name = tree.name;
    known->second = &symbol;
    return &symbol;
  }

  void report(std::string_view id, const ast::Name& name, const ast::Name& first) {
    load_.diagnostics.error(id, name.range, quoted(name.text) + " is defined already", {},
                            {{"the first definition is here", first.range}});
  }

  Load& load_;
  Unit& unit_;
};

/// Collects names that may have been meant; does nothing where nobody will see the result.
class Suggestion {
 public:
  Suggestion(const Load& load, std::string_view name)
      : name_(name), wanted_(!load.diagnostics.full() && name.size() <= max_length) {}

  void add(std::string_view candidate) {
    if (wanted_ && candidate.size() <= max_length) names_.emplace_back(candidate);
  }
  void add(const std::string& prefix, std::string_view candidate) {
    if (wanted_ && candidate.size() <= max_length) {
      names_.push_back(prefix + '.' + std::string(candidate));
    }
  }
  [[nodiscard]] bool wanted() const noexcept { return wanted_; }
  [[nodiscard]] std::string nearest() const {
    const std::vector<std::string_view> views(names_.begin(), names_.end());
    return std::string(near_name(name_, views));
  }

 private:
  static constexpr std::size_t max_length = 256;  // comparing names takes the square of this
  std::string_view name_;
  bool wanted_;
  std::vector<std::string> names_;
};

/// Whether a complaint about `name` would only follow from another mistake: it occurs in text that
/// was not understood, where it may well have been defined.
bool may_be_damaged(Unit& unit, std::string_view name) {
  if (ast::mentioned_in_skipped(unit.tree, name)) return true;
  return each_include_of(unit, name, [](Include& include, std::string_view rest) {
    if (include.unit == nullptr) return false;
    const std::string_view first = rest.substr(0, rest.find('.'));
    return ast::mentioned_in_skipped(include.unit->tree, first);
  });
}

/// Marks a missing include as used where `name` can only come from there. Returns whether a
/// complaint about `name` would follow from the include's.
bool blame_include(Load& load, Unit& unit, const ast::Name& name) {
  return each_include_of(unit, name.text, [&](Include& include, std::string_view) {
    if (include.missing && !include.first_use) {
      if (load.owner == nullptr) {
        include.first_use = name.range;
      } else {
        load.deferred.push_back(
            {load.owner, {.id = {}, .message = {}, .range = name.range}, &include});
      }
    }
    return include.unit == nullptr;
  });
}

template <class Find>
auto* find_in_includes(Unit& unit, std::string_view name, Find find) {
  decltype(find(unit, name)) found = nullptr;
  each_include_of(unit, name, [&](Include& include, std::string_view rest) {
    if (include.unit != nullptr) found = find(*include.unit, rest);
    return found != nullptr;
  });
  return found;
}

template <class Map>
auto find_in(const Map& map, std::string_view name) {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : found->second;
}

bool is_service(const Symbol& symbol) {
  return std::holds_alternative<const ast::Service*>(symbol.tree);
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
    notes.push_back({quoted(bare) + " is defined here",
                     symbol != nullptr ? symbol->name.range : constant->tree->name.range});
    return ", defined in " + quoted(other.source->name()) + ", which is not included";
  }
  if (!dotted || unit.by_prefix.contains(name.substr(0, dot))) return {};
  const std::string file = std::string(name.substr(0, dot)) + ".thrift";
  const std::string path = load.files.join(load.files.directory(unit.source->name()), file);
  if (file.size() > 250 || !load.files.canonical(path)) return {};
  return "; " + quoted(file) + " is not included";
}

void suggest_types(Suggestion& names, const Unit& unit, const std::string& prefix, bool services) {
  for (const Symbol& symbol : unit.symbols) {
    if (is_service(symbol) != services) continue;
    prefix.empty() ? names.add(symbol.name.text) : names.add(prefix, symbol.name.text);
  }
}

void report_unknown(Load& load, Unit& unit, const ast::Name& name, bool service) {
  if (blame_include(load, unit, name) || may_be_damaged(unit, name.text)) return;
  Suggestion names(load, name.text);
  std::vector<DiagnosticNote> notes;
  std::string tail;
  std::string suggestion;
  if (names.wanted()) {
    suggest_types(names, unit, {}, service);
    for (const Include& include : unit.includes) {
      if (include.unit == nullptr) continue;
      suggest_types(names, *include.unit, include.prefix, service);
      // A bare name that an included file defines only lacks its prefix.
      const Symbol* const there = find_in(include.unit->types, name.text);
      if (there != nullptr && is_service(*there) == service) {
        suggestion = include.prefix + '.' + std::string(name.text);
      }
    }
    if (name.text.starts_with(unit.name + '.') &&
        unit.types.contains(name.text.substr(unit.name.size() + 1))) {
      suggestion = name.text.substr(unit.name.size() + 1);  // a file cannot name itself
    }
    if (!service) {
      for (const char* base : {"bool", "byte", "i8", "i16", "i32", "i64", "double", "string",
                               "binary", "uuid", "void", "list", "set", "map"}) {
        names.add(base);
      }
    }
    if (suggestion.empty()) tail = defined_elsewhere(load, unit, name.text, notes);
    if (suggestion.empty() && tail.empty()) suggestion = names.nearest();
  }
  Diagnostic diagnostic{
      .id = service ? "unknown-service" : "unknown-type",
      .message = (service ? "unknown service " : "unknown type ") + quoted(name.text) + tail,
      .range = name.range,
      .notes = std::move(notes),
      .suggestion = std::move(suggestion)};
  if (load.owner == nullptr) {
    load.diagnostics.report(std::move(diagnostic));
  } else {
    load.deferred.push_back({load.owner, std::move(diagnostic)});
  }
}

Symbol* find_symbol(Load& load, Unit& unit, const ast::Name& name, bool service) {
  if (name.text.empty()) return nullptr;  // damaged
  const auto find = [](const Unit& in, std::string_view bare) { return find_in(in.types, bare); };
  Symbol* found = find(unit, name.text);
  if (found == nullptr) found = find_in_includes(unit, name.text, find);
  if (found == nullptr) {
    report_unknown(load, unit, name, service);
  } else if (is_service(*found) != service) {
    load.diagnostics.error(
        service ? "not-a-service" : "not-a-type", name.range,
        quoted(name.text) + " is a " + kind_name(*found) + (service ? ", no service" : ", no type"),
        {}, {{quoted(found->name.text) + " is defined here", found->name.range}});
    return nullptr;
  }
  if (found != nullptr) load.needs.push_back({load.owner, found});
  return found;
}

/// `A` or `E.A` in one file.
ValueName find_value_in(Unit& unit, std::string_view name) {
  ValueName found;
  found.constant = find_in(unit.constants, name);
  const auto dot = name.rfind('.');
  if (found || dot == std::string_view::npos) return found;
  Symbol* const symbol = find_in(unit.types, name.substr(0, dot));
  if (symbol == nullptr) return found;
  const EnumType* type = nullptr;
  if (std::holds_alternative<const ast::Enum*>(symbol->tree)) {
    type = symbol->enumeration;
  } else if (std::holds_alternative<const ast::Typedef*>(symbol->tree) &&
             symbol->progress == Progress::done && symbol->target.type().is_enum()) {
    type = &symbol->target.type().as_enum();
  }
  if (type != nullptr) {
    found.enumeration = symbol;
    found.value = type->find(name.substr(dot + 1));
  }
  return found;
}

/// The name by which `unit` can call the enum, or its bare name where it cannot.
std::string qualified_name_in(const Unit& unit, const EnumType& type) {
  for (const Include& include : unit.includes) {
    if (include.unit != nullptr && include.unit->program == &type.program()) {
      return include.prefix + '.' + std::string(type.name());
    }
  }
  return std::string(type.name());
}

void suggest_values(Suggestion& names, const Unit& unit, const std::string& prefix) {
  for (const ConstSymbol& constant : unit.constant_symbols) {
    const std::string_view name = constant.tree->name.text;
    prefix.empty() ? names.add(name) : names.add(prefix, name);
  }
  for (const Symbol& symbol : unit.symbols) {
    if (!std::holds_alternative<const ast::Enum*>(symbol.tree)) continue;
    for (const EnumValue& value : symbol.enumeration->values()) {
      const std::string name = std::string(symbol.name.text) + '.' + std::string(value.name());
      prefix.empty() ? names.add(name) : names.add(prefix, name);
    }
  }
}

/// A value of the enum that is wanted, which the name's last part alone tells: `A`; `E.A` or `b.A`
/// where E is of an included file `b`; and, as Apache's compiler has it, `F.A` where F is another
/// enum that has no A.
ValueName find_by_member(Load& load, Unit& unit, const ast::Name& name, const EnumType& wanted) {
  const auto dot = name.text.rfind('.');
  const bool bare = dot == std::string_view::npos;
  ValueName found;
  found.value = wanted.find(bare ? name.text : name.text.substr(dot + 1));
  if (found.value == nullptr) return found;
  const std::string_view prefix = bare ? std::string_view() : name.text.substr(0, dot);
  if (prefix == wanted.name()) return found;
  const auto find = [](const Unit& in, std::string_view n) { return find_in(in.types, n); };
  const Symbol* other = bare ? nullptr : find(unit, prefix);
  if (other == nullptr && !bare) other = find_in_includes(unit, prefix, find);
  std::string suggestion = qualified_name_in(unit, wanted) + '.' + std::string(found.value->name());
  if (other != nullptr) {
    load.diagnostics.warning("wrong-enum-name", name.range,
                             quoted(found.value->name()) + " is no value of " + quoted(prefix) +
                                 ", but of the enum " + quoted(wanted.name()) +
                                 " that is wanted here",
                             std::move(suggestion));
  } else if (bare || unit.by_prefix.contains(prefix)) {
    load.diagnostics.warning("unqualified-enum-value", name.range,
                             "the name of the enum is left out, which Apache's compiler refuses",
                             std::move(suggestion));
  } else {
    found.value = nullptr;
  }
  return found;
}

void report_unknown_value(Load& load, Unit& unit, const ast::Name& name, const Type& type,
                          ValueName& found) {
  const EnumType* const wanted = type.is_enum() ? &type.as_enum() : nullptr;
  if (blame_include(load, unit, name) || may_be_damaged(unit, name.text)) return;
  Suggestion names(load, name.text);
  std::vector<DiagnosticNote> notes;
  std::string tail;
  std::string suggestion;
  if (names.wanted()) {
    if (wanted != nullptr) {
      for (const EnumValue& value : wanted->values()) names.add(value.name());
      for (const EnumValue& value : wanted->values()) {
        names.add(std::string(wanted->name()), value.name());
      }
    }
    suggest_values(names, unit, {});
    for (const Include& include : unit.includes) {
      if (include.unit == nullptr) continue;
      suggest_values(names, *include.unit, include.prefix);
      if (include.unit->constants.contains(name.text)) {
        suggestion = include.prefix + '.' + std::string(name.text);
      }
    }
    if (suggestion.empty()) tail = defined_elsewhere(load, unit, name.text, notes);
    if (suggestion.empty() && tail.empty()) suggestion = names.nearest();
    if (suggestion.empty() && tail.empty() && type.is_string() &&
        name.text.find('.') == std::string_view::npos) {
      load.diagnostics.warning("unquoted-string", name.range,
                               "no constant " + quoted(name.text) + "; it is read as a string",
                               '"' + std::string(name.text) + '"');
      found.is_text = true;
      return;
    }
  }
  load.diagnostics.error("unknown-constant", name.range,
                         "no constant or enum value " + quoted(name.text) + tail,
                         std::move(suggestion), std::move(notes));
}

}  // namespace

void declare_names(Load& load) {
  for (Unit& unit : load.units) {
    unit.program = &load.builder.add_program(unit.name, unit.source->name());
    for (const ast::Definition& definition : unit.tree.definitions) {
      std::visit(Declarer(load, unit), definition);
    }
    for (std::size_t at = unit.includes.size(); at-- > 0;) {
      auto& same_prefix = unit.by_prefix[unit.includes[at].prefix];
      const auto is_same = [&](std::uint32_t other) {
        return unit.includes[other].unit != nullptr &&
               unit.includes[other].unit == unit.includes[at].unit;
      };
      if (std::none_of(same_prefix.begin(), same_prefix.end(), is_same)) {
        same_prefix.push_back(static_cast<std::uint32_t>(at));
      }
    }
  }
  load.broken = &load.builder.add_anonymous_struct(*load.units.front().program, "unknown type");
}

Symbol* find_type(Load& load, Unit& unit, const ast::Name& name) {
  return find_symbol(load, unit, name, false);
}

Symbol* find_service(Load& load, Unit& unit, const ast::Name& name) {
  return find_symbol(load, unit, name, true);
}

ValueName find_value(Load& load, Unit& unit, const ast::Name& name, const Type& wanted) {
  ValueName found = find_value_in(unit, name.text);
  if (!found) {
    each_include_of(unit, name.text, [&](Include& include, std::string_view rest) {
      if (include.unit != nullptr) found = find_value_in(*include.unit, rest);
      return static_cast<bool>(found);
    });
  }
  if (!found && wanted.is_enum()) found = find_by_member(load, unit, name, wanted.as_enum());
  if (!found) report_unknown_value(load, unit, name, wanted, found);
  if (found.constant != nullptr) load.needs.push_back({load.owner, found.constant});
  return found;
}

}  // namespace thrift::loading
