#pragma once

/// @file
/// Values as nlohmann's JSON documents and back, for programs that use that library. Opt-in: not
/// part of thriftpp.hpp, and needs <nlohmann/json.hpp> to compile.
///
///     nlohmann::json j = to_nlohmann(user);             // or: nlohmann::json j = user;
///     j["age"] = 31;
///     Value again = from_nlohmann(j, idl.type("User"));
///
/// The forms are those of to_json (value/text.hpp) and from_json (json/read.hpp), with the same
/// options: `to_nlohmann(v) == nlohmann::json::parse(to_json(v))`. Use nlohmann::ordered_json to
/// keep the order of members: `to_nlohmann<nlohmann::ordered_json>(v)`.
/// Threads: free functions, safe from several threads.

#include <cmath>
#include <nlohmann/json.hpp>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/json/read.hpp>
#include <thriftpp/schema/enum_type.hpp>
#include <thriftpp/schema/layout.hpp>
#include <thriftpp/schema/struct_type.hpp>

namespace thrift {

namespace detail {

template <class Json>
class ToNlohmann {
 public:
  explicit ToNlohmann(const JsonOptions& options) : options_(options) {}

  [[nodiscard]] Json convert(ValueView v, std::size_t depth) const {
    switch (v.type().kind()) {
      case TypeKind::void_: return nullptr;
      case TypeKind::bool_: return v.as<bool>();
      case TypeKind::i8:
      case TypeKind::i16:
      case TypeKind::i32: return v.as<std::int64_t>();
      case TypeKind::i64:
        if (options_.int64 == JsonOptions::Int64::string) {
          return std::to_string(v.as<std::int64_t>());
        }
        return v.as<std::int64_t>();
      case TypeKind::double_: {
        const auto number = v.as<double>();
        if (std::isfinite(number)) return number;
        return unquoted(v);
      }
      case TypeKind::enum_: {
        const EnumValue* const named = name_of(v);
        if (named == nullptr) return v.as<std::int32_t>();
        return std::string(named->name());
      }
      case TypeKind::string: return text(v);
      case TypeKind::binary:
        if (options_.binary == JsonOptions::Binary::text) return text(v);
        return to_base64(v.as<std::string_view>());
      case TypeKind::uuid: return to_string(v.as<Uuid>());
      case TypeKind::struct_:
      case TypeKind::union_:
      case TypeKind::exception: return structure(v, deeper(depth));
      case TypeKind::list:
      case TypeKind::set: {
        Json array = Json::array();
        depth = deeper(depth);
        for (const ValueView element : v.as_list()) array.push_back(convert(element, depth));
        return array;
      }
      case TypeKind::map: return map(v, deeper(depth));
    }
    return nullptr;
  }

 private:
  static std::size_t deeper(std::size_t depth) {
    if (depth == max_value_depth) {
      throw TypeError("nested deeper than " + std::to_string(max_value_depth) + " levels");
    }
    return depth + 1;
  }
  [[nodiscard]] const EnumValue* name_of(ValueView v) const {
    if (options_.enums == JsonOptions::Enums::number) return nullptr;
    return v.type().as_enum().find(v.as<std::int32_t>());
  }
  static Json text(ValueView v) {
    const auto bytes = v.as<std::string_view>();
    if (is_utf8(bytes)) return std::string(bytes);
    Json object = Json::object();
    object["base64"] = to_base64(bytes);
    return object;
  }
  [[nodiscard]] Json structure(ValueView v, std::size_t depth) const {
    Json object = Json::object();
    const StructType& type = v.type().as_struct();
    const StructLayout& layout = type.layout();
    const bool writes_default =
        options_.defaults == JsonOptions::Defaults::write && !type.is_union();
    for (std::size_t i = 0; i < layout.field_count; ++i) {
      const Field& field = type.fields()[layout.fields[i].index];
      const bool as_default = writes_default && field.has_default();
      if (v.has(field) || as_default) object[std::string(field.name())] = convert(v[field], depth);
    }
    return object;
  }
  [[nodiscard]] Json map(ValueView v, std::size_t depth) const {
    const bool pairs = takes_pairs(v);
    Json out = pairs ? Json::array() : Json::object();
    for (const auto [key, mapped] : v.as_map()) {
      if (pairs) {
        Json pair = Json::array();
        pair.push_back(convert(key, depth));
        pair.push_back(convert(mapped, depth));
        out.push_back(std::move(pair));
      } else {
        out[name(key)] = convert(mapped, depth);
      }
    }
    return out;
  }
  [[nodiscard]] bool takes_pairs(ValueView v) const {
    const Type& key = v.type().as_container().key();
    if (options_.maps == JsonOptions::Maps::pairs || key.is_struct() || key.is_container()) {
      return true;
    }
    const bool as_text =
        key.kind() == TypeKind::string ||
        (key.kind() == TypeKind::binary && options_.binary == JsonOptions::Binary::text);
    if (!as_text) return false;
    for (const auto [name, mapped] : v.as_map()) {
      if (!is_utf8(name.template as<std::string_view>())) return true;
    }
    return false;
  }
  /// What to_json writes, without quotes: numbers, bools, NaN.
  static std::string unquoted(ValueView v) {
    std::string text = thrift::to_json(v);
    if (text.front() == '"') text = text.substr(1, text.size() - 2);
    return text;
  }
  [[nodiscard]] std::string name(ValueView key) const {
    switch (key.type().kind()) {
      case TypeKind::string: return std::string(key.as<std::string_view>());
      case TypeKind::binary:
        return options_.binary == JsonOptions::Binary::text
                   ? std::string(key.as<std::string_view>())
                   : to_base64(key.as<std::string_view>());
      case TypeKind::uuid: return to_string(key.as<Uuid>());
      case TypeKind::enum_: {
        const EnumValue* const named = name_of(key);
        return named == nullptr ? std::to_string(key.as<std::int32_t>())
                                : std::string(named->name());
      }
      default: return unquoted(key);
    }
  }

