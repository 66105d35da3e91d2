// Our own printing of numbers and strings against the standard library's, or against the plainest
// way to do it.

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <random>
#include <thriftpp/base/json_writer.hpp>

using namespace thrift;

namespace {

std::string standard(double value) {
  std::array<char, 64> text{};
  char* const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  std::string digits(text.data(), end);
  if (digits.find_first_of(".e") == std::string::npos) digits += ".0";
  return digits;
}

std::string ours(double value) {
  std::string text;
  append_json_number(text, value);
  return text;
}

double power_of_ten(int exponent) {
  const std::string text = "1e" + std::to_string(exponent);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Counts those that differ, and shows the first.
class Comparison {
 public:
  void operator()(double value) {
    if (!std::isfinite(value) || ours(value) == standard(value)) return;
    if (wrong_++ == 0) CHECK(ours(value) == standard(value));
  }
  [[nodiscard]] int wrong() const { return wrong_; }

 private:
  int wrong_ = 0;
};

}  // namespace

TEST_CASE("doubles of any bits are written as the standard library writes them") {
  std::mt19937_64 random(1);  // NOLINT: the same numbers each time
  Comparison compare;
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t bits = random();
    compare(std::bit_cast<double>(bits));
    compare(static_cast<double>(static_cast<std::int64_t>(bits)));
    compare(static_cast<double>(bits >> (bits & 63)));
    compare(std::ldexp(static_cast<double>(bits >> 11), static_cast<int>(bits % 120) - 60));
  }
  CHECK(compare.wrong() == 0);
}

TEST_CASE("doubles that people write are written as the standard library writes them") {
  Comparison compare;
  for (int i = -100'000; i < 100'000; ++i) {
    compare(i);
    compare(i / 100.0);
    compare(i * 1e-9);
    compare(i * 1e18);
  }
  for (int exponent = -1074; exponent < 1024; ++exponent) {
    const double power = std::ldexp(1.0, exponent);
    compare(power);
    compare(-power);
    compare(std::nextafter(power, 0));
    compare(std::nextafter(power, INFINITY));
  }
  for (int exponent = -323; exponent <= 308; ++exponent) {
    const double power = power_of_ten(exponent);
    compare(power);
    compare(std::nextafter(power, 0));
    compare(std::nextafter(power, INFINITY));
  }
  CHECK(compare.wrong() == 0);
}

TEST_CASE("integers of each length are written as the standard library writes them") {
  std::mt19937_64 random(2);  // NOLINT
  for (int shift = 0; shift < 64; ++shift) {
    for (int i = 0; i < 200; ++i) {
      const std::uint64_t n = random() >> shift;
      std::string text;
      JsonWriter w(text);
      w.begin_array().unsigned_integer(n).integer(static_cast<std::int64_t>(n)).end_array();
      std::string wanted = std::to_string(n);
      wanted += ',';
      wanted += std::to_string(static_cast<std::int64_t>(n));
      REQUIRE(text.substr(1, text.size() - 2) == wanted);
    }
  }
  for (std::int64_t power = 1; power < INT64_MAX / 10; power *= 10) {
    for (const std::int64_t n : {power - 1, power, -power, 1 - power}) {
      std::string text;
      JsonWriter(text).integer(n);
      REQUIRE(text == std::to_string(n));
    }
  }
}

TEST_CASE("strings of every length with an escape at every place are written right") {
  const auto plain = [](std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      if (c == '\t') {
        out += "\\t";
      } else if (c == '\x1f') {
        out += "\\u001f";
      } else {
        out += c;
      }
    }
    return out + '"';
  };
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string text(size, 'x');
    for (std::size_t at = 0; at < size; ++at) {
      for (const char c : {'"', '\\', '\t', '\x1f', '\x20', '\x7f', '\xc3'}) {
        std::string with = text;
        with[at] = c;
        std::string out;
        append_json_string(out, with);
        REQUIRE(out == plain(with));
      }
    }
  }
  const std::string controls(5000, '\x1f');
  std::string out;
  append_json_string(out, controls);
  CHECK(out == plain(controls));
}

TEST_CASE("base64 of every length and of all bytes comes back") {
  std::string bytes;
  for (int i = 0; i < 600; ++i) {
    const std::string text = to_base64(bytes);
    REQUIRE(text.size() == (bytes.size() + 2) / 3 * 4);
    REQUIRE(from_base64(text) == bytes);
    REQUIRE(from_base64(text.substr(0, text.find('='))) == bytes);
    bytes += static_cast<char>(i * 7);
  }
  CHECK(to_base64("\xfb\xff\xbf") == "+/+/");
  CHECK_FALSE(
      from_base64("+/+"
                  "/\x80"
                  "AAA"));
}
