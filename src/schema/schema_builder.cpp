#include <algorithm>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/schema/schema_builder.hpp>

#include "schema/schema_state.hpp"

namespace thrift {

struct SchemaBuilder::Pending {
  Program* program;
  std::vector<const StructType*> structs;
  std::vector<const EnumType*> enums;
  std::vector<const Typedef*> typedefs;
  std::vector<const Constant*> constants;
  std::vector<const Service*> services;
};

namespace {

template <class Node>
bool name_less(const Node* a, const Node* b) {
  return a->name() < b->name();
}

template <class Pointers>
auto& pending_of(Pointers& all, const Program& program) {
  return **std::find_if(all.begin(), all.end(),
                        [&](const auto& pending) { return pending->program == &program; });
}

}  // namespace

SchemaBuilder::SchemaBuilder() : schema_(new Schema) {}
SchemaBuilder::~SchemaBuilder() = default;

Arena& SchemaBuilder::arena() noexcept {
  return schema_->state_->arena;
}

std::string_view SchemaBuilder::text(std::string_view s) {
  return arena().copy(s);
}

std::string_view SchemaBuilder::json_text(std::string_view name, std::string_view behind) {
  constexpr std::size_t block = 16;
  std::string quoted;
  append_json_string(quoted, name);
  quoted += behind;
  const std::size_t size = quoted.size();
  quoted.resize((size + block - 1) / block * block);
  return text(quoted).substr(0, size);
}

// Nodes live in the arena and are never destroyed: nothing in them may own memory.
template <class T>
std::span<T> SchemaBuilder::copy(std::span<const T> items) {
  static_assert(std::is_trivially_destructible_v<T>);
  if (items.empty()) return {};
  auto* const memory = static_cast<T*>(arena().allocate(items.size_bytes(), alignof(T)));
  std::uninitialized_copy(items.begin(), items.end(), memory);
  return {memory, items.size()};
}

Annotations SchemaBuilder::annotations(std::span<const Annotation> all) {
  const std::span<Annotation> copies = copy(all);
  for (Annotation& a : copies) {
    a.name = text(a.name);
    a.value = text(a.value);
  }
  return Annotations(copies);
}

Program& SchemaBuilder::add_program(std::string_view name, std::string_view path) {
  void* const memory = arena().allocate(sizeof(Program), alignof(Program));
  auto* const program = new (memory) Program(text(name), text(path));
  if (schema_->root_ == nullptr) schema_->root_ = program;
  pending_.push_back(std::unique_ptr<Pending>(new Pending{program, {}, {}, {}, {}, {}}));
  return *program;
}

EnumType& SchemaBuilder::add_enum(Program& program, std::string_view name) {
  auto* const slot =
      new (arena().allocate(sizeof(SlotLayout))) SlotLayout(base_type(TypeKind::i32).slot());
  auto* const type =
      new (arena().allocate(sizeof(EnumType))) EnumType(text(name), schema_.get(), slot, program);
  slot->type = type;
  pending_of(pending_, program).enums.push_back(type);
  return *type;
}

StructType& SchemaBuilder::add_struct(Program& program, std::string_view name, TypeKind kind) {
  StructType& type = add_anonymous_struct(program, name);
  type.kind_ = kind;
  pending_of(pending_, program).structs.push_back(&type);
  return type;
}

StructType& SchemaBuilder::add_anonymous_struct(Program& program, std::string_view name) {
  auto* const slot = new (arena().allocate(sizeof(SlotLayout))) SlotLayout;
  slot->op = SlotOp::record;
  slot->wire = WireType::struct_;
  slot->field_align = sizeof(void*);
  slot->field_size = sizeof(void*);
  slot->min_wire_size = 1;  // the stop byte
  slot->cell_align = 8;
  auto* const type = new (arena().allocate(sizeof(StructType)))
      StructType(TypeKind::struct_, text(name), schema_.get(), slot, program);
  slot->type = type;
  structs_.push_back(type);
  return *type;
}

Typedef& SchemaBuilder::add_typedef(Program& program, std::string_view name) {
  auto* const node = new (arena().allocate(sizeof(Typedef))) Typedef(text(name), program);
  pending_of(pending_, program).typedefs.push_back(node);
  return *node;
}

Constant& SchemaBuilder::add_constant(Program& program, std::string_view name) {
  auto* const node = new (arena().allocate(sizeof(Constant))) Constant(text(name), program);
  pending_of(pending_, program).constants.push_back(node);
  return *node;
}

Service& SchemaBuilder::add_service(Program& program, std::string_view name) {
  auto* const node = new (arena().allocate(sizeof(Service))) Service(text(name), *schema_, program);
  pending_of(pending_, program).services.push_back(node);
  return *node;
}

const ContainerType& SchemaBuilder::list_of(const Type& element) {
  return schema_->list_of(element);
}
const ContainerType& SchemaBuilder::set_of(const Type& element) {
  return schema_->set_of(element);
}
const ContainerType& SchemaBuilder::map_of(const Type& key, const Type& value) {
  return schema_->map_of(key, value);
}

TypeUse SchemaBuilder::use(const Type& type, const Typedef* alias,
                           std::span<const Annotation> all_annotations, std::string_view cpp_type,
                           std::span<const TypeUse> arguments) {
  return {type, alias, annotations(all_annotations), text(cpp_type), copy(arguments)};
}

void SchemaBuilder::define(Program& program, const DefinitionSpec& spec,
                           std::span<const Namespace> namespaces,
                           std::span<const Program* const> includes,
                           std::span<const std::string_view> cpp_includes) {
  program.docs_ = text(spec.docs);
  const std::span<Namespace> copies = copy(namespaces);
  for (Namespace& n : copies) {
    n.scope = text(n.scope);
    n.name = text(n.name);
    n.annotations = annotations({n.annotations.begin(), n.annotations.end()});
  }
  program.namespaces_ = copies;
  program.includes_ = copy(includes);
  const std::span<std::string_view> cpp = copy(cpp_includes);
  for (std::string_view& file : cpp) file = text(file);
  program.cpp_includes_ = cpp;
}

void SchemaBuilder::define(EnumType& type, const std::vector<EnumValueSpec>& values,
                           const DefinitionSpec& spec) {
  type.docs_ = text(spec.docs);
  type.annotations_ = annotations(spec.annotations);
  type.source_ = spec.source;
  std::vector<EnumValue> nodes;
  nodes.reserve(values.size());
  for (const EnumValueSpec& value : values) {
    EnumValue node;
    node.name_ = text(value.name);
    node.json_name_ = json_text(value.name, "");
    node.number_ = value.number;
    node.explicit_number_ = value.explicit_number;
    node.docs_ = text(value.definition.docs);
    node.annotations_ = annotations(value.definition.annotations);
    node.source_ = value.definition.source;
    nodes.push_back(node);
  }
  type.values_ = copy(std::span<const EnumValue>(nodes));

  std::vector<const EnumValue*> sorted;
  for (const EnumValue& value : type.values_) sorted.push_back(&value);
  std::stable_sort(sorted.begin(), sorted.end(), name_less<EnumValue>);
  type.by_name_ = copy(std::span<const EnumValue* const>(sorted));

  sorted.clear();
  for (const EnumValue& value : type.values_) sorted.push_back(&value);
  std::stable_sort(sorted.begin(), sorted.end(), [](const EnumValue* a, const EnumValue* b) {
    return a->number() < b->number();
  });
  const auto same = [](const EnumValue* a, const EnumValue* b) {
    return a->number() == b->number();
  };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  type.by_number_ = copy(std::span<const EnumValue* const>(sorted));
}

std::span<Field> SchemaBuilder::new_fields(const StructType& parent,
                                           std::span<const FieldSpec> specs) {
  std::vector<Field> nodes(specs.size());
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const FieldSpec& spec = specs[i];
    Field& node = nodes[i];
    node.id_ = spec.id;
    node.explicit_id_ = spec.explicit_id;
    node.requiredness_ = spec.requiredness;
    node.reference_ = spec.reference;
    node.xsd_optional_ = spec.xsd_optional;
    node.xsd_nillable_ = spec.xsd_nillable;
    node.xsd_attrs_ = spec.xsd_attrs;
    node.index_ = static_cast<std::uint32_t>(i);
    node.name_ = text(spec.name);
    node.use_ = spec.type;
    node.parent_ = &parent;
    node.docs_ = text(spec.definition.docs);
    node.annotations_ = annotations(spec.definition.annotations);
    node.source_ = spec.definition.source;
  }
  return copy(std::span<const Field>(nodes));
}

