#pragma once

// The pieces that Apache's JSON is made of, as decoding, skipping and transcoding read them:
// punctuation, numbers, strings, names of types. All of them pass white space over that stands
// before what they read, and return where it ends, or nullptr where something else stands there.

#include <algorithm>
#include <cstring>
#include <limits>
#include <thriftpp/schema/layout.hpp>
#include <type_traits>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "protocol/decode_state.hpp"
#include "protocol/tjson.hpp"

namespace thrift::tjson {

using Place = const std::byte*;

[[nodiscard]] inline std::size_t left(Place p, Place end) noexcept {
  return static_cast<std::size_t>(end - p);
}

[[nodiscard]] inline bool is(std::byte b, char c) noexcept {
  return b == static_cast<std::byte>(c);
}

/// Something else than `wanted` (a word or two, for people) stands at `p`, or nothing any more.
[[gnu::cold]] Place not_there(DecodeState& state, Place p, std::string_view wanted);

[[nodiscard]] inline Place skip_space(Place p, Place end) noexcept {
  constexpr std::uint64_t space = 1ULL << ' ' | 1ULL << '\t' | 1ULL << '\n' | 1ULL << '\r';
  while (p != end && *p <= std::byte{' '} && (space >> static_cast<unsigned>(*p) & 1) != 0) ++p;
  return p;
}

/// One character of punctuation.
[[nodiscard]] inline Place read_mark(DecodeState& state, Place p, Place end, char mark) {
  if (p != end && is(*p, mark)) [[likely]]
    return p + 1;
  p = skip_space(p, end);
  if (p != end && is(*p, mark)) return p + 1;
  const char wanted[] = {'`', mark, '`'};
  return not_there(state, p, {wanted, sizeof(wanted)});
}

// --- numbers -------------------------------------------------------------------------------------

[[nodiscard]] inline std::uint64_t load_eight(Place p) noexcept {
  std::uint64_t v;
  std::memcpy(&v, p, sizeof(v));
  return v;
}

/// Whether eight characters are digits, and what number they are (little endian).
[[nodiscard]] inline bool are_digits(std::uint64_t v) noexcept {
  return ((v & 0xf0f0f0f0f0f0f0f0) | ((v + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4) ==
         0x3333333333333333;
}
[[nodiscard]] inline std::uint64_t digits_value(std::uint64_t v) noexcept {
  v = (v & 0x0f0f0f0f0f0f0f0f) * 2561 >> 8;
  v = (v & 0x00ff00ff00ff00ff) * 6553601 >> 16;
  return (v & 0x0000ffff0000ffff) * 42949672960001 >> 32;
}

/// `p` behind the opening quote or at the first character; quotes, signs and mistakes of integers.
[[gnu::cold]] Place bad_integer(DecodeState& state, Place p, Place end);

/// An integer, in quotes or not. One that does not fit into 64 bits is an error. `quiet`: what is
/// wrong is not noted; read_wide_integer comes next.
template <bool quiet = false>
[[nodiscard]] inline Place read_integer(DecodeState& state, Place p, Place end,
                                        std::int64_t& value) {
  p = skip_space(p, end);
  const bool quoted = p != end && is(*p, '"');
  const Place start = p;
  if (quoted) [[unlikely]]
    ++p;
  const bool negative = p != end && is(*p, '-');
  if (negative) ++p;
  const Place first = p;
  std::uint64_t v = 0;
  if constexpr (std::endian::native == std::endian::little) {
    if (left(p, end) >= 16) {
      if (const std::uint64_t eight = load_eight(p); are_digits(eight)) {
        v = digits_value(eight);
        p += 8;
        if (const std::uint64_t more = load_eight(p); are_digits(more)) {
          v = v * 100000000 + digits_value(more);
          p += 8;
        }
      }
    }
  }
  for (; p != end; ++p) {
    const auto digit = static_cast<unsigned>(*p) - '0';
    if (digit > 9) break;
    v = v * 10 + digit;
  }
  // Up to 19 digits cannot overflow 64 bits without a sign.
  if (p == first || left(first, p) > 19 || v > (~std::uint64_t{0} >> 1) + (negative ? 1 : 0))
      [[unlikely]] {
    return quiet ? nullptr : bad_integer(state, start, end);
  }
  value = static_cast<std::int64_t>(negative ? 0 - v : v);
  if (!quoted) [[likely]]
    return p;
  if (p != end && is(*p, '"')) return p + 1;
  return quiet ? nullptr : not_there(state, p, "`\"`");
}

/// As read_integer; but one that does not fit into 64 bits (then `beyond`) is the nearest that
/// does, unless numbers out of range are to be errors.
[[nodiscard, gnu::cold]] Place read_wide_integer(DecodeState& state, Place p, Place end,
                                                 std::int64_t& value, bool& beyond);

/// The number that a value of type T is when its text says `value`. Apache's C++ reads the nearest
/// one, and an i8 as the low bits of the nearest i16.
template <class T>
[[nodiscard]] constexpr T nearest(std::int64_t value) noexcept {
  using Read = std::conditional_t<sizeof(T) == 1, std::int16_t, T>;
  constexpr std::int64_t least = std::numeric_limits<Read>::min();
  constexpr std::int64_t most = std::numeric_limits<Read>::max();
  return static_cast<T>(std::clamp(value, least, most));
}

/// 1 or 0 (any number but 0 is true), `true` or `false`.
[[nodiscard]] Place read_bool_word(DecodeState& state, Place p, Place end, bool& value);
[[nodiscard]] inline Place read_bool(DecodeState& state, Place p, Place end, bool& value) {
  if (left(p, end) >= 2 && (static_cast<unsigned>(*p) | 1) == '1' &&
      static_cast<unsigned>(p[1]) - '0' > 9) [[likely]] {
    value = is(*p, '1');
    return p + 1;
  }
  return read_bool_word(state, p, end, value);
}

/// A number, in quotes or not, or "NaN", "Infinity", "-Infinity". One that is too large for a
/// double is an error; with `beyond`, which is set then, it is the largest double, unless numbers
/// out of range are to be errors.
[[nodiscard]] Place read_double(DecodeState& state, Place p, Place end, double& value,
                                bool* beyond = nullptr);

// --- strings -------------------------------------------------------------------------------------

/// The first quote or backslash from `p` on, or `end`.
[[nodiscard]] inline Place find_special(Place p, Place end) noexcept {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  for (; left(p, end) >= 16; p += 16) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const int found =
        _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash)));
    if (found != 0) return p + std::countr_zero(static_cast<unsigned>(found));
  }
