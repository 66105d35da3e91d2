#include "json/json_string.hpp"

#include <cstdint>

namespace thrift {
namespace {

/// Four hexadecimal digits; more than 0xFFFF where they are not.
std::uint32_t hex4(const char* p) noexcept {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = p[i];
    std::uint32_t digit = 0x10000;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A' + 10);
    if (digit > 15) return 0x10000;
    value = value << 4 | digit;
  }
  return value;
}

char* put_utf8(char* p, std::uint32_t point) noexcept {
  const auto byte = [&p](std::uint32_t bits) { *p++ = static_cast<char>(bits); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | point >> 6);
    byte(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    byte(0xE0 | point >> 12);
    byte(0x80 | (point >> 6 & 0x3F));
    byte(0x80 | (point & 0x3F));
  } else {
    byte(0xF0 | point >> 18);
    byte(0x80 | (point >> 12 & 0x3F));
    byte(0x80 | (point >> 6 & 0x3F));
    byte(0x80 | (point & 0x3F));
  }
  return p;
}

char plain_escape(char c) noexcept {
  switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return '\0';
  }
}

}  // namespace

char* unescape(char* p, const char* text, std::size_t size) noexcept {
  const char* const end = text + size;
  while (text != end) {
    if (*text != '\\') {
      *p++ = *text++;
      continue;
    }
    if (end - text < 2) return nullptr;
    if (text[1] != 'u') {
      *p = plain_escape(text[1]);
      if (*p++ == '\0') return nullptr;
      text += 2;
      continue;
    }
    if (end - text < 6) return nullptr;
    std::uint32_t point = hex4(text + 2);
    text += 6;
    if (point > 0xFFFF || (point >= 0xDC00 && point < 0xE000)) return nullptr;
    if (point >= 0xD800 && point < 0xDC00) {
      if (end - text < 6 || text[0] != '\\' || text[1] != 'u') return nullptr;
      const std::uint32_t low = hex4(text + 2);
      if (low < 0xDC00 || low >= 0xE000) return nullptr;
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
      text += 6;
    }
    p = put_utf8(p, point);
  }
  return p;
}

}  // namespace thrift