void SchemaBuilder::define(StructType& type, const std::vector<FieldSpec>& fields,
                           const DefinitionSpec& spec, bool xsd_all) {
  type.docs_ = text(spec.docs);
  type.annotations_ = annotations(spec.annotations);
  type.source_ = spec.source;
  type.xsd_all_ = xsd_all;
  type.fields_ = new_fields(type, fields);
  std::vector<const Field*> sorted;
  for (const Field& field : type.fields_) sorted.push_back(&field);
  std::stable_sort(sorted.begin(), sorted.end(), name_less<Field>);
  type.by_name_ = copy(std::span<const Field* const>(sorted));
}

void SchemaBuilder::define(Typedef& alias, const TypeUse& target, const DefinitionSpec& spec) {
  alias.target_ = target;
  alias.docs_ = text(spec.docs);
  alias.annotations_ = annotations(spec.annotations);
  alias.source_ = spec.source;
}

void SchemaBuilder::define(Constant& constant, const TypeUse& type, const DefinitionSpec& spec) {
  constant.use_ = type;
  constant.docs_ = text(spec.docs);
  constant.annotations_ = annotations(spec.annotations);
  constant.source_ = spec.source;
}

void SchemaBuilder::define(Service& service, const Service* base,
                           const std::vector<FunctionSpec>& functions, const DefinitionSpec& spec) {
  service.docs_ = text(spec.docs);
  service.annotations_ = annotations(spec.annotations);
  service.source_ = spec.source;
  service.base_ = base;
  auto& program = const_cast<Program&>(service.program());  // a node of ours
  std::vector<Function> nodes;
  nodes.reserve(functions.size());
  for (const FunctionSpec& function : functions) {
    Function node;
    node.name_ = text(function.name);
    node.service_ = &service;
    node.returns_ = function.returns;
    node.oneway_ = function.oneway;
    node.async_ = function.async;
    node.docs_ = text(function.definition.docs);
    node.annotations_ = annotations(function.definition.annotations);
    node.source_ = function.definition.source;

    // The names that Apache's generated code uses; they appear in paths and error messages.
    StructType& arguments = add_anonymous_struct(program, std::string(function.name) + "_args");
    define(arguments, function.arguments, {.docs = {}, .annotations = {}, .source = node.source_});
    node.arguments_ = &arguments;

    StructType& result = add_anonymous_struct(program, std::string(function.name) + "_result");
    std::vector<FieldSpec> fields;
    if (!function.returns.type().is_void()) {
      fields.push_back({.id = 0,
                        .name = "success",
                        .type = function.returns,
                        .requiredness = Requiredness::optional});
    }
    for (FieldSpec exception : function.exceptions) {
      exception.requiredness = Requiredness::optional;
      fields.push_back(std::move(exception));
    }
    define(result, fields, {.docs = {}, .annotations = {}, .source = node.source_});
    node.result_ = &result;
    nodes.push_back(node);
  }
  service.functions_ = copy(std::span<const Function>(nodes));

  std::vector<const Function*> all;
  if (base != nullptr) all.assign(base->all_.begin(), base->all_.end());
  for (const Function& function : service.functions_) all.push_back(&function);
  service.all_ = copy(std::span<const Function* const>(all));
  std::stable_sort(all.begin(), all.end(), name_less<Function>);
  service.by_name_ = copy(std::span<const Function* const>(all));
}

