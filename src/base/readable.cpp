#include "base/readable.hpp"

#include <thriftpp/base/json_writer.hpp>

namespace thrift {

std::string readable(std::string_view bytes) {
  if (is_utf8(bytes)) return std::string(bytes);
  std::string converted;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      converted += c;
    } else {
      converted += static_cast<char>(0xc0 | byte >> 6);
      converted += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return converted;
}

}  // namespace thrift
