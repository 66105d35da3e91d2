#include <thriftpp/load/idl.hpp>

#include "load/idl_extra.hpp"

namespace thrift {

Idl::Idl(SchemaPtr schema) : schema_(std::move(schema)), extra_(std::make_shared<const Extra>()) {}

const Diagnostics& Idl::diagnostics() const noexcept {
  return extra_->diagnostics;
}

}  // namespace thrift
