// Services: what they extend, and their functions. A base is defined before what extends it,
// whatever the order of the files.

#include <algorithm>

#include "load/load_state.hpp"

namespace thrift::loading {
namespace {

const ast::Service& tree_of(const Symbol& symbol) {
  return *std::get<const ast::Service*>(symbol.tree);
}

class ServiceMaker {
 public:
  ServiceMaker(Load& load, Symbol& symbol, const Service* base)
      : load_(load), unit_(*symbol.unit), symbol_(symbol), base_(base) {}

  void make() {
    const OwnerScope owner(load_, unit_, &symbol_);
    const ast::Service& tree = tree_of(symbol_);
    load_.functions += tree.functions.size();
    if (base_ != nullptr) load_.functions += base_->all_functions().size();
    if (load_.functions > load_.options.limits.max_functions) {
      if (!std::exchange(load_.functions_reported, true)) {
        load_.diagnostics.error("too-many-functions", tree.name.range,
                                "the services have more than " +
                                    std::to_string(load_.options.limits.max_functions) +
                                    " functions, those that they inherit included");
      }
      return load_.builder.define(*symbol_.service, nullptr, {});
    }
    std::vector<FunctionSpec> functions;
    functions.reserve(tree.functions.size());
    std::vector<Defaults> defaults;
    for (const ast::Function& function : tree.functions) {
      Defaults values;
      FunctionSpec spec = make_function(function, values);
      if (is_new(function)) {
        functions.push_back(std::move(spec));
        defaults.push_back(std::move(values));
      } else {  // left out, and checked all the same
        add_defaults(load_, unit_, values.arguments, {});
        add_defaults(load_, unit_, values.exceptions, {});
      }
    }
    load_.builder.define(*symbol_.service, base_, functions,
                         definition_of(tree.doc, tree.annotations, tree.range));
    for (std::size_t i = 0; i < defaults.size(); ++i) {
      const Function& function = symbol_.service->functions()[i];
      add_defaults(load_, unit_, defaults[i].arguments, function.arguments().fields());
      add_defaults(load_, unit_, defaults[i].exceptions, function.exceptions());
    }
  }

 private:
  /// Of one function.
  struct Defaults {
    std::vector<FieldDefault> arguments, exceptions;
  };

  bool is_new(const ast::Function& function) {
    const auto [first, is_new] = seen_.try_emplace(function.name.text, &function);
    if (!is_new) {
      load_.diagnostics.error("duplicate-function", function.name.range,
                              "service " + backquoted(symbol_.name.text) + " has a function " +
                                  backquoted(function.name.text) + " already",
                              {}, {{"the first one is here", first->second->name.range}});
      return false;
    }
    const Function* const inherited =
        base_ == nullptr ? nullptr : base_->find_function(function.name.text);
    if (inherited != nullptr) {
      load_.diagnostics.error("duplicate-function", function.name.range,
                              "service " + backquoted(symbol_.name.text) + " inherits a function " +
                                  backquoted(function.name.text) + " from " +
                                  backquoted(inherited->service().name()),
                              {}, {{"that one is here", inherited_place(function.name.text)}});
      return false;
    }
    return true;
  }

  SourceRange inherited_place(std::string_view name) const {
    if (load_.diagnostics.full()) return {};  // nobody will see it
    for (const Symbol* at = symbol_.base; at != nullptr; at = at->base) {
      for (const ast::Function& function : tree_of(*at).functions) {
        if (function.name.text == name) return function.name.range;
      }
    }
    return {};
  }

  FunctionSpec make_function(const ast::Function& tree, Defaults& defaults) {
    FunctionSpec spec;
    spec.name = tree.name.text;
    spec.returns = resolve_type(load_, unit_, tree.result);
    spec.async = tree.call == ast::Function::Call::async;
    spec.oneway = tree.call != ast::Function::Call::twoway;
    const std::string owner = "function " + backquoted(tree.name.text);
    spec.arguments =
        make_fields(load_, unit_, tree.arguments, FieldList::arguments, owner, defaults.arguments);
    if (tree.throws) {
      spec.exceptions =
          make_fields(load_, unit_, *tree.throws, FieldList::throws, owner, defaults.exceptions);
    }
    spec.definition = definition_of(tree.doc, tree.annotations, tree.range);
    if (spec.oneway) check_oneway(tree);
    return spec;
  }

  void check_oneway(const ast::Function& tree) {
    if (tree.throws && !tree.throws->empty()) {
      load_.diagnostics.error("oneway-throws", tree.throws_range,
                              "oneway function " + backquoted(tree.name.text) +
                                  " cannot throw: nobody waits for an answer");
    }
    if (tree.result.kind != ast::TypeKind::void_type) {
      load_.diagnostics.warning("oneway-result", tree.result.range,
                                "oneway function " + backquoted(tree.name.text) +
                                    " never returns this: nobody waits for an answer");
    }
  }

  Load& load_;
  Unit& unit_;
  Symbol& symbol_;
  const Service* base_;
  std::unordered_map<std::string_view, const ast::Function*> seen_;
};

void report_cycle(Load& load, const std::vector<Symbol*>& chain, const Symbol& target) {
  std::string text;
  std::vector<DiagnosticNote> notes;
  auto it = std::find(chain.begin(), chain.end(), &target);
  for (; it != chain.end(); ++it) {
    if (notes.size() < 16) text += backquoted((*it)->name.text) + " extends ";
    if (*it != &target && notes.size() < 16) {
      notes.push_back({backquoted((*it)->name.text) + " is defined here", (*it)->name.range});
    }
  }
  load.diagnostics.error("service-cycle", tree_of(target).extends->range,
                         "services extend each other: " + text + backquoted(target.name.text), {},
                         std::move(notes));
}

/// Walks up to a base that is done (or to the top), then defines from there down.
void define_service(Load& load, Symbol& symbol) {
  std::vector<Symbol*> chain;
  for (Symbol* at = &symbol; at != nullptr && at->progress != Progress::done;) {
    if (at->progress == Progress::active) {
      report_cycle(load, chain, *at);
      break;
    }
    at->progress = Progress::active;
    chain.push_back(at);
    const ast::Service& tree = tree_of(*at);
    const OwnerScope owner(load, *at->unit, at);
    at = tree.extends ? find_service(load, *at->unit, *tree.extends) : nullptr;
    chain.back()->base = at;
  }
  for (; !chain.empty(); chain.pop_back()) {
    Symbol& next = *chain.back();
    const Symbol* const base = next.base;
    ServiceMaker(load, next,
                 base != nullptr && base->progress == Progress::done ? base->service : nullptr)
        .make();
    next.progress = Progress::done;
  }
}

}  // namespace

void define_services(Load& load) {
  for (Unit& unit : load.units) {
    for (Symbol& symbol : unit.symbols) {
      if (std::holds_alternative<const ast::Service*>(symbol.tree)) define_service(load, symbol);
    }
  }
}

}  // namespace thrift::loading
