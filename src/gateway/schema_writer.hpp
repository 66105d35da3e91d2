#pragma once

// Writes types as JSON Schema: references to definitions, and the definitions that were referred
// to. Both `json_schema` (definitions under $defs) and `openapi` (under components.schemas) use it.

#include <deque>
#include <map>
#include <string>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/gateway/json_schema.hpp>
#include <thriftpp/schema/program.hpp>

namespace thrift {

/// Documentation as text for people: UTF-8, without the line ends that comments leave at its end.
[[nodiscard]] std::string readable_docs(std::string_view docs);

class SchemaWriter {
 public:
  /// `definitions` is where references point to, "#/$defs/". Schemas whose types are written must
  /// outlive the writer.
  SchemaWriter(JsonWriter& out, std::string definitions, const JsonOptions& json, RareForms rare)
      : out_(out), definitions_(std::move(definitions)), json_(json), rare_(rare) {}

  /// A schema object for `use`: a reference, or what the type is. `int64_as_string` makes an i64
  /// text, whatever the options say (api.js_conv).
  void write(const TypeUse& use, bool int64_as_string = false);
  /// The members of that object, where one is open.
  void write_type(const TypeUse& use, bool int64_as_string = false);
  /// The same for a field: with its documentation, default and whether it is deprecated.
  void write(const Field& field, bool int64_as_string = false);
  /// `"default": value`, where the field has one.
  void write_default(const Field& field, bool int64_as_string = false);
  /// An object with the members `fields`: what a struct is, or the arguments of a function.
  void write_object(std::span<const Field> fields, bool is_union, std::string_view docs = {},
                    Annotations annotations = {});
  /// The members of an object that is open: all definitions that were referred to, and those that
  /// they refer to.
  void write_definitions();
  /// Where the definition of a struct or enum is: "#/$defs/user.User".
  [[nodiscard]] std::string reference(const Type& type);

  /// `"description": docs`, where there are any; `"deprecated"`.
  void describe(std::string_view docs, Annotations annotations);

 private:
  /// What has a definition of its own. One node of these three.
  struct Definition {
    const StructType* structure = nullptr;
    const EnumType* enumeration = nullptr;
    const Typedef* alias = nullptr;
  };
  static bool same(const Definition& a, const Definition& b);

  std::string name_of(const Program& program, std::string_view name, const Definition& definition);
  void write_container(const TypeUse& use);
  void write_map(const TypeUse& key, const TypeUse& value);
  void write_map_object(const Type& key, const TypeUse& value);
  void write_pairs(const TypeUse& key, const TypeUse& value);
  void write_enum(const EnumType& type);
  void write_string(bool is_binary);
  void write_integer(TypeKind kind, bool as_string);
  void member(std::string_view name, std::string_view text) { out_.key(name).string(text); }

  JsonWriter& out_;
  std::string definitions_;
  JsonOptions json_;
  RareForms rare_;
  std::map<const void*, std::string> names_;  // by node
  std::map<std::string, Definition, std::less<>> taken_;
  std::deque<std::pair<std::string, Definition>> waiting_;  // named, but not yet written
};

}  // namespace thrift
