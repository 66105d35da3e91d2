// Types where they are used, and typedefs.
//
// A typedef is resolved when it is first asked for, so that order never matters. Those being
// resolved are on a stack: meeting one of them again closes a cycle.

#include <algorithm>

#include "load/load_state.hpp"

namespace thrift::loading {
namespace {

const Type* base_of(ast::TypeKind kind) {
  switch (kind) {
    case ast::TypeKind::void_type: return &base_type(TypeKind::void_);
    case ast::TypeKind::boolean: return &base_type(TypeKind::bool_);
    case ast::TypeKind::i8: return &base_type(TypeKind::i8);
    case ast::TypeKind::i16: return &base_type(TypeKind::i16);
    case ast::TypeKind::i32: return &base_type(TypeKind::i32);
    case ast::TypeKind::i64: return &base_type(TypeKind::i64);
    case ast::TypeKind::floating: return &base_type(TypeKind::double_);
    case ast::TypeKind::string: return &base_type(TypeKind::string);
    case ast::TypeKind::binary: return &base_type(TypeKind::binary);
    case ast::TypeKind::uuid: return &base_type(TypeKind::uuid);
    default: return nullptr;
  }
}

/// Whether the type is written plainly: then its Type says it all.
bool is_plain(const TypeUse& use) {
  return use.alias() == nullptr && use.annotations().empty() && use.cpp_type().empty() &&
         use.arguments().empty();
}

TypeMeasure measure_of(const Load& load, const Type& type) {
  const auto known = load.measures.find(&type);
  return known == load.measures.end() ? TypeMeasure{} : known->second;
}

/// A container whose parts are known, unless it is too big.
const Type& make_container(Load& load, const ast::Type& tree, const Type* const* parts) {
  const LoadLimits& limits = load.options.limits;
  const bool is_map = tree.kind == ast::TypeKind::map;
  TypeMeasure measure;
  std::size_t bytes = tree.name.text.size() + 2;
  for (int i = 0; i <= (is_map ? 1 : 0); ++i) {
    const TypeMeasure part = measure_of(load, *parts[i]);
    measure.depth = std::max(measure.depth, part.depth);
    measure.names += part.names;
    bytes += parts[i]->name().size() + 2;
  }
  ++measure.depth;
  const auto refuse = [&](const std::string& message) -> const Type& {
    load.diagnostics.error("type-too-large", tree.range, message);
    return *load.broken;
  };
  if (measure.depth >= limits.max_depth) {
    return refuse("this type is nested more than " + std::to_string(limits.max_depth) + " deep");
  }
  if (measure.names > limits.max_type_names) {
    return refuse("this type names more than " + std::to_string(limits.max_type_names) +
                  " types when it is spelt out");
  }
  if (load.type_bytes + bytes > limits.max_type_bytes) {
    return refuse("the types of this file take more than " + std::to_string(limits.max_type_bytes) +
                  " bytes when they are spelt out");
  }
  const Type& type = tree.kind == ast::TypeKind::list  ? load.builder.list_of(*parts[0])
                     : tree.kind == ast::TypeKind::set ? load.builder.set_of(*parts[0])
                                                       : load.builder.map_of(*parts[0], *parts[1]);
  if (load.measures.try_emplace(&type, measure).second) load.type_bytes += bytes;
  return type;
}

/// Recursion is bounded by the parser's limit of nesting.
TypeUse resolve_container(Load& load, Unit& unit, const ast::Type& tree) {
  TypeUse arguments[2];
  const Type* parts[2] = {};
  bool plain = true;
  const std::size_t count = tree.kind == ast::TypeKind::map ? 2 : 1;
  if (tree.arguments.size() != count) return *load.broken;  // damaged
  for (std::size_t i = 0; i < count; ++i) {
    arguments[i] = resolve_type(load, unit, tree.arguments[i]);
    parts[i] = &arguments[i].type();
    plain = plain && is_plain(arguments[i]);
  }
  if (std::find(parts, parts + count, load.broken) != parts + count) return *load.broken;
  const Type& type = make_container(load, tree, parts);
  if (plain && tree.annotations.empty() && tree.cpp_types.empty()) return type;
  const std::string_view cpp_type = tree.cpp_types.empty() ? "" : tree.cpp_types.back().name.value;
  return load.builder.use(type, nullptr, annotations_of(tree.annotations), cpp_type,
                          {arguments, count});
}

void report_cycle(Load& load, const Symbol& target, const ast::Name& use) {
  auto it = std::find(load.typedef_stack.begin(), load.typedef_stack.end(), &target);
  std::string chain;
  std::vector<DiagnosticNote> notes;
  constexpr std::ptrdiff_t shown = 16;
  const std::ptrdiff_t length = load.typedef_stack.end() - it;
  for (std::ptrdiff_t i = 0; i < length; ++i, ++it) {
    if (i == shown) chain += "... -> ";
    if (i >= shown) continue;
    chain += backquoted((*it)->name.text) + " -> ";
    if (i > 0)
      notes.push_back({backquoted((*it)->name.text) + " is defined here", (*it)->name.range});
  }
  load.diagnostics.error("typedef-cycle", target.name.range,
                         "typedef cycle: " + chain + backquoted(use.text), {}, std::move(notes));
}

/// The typedef's target, or the broken type. Recursion is bounded by `max_chain`.
const TypeUse& resolve_typedef(Load& load, Symbol& symbol, const ast::Name& use) {
  if (symbol.progress == Progress::active) {
    report_cycle(load, symbol, use);
    // Those on the stack down to `symbol` are one cycle, and one mistake.
    symbol.progress = Progress::failed;
  }
  if (symbol.progress != Progress::untouched) return symbol.target;
  symbol.target = *load.broken;
  symbol.progress = Progress::active;
  const std::size_t limit = load.options.limits.max_chain;
  const auto refuse = [&] {
    load.diagnostics.error("typedef-chain-too-long", symbol.name.range,
                           "more than " + std::to_string(limit) + " typedefs depend on each other");
    symbol.progress = Progress::failed;
  };
  if (load.typedef_stack.size() >= limit) {
    refuse();
    return symbol.target;
  }
  load.typedef_stack.push_back(&symbol);
  const OwnerScope owner(load, *symbol.unit, &symbol);
  const ast::Typedef& tree = *std::get<const ast::Typedef*>(symbol.tree);
  const TypeUse target = resolve_type(load, *symbol.unit, tree.type);
  load.typedef_stack.pop_back();
  if (symbol.chain > limit) refuse();
  if (symbol.progress == Progress::failed || &target.type() == load.broken) {
    symbol.progress = Progress::failed;
    return symbol.target;
  }
  symbol.target = target;
  symbol.progress = Progress::done;
  return symbol.target;
}

TypeUse resolve_named(Load& load, Unit& unit, const ast::Type& tree) {
  Symbol* const symbol = find_type(load, unit, tree.name);
  if (symbol == nullptr) return *load.broken;
  const Type* type = nullptr;
  const Typedef* alias = nullptr;
  if (std::holds_alternative<const ast::Struct*>(symbol->tree)) {
    type = symbol->structure;
  } else if (std::holds_alternative<const ast::Enum*>(symbol->tree)) {
    type = symbol->enumeration;
  } else {
    type = &resolve_typedef(load, *symbol, tree.name).type();
    if (type == load.broken) return *load.broken;
    alias = symbol->alias;
    if (!load.typedef_stack.empty()) {
      Symbol& outer = *load.typedef_stack.back();
      outer.chain = std::max(outer.chain, symbol->chain + 1);
    }
  }
  if (tree.annotations.empty()) return {*type, alias, {}, {}, {}};
  return load.builder.use(*type, alias, annotations_of(tree.annotations));
}

}  // namespace

TypeUse resolve_type(Load& load, Unit& unit, const ast::Type& tree) {
  switch (tree.kind) {
    case ast::TypeKind::named: return resolve_named(load, unit, tree);
    case ast::TypeKind::list:
    case ast::TypeKind::set:
    case ast::TypeKind::map: return resolve_container(load, unit, tree);
    default: break;
  }
  if (tree.name.text.empty()) return *load.broken;  // damaged
  const Type& type = *base_of(tree.kind);
  if (tree.annotations.empty()) return type;
  return load.builder.use(type, nullptr, annotations_of(tree.annotations));
}

void define_typedefs(Load& load) {
  for (Unit& unit : load.units) {
    for (Symbol& symbol : unit.symbols) {
      const auto* const tree = std::get_if<const ast::Typedef*>(&symbol.tree);
      if (tree == nullptr) continue;
      const TypeUse target = resolve_typedef(load, symbol, symbol.name);
      load.builder.define(*symbol.alias, target,
                          definition_of((*tree)->doc, (*tree)->annotations, (*tree)->range));
    }
  }
}

}  // namespace thrift::loading
