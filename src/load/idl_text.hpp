#pragma once

// Parts of a schema as IDL text, seen from one program: names of other files have their prefix.

#include <string>
#include <string_view>
#include <thriftpp/schema/layout.hpp>
#include <thriftpp/schema/schema.hpp>

namespace thrift::loading {

class IdlText {
 public:
  explicit IdlText(const Program& program) : program_(program) {}

  [[nodiscard]] std::string take() && { return std::move(out_); }
  [[nodiscard]] const std::string& text() const noexcept { return out_; }

  IdlText& raw(std::string_view text) {
    out_ += text;
    return *this;
  }
  /// `/** ... */`, indented; nothing where there is no documentation.
  IdlText& docs(std::string_view text, std::size_t indent = 0);

  // Whole definitions with their documentation.
  IdlText& definition(const EnumType& type);
  IdlText& definition(const StructType& type);
  IdlText& definition(const Typedef& alias);
  IdlText& definition(const Constant& constant);
  IdlText& definition(const Service& service);

  // Parts, without documentation and line ends.
  IdlText& signature(const Function& function);
  IdlText& field(const Field& field, Requiredness usual = Requiredness::default_);
  IdlText& member(const EnumValue& value);
  IdlText& head(const Typedef& alias);
  IdlText& head(const Constant& constant);
  IdlText& head(const Service& service);
  IdlText& head(const StructType& type);
  IdlText& type(const TypeUse& use);
  IdlText& value(const Type& type, const void* cell);

 private:
  std::string name_in(std::string_view name, const Program& program) const;
  IdlText& annotations(Annotations all);
  IdlText& string(std::string_view text);
  IdlText& fields(std::span<const Field> all, Requiredness usual);
  IdlText& record(const StructType& type, const std::byte* record);

  const Program& program_;
  std::string out_;
};

/// The first sentence of documentation, on one line.
[[nodiscard]] std::string first_sentence(std::string_view docs);

}  // namespace thrift::loading
