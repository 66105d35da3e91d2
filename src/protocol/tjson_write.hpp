#pragma once

// The pieces of Apache's JSON as encoding and transcoding write them. `Room` is what gives room for
// more output: `p = room.room(p, n)` (EncodeState is one). What has no `Room` needs at most
// `value_room` at `p`; what has one leaves as much behind itself.

#include <charconv>
#include <cmath>
#include <cstring>
#include <thriftpp/schema/layout.hpp>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "base/base64.hpp"
#include "protocol/tjson.hpp"

namespace thrift::tjson {

/// The most that a field's header or an element's comma, a value other than a string, and the
/// brackets behind it take: `,"-32768":{"i64":` and a uuid in quotes, or a map's header.
inline constexpr std::size_t value_room = 96;

inline std::byte* write_character(std::byte* p, char c) noexcept {
  *p = static_cast<std::byte>(c);
  return p + 1;
}

template <bool quoted>
[[nodiscard]] inline std::byte* write_integer(std::byte* p, std::int64_t value) noexcept {
  if constexpr (quoted) p = write_character(p, '"');
  if (value >= 0 && value < 10) {
    p = write_character(p, static_cast<char>('0' + value));
  } else {
    auto* const text = reinterpret_cast<char*>(p);
    p = reinterpret_cast<std::byte*>(std::to_chars(text, text + 20, value).ptr);
  }
  if constexpr (quoted) p = write_character(p, '"');
  return p;
}

/// As printf's %.17g, which is how Apache's C++ writes doubles.
template <bool quoted>
[[nodiscard]] inline std::byte* write_double(std::byte* p, double value) noexcept {
  if (!std::isfinite(value)) [[unlikely]] {
    const std::string_view word = std::isnan(value) ? "\"NaN\""
                                  : value < 0       ? "\"-Infinity\""
                                                    : "\"Infinity\"";
    std::memcpy(p, word.data(), word.size());
    return p + word.size();
  }
  if constexpr (quoted) p = write_character(p, '"');
  auto* const text = reinterpret_cast<char*>(p);
  p = reinterpret_cast<std::byte*>(
      std::to_chars(text, text + 32, value, std::chars_format::general, 17).ptr);
  if constexpr (quoted) p = write_character(p, '"');
  return p;
}

[[nodiscard]] inline std::byte* write_uuid(std::byte* p, const Uuid& uuid) noexcept {
  constexpr std::string_view hex = "0123456789abcdef";
  p = write_character(p, '"');
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) p = write_character(p, '-');
    p = write_character(p, hex[uuid[i] >> 4]);
    p = write_character(p, hex[uuid[i] & 15]);
  }
  return write_character(p, '"');
}

/// `,"12":{"i64":`, without the comma where nothing stands in front.
[[nodiscard]] inline std::byte* write_field_header(std::byte* p, std::int16_t id, WireType type,
                                                   bool comma) noexcept {
  *p = std::byte{','};
  p += comma ? 1 : 0;
  p = write_integer<false>(write_character(p, '"'), id);
  const Characters<16>& tag = field_tags[static_cast<std::size_t>(type)];
  std::memcpy(p, tag.text.data(), tag.text.size());
  return p + tag.size;
}

/// `"i64",`
[[nodiscard]] inline std::byte* write_type(std::byte* p, WireType type) noexcept {
  const std::string_view name = type_name(type);
  p = write_character(p, '"');
  std::memcpy(p, name.data(), name.size());
  p = write_character(p + name.size(), '"');
  return write_character(p, ',');
}

/// `["i64",3`
[[nodiscard]] inline std::byte* write_list_header(std::byte* p, WireType element,
                                                  std::uint32_t size) noexcept {
  return write_integer<false>(write_type(write_character(p, '['), element), size);
}

/// `["i64","str",3,{`
[[nodiscard]] inline std::byte* write_map_header(std::byte* p, WireType key, WireType value,
                                                 std::uint32_t size) noexcept {
  p = write_integer<false>(write_type(write_type(write_character(p, '['), key), value), size);
  p = write_character(p, ',');
  return write_character(p, '{');
}

/// How a byte is escaped; 0 where it stands for itself, 1 where it is `\u00..`.
[[nodiscard]] constexpr char escape_of(unsigned char c) noexcept {
  switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return c < 0x20 ? 1 : 0;
  }
}

/// Copies bytes up to the first that has to be escaped, at most `n`; how many there are. May write
/// 16 bytes more than that.
[[nodiscard]] inline std::size_t copy_plain(std::byte* to, const std::byte* from,
                                            std::size_t n) noexcept {
  std::size_t i = 0;
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i control = _mm_set1_epi8(0x1f);
  for (; n - i >= 16; i += 16) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i));
    const __m128i special =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash)),
                     _mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), v);
    const int found = _mm_movemask_epi8(special);
    if (found != 0)
      return i + static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(found)));
  }
#endif
  for (; n - i >= 8; i += 8) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t high = 0x8080808080808080;
    std::uint64_t v;
    std::memcpy(&v, from + i, sizeof(v));
    const std::uint64_t a = v ^ ones * '"', b = v ^ ones * '\\';
    const std::uint64_t special =
        (((a - ones) & ~a) | ((b - ones) & ~b) | ((v - ones * 0x20) & ~v)) & high;
    std::memcpy(to + i, &v, sizeof(v));
    if (special != 0) break;  // the borrow may point too far to the right: look again
  }
  for (; i < n; ++i) {
    if (escape_of(static_cast<unsigned char>(from[i])) != 0) return i;
    to[i] = from[i];
  }
  return n;
}

[[nodiscard]] inline std::byte* write_escape(std::byte* p, std::byte b) noexcept {
  constexpr std::string_view hex = "0123456789abcdef";
  const auto c = static_cast<unsigned char>(b);
  const char name = escape_of(c);
  p = write_character(p, '\\');
  if (name != 1) return write_character(p, name);
  for (const char digit : {'u', '0', '0', hex[c >> 4], hex[c & 15]}) p = write_character(p, digit);
  return p;
}

/// A string in quotes.
template <class Room>
[[nodiscard]] inline std::byte* write_text(Room& room, std::byte* p, const std::byte* from,
                                           std::size_t n) {
  // Room for the text, for 16 bytes that copying may write beyond it, for quotes; then for what
  // comes behind.
  p = room.room(p, n + 18 + value_room);
  p = write_character(p, '"');
  for (;;) {
    const std::size_t plain = copy_plain(p, from, n);
    p += plain;
    if (plain == n) [[likely]]
      break;
    from += plain;
    n -= plain;
    p = write_escape(room.room(p, 6 + n + 18 + value_room), *from);
    ++from;
    --n;
  }
  return write_character(p, '"');
}

template <class Room>
[[nodiscard]] inline std::byte* write_base64(Room& room, std::byte* p, const std::byte* from,
                                             std::size_t n) {
  p = room.room(p, unpadded_base64_size(n) + 2 + value_room);
  char* const text = reinterpret_cast<char*>(write_character(p, '"'));
  char* const end = write_unpadded_base64(text, reinterpret_cast<const char*>(from), n);
  return write_character(reinterpret_cast<std::byte*>(end), '"');
}

}  // namespace thrift::tjson
