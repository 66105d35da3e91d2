#pragma once

#include <span>
#include <string>
#include <string_view>
#include <thriftpp/base/error.hpp>

namespace thrift {

/// Of a name that is none of `candidates`: the message is "problem; did you mean `x`?", where one
/// of them is near, and the detail has that one apart as well.
[[nodiscard]] TypeErrorDetail unknown_name(std::string path, std::string problem,
                                           std::string_view name,
                                           std::span<const std::string_view> candidates);
[[noreturn]] void throw_unknown_name(std::string path, std::string problem, std::string_view name,
                                     std::span<const std::string_view> candidates);

}  // namespace thrift
