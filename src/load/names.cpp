// Names: what each file defines, and what a name stands for.

#include <algorithm>
#include <array>

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

/// What is defined twice has a node for each definition, of which names mean the first: the others
/// are checked like it.
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
    ConstSymbol& symbol = unit_.constant_symbols.emplace_back();
    symbol.tree = &tree;
    symbol.unit = &unit_;
    symbol.node = &load_.builder.add_constant(*unit_.program, tree.name.text);
    const auto [known, is_new] = unit_.constants.try_emplace(tree.name.text, &symbol);
    if (!is_new) report("duplicate-constant", tree.name, known->second->tree->name);
  }

 private:
  template <class Tree>
  Symbol* add(const Tree& tree) {
    if (tree.name.text.empty()) return nullptr;  // damaged
    Symbol& symbol = unit_.symbols.emplace_back();
    symbol.tree = &tree;
    symbol.structure = nullptr;
    symbol.unit = &unit_;
    symbol.name = tree.name;
    const auto [known, is_new] = unit_.types.try_emplace(tree.name.text, &symbol);
    if (!is_new) report("duplicate-definition", tree.name, known->second->name);
    return &symbol;
  }

  void report(std::string_view id, const ast::Name& name, const ast::Name& first) {
    load_.diagnostics.error(id, name.range, backquoted(name.text) + " is defined already", {},
                            {{"the first definition is here", first.range}});
  }

  Load& load_;
  Unit& unit_;
};

template <class Find>
auto* find_in_includes(Unit& unit, std::string_view name, Find find) {
  decltype(find(unit, name)) found = nullptr;
  each_include_of(unit, name, [&](Include& include, std::string_view rest) {
    if (include.unit != nullptr) found = find(*include.unit, rest);
    return found != nullptr;
  });
  return found;
}

/// What other languages call nothing at all: hardly a string that lacks its quotes.
bool means_nothing(std::string_view word) {
  static constexpr std::array words{"null", "nil", "None", "NULL", "nullptr", "undefined"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

Symbol* find_symbol(Load& load, Unit& unit, const ast::Name& name, bool service) {
  if (name.text.empty()) return nullptr;  // damaged
  const auto find = [](const Unit& in, std::string_view bare) { return find_in(in.types, bare); };
  Symbol* found = find(unit, name.text);
  if (found == nullptr) found = find_in_includes(unit, name.text, find);
  if (found == nullptr) {
    note_unknown(load, unit, name, service ? Wanted::service : Wanted::type);
  } else if (is_service(*found) != service) {
    load.diagnostics.error(
        service ? "not-a-service" : "not-a-type", name.range,
        backquoted(name.text) + " is a " + kind_name(*found) +
            (service ? ", no service" : ", no type"),
        {}, {{backquoted(found->name.text) + " is defined here", found->name.range}});
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
  std::string suggestion = qualified_name(unit, wanted) + '.' + std::string(found.value->name());
  if (other != nullptr) {
    load.diagnostics.warning("wrong-enum-name", name.range,
                             backquoted(found.value->name()) + " is no value of " +
                                 backquoted(prefix) + ", but of the enum " +
                                 backquoted(wanted.name()) + " that is wanted here",
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

std::string qualified_name(const Unit& unit, const EnumType& type) {
  for (const Include& include : unit.includes) {
    if (include.unit != nullptr && include.unit->program == &type.program()) {
      return include.prefix + '.' + std::string(type.name());
    }
  }
  return std::string(type.name());
}

Symbol* find_type(Load& load, Unit& unit, const ast::Name& name) {
  return find_symbol(load, unit, name, false);
}

Symbol* find_service(Load& load, Unit& unit, const ast::Name& name) {
  return find_symbol(load, unit, name, true);
}

ValueName find_value(Load& load, Unit& unit, const ast::Name& name, const Type& wanted,
                     bool is_key) {
  ValueName found = find_value_in(unit, name.text);
  if (!found) {
    each_include_of(unit, name.text, [&](Include& include, std::string_view rest) {
      if (include.unit != nullptr) found = find_value_in(*include.unit, rest);
      return static_cast<bool>(found);
    });
  }
  if (!found && wanted.is_enum()) found = find_by_member(load, unit, name, wanted.as_enum());
  constexpr std::size_t max_unquoted = 100;  // each is compared with all constants
  if (!found && wanted.is_string() && !is_key && !means_nothing(name.text) &&
      name.text.find('.') == std::string_view::npos && load.unquoted_strings < max_unquoted &&
      nearest_value(unit, name.text, wanted).empty() && !blame_others(load, unit, name)) {
    load.diagnostics.warning("unquoted-string", name.range,
                             "no constant " + backquoted(name.text) + "; it is read as a string",
                             '"' + std::string(name.text) + '"');
    found.is_text = true;
    ++load.unquoted_strings;
  }
  if (!found) note_unknown(load, unit, name, Wanted::value, &wanted);
  if (found.constant != nullptr) load.needs.push_back({load.owner, found.constant});
  return found;
}

}  // namespace thrift::loading
