#include "protocol/tjson_text.hpp"

#include <charconv>
#include <limits>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/value/text.hpp>

namespace thrift::tjson {
namespace {

std::string shown(std::byte b) {
  const auto c = static_cast<unsigned char>(b);
  if (c > ' ' && c < 0x7f) return "`" + std::string(1, static_cast<char>(c)) + "`";
  constexpr std::string_view hex = "0123456789abcdef";
  return std::string("byte 0x") + hex[c >> 4] + hex[c & 15];
}

Place wrong(DecodeState& state, Place p, std::string problem) {
  return state.fail(ProtocolErrorKind::invalid_data, p, std::move(problem));
}

[[nodiscard]] bool is_digit(Place p, Place end) noexcept {
  return p != end && static_cast<unsigned>(*p) - '0' <= 9;
}

}  // namespace

Place not_there(DecodeState& state, Place p, std::string_view wanted) {
  if (p == state.end()) return state.truncated(p, 1);
  return wrong(state, p, std::string(wanted) + " is wanted here, not " + shown(*p));
}

// --- numbers -------------------------------------------------------------------------------------

Place bad_integer(DecodeState& state, Place p, Place end) {
  Place digits = p;
  if (digits != end && is(*digits, '"')) ++digits;
  if (digits != end && is(*digits, '-')) ++digits;
  if (!is_digit(digits, end)) return not_there(state, digits, "an integer");
  return wrong(state, p, "an integer of more than 64 bits");
}

Place read_wide_integer(DecodeState& state, Place p, Place end, std::int64_t& value, bool& beyond) {
  p = skip_space(p, end);
  const bool quoted = p != end && is(*p, '"');
  const auto* const first = reinterpret_cast<const char*>(quoted ? p + 1 : p);
  const auto* const last = reinterpret_cast<const char*>(end);
  const auto [behind, problem] = std::from_chars(first, last, value);
  beyond = problem == std::errc::result_out_of_range;
  const bool allowed = state.strictness().varint_overflow != Reaction::error;
  if (problem == std::errc::invalid_argument || !allowed) return read_integer(state, p, end, value);
  using Limits = std::numeric_limits<std::int64_t>;
  if (beyond) value = *first == '-' ? Limits::min() : Limits::max();
  p = reinterpret_cast<Place>(behind);
  if (!quoted) return p;
  if (p != end && is(*p, '"')) return p + 1;
  return not_there(state, p, "`\"`");
}

Place read_bool_word(DecodeState& state, Place p, Place end, bool& value) {
  p = skip_space(p, end);
  for (const std::string_view word : {"true", "false"}) {
    if (left(p, end) < word.size() || std::memcmp(p, word.data(), word.size()) != 0) continue;
    value = word == "true";
    return p + word.size();
  }
  std::int64_t number = 0;
  p = read_integer(state, p, end, number);
  value = p != nullptr && number != 0;
  return p;
}

namespace {

/// One of the words that stand for doubles that are no numbers. Python's runtime writes the short
/// ones, others the long ones without quotes.
Place read_double_word(Place p, Place end, double& value) noexcept {
  using Limits = std::numeric_limits<double>;
  constexpr std::pair<std::string_view, double> words[] = {
      {"NaN", Limits::quiet_NaN()},       {"Infinity", Limits::infinity()},
      {"-Infinity", -Limits::infinity()}, {"nan", Limits::quiet_NaN()},
      {"inf", Limits::infinity()},        {"-inf", -Limits::infinity()}};
  for (const auto& [word, meaning] : words) {
    if (left(p, end) < word.size() || std::memcmp(p, word.data(), word.size()) != 0) continue;
    value = meaning;
    return p + word.size();
  }
  return nullptr;
}

/// Of a number that no floating point type holds: whether it is too small, not too large.
bool is_tiny(std::string_view number) noexcept {
  const std::size_t mark = std::min(number.find_first_of("eE"), number.size());
  const std::string_view digits = number.substr(0, mark);
  const std::size_t leading = digits.find_first_of("123456789");
  const std::size_t point = std::min(digits.find('.'), digits.size());
  // The power of ten of the first digit that counts, or about that.
  auto power = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(leading);
  if (mark != number.size()) {
    std::string_view exponent = number.substr(mark + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    const bool negative = exponent.starts_with('-');
    std::int64_t value = 0;
    const auto [_, problem] =
        std::from_chars(exponent.data(), exponent.data() + exponent.size(), value);
    if (problem != std::errc()) return negative;
    constexpr std::int64_t most = std::int64_t{1} << 62;
    power += std::clamp(value, -most, most);
  }
  return power < 0;
}

}  // namespace

Place read_double(DecodeState& state, Place p, Place end, double& value, bool* beyond) {
  p = skip_space(p, end);
  const bool quoted = p != end && is(*p, '"');
  if (quoted) ++p;
  const Place digits = p != end && is(*p, '-') ? p + 1 : p;
  if (is_digit(digits, end)) [[likely]] {
    const auto* const first = reinterpret_cast<const char*>(p);
    const auto* const last = reinterpret_cast<const char*>(end);
    const auto [behind, problem] = std::from_chars(first, last, value);
    if (problem == std::errc::result_out_of_range) [[unlikely]] {
      // Too small a number is the nearest double, which may be 0; too large a one is none.
      long double wide = 0;
      const auto again = std::from_chars(first, last, wide);
      const bool tiny = again.ec == std::errc() ? wide < 1 && wide > -1 : is_tiny({first, behind});
      if (tiny) {
        value = again.ec == std::errc() ? static_cast<double>(wide) : *first == '-' ? -0.0 : 0.0;
      } else if (beyond != nullptr && state.strictness().varint_overflow != Reaction::error) {
        // As Apache's C++, whose stream stops at the largest number.
        value = *first == '-' ? std::numeric_limits<double>::lowest()
                              : std::numeric_limits<double>::max();
        *beyond = true;
      } else {
        return wrong(state, p, "a number beyond what a double can be");
      }
    }
    p = reinterpret_cast<Place>(behind);
  } else if (const Place behind = read_double_word(p, end, value)) {
    p = behind;
  } else {
    return not_there(state, digits, "a number");
  }
  if (!quoted) return p;
  if (p != end && is(*p, '"')) return p + 1;
  return not_there(state, p, "`\"`");
}

// --- strings -------------------------------------------------------------------------------------

namespace {

/// The value of four hexadecimal digits, or -1.
int hex_value(Place p) noexcept {
  int value = 0;
  for (int i = 0; i < 4; ++i) {
    const auto c = static_cast<unsigned>(p[i]);
    const unsigned lower = c | 0x20;
    if (c - '0' <= 9) {
      value = value * 16 + static_cast<int>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value * 16 + static_cast<int>(lower - 'a' + 10);
    } else {
      return -1;
    }
  }
  return value;
}

constexpr std::string_view escape_names = "\"\\/bfnrt";
constexpr std::string_view escape_meanings = "\"\\/\b\f\n\r\t";

constexpr bool is_high_surrogate(int unit) noexcept {
  return unit >= 0xd800 && unit < 0xdc00;
}
constexpr bool is_low_surrogate(int unit) noexcept {
  return unit >= 0xdc00 && unit < 0xe000;
}

/// Bytes of a UTF-16 unit's letter as UTF-8; a pair's first counts for both.
constexpr std::size_t utf8_size(int unit) noexcept {
  return unit < 0x80 ? 1 : unit < 0x800 ? 2 : is_high_surrogate(unit) ? 4 : 3;
}

/// One escape, at its backslash; adds the size of what it means.
Place read_escape(DecodeState& state, Place p, Place end, std::size_t& size) {
  if (left(p, end) < 2) return state.truncated(end, 1);
  if (!is(p[1], 'u')) {
    if (escape_names.find(static_cast<char>(p[1])) == std::string_view::npos) {
      return wrong(state, p, "there is no escape of " + shown(p[1]));
    }
    ++size;
    return p + 2;
  }
  if (left(p, end) < 6) return state.truncated(end, 6 - left(p, end));
  const int unit = hex_value(p + 2);
  if (unit < 0) return wrong(state, p, "four hexadecimal digits are wanted behind `\\u`");
  if (is_low_surrogate(unit)) return wrong(state, p, "a low surrogate without a high one");
  size += utf8_size(unit);
  if (!is_high_surrogate(unit)) return p + 6;
  const Place low = p + 6;
  if (left(low, end) < 6) {
    // Where another escape can still come, the input ends too early; else the surrogate is alone.
    const bool may_come =
        left(low, end) == 0 || (is(low[0], '\\') && (left(low, end) == 1 || is(low[1], 'u')));
    if (may_come) return state.truncated(end, 6 - left(low, end));
  } else if (is(low[0], '\\') && is(low[1], 'u') && is_low_surrogate(hex_value(low + 2))) {
    return low + 6;
  }
  return wrong(state, p, "a high surrogate without a low one");
}

std::byte* store_utf8(std::byte* to, std::uint32_t letter) noexcept {
  const auto tail = [letter](unsigned shift) {
    return static_cast<std::byte>(0x80 | (letter >> shift & 0x3f));
  };
  if (letter < 0x80) {
    *to++ = static_cast<std::byte>(letter);
  } else if (letter < 0x800) {
    *to++ = static_cast<std::byte>(0xc0 | letter >> 6);
    *to++ = tail(0);
  } else if (letter < 0x10000) {
    *to++ = static_cast<std::byte>(0xe0 | letter >> 12);
    *to++ = tail(6);
    *to++ = tail(0);
  } else {
    *to++ = static_cast<std::byte>(0xf0 | letter >> 18);
    *to++ = tail(12);
    *to++ = tail(6);
    *to++ = tail(0);
  }
  return to;
}

}  // namespace

Place read_escapes(DecodeState& state, Place p, Place end, Text& text) {
  text.size = left(text.begin, p);
  for (;;) {
    if (p == end) return state.truncated(p, 1);
    if (is(*p, '"')) break;
    p = read_escape(state, p, end, text.size);
    if (p == nullptr) return nullptr;
    const Place next = find_special(p, end);
    text.size += left(p, next);
    p = next;
  }
  text.end = p;
  return p + 1;
}

void unescape(const Text& text, std::byte* to) noexcept {
  Place p = text.begin;
  for (;;) {
    const Place next = find_special(p, text.end);
    std::memcpy(to, p, left(p, next));
    to += left(p, next);
    p = next;
    if (p == text.end) return;
    if (!is(p[1], 'u')) {
      const std::size_t which = escape_names.find(static_cast<char>(p[1]));
      *to++ = static_cast<std::byte>(escape_meanings[which]);
      p += 2;
      continue;
    }
    auto letter = static_cast<std::uint32_t>(hex_value(p + 2));
    p += 6;
    if (is_high_surrogate(static_cast<int>(letter))) {
      const auto low = static_cast<std::uint32_t>(hex_value(p + 2));
      letter = 0x10000 + ((letter - 0xd800) << 10 | (low - 0xdc00));
      p += 6;
    }
    to = store_utf8(to, letter);
  }
}

Place read_uuid(DecodeState& state, Place p, Place end, std::byte* to) {
  Text text;
  const Place behind = read_text(state, p, end, text);
  if (behind == nullptr) return nullptr;
  const auto uuid = parse_uuid({reinterpret_cast<const char*>(text.begin), text.size});
  if (!uuid || text.has_escapes() || text.size != 36) {
    return wrong(state, text.begin, "a uuid of 36 characters is wanted here");
  }
  std::memcpy(to, uuid->data(), sizeof(Uuid));
  return behind;
}

// --- names of types, fields, headers of containers -----------------------------------------------

namespace {

/// A name of two or three characters as a number, so that one compare tells; else 0.
constexpr std::uint32_t name_number(std::string_view name) noexcept {
  if (name.size() != 2 && name.size() != 3) return 0;
  std::uint32_t number = 0;
  for (const char c : name) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

constexpr std::array<std::uint32_t, type_names.size()> name_numbers = [] {
  std::array<std::uint32_t, type_names.size()> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = name_number(type_names[i]);
  return numbers;
}();

}  // namespace

Place read_type(DecodeState& state, Place p, Place end, WireType& type) {
  Text text;
  const Place behind = read_text(state, p, end, text);
  if (behind == nullptr) return nullptr;
  const std::string_view name(reinterpret_cast<const char*>(text.begin),
                              left(text.begin, text.end));
  const std::uint32_t number = name_number(name);
  for (std::size_t code = 0; code < name_numbers.size(); ++code) {
    if (number == 0 || number != name_numbers[code]) continue;
    type = static_cast<WireType>(code);
    return behind;
  }
  constexpr std::size_t longest = 16;  // of a name that is shown
  std::string known = is_utf8(name.substr(0, longest)) ? std::string(name.substr(0, longest)) : "?";
  if (name.size() > longest) known += "...";
  return wrong(state, text.begin, "there is no type `" + known + "`");
}

Place read_tag_slowly(DecodeState& state, Place p, Place end, WireType& type) {
  p = read_type(state, p, end, type);
  return p == nullptr ? nullptr : read_mark(state, p, end, ':');
}

Place read_field_id_slowly(DecodeState& state, Place p, Place end, std::int32_t& id) {
  p = skip_space(p, end);
  if (p == end || !is(*p, '"')) return not_there(state, p, "a field's id in quotes");
  std::int64_t number = 0;
  const Place start = p;
  p = read_integer(state, p, end, number);
  if (p == nullptr) return nullptr;
  if (number != static_cast<std::int16_t>(number)) {
    return wrong(state, start, "there is no field id " + std::to_string(number));
  }
  id = static_cast<std::int32_t>(number);
  p = read_mark(state, p, end, ':');
  return p == nullptr ? nullptr : read_mark(state, p, end, '{');
}

Place read_field_end_slowly(DecodeState& state, Place p, Place end, bool& more) {
  p = read_mark(state, p, end, '}');
  if (p == nullptr) return nullptr;
  p = skip_space(p, end);
  more = p != end && is(*p, ',');
  if (more || (p != end && is(*p, '}'))) return p + 1;
  return not_there(state, p, "`,` or `}`");
}

namespace {

/// A container's size; its elements take `least` bytes each.
Place read_size(DecodeState& state, Place p, Place end, std::uint64_t least, std::uint32_t& size) {
  std::int64_t number = 0;
  const Place start = skip_space(p, end);
  p = read_integer(state, start, end, number);
  if (p == nullptr) return nullptr;
  if (number < 0 || number > largest_wire_size) {
    return state.fail(number < 0 ? ProtocolErrorKind::negative_size : ProtocolErrorKind::size_limit,
                      start, "a container of " + std::to_string(number) + " elements");
  }
  const auto count = static_cast<std::uint64_t>(number);
  if (count > state.max_container() || count * least > left(p, end)) {
    return state.bad_container_size(start, count, least, p);
  }
  size = static_cast<std::uint32_t>(number);
  return p;
}

}  // namespace

Place read_list_header(DecodeState& state, Place p, Place end, ContainerHeader& header) {
  p = read_mark(state, p, end, '[');
  if (p == nullptr) return nullptr;
  header.types = skip_space(p, end);
  p = read_type(state, header.types, end, header.element);
  if (p == nullptr) return nullptr;
  p = read_mark(state, p, end, ',');
  return p == nullptr ? nullptr : read_size(state, p, end, least_size(header.element), header.size);
}

Place read_map_header(DecodeState& state, Place p, Place end, ContainerHeader& header) {
  p = read_mark(state, p, end, '[');
  if (p == nullptr) return nullptr;
  header.types = skip_space(p, end);
  p = read_type(state, header.types, end, header.key);
  if (p == nullptr) return nullptr;
  p = read_mark(state, p, end, ',');
  if (p == nullptr) return nullptr;
  p = read_type(state, p, end, header.element);
  if (p == nullptr) return nullptr;
  p = read_mark(state, p, end, ',');
  if (p == nullptr) return nullptr;
  p = read_size(state, p, end, least_size(header.key) + least_size(header.element), header.size);
  if (p == nullptr) return nullptr;
  p = read_mark(state, p, end, ',');
  return p == nullptr ? nullptr : read_mark(state, p, end, '{');
}

}  // namespace thrift::tjson
