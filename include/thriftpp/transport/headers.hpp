#pragma once

/// @file
/// `Headers`: names and values that travel beside a message, where the transport has room for them:
/// HTTP's header fields, and the key/value pairs of the header transport.
///
/// Names of HTTP do not care for case, those of the header transport do. Buffered, framed and zlib
/// have no room for headers: they are dropped there, as Apache's runtimes do.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace thrift {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The value of the first header of that name, or nothing. ASCII letters' case makes no difference.
[[nodiscard]] inline const std::string* find_header(const Headers& headers,
                                                    std::string_view name) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c; };
  for (const auto& [key, value] : headers) {
    if (key.size() != name.size()) continue;
    std::size_t i = 0;
    while (i < name.size() && lower(key[i]) == lower(name[i])) ++i;
    if (i == name.size()) return &value;
  }
  return nullptr;
}

}  // namespace thrift
