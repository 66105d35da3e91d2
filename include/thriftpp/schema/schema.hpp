#pragma once

/// @file
/// `Schema`: the types, constants and services of a `.thrift` file and all that it includes.
///
/// A Schema is immutable and shared (`SchemaPtr`); every owning Value, Client and Server keeps its
/// Schema alive. Loading anew makes a new Schema; what runs goes on with the old one.
///
/// Names. The root program's definitions go by their bare name ("User"), those of a direct include
/// by "name.User", where name is the included file's name without folder and suffix. Where that
/// name has dots itself ("b.v1.User"), the longest include that fits is meant; of two with the same
/// name the later one comes first.
///
/// Threads: everything is safe from several threads.

#include <cstdint>
#include <memory>
#include <string_view>
#include <thriftpp/schema/program.hpp>

namespace thrift {

class Schema;
using SchemaPtr = std::shared_ptr<const Schema>;

class THRIFTPP_API Schema : public std::enable_shared_from_this<Schema> {
 public:
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;
  ~Schema();

  /// The file that was loaded.
  [[nodiscard]] const Program& program() const noexcept { return *root_; }
  /// That file and all that it includes, directly or not, the file itself first.
  [[nodiscard]] std::span<const Program* const> programs() const noexcept { return programs_; }

  /// The type of a name or a type expression: "User", "shared.Item", "i32", "list<User>",
  /// "map<string, list<i64>>", a typedef's name. Container types that the IDL itself does not use
  /// are made on the fly. Throws TypeError with a near name, or with the place of a syntax error.
  [[nodiscard]] const Type& type(std::string_view expression) const;
  /// As `type`, of a name only; nullptr where there is none.
  [[nodiscard]] const Type* find_type(std::string_view name) const noexcept;
  /// The struct, union or exception of that name; throws TypeError.
  [[nodiscard]] const StructType& struct_type(std::string_view name) const;
  [[nodiscard]] const EnumType& enum_type(std::string_view name) const;
  [[nodiscard]] const Constant* find_constant(std::string_view name) const noexcept;
  [[nodiscard]] const Constant& constant(std::string_view name) const;
  [[nodiscard]] const Service* find_service(std::string_view name) const noexcept;
  /// The service of that name; an empty name means the only one of the file. Throws TypeError.
  [[nodiscard]] const Service& service(std::string_view name = {}) const;

  /// The canonical container types. Element and key must belong to this schema or be base types.
  [[nodiscard]] const ContainerType& list_of(const Type& element) const;
  [[nodiscard]] const ContainerType& set_of(const Type& element) const;
  [[nodiscard]] const ContainerType& map_of(const Type& key, const Type& value) const;

 private:
  friend class SchemaBuilder;
  friend bool same_structure(const Type& a, const Type& b);
  struct State;
  Schema();

  std::unique_ptr<State> state_;  // owns all nodes
  const Program* root_ = nullptr;
  std::span<const Program* const> programs_;
};

/// Whether values of `b` may stand where `a` is wanted as they are: the same type, or types of two
/// schemas that agree in ids, types and structure (names do not matter). Remembered per pair.
[[nodiscard]] THRIFTPP_API bool same_structure(const Type& a, const Type& b);
/// Where `a` and `b` differ first, as text for an error: "field 3 `age` is `i32` here and `i64`
/// there"; empty where they do not.
[[nodiscard]] THRIFTPP_API std::string first_difference(const Type& a, const Type& b);

/// "User" in its own file's schema, "shared.User" where it comes from an include.
[[nodiscard]] THRIFTPP_API std::string qualified_name(const Type& type);

}  // namespace thrift
