// The JSON of Apache's compiler, 0.25. Its form is what that compiler writes; the odd choices
// (annotations beside "typeId", constants' booleans as numbers) are its own.

#include <algorithm>
#include <charconv>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/load/describe.hpp>
#include <thriftpp/value/text.hpp>
#include <vector>

#include "load/cells.hpp"
#include "load/idl_extra.hpp"

namespace thrift {
namespace {

using loading::field_cell;
using loading::load_cell;

/// The use that a chain of typedefs ends in: annotations and parts of a container stand there.
const TypeUse& end_of(const TypeUse& use) {
  const TypeUse* at = &use;
  while (at->alias() != nullptr) at = &at->alias()->target();
  return *at;
}

std::string_view type_id(const Type& type) {
  return to_string(type.kind());
}

/// Values of constants and defaults.
class ApacheValues {
 public:
  explicit ApacheValues(const UuidSpellings& uuids) : uuids_(uuids) {}

  /// Recursion is bounded by the loader's limit of nesting.
  void write(JsonWriter& json, const Type& type, const std::byte* cell) const {
    const SlotLayout& slot = type.slot();
    switch (slot.op) {
      case SlotOp::double_: write_double(json, load_cell<double>(cell)); return;
      case SlotOp::string: json.string(load_cell<StringSlot>(cell).view()); return;
      case SlotOp::uuid: json.string(uuid(load_cell<Uuid>(cell))); return;
      case SlotOp::record: return write_record(json, type.as_struct(), cell);
      case SlotOp::list:
      case SlotOp::set: {
        const auto list = load_cell<ListSlot>(cell);
        // Apache's text shows the brackets that were written: the evaluator gives memory, even if
        // it is none, to `[]` and leaves `{}` as the cell was.
        if (list.data == nullptr) {
          json.begin_object().end_object();
          return;
        }
        json.begin_array();
        for (std::size_t i = 0; i < list.size; ++i) {
          write(json, type.as_container().element(), list.data + i * slot.entry_size);
        }
        json.end_array();
        return;
      }
      case SlotOp::map: {
        const auto map = load_cell<ListSlot>(cell);
        if (map.data == nullptr) {  // written as `[]`
          json.begin_array().end_array();
          return;
        }
        json.begin_object();
        for (std::size_t i = 0; i < map.size; ++i) {
          const std::byte* const entry = map.data + i * slot.entry_size;
          json.key(key_text(type.as_container().key(), entry));
          write(json, type.as_container().element(), entry + slot.value_offset);
        }
        json.end_object();
        return;
      }
      default: json.integer(integer(slot, cell));
    }
  }

 private:
  std::string uuid(const Uuid& uuid) const {
    const auto spelt = uuids_.find(uuid);
    return spelt == uuids_.end() ? to_string(uuid) : spelt->second;
  }

  static std::string number(double value) {
    char text[40];
    constexpr int digits = 15;  // as Apache's compiler
    return {text,
            std::to_chars(text, std::end(text), value, std::chars_format::general, digits).ptr};
  }

  static std::int64_t integer(const SlotLayout& slot, const std::byte* cell) {
    switch (slot.op) {
      case SlotOp::bool_: return load_cell<std::uint8_t>(cell) != 0 ? 1 : 0;
      case SlotOp::i8: return load_cell<std::int8_t>(cell);
      case SlotOp::i16: return load_cell<std::int16_t>(cell);
      case SlotOp::i32: return load_cell<std::int32_t>(cell);
      default: return load_cell<std::int64_t>(cell);
    }
  }

  static void write_double(JsonWriter& json, double value) {
    if (value - value == 0) {  // finite
      json.raw(number(value));
    } else {
      json.number(value);  // Apache writes `inf`, which is no JSON
    }
  }

