#pragma once

#include <string>
#include <string_view>

namespace thrift {

/// A name, or another piece of text, as messages show it.
[[nodiscard]] inline std::string quoted(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  out += '`';
  out += text;
  out += '`';
  return out;
}

}  // namespace thrift
