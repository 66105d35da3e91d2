#include "gateway/schema_writer.hpp"

#include <algorithm>
#include <thriftpp/schema/schema.hpp>

#include "base/readable.hpp"

namespace thrift {
namespace {

/// How a container's part is written: its TypeUse, or the plain type where there is none.
TypeUse argument(const TypeUse& use, std::size_t i) {
  const ContainerType& type = use.type().as_container();
  if (!use.arguments().empty()) return use.arguments()[i];
  return i == 0 && type.kind() == TypeKind::map ? type.key() : type.element();
}

bool same_enum(const EnumType& a, const EnumType& b) {
  return std::ranges::equal(a.values(), b.values(), [](const EnumValue& x, const EnumValue& y) {
    return x.name() == y.name() && x.number() == y.number();
  });
}

constexpr std::string_view uuid_pattern = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
constexpr std::string_view integer_pattern = "^-?[0-9]+$";

}  // namespace

std::string readable_docs(std::string_view docs) {
  return readable(docs.substr(0, docs.find_last_not_of(" \n") + 1));
}

/// Whether one definition may stand for both: the same file, loaded by two schemas.
bool SchemaWriter::same(const Definition& a, const Definition& b) {
  if (a.structure != nullptr && b.structure != nullptr) {
    return a.structure->program().path() == b.structure->program().path() &&
           same_structure(*a.structure, *b.structure);
  }
  if (a.enumeration != nullptr && b.enumeration != nullptr) {
    return same_enum(*a.enumeration, *b.enumeration);
  }
  return a.alias != nullptr && b.alias != nullptr &&
         a.alias->program().path() == b.alias->program().path() &&
         same_structure(a.alias->type(), b.alias->type());
}

std::string SchemaWriter::name_of(const Program& program, std::string_view name,
                                  const Definition& definition) {
  const void* node =
      definition.structure != nullptr     ? static_cast<const void*>(definition.structure)
      : definition.enumeration != nullptr ? static_cast<const void*>(definition.enumeration)
                                          : definition.alias;
  if (const auto known = names_.find(node); known != names_.end()) return known->second;
  // OpenAPI allows letters, digits, ".", "-" and "_"; a file's name may have more.
  std::string base;
  for (const char c : program.name()) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '-' || c == '_';
    base += fine ? c : '_';
  }
  base.append(".").append(name);
  std::string full = base;
  for (int number = 2;; ++number) {
    const auto [there, added] = taken_.try_emplace(full, definition);
    if (added) {
      waiting_.emplace_back(full, definition);
      break;
    }
    if (same(there->second, definition)) break;
    full = base + "-" + std::to_string(number);
  }
  names_.emplace(node, full);
  return full;
}

std::string SchemaWriter::reference(const Type& type) {
  return definitions_ +
         (type.is_enum()
              ? name_of(type.as_enum().program(), type.name(), {.enumeration = &type.as_enum()})
              : name_of(type.as_struct().program(), type.name(), {.structure = &type.as_struct()}));
}

void SchemaWriter::write(const TypeUse& use, bool int64_as_string) {
  out_.begin_object();
  write_type(use, int64_as_string);
  out_.end_object();
}

void SchemaWriter::write(const Field& field, bool int64_as_string) {
  out_.begin_object();
  write_type(field.type_use(), int64_as_string);
  describe(field.docs(), field.annotations());
  write_default(field, int64_as_string);
  out_.end_object();
}

void SchemaWriter::write_default(const Field& field, bool int64_as_string) {
  if (!field.has_default()) return;
  JsonOptions one_line = json_;
  one_line.indent = 0;
  if (int64_as_string) one_line.int64 = JsonOptions::Int64::string;
  out_.key("default").raw(to_json(ValueView(field), one_line));
}

void SchemaWriter::describe(std::string_view docs, Annotations annotations) {
  if (!docs.empty()) member("description", readable_docs(docs));
  if (annotations.contains("deprecated")) out_.key("deprecated").boolean(true);
}