  std::string key_text(const Type& type, const std::byte* cell) const {
    const SlotLayout& slot = type.slot();
    switch (slot.op) {
      case SlotOp::double_: return number(load_cell<double>(cell));
      case SlotOp::string: return std::string(load_cell<StringSlot>(cell).view());
      case SlotOp::uuid: return uuid(load_cell<Uuid>(cell));
      case SlotOp::record:
      case SlotOp::list:
      case SlotOp::set:
      case SlotOp::map: {
        std::string text;
        JsonWriter inner(text);
        write(inner, type, cell);
        return text;
      }
      default: return std::to_string(integer(slot, cell));
    }
  }

  void write_record(JsonWriter& json, const StructType& type, const std::byte* record) const {
    json.begin_object();
    for (const Field& field : type.fields()) {
      if (!test_bit(record, field.layout().bit)) continue;
      json.key(field.name());
      write(json, field.type(), field_cell(record, field.layout()));
    }
    json.end_object();
  }

  const UuidSpellings& uuids_;
};

class ApacheJson {
 public:
  ApacheJson(const Idl& idl, std::string& out)
      : program_(idl.program()), values_(IdlAccess::uuids(idl)), out_(out), json_(out, 2) {}

  void write() {
    json_.begin_object();
    json_.key("name").string(program_.name());
    doc(program_.docs());
    write_namespaces();
    json_.key("includes").begin_array();
    for (const Program* include : program_.includes()) json_.string(include->name());
    json_.end_array();
    list("enums", program_.enums(), [&](const EnumType* e) { write_enum(*e); });
    list("typedefs", program_.typedefs(), [&](const Typedef* t) { write_typedef(*t); });
    list("structs", program_.structs(), [&](const StructType* s) { write_struct(*s); });
    list("constants", program_.constants(), [&](const Constant* c) { write_constant(*c); });
    list("services", program_.services(), [&](const Service* s) { write_service(*s); });
    json_.end_object();
    out_ += '\n';
  }

 private:
  template <class Nodes, class Write>
  void list(std::string_view name, const Nodes& nodes, Write write) {
    json_.key(name).begin_array();
    for (const auto& node : nodes) write(node);
    json_.end_array();
  }

  void doc(std::string_view text) {
    if (!text.empty()) json_.key("doc").string(text);
  }

  void write_namespaces() {
    // By scope; of one that is written twice the last counts.
    std::map<std::string_view, std::string_view> by_scope;
    for (const Namespace& n : program_.namespaces()) by_scope[n.scope] = n.name;
    json_.key("namespaces").begin_object();
    for (const auto& [scope, name] : by_scope) json_.key(scope).string(name);
    json_.end_object();
  }

  void annotations(Annotations all) {
    if (all.empty()) return;
    std::vector<Annotation> sorted(all.begin(), all.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Annotation& a, const Annotation& b) { return a.name < b.name; });
    json_.key("annotations").begin_object();
    for (const Annotation& a : sorted) json_.key(a.name).string(a.value);
    json_.end_object();
  }

  std::string class_name(std::string_view name, const Program& program) const {
    if (&program == &program_) return std::string(name);
    return std::string(program.name()) + '.' + std::string(name);
  }

  /// What the key "typeId" introduces: the name, and more members of the same object.
  void type_spec(const TypeUse& use) {
    const Type& type = use.type();
    json_.key("typeId").string(type_id(type));
    if (type.is_struct()) {
      annotations(type.as_struct().annotations());
      json_.key("class").string(class_name(type.name(), type.as_struct().program()));
    } else if (type.is_enum()) {
      annotations(type.as_enum().annotations());
      json_.key("class").string(class_name(type.name(), type.as_enum().program()));
    } else if (type.is_container()) {
      const TypeUse& end = end_of(use);
      annotations(end.annotations());
      const ContainerType& container = type.as_container();
      const auto part = [&](std::size_t i, const Type& plain) {
        return end.arguments().empty() ? TypeUse(plain) : end.arguments()[i];
      };
      if (type.kind() == TypeKind::map) {
        json_.key("keyTypeId").string(type_id(container.key()));
        json_.key("valueTypeId").string(type_id(container.element()));
        type_object("keyType", part(0, container.key()));
        type_object("valueType", part(1, container.element()));
      } else {
        json_.key("elemTypeId").string(type_id(container.element()));
        type_object("elemType", part(0, container.element()));
      }
    }
  }

