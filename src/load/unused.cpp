// Names that do not exist, and the definitions of included files that stand on them.
//
// Apache's compiler never looks at what it does not need of an included file, so that real folders
// hold files which are wrong in parts that nobody uses. They load here too: such a definition, and
// whatever else needs it, is left out with a warning. As soon as the root needs it, directly or
// not, it is an error like any other.

#include <algorithm>
#include <unordered_set>

#include "load/load_state.hpp"

namespace thrift::loading {
namespace {

using Nodes = std::unordered_set<const void*>;

/// Everything that can be reached from `from` along `next`.
Nodes reach(std::vector<const void*> from,
            const std::unordered_map<const void*, std::vector<const void*>>& next) {
  Nodes seen(from.begin(), from.end());
  while (!from.empty()) {
    const auto more = next.find(from.back());
    from.pop_back();
    if (more == next.end()) continue;
    for (const void* node : more->second) {
      if (seen.insert(node).second) from.push_back(node);
    }
  }
  return seen;
}

const void* node_of(const Symbol& symbol) {
  switch (symbol.tree.index()) {
    case 0: return symbol.structure;
    case 1: return symbol.enumeration;
    case 2: return symbol.alias;
    default: return symbol.service;
  }
}

/// Leaves out of the schema what stands on something broken.
void leave_out(Load& load, const Nodes& broken) {
  for (Unit& unit : load.units) {
    for (const Symbol& symbol : unit.symbols) {
      if (broken.contains(&symbol)) load.builder.leave_out(*unit.program, node_of(symbol));
    }
    for (const ConstSymbol& symbol : unit.constant_symbols) {
      if (broken.contains(&symbol)) load.builder.leave_out(*unit.program, symbol.node);
    }
  }
}

void report_missing(Load& load, const Include& include, const std::vector<SourceRange>& uses) {
  const SourceRange& place = include.tree->path.range;
  std::string message = "no file " + backquoted(include.tree->path.value) + " was found";
  if (uses.empty()) {
    load.diagnostics.warning("missing-include", place, std::move(message));
  } else {
    load.diagnostics.error("missing-include", place, std::move(message), include.suggestion,
                           {{"something of it is used here", uses.front()}});
  }
}

/// Of the names that may be those of `count` nameless definitions of the file, the one that is used
/// most. Where there are more such names than definitions, one use alone tells nothing.
auto most_missing(Load& load, const Unit& unit, std::string_view id, std::size_t count) {
  auto most = load.unknown.end();
  std::size_t candidates = 0;
  for (auto name = load.unknown.begin(); name != load.unknown.end(); ++name) {
    const SourceRange& place = name->uses.front().range;
    const bool may_be_it = name->diagnostic.id == id && place.file == unit.source.get() &&
                           place.text().find('.') == std::string_view::npos &&
                           name->diagnostic.suggestion.empty();
    if (!may_be_it) continue;
    ++candidates;
    if (most == load.unknown.end() || name->uses.size() > most->uses.size()) most = name;
  }
  const bool certain = candidates <= count || most->uses.size() > 1;
  return certain ? most : load.unknown.end();
}

/// A definition whose name was forgotten is most likely that which is missing most: so many unknown
/// names only follow from it, and are taken off the list.
void blame_nameless(Load& load) {
  for (const Unit& unit : load.units) {
    std::size_t types = 0;
    std::size_t services = 0;
    std::size_t constants = 0;
    for (const ast::Definition& definition : unit.tree.definitions) {
      if (!std::visit([](const auto& d) { return d.name.text.empty(); }, definition)) continue;
      if (std::holds_alternative<ast::Service>(definition)) {
        ++services;
      } else if (std::holds_alternative<ast::Const>(definition)) {
        ++constants;
      } else {
        ++types;
      }
    }
    const auto blame = [&](std::size_t count, std::string_view id) {
      for (; count > 0; --count) {
        const auto most = most_missing(load, unit, id, count);
        if (most == load.unknown.end()) return;
        load.unknown.erase(most);
      }
    };
    blame(types, "unknown-type");
    blame(services, "unknown-service");
    blame(constants, "unknown-constant");
  }
}

}  // namespace

void settle_unused(Load& load) {
  bool anything = !load.unknown.empty();
  for (const Unit& unit : load.units) {
    for (const Include& include : unit.includes) anything = anything || include.missing;
  }
  if (!anything) return;
  blame_nameless(load);

  std::unordered_map<const void*, std::vector<const void*>> needs;
  std::unordered_map<const void*, std::vector<const void*>> needed_by;
  for (const Need& need : load.needs) {
    needs[need.owner].push_back(need.needed);
    needed_by[need.needed].push_back(need.owner);
  }
  const Nodes used = reach({Owner{}}, needs);  // the root's definitions have no owner
  std::vector<const void*> broken;
  const auto used_at = [&](const std::vector<Use>& uses) {
    std::vector<SourceRange> places;
    for (const Use& use : uses) {
      if (used.contains(use.owner)) {
        places.push_back(use.range);
      } else {
        broken.push_back(use.owner);
      }
    }
    // All of them are in one file; typedefs were looked at first.
    std::sort(places.begin(), places.end(),
              [](const SourceRange& a, const SourceRange& b) { return a.begin < b.begin; });
    return places;
  };

  for (UnknownName& name : load.unknown) {
    std::vector<SourceRange> places = used_at(name.uses);
    if (places.empty() && !name.in_value) {
      name.diagnostic.severity = Severity::warning;
      name.diagnostic.message += " (nothing needs the definition, which is left out)";
    }
    if (places.empty()) places.push_back(name.uses.front().range);
    name.diagnostic.range = places.front();
    constexpr std::size_t shown = 4;
    for (std::size_t i = 1; i < places.size() && i < shown; ++i) {
      name.diagnostic.notes.push_back({"also used here", places[i]});
    }
    if (places.size() > shown) {
      name.diagnostic.notes.push_back(
          {"and " + std::to_string(places.size() - shown) + " more times", {}});
    }
    load.diagnostics.report(std::move(name.diagnostic));
  }
  for (const Unit& unit : load.units) {
    for (const Include& include : unit.includes) {
      if (include.missing) report_missing(load, include, used_at(include.uses));
    }
  }
  if (!load.diagnostics.has_errors()) leave_out(load, reach(std::move(broken), needed_by));
}

}  // namespace thrift::loading
