#include "base/base64.hpp"

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <thriftpp/base/json_writer.hpp>

namespace thrift {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Two alphabet for each 12 bits.
constexpr auto pairs = [] {
  std::array<std::array<char, 2>, 4096> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = {alphabet[i >> 6], alphabet[i & 63]};
  return table;
}();

constexpr std::uint8_t no_digit = 0xFF;

constexpr auto values = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}();

std::uint32_t at(const char* p, std::size_t i) noexcept {
  return static_cast<unsigned char>(p[i]);
}
std::uint32_t value(const char* p, std::size_t i) noexcept {
  return values[at(p, i)];
}

}  // namespace

char* write_unpadded_base64(char* p, const char* bytes, std::size_t size) noexcept {
  for (; size >= 3; bytes += 3, size -= 3, p += 4) {
    const std::uint32_t group = at(bytes, 0) << 16 | at(bytes, 1) << 8 | at(bytes, 2);
    std::memcpy(p, pairs[group >> 12].data(), 2);
    std::memcpy(p + 2, pairs[group & 4095].data(), 2);
  }
  if (size == 0) return p;
  const std::uint32_t group = at(bytes, 0) << 16 | (size == 2 ? at(bytes, 1) << 8 : 0);
  *p++ = alphabet[group >> 18];
  *p++ = alphabet[group >> 12 & 63];
  if (size == 2) *p++ = alphabet[group >> 6 & 63];
  return p;
}

char* write_base64(char* p, const char* bytes, std::size_t size) noexcept {
  p = write_unpadded_base64(p, bytes, size);
  for (std::size_t n = size % 3; n != 0 && n != 3; ++n) *p++ = '=';
  return p;
}

char* read_base64(char* p, const char* text, std::size_t size, SpareBits spare) noexcept {
  const std::size_t given = size;
  while (size != 0 && given - size < 2 && text[size - 1] == '=') --size;
  if (size != given && given % 4 != 0) return nullptr;
  std::uint32_t wrong = 0;
  for (; size >= 4; text += 4, size -= 4, p += 3) {
    const std::uint32_t a = value(text, 0);
    const std::uint32_t b = value(text, 1);
    const std::uint32_t c = value(text, 2);
    const std::uint32_t d = value(text, 3);
    wrong |= a | b | c | d;
    const std::uint32_t group = a << 18 | b << 12 | c << 6 | d;
    p[0] = static_cast<char>(group >> 16);
    p[1] = static_cast<char>(group >> 8);
    p[2] = static_cast<char>(group);
  }
  if ((wrong & 0x80) != 0 || size == 1) return nullptr;
  if (size == 0) return p;
  const std::uint32_t a = value(text, 0);
  const std::uint32_t b = value(text, 1);
  const std::uint32_t c = size == 3 ? value(text, 2) : 0;
  if (((a | b | c) & 0x80) != 0) return nullptr;
  const std::uint32_t group = a << 18 | b << 12 | c << 6;
  *p++ = static_cast<char>(group >> 16);
  if (size == 3) *p++ = static_cast<char>(group >> 8);
  const std::uint32_t left_over = size == 3 ? group & 0xFF : group & 0xFFFF;
  return left_over == 0 || spare == SpareBits::ignore ? p : nullptr;
}

void append_base64(std::string& out, std::string_view bytes) {
  const std::size_t before = out.size();
  out.resize(before + base64_size(bytes.size()));
  (void)write_base64(out.data() + before, bytes.data(), bytes.size());
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string out(base64_room(text.size()), '\0');
  const char* const end = read_base64(out.data(), text.data(), text.size());
  if (end == nullptr) return std::nullopt;
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

}  // namespace thrift
