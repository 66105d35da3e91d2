#pragma once

// Values of plausible shape, for where there are no payloads to read.

#include <cstddef>
#include <thriftpp/schema/layout.hpp>
#include <vector>

namespace bench {

/// The binary bytes of a value of that type: deterministic, the same on every machine. Maps and
/// sets are in the order in which Apache's C++ writes them.
std::vector<std::byte> random_value(const thrift::SlotLayout& slot);

}  // namespace bench
