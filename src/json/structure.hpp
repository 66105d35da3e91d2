#pragma once

// simdjson's first stage: where in a text the pieces of JSON start. Its second stage builds a
// document of any shape; ours follows a schema (json_to_wire.cpp).

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace thrift {

/// Places of all of `{ } [ ] : ,` outside of strings, of the first quote of each string, and of the
/// first character of each literal and number; then the text's size.
struct JsonStructure {
  const std::uint32_t* places = nullptr;
  std::size_t count = 0;  ///< Without the text's size, which stands behind the last.
};

/// Finds them. Nothing where the text is no JSON as far as this stage sees: it is not UTF-8, a
/// string does not end, or holds control characters. Between two places there is nothing but the
/// string, literal or number that starts at the first, and blanks.
///
/// What is found lies in memory of the calling thread until it finds the next.
[[nodiscard]] JsonStructure find_structure(std::string_view text) noexcept;

}  // namespace thrift