void SchemaBuilder::set_value(Constant& constant, const std::byte* cell) {
  constant.slot_ = cell;
}

void SchemaBuilder::sort_names(Program& program, Pending& pending) {
  using Entry = Program::Entry;
  std::vector<Entry> entries;
  const auto add = [&](const auto& nodes, Entry::What what) {
    for (const auto* node : nodes) entries.push_back({node->name(), what, node});
  };
  add(pending.structs, Entry::What::struct_);
  add(pending.enums, Entry::What::enum_);
  add(pending.typedefs, Entry::What::typedef_);
  add(pending.constants, Entry::What::constant);
  add(pending.services, Entry::What::service);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.name < b.name; });
  program.by_name_ = copy(std::span<const Entry>(entries));
  program.structs_ = copy(std::span<const StructType* const>(pending.structs));
  program.enums_ = copy(std::span<const EnumType* const>(pending.enums));
  program.typedefs_ = copy(std::span<const Typedef* const>(pending.typedefs));
  program.constants_ = copy(std::span<const Constant* const>(pending.constants));
  program.services_ = copy(std::span<const Service* const>(pending.services));
}

void SchemaBuilder::leave_out(const Program& program, const void* node) {
  Pending& pending = pending_of(pending_, program);
  const auto remove = [&](auto& nodes) {
    std::erase_if(nodes, [&](const void* other) { return other == node; });
  };
  remove(pending.structs);
  remove(pending.enums);
  remove(pending.typedefs);
  remove(pending.constants);
  remove(pending.services);
}

SchemaPtr SchemaBuilder::build() && {
  std::vector<const Program*> programs;
  for (const auto& pending : pending_) {
    sort_names(*pending->program, *pending);
    programs.push_back(pending->program);
  }
  schema_->programs_ = copy(std::span<const Program* const>(programs));
  return std::move(schema_);
}

}  // namespace thrift
