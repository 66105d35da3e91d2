#pragma once

// The inside of JSON's strings.

#include <cstddef>

namespace thrift {

/// Resolves the escapes of a string's `size` bytes at `text`, which are UTF-8, into `p`, where as
/// many are free. Where it ends, or nullptr where an escape is wrong, or half a surrogate pair.
[[nodiscard]] char* unescape(char* p, const char* text, std::size_t size) noexcept;

}  // namespace thrift
