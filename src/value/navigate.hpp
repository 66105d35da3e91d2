#pragma once

// Where the entry of a map or the element of a set is, for views and refs alike. All return
// no_position where there is none, and throw TypeError where the container has no such keys.

#include <cstdint>
#include <string_view>
#include <thriftpp/value/path.hpp>
#include <thriftpp/value/view.hpp>

namespace thrift {

[[nodiscard]] std::size_t position_of_name(ValueView map, std::string_view key);
[[nodiscard]] std::size_t position_of_number(ValueView map, std::int64_t key);
[[nodiscard]] std::size_t position_of_value(ValueView container, ValueView key);
[[nodiscard]] std::size_t position_of_path_key(ValueView map, const PathKey& key);

}  // namespace thrift
