#pragma once

/// @file
/// `EnumType` and its values. Lifetime and threads: as type.hpp.

#include <thriftpp/schema/type.hpp>

namespace thrift {

class EnumValue {
 public:
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] std::int32_t number() const noexcept { return number_; }
  /// False where the IDL leaves the number out and it counts on from the value before.
  [[nodiscard]] bool has_explicit_number() const noexcept { return explicit_number_; }
  [[nodiscard]] std::string_view docs() const noexcept { return docs_; }
  [[nodiscard]] Annotations annotations() const noexcept { return annotations_; }
  [[nodiscard]] SourceSpan source() const noexcept { return source_; }
  /// The name in quotes, as JSON. It may be read by whole blocks of sixteen bytes.
  [[nodiscard]] std::string_view json_name() const noexcept { return json_name_; }

 private:
  friend class SchemaBuilder;
  std::string_view name_;
  std::string_view json_name_;
  std::int32_t number_ = 0;
  bool explicit_number_ = true;
  std::string_view docs_;
  Annotations annotations_;
  SourceSpan source_;
};

class THRIFTPP_API EnumType : public Type {
 public:
  [[nodiscard]] const Program& program() const noexcept { return *program_; }
  /// In the order of the IDL.
  [[nodiscard]] std::span<const EnumValue> values() const noexcept { return values_; }
  /// The value of that name, or nullptr. O(log n).
  [[nodiscard]] const EnumValue* find(std::string_view name) const noexcept;
  /// The value of that number, or nullptr; of several the one that stands first. O(log n).
  [[nodiscard]] const EnumValue* find(std::int32_t number) const noexcept;
  [[nodiscard]] std::string_view docs() const noexcept { return docs_; }
  [[nodiscard]] Annotations annotations() const noexcept { return annotations_; }
  [[nodiscard]] SourceSpan source() const noexcept { return source_; }

 private:
  friend class SchemaBuilder;
  EnumType(std::string_view name, const Schema* schema, const SlotLayout* slot,
           const Program& program) noexcept
      : Type(TypeKind::enum_, name, schema, slot), program_(&program) {}

  const Program* program_;
  std::span<const EnumValue> values_;
  std::span<const EnumValue* const> by_name_;    // sorted
  std::span<const EnumValue* const> by_number_;  // sorted, the first of equal numbers only
  std::string_view docs_;
  Annotations annotations_;
  SourceSpan source_;
};

inline const EnumType& Type::as_enum() const noexcept {
  return static_cast<const EnumType&>(*this);
}

}  // namespace thrift
