#include "idl/literals.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "idl/tokens.hpp"

namespace thrift::syntax {

bool is_integer(std::string_view text) noexcept {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.starts_with("0x")) return true;
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

ast::Integer to_integer(std::string_view text) noexcept {
  ast::Integer integer;
  integer.text = text;
  const bool negative = text.starts_with('-');
  std::string_view digits = text;
  if (negative || text.starts_with('+')) digits.remove_prefix(1);
  int base = 10;
  if (digits.starts_with("0x")) {
    digits.remove_prefix(2);
    base = 16;
    integer.form = ast::Integer::Form::hexadecimal;
  }
  std::uint64_t magnitude = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, base);
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  // Apache's compiler reads the digits of a hexadecimal number without their sign, so that
  // -0x8000000000000000 is too big while its decimal form is not.
  const std::uint64_t limit = negative && base == 10 ? most + 1 : most;
  integer.overflow = error != std::errc{} || magnitude > limit;
  if (integer.overflow) magnitude = limit;
  integer.value = static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
  return integer;
}

namespace {

/// The power of ten of the first digit that is not 0, roughly: enough to tell a number that is too
/// large for a double from one that is too small.
std::int64_t magnitude_of(std::string_view text) noexcept {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = std::min(mantissa.find_first_of("123456789"), mantissa.size());
  std::int64_t exponent = 0;
  if (e < text.size()) {
    std::string_view digits = text.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (error != std::errc{}) {
      exponent = digits.starts_with('-') ? -1'000'000'000'000 : 1'000'000'000'000;
    }
  }
  return exponent + static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
}

}  // namespace

ParsedDouble to_double(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    // The value is left as it was: is it too large or too small?
    const bool overflow = magnitude_of(text) > 0;
    value = overflow ? std::numeric_limits<double>::infinity() : 0.0;
    return {negative ? -value : value, overflow};
  }
  return {value, false};
}

ScannedString scan_string(std::string_view text, std::size_t at) noexcept {
  const char quote = text[at];
  ScannedString found{at + 1, at + 1, false, false, false};
  std::size_t i = at + 1;
  const auto scan_line = [&] {  // true where the closing quote is found
    for (; i < text.size() && text[i] != '\n'; ++i) {
      if (text[i] == quote) return true;
      if (text[i] != '\\') continue;
      found.escapes = true;
      const char next = i + 1 < text.size() ? text[i + 1] : '\n';
      if (next != '\n') ++i;
    }
    return false;
  };
  if (scan_line()) {
    found.terminated = true;
    found.content_end = i;
    found.end = i + 1;
    return found;
  }
  found.end = found.content_end = i - (text[i - 1] == '\r' && i - 1 > at ? 1 : 0);

  // What ends like a member of a list hardly goes on.
  const std::size_t last = text.find_last_not_of(" \t\r", i - 1);
  if (last > at && std::string_view(",;)]}").find(text[last]) != std::string_view::npos) {
    return found;
  }

  // Of the next lines, the first with such a quote holds the closing one if their number is odd.
  constexpr int most_lines = 32;
  for (int line = 0; line < most_lines && i < text.size(); ++line) {
    const std::size_t begin = i + 1;
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view rest = text.substr(begin, end - begin);
    const auto quotes = std::count(rest.begin(), rest.end(), quote);
    if (quotes % 2 == 1) {
      found.content_end = begin + rest.find(quote);
      found.end = found.content_end + 1;
      found.terminated = found.line_end = true;
      return found;
    }
    if (quotes != 0) break;
    i = end;
  }
  return found;
}

}  // namespace thrift::syntax
