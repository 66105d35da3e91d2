#pragma once

/// @file
/// `ServiceException`: an exception that the IDL declares, thrown by handlers and by calls.

#include <thriftpp/base/error.hpp>
#include <thriftpp/value/value.hpp>

namespace thrift {

struct THRIFTPP_API ServiceExceptionDetail : ErrorDetail {
  explicit ServiceExceptionDetail(Value thrown);
  [[noreturn]] void raise(const Failure& failure) const override;
  Value value;
};

/// Carries the exception's value. A handler throws `ServiceException(idl.make("NotFound", {...}))`.
/// Its message is the type's name and the value as JSON.
class THRIFTPP_API ServiceException : public Error {
 public:
  using Error::Error;
  explicit ServiceException(Value thrown);
  ~ServiceException() override;

  [[nodiscard]] const Value& value() const noexcept {
    return static_cast<const ServiceExceptionDetail&>(failure().detail()).value;
  }
  /// The exception's type.
  [[nodiscard]] const Type& type() const noexcept { return value().type(); }
  /// Whether the exception's type has that name: `e.is("NotFound")`.
  [[nodiscard]] bool is(std::string_view type_name) const noexcept {
    return type().name() == type_name;
  }
  [[nodiscard]] ValueView operator[](std::string_view field) const { return value()[field]; }
};

}  // namespace thrift
