#include <doctest/doctest.h>

#include <limits>
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
