#include "idl/utf8.hpp"

#include <algorithm>
#include <array>

namespace thrift::utf8 {
namespace {

constexpr CodePoint invalid{replacement, 1, false};

struct Span {
  std::uint32_t first, last;
};

// Blocks of Unicode that terminals show two columns wide: the whole blocks, since a caret that is
// one column off under an unassigned character hurts nobody.
constexpr std::array wide_blocks{
    Span{0x1100, 0x115F},   Span{0x2E80, 0x303E},   Span{0x3041, 0xA4CF},   Span{0xA960, 0xA97F},
    Span{0xAC00, 0xD7A3},   Span{0xF900, 0xFAFF},   Span{0xFE30, 0xFE6F},   Span{0xFF00, 0xFF60},
    Span{0xFFE0, 0xFFE6},   Span{0x17000, 0x18CFF}, Span{0x1B000, 0x1B2FF}, Span{0x1F300, 0x1F64F},
    Span{0x1F680, 0x1F6FF}, Span{0x1F900, 0x1F9FF}, Span{0x20000, 0x3FFFD},
};

// Marks that combine with the character before them, and invisible formatting characters.
constexpr std::array empty_blocks{
    Span{0x0300, 0x036F}, Span{0x0483, 0x0489}, Span{0x0591, 0x05BD}, Span{0x064B, 0x065F},
    Span{0x1AB0, 0x1AFF}, Span{0x1DC0, 0x1DFF}, Span{0x200B, 0x200F}, Span{0x202A, 0x202E},
    Span{0x2060, 0x2064}, Span{0x20D0, 0x20FF}, Span{0xFE00, 0xFE0F}, Span{0xFE20, 0xFE2F},
    Span{0xFEFF, 0xFEFF},
};

template <std::size_t N>
bool contains(const std::array<Span, N>& blocks, std::uint32_t c) noexcept {
  const auto at =
      std::partition_point(blocks.begin(), blocks.end(), [c](Span s) { return s.last < c; });
  return at != blocks.end() && at->first <= c;
}

bool is_control(std::uint32_t c) noexcept {
  // The bidirectional overrides are control characters in effect: they reorder what is shown.
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

void append_replacement(std::string& out) {
  out += "\xEF\xBF\xBD";
}

}  // namespace

CodePoint decode(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const std::uint32_t b = byte(0);
  if (b < 0x80) return {b, 1, true};
  if (b >= 0xC2 && b < 0xE0 && tail(1)) return {(b & 0x1F) << 6 | (byte(1) & 0x3F), 2, true};
  if (b >= 0xE0 && b < 0xF0 && tail(1) && tail(2)) {
    const std::uint32_t c = (b & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    const bool surrogate = c >= 0xD800 && c < 0xE000;
    return c >= 0x800 && !surrogate ? CodePoint{c, 3, true} : invalid;
  }
  if (b >= 0xF0 && b < 0xF5 && tail(1) && tail(2) && tail(3)) {
    const std::uint32_t c =
        (b & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
    return c >= 0x10000 && c <= 0x10FFFF ? CodePoint{c, 4, true} : invalid;
  }
  return invalid;
}

int width(std::uint32_t c) noexcept {
  if (c < 0x300) return 1;
  if (contains(empty_blocks, c)) return 0;
  return contains(wide_blocks, c) ? 2 : 1;
}

void append_printable(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = decode(text, i);
    if (c.valid && !is_control(c.value)) {
      out += text.substr(i, c.length);
    } else {
      append_replacement(out);
    }
    i += c.length;
  }
}

std::string to_valid(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = decode(text, i);
    if (c.valid) {
      out += text.substr(i, c.length);
    } else {
      append_replacement(out);
    }
    i += c.length;
  }
  return out;
}

}  // namespace thrift::utf8
