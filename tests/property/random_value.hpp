#pragma once

// Values of random content, built as a program builds them.

#include <cstdint>
#include <functional>
#include <thriftpp/value/value.hpp>

namespace property {

/// A value of that type; `random` gives 64 random bits at each call. Fields with an IDL default are
/// always set: Apache's runtimes set them by themselves, so that they could not write back what
/// does not have them. Keys are such as Python's dict tells apart. Four levels deep, and some
/// hundred values at most.
thrift::Value random_value(const thrift::Type& type, std::function<std::uint64_t()> random);

}  // namespace property
