#pragma once

/// @file
/// `Service` and `Function`. Lifetime and threads: as type.hpp.

#include <string>
#include <thriftpp/schema/struct_type.hpp>

namespace thrift {

class Service;

/// A method. Its arguments and its result are ordinary structs, as they are on the wire:
/// `NAME_args` with a field an argument, `NAME_result` with field 0 `success` (unless void) and a
/// field an exception of `throws`.
class THRIFTPP_API Function {
 public:
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] const Service& service() const noexcept { return *service_; }
  /// What it returns; void has TypeKind::void_.
  [[nodiscard]] const Type& return_type() const noexcept { return returns_.type(); }
  [[nodiscard]] const TypeUse& return_type_use() const noexcept { return returns_; }
  [[nodiscard]] bool is_void() const noexcept { return return_type().is_void(); }
  /// No reply is ever sent.
  [[nodiscard]] bool is_oneway() const noexcept { return oneway_; }
  /// Written with the old keyword `async`, which means oneway.
  [[nodiscard]] bool is_async() const noexcept { return async_; }
  [[nodiscard]] const StructType& arguments() const noexcept { return *arguments_; }
  [[nodiscard]] const StructType& result() const noexcept { return *result_; }
  /// Field 0 of `result()`, or nullptr for void.
  [[nodiscard]] const Field* success() const noexcept {
    return is_void() ? nullptr : result_->fields().data();
  }
  /// The fields of `throws`, in order.
  [[nodiscard]] std::span<const Field> exceptions() const noexcept {
    return result_->fields().subspan(is_void() ? 0 : 1);
  }
  [[nodiscard]] std::string_view docs() const noexcept { return docs_; }
  [[nodiscard]] Annotations annotations() const noexcept { return annotations_; }
  [[nodiscard]] SourceSpan source() const noexcept { return source_; }

 private:
  friend class SchemaBuilder;
  std::string_view name_;
  const Service* service_ = nullptr;
  TypeUse returns_;
  bool oneway_ = false;
  bool async_ = false;
  const StructType* arguments_ = nullptr;
  const StructType* result_ = nullptr;
  std::string_view docs_;
  Annotations annotations_;
  SourceSpan source_;
};

class THRIFTPP_API Service {
 public:
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] const Program& program() const noexcept { return *program_; }
  [[nodiscard]] const Schema& schema() const noexcept { return *schema_; }
  /// The service that this one extends, or nullptr.
  [[nodiscard]] const Service* base() const noexcept { return base_; }
  /// Its own functions, in the order of the IDL.
  [[nodiscard]] std::span<const Function> functions() const noexcept { return functions_; }
  /// Inherited ones too, the base's first.
  [[nodiscard]] std::span<const Function* const> all_functions() const noexcept { return all_; }
  /// The function of that name, own or inherited, or nullptr.
  [[nodiscard]] const Function* find_function(std::string_view name) const noexcept;
  /// As find_function; ApplicationError (unknown_method) with a near name where there is none.
  [[nodiscard]] const Function& function(std::string_view name) const;
  [[nodiscard]] std::string_view docs() const noexcept { return docs_; }
  [[nodiscard]] Annotations annotations() const noexcept { return annotations_; }
  [[nodiscard]] SourceSpan source() const noexcept { return source_; }

 private:
  friend class SchemaBuilder;
  Service(std::string_view name, const Schema& schema, const Program& program) noexcept
      : name_(name), program_(&program), schema_(&schema) {}

  std::string_view name_;
  const Program* program_;
  const Schema* schema_;
  const Service* base_ = nullptr;
  std::span<Function> functions_;
  std::span<const Function* const> all_;
  std::span<const Function* const> by_name_;  // all of them, sorted
  std::string_view docs_;
  Annotations annotations_;
  SourceSpan source_;
};

}  // namespace thrift
