// Constants and defaults: which value goes where. How one is written: constant_values.cpp.
//
// A reference stands for the value that the constant was given: where the types agree the evaluated
// cell is shared, else what was written there is read again for the type at hand
// (`const i32 K = 3`, `1: double d = K`), as Apache's compiler does it.

#include "load/constants.hpp"

#include <algorithm>

#include "load/cells.hpp"

namespace thrift::loading {

void Evaluator::evaluate(ConstSymbol& symbol) {
  if (symbol.progress != Progress::untouched) return;
  const std::size_t limit = load_.options.limits.max_chain;
  const auto refuse_chain = [&] {
    symbol.progress = Progress::failed;
    load_.diagnostics.error(
        "constant-chain-too-long", symbol.tree->name.range,
        "more than " + std::to_string(limit) + " constants depend on each other");
  };
  if (stack_.size() >= limit) return refuse_chain();
  symbol.progress = Progress::active;
  const Type& type = symbol.node->type();
  if (!symbol.tree->value || &type == load_.broken) {
    symbol.progress = Progress::failed;
    return;
  }
  stack_.push_back(&symbol);
  const OwnerScope owner(load_, *symbol.unit, &symbol);
  Place place{*symbol.unit, {}, 1, symbol.size};
  std::byte* const cell = allocate(type.slot().cell_size, *symbol.tree->value, place);
  const bool written = cell != nullptr && write(*symbol.tree->value, type, cell, place);
  stack_.pop_back();
  if (!written || symbol.progress == Progress::failed) {
    symbol.progress = Progress::failed;
    return;
  }
  if (symbol.chain > limit) return refuse_chain();
  symbol.progress = Progress::done;
  symbol.cell = cell;
  load_.builder.set_value(*symbol.node, cell);
}

void Evaluator::evaluate(const PendingDefault& value) {
  const Type& type = *value.type;
  if (&type == load_.broken) return;
  ValueSize size;
  const Place place{*value.unit, {}, 1, size};
  const ast::ConstValue& tree = *value.tree->default_value;
  std::byte* const cell = allocate(type.slot().cell_size, tree, place);
  if (cell != nullptr && write(tree, type, cell, place) && value.field != nullptr) {
    load_.builder.set_default(*value.field, cell);
  }
}

bool Evaluator::write_reference(const ast::ConstValue& value, const Type& type, std::byte* cell,
                                const Place& place) {
  const ast::Name name{std::get<ast::Identifier>(value.value).text, value.range};
  const EnumType* const wanted = type.is_enum() ? &type.as_enum() : nullptr;
  const ValueName found = find_value(load_, place.unit, name, type, place.is_key);
  if (!found) return false;
  if (found.is_text) {
    return write_string({.value = name.text, .range = {}}, value, type, cell, place);
  }
  if (found.constant != nullptr) return write_constant(*found.constant, value, type, cell, place);
  if (wanted == nullptr) return write_integer(found.value->number(), value, type, cell, place);
  if (wanted->find(found.value->name()) != found.value) {
    const EnumValue* const same_name = wanted->find(found.value->name());
    return refuse("constant-type", value, place,
                  backquoted(name.text) + " is no value of enum " + backquoted(type.name()),
                  same_name == nullptr
                      ? std::string()
                      : std::string(wanted->name()) + '.' + std::string(same_name->name()));
  }
  store(cell, found.value->number());
  return count(1, place.depth, value, place);
}

bool Evaluator::write_constant(ConstSymbol& symbol, const ast::ConstValue& value, const Type& type,
                               std::byte* cell, const Place& place) {
  if (symbol.progress == Progress::active) {
    report_cycle(symbol);
    symbol.progress = Progress::failed;
    return false;
  }
  evaluate(symbol);
  if (!stack_.empty()) {
    stack_.back()->chain = std::max(stack_.back()->chain, symbol.chain + 1);
  }
  if (symbol.progress != Progress::done) return false;
  const Type& own = symbol.node->type();
  if (&own == &type) {
    std::memcpy(cell, symbol.cell, type.slot().cell_size);
    return count(symbol.size.values, place.depth + symbol.size.depth - 1, value, place);
  }
  const Place there{*symbol.unit, range_of(value, place), place.depth, place.size};
  if (own.is_enum() && type.is_enum()) {
    return refuse("constant-type", value, place,
                  "a value of enum " + backquoted(type.name()) + " is wanted, " +
                      backquoted(symbol.tree->name.text) + " is one of " + backquoted(own.name()));
  }
  if (own.is_enum()) {
    return write_integer(load_cell<std::int32_t>(symbol.cell), value, type, cell, there);
  }
  return write(*symbol.tree->value, type, cell, there);
}

bool Evaluator::count(std::uint64_t count, std::uint32_t depth, const ast::ConstValue& value,
                      const Place& place) {
  const LoadLimits& limits = load_.options.limits;
  place.size.values += count;
  place.size.depth = std::max(place.size.depth, depth);
  load_.constant_values += count;
  if (depth > limits.max_depth) {
    return refuse("constant-too-large", value, place,
                  "this value is nested more than " + std::to_string(limits.max_depth) + " deep");
  }
  if (load_.constant_values > limits.max_constant_values) {
    // One for the whole load: whatever is evaluated from here on fails silently.
    if (std::exchange(load_.constants_exhausted, true)) return false;
    return refuse("constant-too-large", value, place,
                  "constants and defaults hold more than " +
                      std::to_string(limits.max_constant_values) + " values");
  }
  return true;
}

std::byte* Evaluator::allocate(std::size_t bytes, const ast::ConstValue& value,
                               const Place& place) {
  const std::size_t limit = load_.options.limits.max_constant_bytes;
  if (load_.constants_exhausted) return nullptr;
  if (bytes > limit || load_.constant_bytes > limit - bytes) {
    load_.constants_exhausted = true;
    refuse("constant-too-large", value, place,
           "constants and defaults take more than " + std::to_string(limit) + " bytes");
    return nullptr;
  }
  load_.constant_bytes += bytes;
  auto* const memory = static_cast<std::byte*>(load_.builder.arena().allocate(bytes));
  std::memset(memory, 0, bytes);
  return memory;
}

void Evaluator::report_cycle(const ConstSymbol& target) {
  std::string chain;
  std::vector<DiagnosticNote> notes;
  auto it = std::find(stack_.begin(), stack_.end(), &target);
  for (; it != stack_.end() && notes.size() < 16; ++it) {
    const ast::Name& name = (*it)->tree->name;
    chain += backquoted(name.text) + " -> ";
    if (*it != &target) notes.push_back({backquoted(name.text) + " is defined here", name.range});
  }
  if (it != stack_.end()) chain += "... -> ";
  const ast::Name& name = target.tree->name;
  load_.diagnostics.error("constant-cycle", name.range,
                          "constants depend on each other: " + chain + backquoted(name.text), {},
                          std::move(notes));
}

void evaluate_constants(Load& load) {
  Evaluator evaluator(load);
  for (Unit& unit : load.units) {
    for (ConstSymbol& symbol : unit.constant_symbols) evaluator.evaluate(symbol);
  }
  for (const PendingDefault& value : load.defaults) {
    load.owner = value.owner;
    evaluator.evaluate(value);
  }
  load.owner = nullptr;
}

void define_constants(Load& load) {
  for (Unit& unit : load.units) {
    for (ConstSymbol& symbol : unit.constant_symbols) {
      const ast::Const& tree = *symbol.tree;
      const OwnerScope owner(load, unit, &symbol);
      TypeUse type = resolve_type(load, unit, tree.type);
      if (type.type().is_void()) type = *load.broken;  // damaged
      load.builder.define(*symbol.node, type,
                          definition_of(tree.doc, tree.annotations, tree.range));
    }
  }
}

}  // namespace thrift::loading
