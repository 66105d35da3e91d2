#pragma once

#include <string>
#include <string_view>

namespace thrift {

/// A name, or another piece of text, as messages show it. Not named like std::quoted, which would
/// be found as well where the text is a std::string.
[[nodiscard]] inline std::string backquoted(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  out += '`';
  out += text;
  out += '`';
  return out;
}

}  // namespace thrift
