#pragma once

/// @file
/// `Idl`: what a load gives, a cheap handle.
///
///     thrift::Idl idl = thrift::load("user.thrift");
///     for (const thrift::Service* s : idl.services()) std::cout << s->name() << '\n';
///
/// Ownership: handles share the Schema and the warnings; everything that one of them returns by
/// reference lives as long as any handle or any SchemaPtr made from it (diagnostics: any handle).
/// Threads: immutable; safe from several threads.

#include <memory>
#include <string_view>
#include <thriftpp/base/export.hpp>
#include <thriftpp/idl/diagnostic.hpp>
#include <thriftpp/schema/schema.hpp>
#include <thriftpp/value/service_exception.hpp>

namespace thrift {

class THRIFTPP_API Idl {
 public:
  /// Of a schema that was built in another way (a SchemaBuilder): a handle without diagnostics.
  explicit Idl(SchemaPtr schema);

  [[nodiscard]] const Schema& schema() const noexcept { return *schema_; }
  /// What `Client`, `Server` and `decode` take.
  operator const SchemaPtr&() const noexcept { return schema_; }  // NOLINT: a handle of it
  /// The warnings of the load.
  [[nodiscard]] const Diagnostics& diagnostics() const noexcept;

  /// The file that was loaded.
  [[nodiscard]] const Program& program() const noexcept { return schema_->program(); }
  /// Its services, structs (unions and exceptions too), enums, typedefs and constants, in order.
  [[nodiscard]] auto services() const noexcept { return program().services(); }
  [[nodiscard]] auto structs() const noexcept { return program().structs(); }
  [[nodiscard]] auto enums() const noexcept { return program().enums(); }
  [[nodiscard]] auto typedefs() const noexcept { return program().typedefs(); }
  [[nodiscard]] auto constants() const noexcept { return program().constants(); }

  /// A type by its name or a type expression, e.g. "User", "shared.Item", "list<User>". Throws
  /// TypeError with a near name.
  [[nodiscard]] const Type& type(std::string_view expression) const {
    return schema_->type(expression);
  }
  [[nodiscard]] const StructType& struct_type(std::string_view name) const {
    return schema_->struct_type(name);
  }
  [[nodiscard]] const EnumType& enum_type(std::string_view name) const {
    return schema_->enum_type(name);
  }
  [[nodiscard]] const Constant& constant(std::string_view name) const {
    return schema_->constant(name);
  }
  /// A value of that type with nothing set, to be filled; it is checked when it is written.
  [[nodiscard]] Value make(std::string_view type_expression) const {
    return Value(type(type_expression));
  }
  /// A value of that type, checked here: TypeError for an unknown field, a value that does not fit,
  /// a required field that is missing.
  [[nodiscard]] Value make(std::string_view type_expression, const Literal& literal) const {
    return {type(type_expression), literal};
  }
  /// A declared exception, to be thrown by a handler: `throw idl.exception("NotFound", {...})`.
  /// TypeError where the type is no exception.
  [[nodiscard]] ServiceException exception(std::string_view name, const Literal& literal) const;

  /// The service of that name; without one, the only one of the file. Throws TypeError.
  [[nodiscard]] const Service& service(std::string_view name = {}) const {
    return schema_->service(name);
  }

 private:
  friend struct IdlAccess;
  struct Extra;
  Idl(SchemaPtr schema, std::shared_ptr<const Extra> extra) noexcept
      : schema_(std::move(schema)), extra_(std::move(extra)) {}

  SchemaPtr schema_;
  std::shared_ptr<const Extra> extra_;
};

}  // namespace thrift