void SchemaWriter::write_type(const TypeUse& use, bool int64_as_string) {
  const Type& type = use.type();
  if (use.alias() != nullptr && !int64_as_string) {
    member("$ref", definitions_ + name_of(use.alias()->program(), use.alias()->name(),
                                          {.alias = use.alias()}));
    return;
  }
  switch (type.kind()) {
    case TypeKind::void_: member("type", "null"); return;
    case TypeKind::bool_: member("type", "boolean"); return;
    case TypeKind::i8:
    case TypeKind::i16:
    case TypeKind::i32:
    case TypeKind::i64: write_integer(type.kind(), int64_as_string); return;
    case TypeKind::double_:
      if (rare_ == RareForms::leave_out) {
        member("type", "number");
        member("format", "double");
        return;
      }
      out_.key("anyOf").begin_array();
      out_.begin_object().key("type").string("number").key("format").string("double").end_object();
      out_.begin_object().key("enum").begin_array();
      out_.string("NaN").string("Infinity").string("-Infinity").end_array().end_object();
      out_.end_array();
      return;
    case TypeKind::string: write_string(false); return;
    case TypeKind::binary: write_string(true); return;
    case TypeKind::uuid:
      member("type", "string");
      member("format", "uuid");
      return;
    case TypeKind::enum_:
    case TypeKind::struct_:
    case TypeKind::union_:
    case TypeKind::exception: member("$ref", reference(type)); return;
    case TypeKind::list:
    case TypeKind::set:
    case TypeKind::map: write_container(use); return;
  }
}

void SchemaWriter::write_integer(TypeKind kind, bool as_string) {
  if (kind == TypeKind::i64 && (as_string || json_.int64 == JsonOptions::Int64::string)) {
    member("type", "string");
    member("format", "int64");
    member("pattern", integer_pattern);
    return;
  }
  member("type", "integer");
  if (kind == TypeKind::i32 || kind == TypeKind::i64) {
    member("format", kind == TypeKind::i32 ? "int32" : "int64");
    return;
  }
  const int limit = kind == TypeKind::i8 ? 128 : 32768;
  out_.key("minimum").integer(-limit).key("maximum").integer(limit - 1);
}

void SchemaWriter::write_string(bool is_binary) {
  if (is_binary && json_.binary == JsonOptions::Binary::base64) {
    member("type", "string");
    member("contentEncoding", "base64");
    return;
  }
  if (rare_ == RareForms::leave_out) {
    member("type", "string");
    return;
  }
  out_.key("anyOf").begin_array();
  out_.begin_object().key("type").string("string").end_object();
  out_.begin_object().key("type").string("object");
  out_.key("properties").begin_object().key("base64").begin_object();
  out_.key("type").string("string").key("contentEncoding").string("base64").end_object();
  out_.end_object().key("required").begin_array().string("base64").end_array();
  out_.key("additionalProperties").boolean(false).end_object();
  out_.end_array();
}

void SchemaWriter::write_container(const TypeUse& use) {
  if (use.type().kind() == TypeKind::map) return write_map(argument(use, 0), argument(use, 1));
  member("type", "array");
  out_.key("items");
  write(argument(use, 0));
  if (use.type().kind() == TypeKind::set && rare_ == RareForms::leave_out) {
    out_.key("uniqueItems").boolean(true);
  }
}

void SchemaWriter::write_map(const TypeUse& key, const TypeUse& value) {
  const Type& type = key.type();
  if (json_.maps == JsonOptions::Maps::pairs || type.is_struct() || type.is_container()) {
    return write_pairs(key, value);
  }
  const bool text = type.kind() == TypeKind::string ||
                    (type.kind() == TypeKind::binary && json_.binary == JsonOptions::Binary::text);
  if (!text || rare_ == RareForms::leave_out) return write_map_object(type, value);
  out_.key("anyOf").begin_array().begin_object();
  write_map_object(type, value);
  out_.end_object().begin_object();
  write_pairs(key, value);
  out_.end_object().end_array();
}

