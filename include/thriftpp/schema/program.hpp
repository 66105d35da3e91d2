#pragma once

/// @file
/// `Program`: what one `.thrift` file defines (the word is Apache's). Lifetime and threads: as
/// type.hpp.

#include <thriftpp/schema/enum_type.hpp>
#include <thriftpp/schema/service.hpp>
#include <thriftpp/schema/struct_type.hpp>

namespace thrift {

/// `namespace py.twisted a.b`: scope "py.twisted", name "a.b".
struct Namespace {
  std::string_view scope;
  std::string_view name;
  Annotations annotations;
};

class THRIFTPP_API Typedef {
 public:
  Typedef(const Typedef&) = delete;
  Typedef& operator=(const Typedef&) = delete;
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] const Program& program() const noexcept { return *program_; }
  /// What it stands for, all typedefs resolved.
  [[nodiscard]] const Type& type() const noexcept { return target_.type(); }
  /// What it stands for, as written: another typedef, perhaps.
  [[nodiscard]] const TypeUse& target() const noexcept { return target_; }
  [[nodiscard]] std::string_view docs() const noexcept { return docs_; }
  [[nodiscard]] Annotations annotations() const noexcept { return annotations_; }
  [[nodiscard]] SourceSpan source() const noexcept { return source_; }

 private:
  friend class SchemaBuilder;
  Typedef(std::string_view name, const Program& program) noexcept
      : name_(name), program_(&program) {}
  std::string_view name_;
  const Program* program_;
  TypeUse target_;
  std::string_view docs_;
  Annotations annotations_;
  SourceSpan source_;
};

class THRIFTPP_API Constant {
 public:
  Constant(const Constant&) = delete;
  Constant& operator=(const Constant&) = delete;
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] const Program& program() const noexcept { return *program_; }
  [[nodiscard]] const Type& type() const noexcept { return use_.type(); }
  [[nodiscard]] const TypeUse& type_use() const noexcept { return use_; }
  /// The evaluated value, in the form that layout.hpp describes. `ValueView(constant)` reads it.
  [[nodiscard]] const void* slot() const noexcept { return slot_; }
  [[nodiscard]] std::string_view docs() const noexcept { return docs_; }
  [[nodiscard]] Annotations annotations() const noexcept { return annotations_; }
  [[nodiscard]] SourceSpan source() const noexcept { return source_; }

 private:
  friend class SchemaBuilder;
  Constant(std::string_view name, const Program& program) noexcept
      : name_(name), program_(&program) {}
  std::string_view name_;
  const Program* program_;
  TypeUse use_;
  const void* slot_ = nullptr;
  std::string_view docs_;
  Annotations annotations_;
  SourceSpan source_;
};

class THRIFTPP_API Program {
 public:
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// The file's name without folder and ".thrift": the prefix by which others name its types.
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  /// As the user gave it, or as it was found; "<text>" where it came from a string.
  [[nodiscard]] std::string_view path() const noexcept { return path_; }
  [[nodiscard]] std::string_view docs() const noexcept { return docs_; }
  [[nodiscard]] std::span<const Namespace> namespaces() const noexcept { return namespaces_; }
  /// The name for that scope ("py"), else the one for "*", else nothing. Of a scope that stands
  /// there twice the last counts, as in Apache's compiler.
  [[nodiscard]] std::optional<std::string_view> find_namespace(
      std::string_view scope) const noexcept;
  /// What it includes, in order, without those that could not be found.
  [[nodiscard]] std::span<const Program* const> includes() const noexcept { return includes_; }
  [[nodiscard]] std::span<const std::string_view> cpp_includes() const noexcept {
    return cpp_includes_;
  }
  /// Each kind in the order of the IDL. `structs()` holds unions and exceptions too.
  [[nodiscard]] std::span<const StructType* const> structs() const noexcept { return structs_; }
  [[nodiscard]] std::span<const EnumType* const> enums() const noexcept { return enums_; }
  [[nodiscard]] std::span<const Typedef* const> typedefs() const noexcept { return typedefs_; }
  [[nodiscard]] std::span<const Constant* const> constants() const noexcept { return constants_; }
  [[nodiscard]] std::span<const Service* const> services() const noexcept { return services_; }

  /// A definition of this program by its bare name, or nullptr.
  [[nodiscard]] const StructType* find_struct(std::string_view name) const noexcept;
  [[nodiscard]] const EnumType* find_enum(std::string_view name) const noexcept;
  [[nodiscard]] const Typedef* find_typedef(std::string_view name) const noexcept;
  [[nodiscard]] const Constant* find_constant(std::string_view name) const noexcept;
  [[nodiscard]] const Service* find_service(std::string_view name) const noexcept;

 private:
  friend class SchemaBuilder;
  Program(std::string_view name, std::string_view path) noexcept : name_(name), path_(path) {}

  std::string_view name_;
  std::string_view path_;
  std::string_view docs_;
  std::span<const Namespace> namespaces_;
  std::span<const Program* const> includes_;
  std::span<const std::string_view> cpp_includes_;
  std::span<const StructType* const> structs_;
  std::span<const EnumType* const> enums_;
  std::span<const Typedef* const> typedefs_;
  std::span<const Constant* const> constants_;
  std::span<const Service* const> services_;
  // Sorted by name. Types and constants are separate name spaces, as in Apache's compiler.
  struct Entry {
    std::string_view name;
    enum class What : std::uint8_t { struct_, enum_, typedef_, constant, service } what;
    const void* node;
  };
  [[nodiscard]] const void* find(std::string_view name, Entry::What what) const noexcept;
  std::span<const Entry> by_name_;
};

}  // namespace thrift
