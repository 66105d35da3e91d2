#pragma once

// What a new IDL takes away from the callers of an old one.

#include <span>
#include <string>
#include <thriftpp/schema/schema.hpp>
#include <vector>

namespace thrift::gateway {

// A line each: services, methods, routes, fields and enum values that are gone, what changed its
// type, and fields that have become required. What was added is no change here.
[[nodiscard]] std::vector<std::string> breaking_changes(std::span<const Service* const> before,
                                                        std::span<const Service* const> after);

}  // namespace thrift::gateway