#else
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t high = 0x8080808080808080;
  for (; left(p, end) >= 8; p += 8) {
    const std::uint64_t v = load_eight(p);
    const std::uint64_t a = v ^ ones * '"', b = v ^ ones * '\\';
    if ((((a - ones) & ~a) | ((b - ones) & ~b)) & high) break;
  }
#endif
  while (p != end && !is(*p, '"') && !is(*p, '\\')) ++p;
  return p;
}

/// A string as it stands between its quotes.
struct Text {
  Place begin = nullptr;
  Place end = nullptr;
  std::size_t size = 0;  ///< Bytes that it is without escapes.

  [[nodiscard]] bool has_escapes() const noexcept { return size != left(begin, end); }
};

/// The rest of a string that has escapes (from the first backslash, at `p`), all of which are
/// checked, so that unescape cannot fail.
[[nodiscard]] Place read_escapes(DecodeState& state, Place p, Place end, Text& text);

/// A string. Bytes are taken as they are; whether they are UTF-8 is not looked at.
[[nodiscard]] inline Place read_text(DecodeState& state, Place p, Place end, Text& text) {
  if (p == end || !is(*p, '"')) [[unlikely]] {
    p = skip_space(p, end);
    if (p == end || !is(*p, '"')) return not_there(state, p, "a string");
  }
  text.begin = ++p;
  p = find_special(p, end);
  if (p != end && is(*p, '"')) [[likely]] {
    text.end = p;
    text.size = left(text.begin, p);
    return p + 1;
  }
  return read_escapes(state, p, end, text);
}

/// Writes the string that `text` stands for; takes text.size bytes.
void unescape(const Text& text, std::byte* to) noexcept;

/// A uuid: a string of 36 characters.
[[nodiscard]] Place read_uuid(DecodeState& state, Place p, Place end, std::byte* to);

// --- names of types, fields, headers of containers -----------------------------------------------

[[nodiscard]] Place read_type(DecodeState& state, Place p, Place end, WireType& type);

struct FieldHeader {
  std::int32_t id = 0;
  WireType type = WireType::stop;
};

