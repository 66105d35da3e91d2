#pragma once

/// @file
/// "did you mean": the nearest of some names.

#include <span>
#include <string>
#include <string_view>
#include <thriftpp/base/export.hpp>
#include <vector>

namespace thrift {

/// The candidate that `name` is most likely a misspelling of, or an empty view. A difference of
/// case alone always counts as near; otherwise at most a third of the letters (and no more than
/// three) may be inserted, deleted, replaced or swapped with their neighbour.
/// Of several equally near ones the first wins. The result views into `candidates`.
[[nodiscard]] THRIFTPP_API std::string_view near_name(std::string_view name,
                                                      std::span<const std::string_view> candidates);

/// "; did you mean `x`?", or nothing where no candidate is near.
[[nodiscard]] THRIFTPP_API std::string did_you_mean(std::string_view name,
                                                    std::span<const std::string_view> candidates);

}  // namespace thrift
