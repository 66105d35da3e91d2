#include <thriftpp/load/idl.hpp>

#include "load/idl_extra.hpp"

namespace thrift {

Idl::Idl(SchemaPtr schema) : schema_(std::move(schema)), extra_(std::make_shared<const Extra>()) {}

const Diagnostics& Idl::diagnostics() const noexcept {
  return extra_->diagnostics;
}

ServiceException Idl::exception(std::string_view name, const Literal& literal) const {
  const StructType& known = struct_type(name);
  if (!known.is_exception()) {
    throw TypeError("`" + std::string(name) + "` is no exception, it is a " +
                    std::string(to_string(known.kind())));
  }
  return ServiceException(Value(known, literal));
}

}  // namespace thrift
