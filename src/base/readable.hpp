#pragma once

#include <string>
#include <string_view>

namespace thrift {

/// Text of which nobody knows whether it is UTF-8 (a comment, a path), as UTF-8: if it is not, each
/// byte is read as Latin-1.
[[nodiscard]] std::string readable(std::string_view bytes);

}  // namespace thrift