  const JsonOptions& options_;
};

/// The form that says bytes whatever the field and FromJsonOptions::binary: a plain string of
/// base64 would be text to some.
inline void append_bytes(JsonWriter& w, std::string_view bytes) {
  w.begin_object().key("base64").string(to_base64(bytes)).end_object();
}

/// `depth`: levels of arrays and objects that are open. What the text's parser would refuse ends
/// here, since the stack would not hold whatever a document may nest.
template <class Json>
void append_nlohmann(JsonWriter& w, const Json& json, std::size_t depth) {
  if (json.is_structured() && ++depth > max_json_depth) throw_json_too_deep();
  switch (json.type()) {
    case Json::value_t::boolean: w.boolean(json.template get<bool>()); return;
    case Json::value_t::number_integer: w.integer(json.template get<std::int64_t>()); return;
    case Json::value_t::number_unsigned:
      w.unsigned_integer(json.template get<std::uint64_t>());
      return;
    case Json::value_t::number_float: w.number(json.template get<double>()); return;
    case Json::value_t::string: {
      const auto& text = json.template get_ref<const typename Json::string_t&>();
      if (!is_utf8(text)) return append_bytes(w, text);
      w.string(text);
      return;
    }
    case Json::value_t::binary: {
      const auto& bytes = json.get_binary();
      return append_bytes(w, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    case Json::value_t::array:
      w.begin_array();
      for (const Json& element : json) append_nlohmann(w, element, depth);
      w.end_array();
      return;
    case Json::value_t::object:
      w.begin_object();
      for (auto member = json.begin(); member != json.end(); ++member) {
        w.key(member.key());
        append_nlohmann(w, *member, depth);
      }
      w.end_object();
      return;
    default: w.null();
  }
}

}  // namespace detail

/// The document that to_json would write. TypeError past max_value_depth. Of equal keys in a map,
/// which decoding keeps, the last one counts.
template <class Json = nlohmann::json>
[[nodiscard]] Json to_nlohmann(ValueView value, const JsonOptions& options = {}) {
  return detail::ToNlohmann<Json>(options).convert(value, 0);
}
template <class Json = nlohmann::json>
[[nodiscard]] Json to_nlohmann(const Value& value, const JsonOptions& options = {}) {
  return to_nlohmann<Json>(value.view(), options);
}

/// The value of `type` that a document is: what from_json makes of its text, and throws. A NaN or
/// an infinity among its numbers is one (where a string stands, its name); binary nodes are read as
/// the bytes that they hold, by strings too and whatever options.binary says, as are strings that
/// are not UTF-8. Names of members have to be UTF-8: where one is not, the error tells the place
/// in the text that the document would be.
template <class Json>
[[nodiscard]] Value from_nlohmann(const Json& json, const Type& type,
                                  const FromJsonOptions& options = {}) {
  std::string text;
  JsonWriter writer(text);
  detail::append_nlohmann(writer, json, 0);
  return from_json(text, type, options);
}

/// For `nlohmann::json j = value;`.
inline void to_json(nlohmann::json& json, ValueView value) {
  json = to_nlohmann(value);
}
inline void to_json(nlohmann::json& json, const Value& value) {
  json = to_nlohmann(value);
}

}  // namespace thrift