/// A field's id: `"12":{`.
[[nodiscard]] Place read_field_id_slowly(DecodeState& state, Place p, Place end, std::int32_t& id);
[[nodiscard]] inline Place read_field_id(DecodeState& state, Place p, Place end, std::int32_t& id) {
  if (left(p, end) >= 8 && is(*p, '"')) [[likely]] {
    // One or two digits without white space are nearly all there are.
    const auto a = static_cast<unsigned>(p[1]) - '0';
    const auto b = static_cast<unsigned>(p[2]) - '0';
    const bool two = b <= 9;
    const Place behind = p + (two ? 3 : 2);
    if (a <= 9 && is(behind[0], '"') && is(behind[1], ':') && is(behind[2], '{')) {
      id = static_cast<std::int32_t>(two ? a * 10 + b : a);
      return behind + 3;
    }
  }
  return read_field_id_slowly(state, p, end, id);
}

/// Whether the tag of `type` (`"i64":`) stands at `p`, in the form in which it is written; then its
/// size.
[[nodiscard]] inline std::size_t match_tag(Place p, Place end, WireType type) noexcept {
  const Characters<8>& tag = type_tags[static_cast<std::size_t>(type)];
  if (left(p, end) < 8) return 0;
  // The first five characters tell all types apart; the sixth is a part of the longer ones.
  if (std::memcmp(p, tag.text.data(), 5) != 0) return 0;
  return tag.size == 5 || is(p[5], ':') ? tag.size : 0;
}

/// The type whose tag stands at `p`, in the form in which it is written, or stop; eight bytes are
/// there.
// What it throws is thrown where this is compiled.
// NOLINTNEXTLINE(bugprone-exception-escape)
[[nodiscard]] inline WireType find_tag(Place p) noexcept {
  // Second and third letter tell the types apart; whether it is one of them is looked at then.
  static constexpr auto slot = [](unsigned a, unsigned b) { return (a + b * 2) % 64; };
  static constexpr auto by_letters = [] {
    std::array<WireType, 64> table{};
    for (std::size_t code = 0; code < type_names.size(); ++code) {
      if (type_names[code].empty()) continue;
      const auto a = static_cast<unsigned char>(type_tags[code].text[2]);
      const auto b = static_cast<unsigned char>(type_tags[code].text[3]);
      if (table[slot(a, b)] != WireType::stop) throw "two types share a slot";
      table[slot(a, b)] = static_cast<WireType>(code);
    }
    return table;
  }();
  return by_letters[slot(static_cast<unsigned>(p[2]), static_cast<unsigned>(p[3]))];
}

/// A type in front of its value: `"i64":`.
[[nodiscard]] Place read_tag_slowly(DecodeState& state, Place p, Place end, WireType& type);
[[nodiscard]] inline Place read_tag(DecodeState& state, Place p, Place end, WireType& type) {
  if (left(p, end) >= 8) [[likely]] {
    type = find_tag(p);
    if (const std::size_t size = type == WireType::stop ? 0 : match_tag(p, end, type); size != 0)
        [[likely]] {
      return p + size;
    }
  }
  return read_tag_slowly(state, p, end, type);
}

/// `}`, which ends a field, and what comes behind it: a comma (then `more`), or the end of the
/// struct.
[[nodiscard]] Place read_field_end_slowly(DecodeState& state, Place p, Place end, bool& more);
[[nodiscard]] inline Place read_field_end(DecodeState& state, Place p, Place end, bool& more) {
  if (left(p, end) >= 2 && is(p[0], '}')) [[likely]] {
    more = is(p[1], ',');
    if (more || is(p[1], '}')) return p + 2;
  }
  return read_field_end_slowly(state, p, end, more);
}

/// `{`, and whether the struct (or the entries of a map) goes on: not where `}` follows, which is
/// passed over then.
[[nodiscard]] inline Place read_open(DecodeState& state, Place p, Place end, bool& more) {
  p = read_mark(state, p, end, '{');
  if (p == nullptr) [[unlikely]]
    return nullptr;
  p = skip_space(p, end);
  more = p == end || !is(*p, '}');
  return more ? p : p + 1;
}

struct ContainerHeader {
  WireType key = WireType::stop;  ///< Of a map.
  WireType element = WireType::stop;
  std::uint32_t size = 0;
  Place types = nullptr;  ///< Where the types stand.
};

/// `["i32",3`, or of a map `["i32","str",3,{`. The size has been checked against limits and what is
/// left.
[[nodiscard]] Place read_list_header(DecodeState& state, Place p, Place end,
                                     ContainerHeader& header);
[[nodiscard]] Place read_map_header(DecodeState& state, Place p, Place end,
                                    ContainerHeader& header);

/// What ends a map: `}]`.
[[nodiscard]] inline Place read_map_end(DecodeState& state, Place p, Place end) {
  p = read_mark(state, p, end, '}');
  return p == nullptr ? nullptr : read_mark(state, p, end, ']');
}

}  // namespace thrift::tjson