void SchemaWriter::write_map_object(const Type& key, const TypeUse& value) {
  member("type", "object");
  if (key.kind() != TypeKind::string && key.kind() != TypeKind::double_) {
    const auto pattern = [this](std::string_view text) {
      out_.key("propertyNames").begin_object().key("pattern").string(text).end_object();
    };
    switch (key.kind()) {
      case TypeKind::bool_: pattern("^(true|false)$"); break;
      case TypeKind::binary:
        if (json_.binary == JsonOptions::Binary::base64) pattern("^[A-Za-z0-9+/]*=*$");
        break;
      case TypeKind::uuid: pattern(uuid_pattern); break;
      case TypeKind::enum_:
        // A member's name is always text, so that the enum's own schema would not allow numbers.
        if (rare_ == RareForms::leave_out && json_.enums == JsonOptions::Enums::name) {
          out_.key("propertyNames").begin_object().key("$ref").string(reference(key)).end_object();
        } else {
          std::string names(integer_pattern);
          if (json_.enums == JsonOptions::Enums::name) {
            for (const EnumValue& v : key.as_enum().values())
              names.append("|^").append(v.name()) += '$';
          }
          pattern(names);
        }
        break;
      default: pattern(integer_pattern);
    }
  }
  out_.key("additionalProperties");
  write(value);
}

void SchemaWriter::write_pairs(const TypeUse& key, const TypeUse& value) {
  member("type", "array");
  out_.key("items").begin_object().key("type").string("array");
  out_.key("prefixItems").begin_array();
  write(key);
  write(value);
  out_.end_array().key("minItems").integer(2).key("maxItems").integer(2).end_object();
}

void SchemaWriter::write_enum(const EnumType& type) {
  std::string docs = readable_docs(type.docs());
  for (const EnumValue& value : type.values()) {
    docs.append(docs.empty() ? "" : "\n").append("- `").append(value.name()).append("` = ");
    docs.append(std::to_string(value.number()));
    if (!value.docs().empty()) docs.append(": ").append(readable_docs(value.docs()));
  }
  const auto write_values = [&] {
    if (json_.enums == JsonOptions::Enums::number) {
      member("type", "integer");
      member("format", "int32");
      if (rare_ == RareForms::allow) return;
    } else {
      member("type", "string");
    }
    if (type.values().empty()) return;
    out_.key("enum").begin_array();
    for (const EnumValue& value : type.values()) {
      const EnumValue* const first = type.find(value.number());
      if (json_.enums == JsonOptions::Enums::name) {
        out_.string(value.name());
      } else if (first == &value) {  // each number once
        out_.integer(value.number());
      }
    }
    out_.end_array();
  };
  if (json_.enums == JsonOptions::Enums::number || rare_ == RareForms::leave_out) {
    write_values();
  } else {
    out_.key("anyOf").begin_array().begin_object();
    write_values();
    out_.end_object().begin_object();
    member("type", "integer");
    member("format", "int32");
    out_.end_object().end_array();
  }
  describe(docs, type.annotations());
}

void SchemaWriter::write_object(std::span<const Field> fields, bool is_union, std::string_view docs,
                                Annotations annotations) {
  out_.begin_object();
  member("type", "object");
  describe(docs, annotations);
  out_.key("properties").begin_object();
  for (const Field& field : fields) {
    out_.key(field.name());
    write(field);
  }
  out_.end_object();
  if (is_union) {
    // A peer may send a union with nothing in it.
    if (rare_ == RareForms::leave_out) out_.key("minProperties").integer(1);
    out_.key("maxProperties").integer(1);
  } else if (std::ranges::any_of(fields, &Field::is_required)) {
    out_.key("required").begin_array();
    for (const Field& field : fields) {
      if (field.is_required()) out_.string(field.name());
    }
    out_.end_array();
  }
  out_.key("additionalProperties").boolean(false).end_object();
}

void SchemaWriter::write_definitions() {
  while (!waiting_.empty()) {
    const auto [name, definition] = waiting_.front();
    waiting_.pop_front();
    out_.key(name);
    if (definition.structure != nullptr) {
      const StructType& type = *definition.structure;
      write_object(type.fields(), type.is_union(), type.docs(), type.annotations());
      continue;
    }
    out_.begin_object();
    if (definition.enumeration != nullptr) {
      write_enum(*definition.enumeration);
    } else {
      write_type(definition.alias->target());
      describe(definition.alias->docs(), definition.alias->annotations());
    }
    out_.end_object();
  }
}

std::string json_schema(const Type& type, const JsonOptions& json, RareForms rare) {
  std::string text;
  JsonWriter out(text, json.indent);
  SchemaWriter writer(out, "#/$defs/", json, rare);
  out.begin_object().key("$schema").string("https://json-schema.org/draft/2020-12/schema");
  writer.write_type(type);
  out.key("$defs").begin_object();
  writer.write_definitions();
  out.end_object().end_object();
  return text;
}

}  // namespace thrift
