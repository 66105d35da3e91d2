// Definitions of included files that stand on names which do not exist.
//
// Apache's compiler never looks at what it does not need of an included file, so that real folders
// hold files which are wrong in parts that nobody uses. They load here too: such a definition, and
// whatever else needs it, is left out with a warning. As soon as the root needs it, directly or
// not, it is an error like any other.

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

}  // namespace

void settle_unused(Load& load) {
  if (load.deferred.empty()) return;
  std::unordered_map<const void*, std::vector<const void*>> needs;
  std::unordered_map<const void*, std::vector<const void*>> needed_by;
  std::vector<const void*> roots;
  for (const Need& need : load.needs) {
    if (need.owner == nullptr) {
      roots.push_back(need.needed);
    } else {
      needs[need.owner].push_back(need.needed);
      needed_by[need.needed].push_back(need.owner);
    }
  }
  const Nodes used = reach(std::move(roots), needs);
  std::vector<const void*> broken;
  for (Deferred& deferred : load.deferred) {
    const bool is_used = used.contains(deferred.owner);
    if (!is_used) broken.push_back(deferred.owner);
    if (deferred.include != nullptr) {
      if (is_used && !deferred.include->first_use) {
        deferred.include->first_use = deferred.diagnostic.range;
      }
      continue;
    }
    if (!is_used) {
      deferred.diagnostic.severity = Severity::warning;
      deferred.diagnostic.message += " (nothing needs the definition, which is left out)";
    }
    load.diagnostics.report(std::move(deferred.diagnostic));
  }
  if (!load.diagnostics.has_errors()) leave_out(load, reach(std::move(broken), needed_by));
}

}  // namespace thrift::loading
