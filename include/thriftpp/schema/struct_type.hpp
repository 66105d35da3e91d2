#pragma once

/// @file
/// `StructType` (struct, union, exception, and the arguments and results of functions) and its
/// fields. Lifetime and threads: as type.hpp.

#include <thriftpp/schema/type.hpp>

namespace thrift {

struct FieldLayout;
struct StructLayout;

/// The three states of the IDL; nothing is dropped. "default" is Thrift's word for neither keyword.
enum class Requiredness : std::uint8_t { default_, required, optional };

/// "default", "required", "optional".
[[nodiscard]] THRIFTPP_API std::string_view to_string(Requiredness requiredness) noexcept;

class THRIFTPP_API Field {
 public:
  /// The number on the wire. Fields without one count down from -1, as Apache's compiler does.
  [[nodiscard]] std::int16_t id() const noexcept { return id_; }
  [[nodiscard]] bool has_explicit_id() const noexcept { return explicit_id_; }
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] const Type& type() const noexcept { return use_.type(); }
  /// The type as it is written here.
  [[nodiscard]] const TypeUse& type_use() const noexcept { return use_; }
  [[nodiscard]] Requiredness requiredness() const noexcept { return requiredness_; }
  [[nodiscard]] bool is_required() const noexcept {
    return requiredness_ == Requiredness::required;
  }
  /// Whether the IDL gives a default value. What an unset field reads as is `default_slot()`
  /// either way: the IDL's default, else zero, empty or the default record.
  [[nodiscard]] bool has_default() const noexcept { return has_default_; }
  /// The value's bytes in the form that layout.hpp describes. `ValueView(field)` reads it.
  [[nodiscard]] const void* default_slot() const noexcept { return default_slot_; }
  /// Where the field lies in a record.
  [[nodiscard]] const FieldLayout& layout() const noexcept { return *layout_; }
  /// The position among the struct's fields.
  [[nodiscard]] std::uint32_t index() const noexcept { return index_; }
  [[nodiscard]] const StructType& parent() const noexcept { return *parent_; }
  /// `1: Node & left`: a hint for generated code.
  [[nodiscard]] bool is_reference() const noexcept { return reference_; }
  [[nodiscard]] bool is_xsd_optional() const noexcept { return xsd_optional_; }
  [[nodiscard]] bool is_xsd_nillable() const noexcept { return xsd_nillable_; }
  /// The fields of `xsd_attrs {...}`, or nullptr.
  [[nodiscard]] const StructType* xsd_attrs() const noexcept { return xsd_attrs_; }
  [[nodiscard]] std::string_view docs() const noexcept { return docs_; }
  [[nodiscard]] Annotations annotations() const noexcept { return annotations_; }
  [[nodiscard]] SourceSpan source() const noexcept { return source_; }

 private:
  friend class SchemaBuilder;
  std::int16_t id_ = 0;
  bool explicit_id_ = true;
  Requiredness requiredness_ = Requiredness::default_;
  bool has_default_ = false;
  bool reference_ = false;
  bool xsd_optional_ = false;
  bool xsd_nillable_ = false;
  std::uint32_t index_ = 0;
  std::string_view name_;
  TypeUse use_;
  const void* default_slot_ = nullptr;
  const FieldLayout* layout_ = nullptr;
  const StructType* parent_ = nullptr;
  const StructType* xsd_attrs_ = nullptr;
  std::string_view docs_;
  Annotations annotations_;
  SourceSpan source_;
};

class THRIFTPP_API StructType : public Type {
 public:
  [[nodiscard]] const Program& program() const noexcept { return *program_; }
  /// In the order of the IDL.
  [[nodiscard]] std::span<const Field> fields() const noexcept { return fields_; }
  /// The field of that name, or nullptr. Linear in small structs, else O(log n).
  [[nodiscard]] const Field* find_field(std::string_view name) const noexcept;
  /// The field of that id, or nullptr.
  [[nodiscard]] const Field* find_field(std::int32_t id) const noexcept;
  /// The field of that name; TypeError with a near name where there is none.
  [[nodiscard]] const Field& field(std::string_view name) const;
  [[nodiscard]] const StructLayout& layout() const noexcept { return *layout_; }
  [[nodiscard]] bool is_exception() const noexcept { return kind() == TypeKind::exception; }
  [[nodiscard]] bool is_xsd_all() const noexcept { return xsd_all_; }
  [[nodiscard]] std::string_view docs() const noexcept { return docs_; }
  [[nodiscard]] Annotations annotations() const noexcept { return annotations_; }
  [[nodiscard]] SourceSpan source() const noexcept { return source_; }

 private:
  friend class SchemaBuilder;
  StructType(TypeKind kind, std::string_view name, const Schema* schema, const SlotLayout* slot,
             const Program& program) noexcept
      : Type(kind, name, schema, slot), program_(&program) {}

  const Program* program_;
  std::span<Field> fields_;
  std::span<const Field* const> by_name_;  // sorted; only in structs that are not small
  const StructLayout* layout_ = nullptr;
  bool xsd_all_ = false;
  std::string_view docs_;
  Annotations annotations_;
  SourceSpan source_;
};

inline const StructType& Type::as_struct() const noexcept {
  return static_cast<const StructType&>(*this);
}
inline const ContainerType& Type::as_container() const noexcept {
  return static_cast<const ContainerType&>(*this);
}

}  // namespace thrift
