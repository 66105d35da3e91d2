#pragma once

// JSON text as the pieces that simdjson's first stage finds in it: strings, numbers, literals and
// brackets, each read where it starts. Nothing here recurses but `skip`, and nothing reports an
// error: what is not plain is refused, for others to judge.

#include <charconv>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <thriftpp/json/document.hpp>

#include "base/parse_double.hpp"
#include "json/json_string.hpp"
#include "json/structure.hpp"

namespace thrift {

class JsonPieces {
 public:
  /// Where in the text a piece starts: one of JsonStructure::places.
  using Place = const std::uint32_t*;
  struct Text {
    const char* data;  // nullptr: no string
    std::size_t size;
  };

 protected:
  explicit JsonPieces(std::string_view text) noexcept
      : text_(text.data()), end_(text.data() + text.size()) {}
  /// Where the pieces of the text are; it must outlive the reading.
  void set_places(const JsonStructure& structure) noexcept {
    last_ = structure.places + structure.count;
  }

  [[nodiscard]] static bool is_blank(char c) noexcept {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
  [[nodiscard]] static bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

  /// The first character of a piece; '\0' behind the last.
  [[nodiscard]] char peek(Place in) const noexcept { return in < last_ ? text_[*in] : '\0'; }

  /// The inside of the string at `in`, escapes and all.
  [[nodiscard]] Text string(Place in) const noexcept {
    if (peek(in) != '"') [[unlikely]]
      return {nullptr, 0};
    const char* const start = text_ + in[0] + 1;
    const char* end = text_ + in[1];
    while (end > start && is_blank(end[-1])) --end;
    if (end <= start || end[-1] != '"') [[unlikely]]
      return {nullptr, 0};
    return {start, static_cast<std::size_t>(end - 1 - start)};
  }
  /// As string, escapes resolved; it lies in `scratch` then.
  [[nodiscard]] Text resolved(Text text, std::string& scratch) const {
    if (text.data == nullptr || std::memchr(text.data, '\\', text.size) == nullptr) return text;
    scratch.resize(text.size);
    const char* const end = unescape(scratch.data(), text.data, text.size);
    if (end == nullptr) return {nullptr, 0};
    return {scratch.data(), static_cast<std::size_t>(end - scratch.data())};
  }
  /// Whether the number or literal at `in` ends at `p`.
  [[nodiscard]] bool ends(Place in, const char* p) const noexcept {
    return p == text_ + in[1] || (p < end_ && is_blank(*p));
  }
  [[nodiscard]] bool literal(Place in, std::string_view word) const noexcept {
    if (in >= last_) return false;
    const char* const p = text_ + in[0];
    return std::string_view(p, static_cast<std::size_t>(end_ - p)).starts_with(word) &&
           ends(in, p + word.size());
  }

  template <class T>
  [[nodiscard]] bool integer(Place in, T& value) const noexcept {
    if (in >= last_) [[unlikely]]
      return false;
    const char* p = text_ + in[0];
    const char* const limit = text_ + in[1];
    const bool negative = *p == '-';
    p += static_cast<int>(negative);
    const char* const digits = p;
    std::uint64_t n = 0;
    for (; p != limit && is_digit(*p); ++p) n = n * 10 + static_cast<unsigned>(*p - '0');
    const auto count = p - digits;
    if (count == 0 || (count > 1 && *digits == '0') || !ends(in, p)) [[unlikely]]
      return false;
    constexpr std::ptrdiff_t surely_fits = 18;
    auto number = static_cast<std::int64_t>(negative ? 0 - n : n);
    if (count > surely_fits) [[unlikely]] {
      const auto [stop, error] = std::from_chars(text_ + in[0], p, number);
      if (error != std::errc() || stop != p) return false;
    }
    value = static_cast<T>(number);
    return value == number;
  }
  /// As from_chars takes them: leading zeroes too.
  [[nodiscard]] static bool integer_text(Text text, std::int64_t& value) noexcept {
    const char* const end = text.data + text.size;
    const auto [stop, error] = std::from_chars(text.data, end, value);
    return error == std::errc() && stop == end;
  }
  [[nodiscard]] static bool special(Text text, double& value) noexcept {
    const std::string_view word(text.data, text.size);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (word == "NaN")
      value = std::numeric_limits<double>::quiet_NaN();
    else if (word == "Infinity")
      value = infinity;
    else if (word == "-Infinity")
      value = -infinity;
    else
      return false;
    return true;
  }
  [[nodiscard]] bool real(Place in, double& value) const noexcept {
    if (in >= last_) [[unlikely]]
      return false;
    const char* const begin = text_ + in[0];
    if (*begin == '"') {
      const Text text = string(in);
      return text.data != nullptr && special(text, value);
    }
    DecimalText decimal;
    const char* const end = scan_decimal(begin, text_ + in[1], decimal);
    return end != nullptr && ends(in, end) && to_double(decimal, begin, end, value);
  }

  /// Past a value of any shape, which is checked to be JSON. `depth` counts brackets.
  [[nodiscard]] Place skip(Place in, std::size_t depth) {
    if (depth >= max_json_depth) return nullptr;
    const char first = peek(in);
    if (first == '"') return is_string(in) ? in + 1 : nullptr;
    if (first == '[' || first == '{') {
      const char last = first == '[' ? ']' : '}';
      if (peek(++in) == last) return in + 1;
      for (;; ++in) {
        if (first == '{') {
          if (!is_string(in) || peek(in + 1) != ':') return nullptr;
          in += 2;
        }
        in = skip(in, depth + 1);
        if (in == nullptr) return nullptr;
        if (peek(in) == last) return in + 1;
        if (peek(in) != ',') return nullptr;
      }
    }
    double number = 0;
    const bool plain = literal(in, "null") || literal(in, "true") || literal(in, "false") ||
                       (first != '\0' && real(in, number));
    return plain ? in + 1 : nullptr;
  }
  [[nodiscard]] bool is_string(Place in) { return resolved(string(in), scratch_).data != nullptr; }
  [[nodiscard]] bool boolean(Place in, bool& value) const noexcept {
    value = peek(in) == 't';
    return literal(in, value ? "true" : "false");
  }

  const char* const text_;
  const char* const end_;
  Place last_ = nullptr;
  std::string scratch_;  // of strings with escapes, one after the other
};

}  // namespace thrift
