// What definitions have in common, and those that need no file of their own: programs, enums,
// structs.

#include <algorithm>
#include <limits>

#include "load/load_state.hpp"

namespace thrift::loading {

SourceSpan span_of(const SourceRange& range) {
  if (!range) return {};
  return {range.file->position(range.begin), range.file->position(range.end)};
}

std::vector<Annotation> annotations_of(const ast::Annotations& annotations) {
  std::vector<Annotation> all;
  all.reserve(annotations.size());
  for (const ast::Annotation& a : annotations) {
    all.push_back({a.name.text, a.value ? a.value->value : "1", a.value.has_value()});
  }
  return all;
}

std::string_view text_of(const ast::Doc& doc) {
  // A comment without words is documentation too, for those who ask whether there is any.
  return doc.text.empty() && doc.range ? "\n" : doc.text;
}

DefinitionSpec definition_of(const ast::Doc& doc, const ast::Annotations& annotations,
                             const SourceRange& range) {
  return {
      .docs = text_of(doc), .annotations = annotations_of(annotations), .source = span_of(range)};
}

void define_programs(Load& load) {
  for (Unit& unit : load.units) {
    std::vector<Namespace> namespaces;
    std::vector<std::string_view> cpp_includes;
    std::deque<std::vector<Annotation>> annotations;  // the namespaces view into them
    for (const ast::Header& header : unit.tree.headers) {
      if (const auto* n = std::get_if<ast::Namespace>(&header)) {
        annotations.push_back(annotations_of(n->annotations));
        namespaces.push_back({n->scope.text, n->name.text, Annotations(annotations.back())});
      } else if (const auto* c = std::get_if<ast::CppInclude>(&header)) {
        cpp_includes.push_back(c->path.value);
      }
    }
    std::vector<const Program*> includes;
    for (const Include& include : unit.includes) {
      if (include.unit != nullptr) includes.push_back(include.unit->program);
    }
    load.builder.define(*unit.program,
                        {.docs = text_of(unit.tree.doc), .annotations = {}, .source = {}},
                        namespaces, includes, cpp_includes);
  }
}

namespace {

/// The number of each value: as written, or one more than the one before, the first 0.
class EnumNumbers {
 public:
  EnumNumbers(Load& load, std::string_view name) : load_(load), name_(name) {}

  std::int32_t next(const ast::EnumValue& value) {
    if (value.value) {
      number_ = value.value->value;
      if (!in_range() && !value.value->overflow) {
        load_.diagnostics.error("enum-value-range", value.value->range,
                                backquoted(value.value->text) + " is no 32-bit number");
      }
    } else if (number_ < first_too_large) {
      ++number_;
      if (number_ == first_too_large) {
        load_.diagnostics.error("enum-value-range", value.name.range,
                                "the number of " + backquoted(value.name.text) + " in enum " +
                                    backquoted(name_) + " would be more than 32 bits");
      }
    }
    return in_range() ? static_cast<std::int32_t>(number_) : 0;
  }

 private:
  bool in_range() const {
    return number_ >= std::numeric_limits<std::int32_t>::min() &&
           number_ <= std::numeric_limits<std::int32_t>::max();
  }

  static constexpr std::int64_t first_too_large =
      std::int64_t{std::numeric_limits<std::int32_t>::max()} + 1;

  Load& load_;
  std::string_view name_;
  std::int64_t number_ = -1;  // from first_too_large on it counts no more: that has been reported
};

void define_enum(Load& load, const ast::Enum& tree, EnumType& type) {
  std::vector<EnumValueSpec> values;
  values.reserve(tree.values.size());
  std::unordered_map<std::string_view, const ast::EnumValue*> seen;
  EnumNumbers numbers(load, tree.name.text);
  for (const ast::EnumValue& value : tree.values) {
    const std::int32_t number = numbers.next(value);
    const auto [first, is_new] = seen.try_emplace(value.name.text, &value);
    if (!is_new) {
      load.diagnostics.error("duplicate-enum-value", value.name.range,
                             "enum " + backquoted(tree.name.text) + " has a value " +
                                 backquoted(value.name.text) + " already",
                             {}, {{"the first one is here", first->second->name.range}});
      continue;
    }
    values.push_back({.name = value.name.text,
                      .number = number,
                      .explicit_number = value.value.has_value(),
                      .definition = definition_of(value.doc, value.annotations, value.range)});
  }
  load.builder.define(type, values, definition_of(tree.doc, tree.annotations, tree.range));
}

void define_struct(Load& load, Symbol& symbol) {
  Unit& unit = *symbol.unit;
  const ast::Struct& tree = *std::get<const ast::Struct*>(symbol.tree);
  StructType& type = *symbol.structure;
  const OwnerScope owner(load, unit, &symbol);
  static constexpr FieldList lists[] = {FieldList::structure, FieldList::union_type,
                                        FieldList::exception};
  static constexpr const char* kinds[] = {"struct ", "union ", "exception "};
  const auto kind = static_cast<std::size_t>(tree.kind);
  std::vector<FieldDefault> defaults;
  const std::vector<FieldSpec> fields = make_fields(
      load, unit, tree.fields, lists[kind], kinds[kind] + backquoted(tree.name.text), defaults);
  load.builder.define(type, fields, definition_of(tree.doc, tree.annotations, tree.range),
                      tree.xsd_all);
  if (tree.damaged || fields.size() != tree.fields.size()) load.incomplete.insert(&type);
  add_defaults(load, unit, defaults, type.fields());
}

}  // namespace

void define_enums(Load& load) {
  for (Unit& unit : load.units) {
    for (Symbol& symbol : unit.symbols) {
      if (const auto* const tree = std::get_if<const ast::Enum*>(&symbol.tree)) {
        define_enum(load, **tree, *symbol.enumeration);
      }
    }
  }
}

void define_structs(Load& load) {
  for (Unit& unit : load.units) {
    for (Symbol& symbol : unit.symbols) {
      if (std::holds_alternative<const ast::Struct*>(symbol.tree)) define_struct(load, symbol);
    }
  }
}

}  // namespace thrift::loading
