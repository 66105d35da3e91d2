#pragma once

/// @file
/// `Type`: what a value can be.
///
///     Type            void bool i8 i16 i32 i64 double string binary uuid
///     |-- EnumType    enum_type.hpp
///     |-- StructType  struct_type.hpp: struct, union, exception, arguments and results
///     `-- ContainerType   list<T> set<T> map<K, V>
///
/// Identity. Types are canonical: within a Schema there is one node for `list<User>`, and two types
/// are the same if and only if their addresses are. Base types are shared by all schemas. How a
/// type was *written* (by which typedef, with which annotations) is a `TypeUse`, which points here.
///
/// Lifetime: a node lives as long as its Schema (base types: for ever).
/// Threads: nodes are immutable, and safe from several threads.

#include <cstdint>
#include <span>
#include <string_view>
#include <thriftpp/base/export.hpp>
#include <thriftpp/schema/annotation.hpp>

namespace thrift {

class ContainerType;
class EnumType;
class Program;
class Schema;
class StructType;
class Typedef;
struct SlotLayout;

enum class TypeKind : std::uint8_t {
  void_,
  bool_,
  i8,  ///< `byte` too
  i16,
  i32,
  i64,
  double_,
  string,
  binary,
  uuid,
  enum_,
  struct_,
  union_,
  exception,
  list,
  set,
  map,
};

/// "i32", "struct", "list", ...
[[nodiscard]] THRIFTPP_API std::string_view to_string(TypeKind kind) noexcept;

/// The type codes of the binary protocol (Apache: TType).
enum class WireType : std::uint8_t {
  stop = 0,
  void_ = 1,
  bool_ = 2,
  i8 = 3,
  double_ = 4,
  i16 = 6,
  i32 = 8,
  i64 = 10,
  string = 11,
  struct_ = 12,
  map = 13,
  set = 14,
  list = 15,
  uuid = 16,
};

/// "i32", "string", ..., or "unknown type" for a code that Thrift does not have.
[[nodiscard]] THRIFTPP_API std::string_view to_string(WireType type) noexcept;

class THRIFTPP_API Type {
 public:
  Type(const Type&) = delete;
  Type& operator=(const Type&) = delete;

  [[nodiscard]] TypeKind kind() const noexcept { return kind_; }
  /// As written in the IDL of its program: "User", "i32", "list<User>". Types of other programs
  /// are qualified inside of containers: "map<string, shared.Item>".
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  /// The schema that owns this node; nullptr for base types.
  [[nodiscard]] const Schema* schema() const noexcept { return schema_; }
  /// How values of this type are stored: layout.hpp.
  [[nodiscard]] const SlotLayout& slot() const noexcept { return *slot_; }

  [[nodiscard]] bool is_void() const noexcept { return kind_ == TypeKind::void_; }
  /// i8 to i64; not an enum.
  [[nodiscard]] bool is_integer() const noexcept {
    return kind_ >= TypeKind::i8 && kind_ <= TypeKind::i64;
  }
  /// `string` and `binary`: the same bytes on the wire and in memory.
  [[nodiscard]] bool is_string() const noexcept {
    return kind_ == TypeKind::string || kind_ == TypeKind::binary;
  }
  [[nodiscard]] bool is_enum() const noexcept { return kind_ == TypeKind::enum_; }
  /// struct, union or exception.
  [[nodiscard]] bool is_struct() const noexcept {
    return kind_ >= TypeKind::struct_ && kind_ <= TypeKind::exception;
  }
  [[nodiscard]] bool is_union() const noexcept { return kind_ == TypeKind::union_; }
  [[nodiscard]] bool is_container() const noexcept { return kind_ >= TypeKind::list; }

  /// This type as what it is; must not be called where it is something else.
  [[nodiscard]] const StructType& as_struct() const noexcept;
  [[nodiscard]] const EnumType& as_enum() const noexcept;
  [[nodiscard]] const ContainerType& as_container() const noexcept;

 protected:
  constexpr Type(TypeKind kind, std::string_view name, const Schema* schema,
                 const SlotLayout* slot) noexcept
      : kind_(kind), name_(name), schema_(schema), slot_(slot) {}
  ~Type() = default;

 private:
  friend class ContainerTypes;
  friend class SchemaBuilder;
  friend struct BaseTypes;

  TypeKind kind_;
  std::string_view name_;
  const Schema* schema_;
  const SlotLayout* slot_;
};

/// The base type of that kind: bool to uuid, and void.
[[nodiscard]] THRIFTPP_API const Type& base_type(TypeKind kind) noexcept;

/// list<T>, set<T>, map<K, V>.
class THRIFTPP_API ContainerType : public Type {
 public:
  /// The type of a map's keys; of a map only.
  [[nodiscard]] const Type& key() const noexcept { return *key_; }
  /// The type of the elements of a list or set, of the values of a map.
  [[nodiscard]] const Type& element() const noexcept { return *element_; }

 private:
  friend class SchemaBuilder;
  friend class ContainerTypes;
  constexpr ContainerType(TypeKind kind, std::string_view name, const Schema* schema,
                          const SlotLayout* slot, const Type* key, const Type& element) noexcept
      : Type(kind, name, schema, slot), key_(key), element_(&element) {}

  const Type* key_;
  const Type* element_;
};

/// A type as one place of the IDL writes it: nothing of that is lost.
class TypeUse {
 public:
  constexpr TypeUse() noexcept = default;
  constexpr TypeUse(const Type& type) noexcept : type_(&type) {}  // NOLINT: a plain use of it
  constexpr TypeUse(const Type& type, const Typedef* alias, Annotations annotations,
                    std::string_view cpp_type, std::span<const TypeUse> arguments) noexcept
      : type_(&type),
        alias_(alias),
        annotations_(annotations),
        cpp_type_(cpp_type),
        arguments_(arguments) {}

  /// The type itself, typedefs resolved.
  [[nodiscard]] const Type& type() const noexcept { return *type_; }
  /// The typedef by whose name it is written, or nullptr.
  [[nodiscard]] const Typedef* alias() const noexcept { return alias_; }
  /// Those behind the type itself: `string (a = "b") name`.
  [[nodiscard]] Annotations annotations() const noexcept { return annotations_; }
  /// `list cpp_type "T" <i32>`: T, or empty.
  [[nodiscard]] std::string_view cpp_type() const noexcept { return cpp_type_; }
  /// What stands between the angle brackets of a container: {element} or {key, value}. Empty where
  /// the type is written plainly (by its name, or by a builder): ask `type()` then.
  [[nodiscard]] std::span<const TypeUse> arguments() const noexcept { return arguments_; }

 private:
  const Type* type_ = nullptr;
  const Typedef* alias_ = nullptr;
  Annotations annotations_;
  std::string_view cpp_type_;
  std::span<const TypeUse> arguments_;
};

}  // namespace thrift
