#pragma once

#include <thriftpp/idl/source.hpp>

namespace bench {

/// Runs the grammar of the IDL over a file that has no mistakes, without building anything: what
/// parsing cannot be faster than. Whether it belongs to the language.
[[nodiscard]] bool recognise(const thrift::SourcePtr& source);

}  // namespace bench
