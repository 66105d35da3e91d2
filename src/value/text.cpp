#include <span>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/value/text.hpp>

#include "value/cells.hpp"

namespace thrift {
namespace {

class JsonText {
 public:
  JsonText(std::string& out, const JsonOptions& options)
      : json_(out, options.indent), options_(options) {}

  void write(ValueView value, std::size_t depth) {
    switch (value.type().kind()) {
      case TypeKind::void_: json_.null(); return;
      case TypeKind::bool_: json_.boolean(value.as<bool>()); return;
      case TypeKind::i8:
      case TypeKind::i16:
      case TypeKind::i32: json_.integer(value.as<std::int64_t>()); return;
      case TypeKind::i64: write_int64(value.as<std::int64_t>()); return;
      case TypeKind::double_: json_.number(value.as<double>()); return;
      case TypeKind::enum_: write_enum(value); return;
      case TypeKind::string: write_string(value.as<std::string_view>()); return;
      case TypeKind::binary: write_binary(value.as<std::string_view>()); return;
      case TypeKind::uuid: json_.string(to_string(value.as<Uuid>())); return;
      case TypeKind::struct_:
      case TypeKind::union_:
      case TypeKind::exception: write_struct(value, depth + 1); return;
      case TypeKind::list:
      case TypeKind::set:
        check_depth(depth + 1);
        json_.begin_array();
        for (const ValueView element : value.as_list()) write(element, depth + 1);
        json_.end_array();
        return;
      case TypeKind::map: write_map(value, depth + 1); return;
    }
  }

 private:
  void write_int64(std::int64_t number) {
    if (options_.int64 == JsonOptions::Int64::string) {
      json_.string(std::to_string(number));
    } else {
      json_.integer(number);
    }
  }

  void write_enum(ValueView value) {
    const auto number = value.as<std::int32_t>();
    const EnumValue* const named = value.type().as_enum().find(number);
    if (named == nullptr || options_.enums == JsonOptions::Enums::number) {
      json_.integer(number);
    } else {
      json_.string(named->name());
    }
  }

  void write_string(std::string_view text) {
    if (is_utf8(text)) {
      json_.string(text);
    } else {
      json_.begin_object().key("base64").string(to_base64(text)).end_object();
    }
  }

  void write_binary(std::string_view bytes) {
    if (options_.binary == JsonOptions::Binary::text) {
      write_string(bytes);
    } else {
      json_.string(to_base64(bytes));
    }
  }

  void write_struct(ValueView value, std::size_t depth) {
    check_depth(depth);
    json_.begin_object();
    const StructType& type = value.type().as_struct();
    const StructLayout& layout = type.layout();
    const bool writes_default =
        options_.defaults == JsonOptions::Defaults::write && !type.is_union();
    for (const FieldLayout& at : std::span(layout.fields, layout.field_count)) {
      const Field& field = type.fields()[at.index];
      const bool set = value.has(field);
      if (!set && !(writes_default && field.has_default())) continue;
      json_.key(field.name());
      write(value[field], depth);
    }
    json_.end_object();
  }

  void write_map(ValueView value, std::size_t depth) {
    check_depth(depth);
    if (takes_pairs(value)) {
      json_.begin_array();
      for (const auto [key, mapped] : value.as_map()) {
        json_.begin_array();
        write(key, depth);
        write(mapped, depth);
        json_.end_array();
      }
      json_.end_array();
      return;
    }
    json_.begin_object();
    std::string name;
    for (const auto [key, mapped] : value.as_map()) {
      name.clear();
      append_key(name, key);
      json_.key(name);
      write(mapped, depth);
    }
    json_.end_object();
  }

  [[nodiscard]] bool takes_pairs(ValueView map) const {
    const Type& key = map.type().as_container().key();
    if (options_.maps == JsonOptions::Maps::pairs || key.is_struct() || key.is_container()) {
      return true;
    }
    const bool textual =
        key.kind() == TypeKind::string ||
        (key.kind() == TypeKind::binary && options_.binary == JsonOptions::Binary::text);
    if (!textual) return false;
    for (const auto [name, mapped] : map.as_map()) {
      if (!is_utf8(name.as<std::string_view>())) return true;
    }
    return false;
  }

  /// A key as the text of a member's name.
  void append_key(std::string& name, ValueView key) const {
    switch (key.type().kind()) {
      case TypeKind::bool_: name += key.as<bool>() ? "true" : "false"; return;
      case TypeKind::double_: {
        append_json_number(name, key.as<double>());
        if (name.front() == '"') name = name.substr(1, name.size() - 2);  // "NaN"
        return;
      }
      case TypeKind::enum_: {
        const auto number = key.as<std::int32_t>();
        const EnumValue* const named = key.type().as_enum().find(number);
        if (named == nullptr || options_.enums == JsonOptions::Enums::number) {
          name += std::to_string(number);
        } else {
          name += named->name();
        }
        return;
      }
      case TypeKind::string: name += key.as<std::string_view>(); return;
      case TypeKind::binary:
        if (options_.binary == JsonOptions::Binary::text) {
          name += key.as<std::string_view>();
        } else {
          append_base64(name, key.as<std::string_view>());
        }
        return;
      case TypeKind::uuid: name += to_string(key.as<Uuid>()); return;
      default: name += std::to_string(key.as<std::int64_t>());
    }
  }

  JsonWriter json_;
  const JsonOptions& options_;
};

}  // namespace

void append_json(std::string& out, ValueView value, const JsonOptions& options) {
  JsonText(out, options).write(value, 0);
}

std::string to_json(ValueView value, const JsonOptions& options) {
  std::string out;
  append_json(out, value, options);
  return out;
}

}  // namespace thrift
