#include <doctest/doctest.h>

#include <cmath>
#include <thriftpp/json/document.hpp>

using namespace thrift;

namespace {

std::string error_of(std::string_view text) {
  try {
    (void)JsonDocument(text);
  } catch (const TypeError& error) {
    return error.message();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a document gives its arrays, objects and scalars in order") {
  const JsonDocument document(R"( {"a": [1, [], {"x": null}], "b": "t\u00e9\n", "c": true} )");
  const JsonNode root = document.root();
  CHECK(root.is_object());
  CHECK(root.size() == 3);
  std::string names;
  for (auto i = root.begin(); i != root.end(); ++i) names += i.name();
  CHECK(names == "abc");
  const JsonNode a = *root.find("a");
  CHECK(a.is_array());
  CHECK(a.size() == 3);
  std::string kinds;
  for (const JsonNode element : a) kinds += element.describe() + ", ";
  CHECK(kinds == "`1`, an array, an object, ");
  CHECK(root.find("b")->text() == "t\xc3\xa9\n");
  CHECK(root.find("c")->boolean());
  CHECK_FALSE(root.find("d"));
  CHECK_FALSE(a.find("x"));
  CHECK(root.find("c")->begin() == root.find("c")->end());
}

TEST_CASE("of two members by one name the last is found") {
  const JsonDocument document(R"({"a": 1, "a": 2})");
  CHECK(document.root().find("a")->as_int64() == 2);
  CHECK(document.root().size() == 2);
}

TEST_CASE("numbers keep all of their digits") {
  const auto integer = [](std::string_view text) { return JsonDocument(text).root().as_int64(); };
  const auto real = [](std::string_view text) { return JsonDocument(text).root().as_double(); };
  CHECK(integer("9223372036854775807") == INT64_MAX);
  CHECK(integer("-9223372036854775808") == INT64_MIN);
  CHECK(integer("9007199254740993") == 9007199254740993);
  CHECK(integer("9223372036854775808") == std::nullopt);
  CHECK(integer("-9223372036854775809") == std::nullopt);
  CHECK(integer("1.0") == std::nullopt);
  CHECK(integer("1e2") == std::nullopt);
  CHECK(integer("-0") == 0);
  CHECK(real("18446744073709551615") == 18446744073709551615.0);
  CHECK(real("1e23") == 1e23);
  CHECK(real("5e-324") == 5e-324);
  CHECK(std::signbit(real("-0")));
  CHECK(std::signbit(real("-0.0")));
  CHECK_FALSE(std::signbit(real("0")));
  CHECK(JsonDocument("9223372036854775808").root().kind() == JsonKind::integer);
  CHECK(JsonDocument("1.5").root().kind() == JsonKind::number);
}

TEST_CASE("what is not JSON is told with line and column") {
  CHECK(error_of("{\"a\": 1,\n  \"b\" 2}").starts_with("not JSON at line 2, column 7: unexpected"));
  CHECK(error_of("").starts_with("not JSON at line 1, column 1: unexpected end of input"));
  CHECK(error_of("[1, 2").starts_with("not JSON at line 1, column 6: unexpected end of input"));
  CHECK(error_of("[1] x").starts_with("not JSON at line 1, column 5: "));
  CHECK(error_of("{\"a\": 1,}").starts_with("not JSON at line 1, column 9: unexpected `}`"));
  CHECK(error_of("[01]").starts_with("not JSON at line 1, column 3: "));
  CHECK(error_of("// no\n1").starts_with("not JSON at line 1, column 1: "));
  CHECK(error_of("{'a': 1}").starts_with("not JSON at line 1, column 2: "));
  CHECK(error_of("[\"a\xff\"]").starts_with("not JSON at line 1, column 4: "));
  CHECK(error_of("[\n\n\"a\nb\"]").starts_with("not JSON at line 3, column 3: "));
  CHECK(error_of("[1, 22 33]").starts_with("not JSON at line 1, column 8: unexpected number"));
  CHECK(error_of(std::string_view("{}\n\0x", 5)) ==
        "not JSON at line 2, column 1: unexpected zero byte");
  CHECK(error_of(std::string_view("1\0", 2)).starts_with("not JSON at line 1, column 2: "));
  CHECK(error_of(" 1e999").starts_with("not JSON at line 1, column 2: number overflow"));
}

TEST_CASE("messages do not repeat long text") {
  CHECK(error_of("[" + std::string(100000, '9') + "]").size() < 300);
  CHECK(error_of("[\"" + std::string(100000, 'x')).size() < 300);
  CHECK(error_of("tru" + std::string(100000, 'x')).size() < 300);
  const JsonDocument document('"' + std::string(50, 'x') + '"');
  CHECK(document.root().describe() == "`\"" + std::string(40, 'x') + "\"...`");
}

TEST_CASE("a cut in a message leaves UTF-8 behind") {
  const JsonDocument document("\"" + std::string(39, 'x') + "\xc3\xa9rest of it" + "\"");
  CHECK(document.root().describe() == "`\"" + std::string(39, 'x') + "\"...`");
}

TEST_CASE("JSON may be nested up to its limit and not beyond") {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  CHECK(error_of(nested(max_json_depth)) == "no error");
  CHECK(error_of(nested(max_json_depth + 1)) == "JSON is nested deeper than 132 levels");
  CHECK(error_of(std::string(10'000'000, '[')) == "JSON is nested deeper than 132 levels");
}

TEST_CASE("where text is not JSON is in the error apart from its message") {
  try {
    (void)JsonDocument("{\"a\": 1,\n  \"b\" 2}");
    FAIL("it was taken");
  } catch (const TypeError& error) {
    CHECK(error.info().line == 2);
    CHECK(error.info().column == 7);
  }
}