  /// Base types need no object: their name says it all. Recursion is bounded by the loader's limit
  /// of nesting.
  void type_object(std::string_view name, const TypeUse& use) {
    const Type& type = use.type();
    if (!type.is_struct() && !type.is_enum() && !type.is_container()) return;
    json_.key(name).begin_object();
    type_spec(use);
    json_.end_object();
  }

  void write_enum(const EnumType& type) {
    json_.begin_object();
    json_.key("name").string(type.name());
    doc(type.docs());
    annotations(type.annotations());
    json_.key("members").begin_array();
    for (const EnumValue& value : type.values()) {
      json_.begin_object();
      json_.key("name").string(value.name());
      json_.key("value").integer(value.number());
      doc(value.docs());
      json_.end_object();
    }
    json_.end_array();
    json_.end_object();
  }

  void write_typedef(const Typedef& alias) {
    json_.begin_object();
    json_.key("name").string(alias.name());
    json_.key("typeId").string(type_id(alias.type()));
    type_object("type", alias.target());
    doc(alias.docs());
    annotations(alias.annotations());
    json_.end_object();
  }

  void write_struct(const StructType& type) {
    json_.begin_object();
    json_.key("name").string(type.name());
    doc(type.docs());
    annotations(type.annotations());
    json_.key("isException").boolean(type.is_exception());
    json_.key("isUnion").boolean(type.is_union());
    json_.key("fields").begin_array();
    for (const Field& field : type.fields()) {
      write_field(field, type.is_union() ? Requiredness::optional : field.requiredness());
    }
    json_.end_array();
    json_.end_object();
  }

  void write_field(const Field& field, Requiredness requiredness) {
    json_.begin_object();
    json_.key("key").integer(field.id());
    json_.key("name").string(field.name());
    json_.key("typeId").string(type_id(field.type()));
    type_object("type", field.type_use());
    doc(field.docs());
    annotations(field.annotations());
    json_.key("required")
        .string(requiredness == Requiredness::default_ ? "req_out" : to_string(requiredness));
    if (field.has_default()) {
      json_.key("default");
      values_.write(json_, field.type(), static_cast<const std::byte*>(field.default_slot()));
    }
    json_.end_object();
  }

  void write_constant(const Constant& constant) {
    json_.begin_object();
    json_.key("name").string(constant.name());
    json_.key("typeId").string(type_id(constant.type()));
    type_object("type", constant.type_use());
    doc(constant.docs());
    json_.key("value");
    values_.write(json_, constant.type(), static_cast<const std::byte*>(constant.slot()));
    json_.end_object();
  }

  void write_service(const Service& service) {
    json_.begin_object();
    json_.key("name").string(service.name());
    if (service.base() != nullptr) {
      json_.key("extends").string(class_name(service.base()->name(), service.base()->program()));
    }
    doc(service.docs());
    annotations(service.annotations());
    json_.key("functions").begin_array();
    for (const Function& function : service.functions()) write_function(function);
    json_.end_array();
    json_.end_object();
  }

  void write_function(const Function& function) {
    json_.begin_object();
    json_.key("name").string(function.name());
    json_.key("returnTypeId").string(type_id(function.return_type()));
    type_object("returnType", function.return_type_use());
    json_.key("oneway").boolean(function.is_oneway());
    doc(function.docs());
    annotations(function.annotations());
    json_.key("arguments").begin_array();
    for (const Field& field : function.arguments().fields()) {
      write_field(field, field.requiredness());
    }
    json_.end_array();
    json_.key("exceptions").begin_array();
    for (const Field& field : function.exceptions()) write_field(field, Requiredness::default_);
    json_.end_array();
    json_.end_object();
  }

  const Program& program_;
  ApacheValues values_;
  std::string& out_;
  JsonWriter json_;
};

}  // namespace

std::string describe_apache_json(const Idl& idl) {
  std::string out;
  ApacheJson(idl, out).write();
  return out;
}

}  // namespace thrift
