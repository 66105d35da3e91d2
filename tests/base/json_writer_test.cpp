#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <string>
#include <thriftpp/base/json_writer.hpp>

using namespace thrift;

TEST_CASE("objects and arrays get their commas, in one line or many") {
  const auto write = [](int indent) {
    std::string out;
    JsonWriter w(out, indent);
    w.begin_object().key("a").integer(1).key("b").begin_array().boolean(true).null().end_array();
    w.key("c").begin_object().end_object().end_object();
    return out;
  };
  CHECK(write(0) == R"({"a":1,"b":[true,null],"c":{}})");
  CHECK(write(2) == "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ],\n  \"c\": {}\n}");
}

TEST_CASE("strings are escaped, and other bytes are kept") {
  std::string out;
  append_json_string(out, std::string_view("a\"b\\\n\x01\xff\0z", 9));
  CHECK(out == "\"a\\\"b\\\\\\n\\u0001\xff\\u0000z\"");
}

TEST_CASE("doubles are written so that they read back equal, as doubles") {
  const auto text = [](double v) {
    std::string out;
    append_json_number(out, v);
    return out;
  };
  CHECK(text(0.1) == "0.1");
  CHECK(text(1) == "1.0");
  CHECK(text(-0.0) == "-0.0");
  CHECK(text(1e300) == "1e+300");
  CHECK(text(std::numeric_limits<double>::quiet_NaN()) == "\"NaN\"");
  CHECK(text(-std::numeric_limits<double>::infinity()) == "\"-Infinity\"");
}

TEST_CASE("base64 is written with padding and read with or without") {
  for (const std::string_view plain : {"", "f", "fo", "foo", "foob", "fooba", "foobar"}) {
    std::string coded = to_base64(plain);
    CHECK(from_base64(coded) == std::string(plain));
    while (!coded.empty() && coded.back() == '=') coded.pop_back();
    CHECK(from_base64(coded) == std::string(plain));
  }
  CHECK(to_base64("fo") == "Zm8=");
  for (const std::string_view bad : {"Z", "Zm=", "Zm9v=", "Zm8==", "Z===", "Zm9*", "Zh"}) {
    CHECK_MESSAGE(!from_base64(bad), bad);
  }
}

TEST_CASE("UTF-8 is told from what merely looks like it") {
  CHECK(is_utf8("plain ASCII text, longer than eight"));
  CHECK(is_utf8("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"));
  for (const std::string_view bad : {"\xff", "\xc0\x80", "\xe0\x9f\xbf", "\xed\xa0\x80",
                                     "\xf4\x90\x80\x80", "\xe2\x82", "abcdefgh\xc3"}) {
    CHECK_FALSE(is_utf8(bad));
  }
}

TEST_CASE("what is UTF-8 is what its definition says, for every start and every length") {
  // As the definition has it: the shortest form of a number that is a character.
  const auto by_definition = [](std::string_view text) {
    while (!text.empty()) {
      const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
      const unsigned first = byte(0);
      const std::size_t size = first < 0x80   ? 1
                               : first < 0xC0 ? 0
                               : first < 0xE0 ? 2
                               : first < 0xF0 ? 3
                               : first < 0xF8 ? 4
                                              : 0;
      if (size == 0 || size > text.size()) return false;
      std::uint32_t number = size == 1 ? first : first & (0x7FU >> size);
      for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return false;
        number = number << 6 | (byte(i) & 0x3F);
      }
      constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
      if (number < least[size] || number > 0x10FFFF || (number >= 0xD800 && number < 0xE000)) {
        return false;
      }
      text.remove_prefix(size);
    }
    return true;
  };
  const std::array<unsigned, 12> tails = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90,
                                          0x9F, 0xA0, 0xBF, 0xC0, 0xED, 0xFF};
  std::size_t differing = 0;
  std::size_t good = 0;
  for (unsigned first = 0; first < 256; ++first) {
    for (const unsigned second : tails) {
      for (const unsigned third : tails) {
        for (const unsigned fourth : tails) {
          const std::string four = {static_cast<char>(first), static_cast<char>(second),
                                    static_cast<char>(third), static_cast<char>(fourth)};
          for (std::size_t size = 1; size <= 4; ++size) {
            const std::string text = four.substr(0, size);
            const bool expected = by_definition(text);
            good += expected ? 1 : 0;
            // by itself, and at and across what is looked at in one step
            for (const std::string& whole :
                 {text, std::string(6, 'x') + text + "yy", "xx" + text + std::string(9, 'y')}) {
              if (is_utf8(whole) != expected) ++differing;
            }
          }
        }
      }
    }
  }
  CHECK(differing == 0);
  CHECK(good > 10000);
}
