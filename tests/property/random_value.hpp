#pragma once

// Values of random content, built as a program builds them.

#include <random>
#include <thriftpp/value/value.hpp>

namespace property {

/// A value of that type. Fields with an IDL default are always set: Apache's runtimes set them by
/// themselves, so that they could not write back what does not have them. Keys are such as
/// Python's dict tells apart. Four levels deep, and some hundred values at most.
thrift::Value random_value(const thrift::Type& type, std::mt19937_64& random);

}  // namespace property
