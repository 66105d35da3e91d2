#include <doctest/doctest.h>

#include <cmath>
#include <thriftpp/json/read.hpp>
#include <thriftpp/schema/schema_builder.hpp>

using namespace thrift;

namespace {

/// struct User {required string id, i32 age = 18, list<User> friends, optional Money money}, ...
SchemaPtr make_schema() {
  SchemaBuilder b;
  Program& program = b.add_program("user", "user.thrift");
  EnumType& level = b.add_enum(program, "Level");
  StructType& user = b.add_struct(program, "User", TypeKind::struct_);
  StructType& either = b.add_struct(program, "Either", TypeKind::union_);
  b.define(level, {{.name = "LOW", .number = 1}, {.name = "HIGH", .number = 5}});
  b.define(user, {{.id = 1,
                   .name = "id",
                   .type = base_type(TypeKind::string),
                   .requiredness = Requiredness::required},
                  {.id = 2, .name = "age", .type = base_type(TypeKind::i32)},
                  {.id = 3, .name = "friends", .type = b.list_of(user)},
                  {.id = 4, .name = "level", .type = level}});
  b.define(either, {{.id = 1, .name = "number", .type = base_type(TypeKind::i64)},
                    {.id = 2, .name = "text", .type = base_type(TypeKind::string)}});
  b.lay_out();
  std::byte* const age = b.new_cell(base_type(TypeKind::i32));
  const std::int32_t eighteen = 18;
  std::memcpy(age, &eighteen, sizeof(eighteen));
  b.set_default(*user.find_field("age"), age);
  return std::move(b).build();
}

const Schema& schema() {
  static const SchemaPtr made = make_schema();
  return *made;
}

/// What to_json makes of what from_json made of it, or the error.
std::string through(std::string_view type, std::string_view text,
                    const FromJsonOptions& options = {}) {
  const Result<Value> value = try_from_json(text, schema().type(type), options);
  return value ? to_json(*value) : "error: " + value.error().message();
}

}  // namespace

TEST_CASE("structs are objects by field name, in any order") {
  CHECK(through("User", R"({"level": "HIGH", "id": "1", "friends": [{"id": "2", "age": 3}]})") ==
        R"({"id":"1","friends":[{"id":"2","age":3}],"level":"HIGH"})");
}

TEST_CASE("null leaves a field unset, and is a mistake anywhere else") {
  CHECK(through("User", R"({"id": "1", "age": null})") == R"({"id":"1"})");
  CHECK(through("User", R"({"id": null})") ==
        "error: id: required field of struct `User` is missing");
  CHECK(through("list<i32>", "[1, null]") == "error: [1]: expected `i32`, got `null`");
  CHECK(through("i32", "null") == "error: expected `i32`, got `null`");
  CHECK(through("void", "null") == "null");
}

TEST_CASE("absent fields stay unset unless defaults are wanted") {
  CHECK(through("User", R"({"id": "1"})") == R"({"id":"1"})");
  CHECK(through("User", R"({"id": "1"})", {.set_defaults = true}) == R"({"id":"1","age":18})");
}

TEST_CASE("unknown members are mistakes with a near name, or skipped") {
  CHECK(through("User", R"({"id": "1", "friends": [{"id": "2", "ag": 1}]})") ==
        "error: friends[0]: struct `User` has no field `ag`; did you mean `age`?");
  CHECK(through("User", R"({"id": "1", "x": [{"y": null}], "age": 2})",
                {.skip_unknown_fields = true}) == R"({"id":"1","age":2})");
}

TEST_CASE("a field that is named twice is a mistake") {
  CHECK(through("User", R"({"id": "1", "id": "2"})") == "error: field `id` stands there twice");
  CHECK(through("User", R"({"id": "1", "age": 1, "age": null})") ==
        "error: field `age` stands there twice");
}

TEST_CASE("integers are exact, in range, and nothing else than integers") {
  CHECK(through("i64", "9223372036854775807") == "9223372036854775807");
  CHECK(through("i64", "9007199254740993") == "9007199254740993");
  CHECK(through("i64", "\"-9223372036854775808\"") == "-9223372036854775808");
  CHECK(through("i64", "9223372036854775808") == "error: `9223372036854775808` does not fit `i64`");
  CHECK(through("i64", "\"9223372036854775808\"") ==
        "error: expected `i64`, got `\"9223372036854775808\"`");
  CHECK(through("i64", "\"1 \"") == "error: expected `i64`, got `\"1 \"`");
  CHECK(through("i8", "128") == "error: 128 does not fit `i8`");
  CHECK(through("i32", "1.0") == "error: expected `i32`, got `1.0`");
  CHECK(through("i32", "1e2") == "error: expected `i32`, got `1e2`");
  CHECK(through("i32", "\"1\"") == "error: expected `i32`, got `\"1\"`");
  CHECK(through("i32", "true") == "error: expected `i32`, got `true`");
  CHECK(through("bool", "1") == "error: expected `bool`, got `1`");
}

TEST_CASE("doubles are numbers or the three names") {
  CHECK(through("double", "1") == "1.0");
  CHECK(through("double", "-0") == "-0.0");
  CHECK(through("double", "1e-400") == "0.0");
  CHECK(through("double", "0.1") == "0.1");
  CHECK(through("double", "12345678901234567890123") == "1.2345678901234568e+22");
  CHECK(through("list<double>", R"(["NaN", "Infinity", "-Infinity"])") ==
        R"(["NaN","Infinity","-Infinity"])");
  CHECK(through("double", "\"nan\"") == "error: expected `double`, got `\"nan\"`");
  CHECK(through("double", "\"1\"") == "error: expected `double`, got `\"1\"`");
}

TEST_CASE("enums come by name and by number") {
  CHECK(through("list<Level>", R"(["LOW", 5, 7])") == R"(["LOW","HIGH",7])");
  CHECK(through("Level", "\"HIHG\"") ==
        "error: enum `Level` has no value `HIHG`; did you mean `HIGH`?");
  CHECK(through("map<Level, i32>", R"({"LOW": 1, "5": 2, "7": 3})") ==
        R"({"LOW":1,"HIGH":2,"7":3})");
  CHECK(through("Level", "3000000000") == "error: 3000000000 does not fit enum `Level`");
  CHECK(through("Level", "99999999999999999999") ==
        "error: `99999999999999999999` does not fit `Level`");
}

TEST_CASE("binary is base64, with or without padding, or text where told") {
  CHECK(through("binary", "\"/wA=\"") == "\"/wA=\"");
  CHECK(through("binary", "\"/wA\"") == "\"/wA=\"");
  CHECK(through("binary", "\"?\"") == "error: `\"?\"` is not base64");
  CHECK(through("binary", "\"AA==\"", {.binary = JsonOptions::Binary::text}) == "\"QUE9PQ==\"");
  CHECK(through("binary", R"({"base64": "AA=="})") == "\"AA==\"");
  CHECK(through("map<binary, i32>", R"({"AA": 1})") == R"({"AA==":1})");
}

TEST_CASE("a string that is not UTF-8 comes and goes as base64") {
  CHECK(through("string", R"({"base64": "/2E"})") == R"({"base64":"/2E="})");
  CHECK(through("string", R"({"base64": "YQ=="})") == "\"a\"");
  CHECK(through("string", R"({"base64": 1})") == "error: expected `string`, got an object");
  CHECK(through("string", R"({"base64": "YQ==", "x": 1})") ==
        "error: expected `string`, got an object");
  CHECK(through("map<string, i32>", R"([["a", 1], [{"base64": "/w=="}, 2]])") ==
        R"([["a",1],[{"base64":"/w=="},2]])");
}

TEST_CASE("maps are objects or arrays of pairs") {
  CHECK(through("map<i32, string>", R"({"1": "a", "-2": "b"})") == R"({"1":"a","-2":"b"})");
  CHECK(through("map<i32, string>", R"([[1, "a"]])") == R"({"1":"a"})");
  CHECK(through("map<bool, i32>", R"({"true": 1})") == R"({"true":1})");
  CHECK(through("map<double, i32>", R"({"1.5": 1, "NaN": 2, "1": 3})") ==
        R"({"1.5":1,"NaN":2,"1.0":3})");
  CHECK(through("map<uuid, i32>", R"({"5E2AB188-1726-4E75-A04F-1ED9A6A89C4C": 1})") ==
        R"({"5e2ab188-1726-4e75-a04f-1ed9a6a89c4c":1})");
  CHECK(through("map<list<i32>, i32>", "[[[1, 2], 3]]") == "[[[1,2],3]]");
  CHECK(through("map<list<i32>, i32>", "{}") == "[]");
  CHECK(through("map<list<i32>, i32>", R"({"1": 1})") ==
        "error: [0]: keys of type `list<i32>` are no names of a JSON object: write the map as an "
        "array of [key, value] pairs");
  CHECK(through("map<i32, i32>", R"({"x": 1})") == "error: [0]: expected `i32`, got `\"x\"`");
  CHECK(through("map<double, i32>", R"({"inf": 1})") ==
        "error: [0]: expected `double`, got `\"inf\"`");
  CHECK(through("map<i32, i32>", "[[1, 2, 3]]") ==
        "error: a map is an object or an array of [key, value] pairs; got an array in it");
  CHECK(through("map<i32, i32>", "1") == "error: expected `map<i32, i32>`, got `1`");
}

TEST_CASE("of equal keys the last value counts, of equal set members the first") {
  CHECK(through("map<i32, i32>", R"({"1": 1, "01": 2})") == R"({"1":2})");
  CHECK(through("map<i32, i32>", "[[1, 1], [2, 2], [1, 3]]") == R"({"1":3,"2":2})");
  CHECK(through("set<i32>", "[3, 1, 3]") == "[3,1]");
}

TEST_CASE("a union has exactly one member") {
  CHECK(through("Either", R"({"text": "x"})") == R"({"text":"x"})");
  CHECK(through("Either", R"({"text": "x", "number": null})") == R"({"text":"x"})");
  CHECK(through("list<Either>", "[{}]") == "error: [0]: a union takes one member, none is given");
  CHECK(through("Either", R"({"text": "x", "number": 1})") ==
        "error: a union takes one member: `text` is given already, and `number` too");
}

TEST_CASE("what has the wrong shape is told with its path") {
  CHECK(through("User", "[]") == "error: expected struct `User`, got an array");
  CHECK(through("User", R"({"id": 1})") == "error: id: expected `string`, got `1`");
  CHECK(through("list<User>", R"([{"id": "1", "friends": [{"id": "2", "age": "x"}]}])") ==
        "error: [0].friends[0].age: expected `i32`, got `\"x\"`");
  CHECK(through("list<i32>", "{}") == "error: expected `list<i32>`, got an object");
  CHECK(through("uuid", "\"x\"") == "error: `x` is no uuid");
  CHECK(through("User", "{") ==
        "error: not JSON at line 1, column 2: unexpected end of input; "
        "expected string literal");
}

TEST_CASE("values may be as deep as a value may be and not deeper") {
  const auto nested = [](std::size_t levels) {
    std::string text = R"({"id":"1"})";
    while (levels-- > 1) text = R"({"id":"1","friends":[)" + text + "]}";
    return text;
  };
  const Type& user = schema().type("User");
  // a user, its list, a user in it, ...; a record's own fields are one level more
  CHECK(try_from_json(nested(32), user));
  const Result<Value> deep = try_from_json(nested(33), user);
  REQUIRE_FALSE(deep);
  CHECK(deep.error().message().find("nested deeper than 64 levels") != std::string::npos);
}

TEST_CASE("memory is limited by the size of the text, or as told") {
  SchemaBuilder b;
  Program& program = b.add_program("wide", "wide.thrift");
  StructType& wide = b.add_struct(program, "Wide", TypeKind::struct_);
  std::vector<FieldSpec> fields;
  std::vector<std::string> names;
  for (int i = 0; i < 200; ++i) names.push_back("f" + std::to_string(i));
  for (std::size_t i = 0; i < names.size(); ++i) {
    fields.push_back({.id = static_cast<std::int16_t>(i + 1),
                      .name = names[i],
                      .type = base_type(TypeKind::string)});
  }
  b.define(wide, fields);
  b.lay_out();
  const SchemaPtr made = std::move(b).build();
  std::string text = "[{}";
  for (int i = 0; i < 100'000; ++i) text += ",{}";
  text += "]";
  const Type& type = made->type("list<Wide>");
  const Result<Value> refused = try_from_json(text, type);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message() == "the value takes more than " +
                                         std::to_string(65536 + 32 * text.size()) +
                                         " bytes of memory");
  CHECK(from_json("[{}, {}]", type).size() == 2);
  CHECK_FALSE(try_from_json("[{}, {}]", type, {.max_memory = 1000}));
}

TEST_CASE("unknown names and those that were meant are in errors apart from their messages") {
  const auto error_of = [](std::string_view text) {
    try {
      (void)from_json(text, schema().type("User"));
    } catch (const TypeError& error) {
      return error.info();
    }
    FAIL("it was taken");
    return TypeErrorDetail({}, {});
  };
  const TypeErrorDetail field = error_of(R"({"id":"a","ag":1})");
  CHECK(field.unknown_field == "ag");
  CHECK(field.suggestion == "age");
  CHECK(field.expected == "User");
  CHECK(error_of(R"({"id":"a","wholly_else":1})").suggestion.empty());
  const TypeErrorDetail value = error_of(R"({"id":"a","level":"HIHG"})");
  CHECK(value.unknown_field.empty());
  CHECK(value.suggestion == "HIGH");
  CHECK(error_of(R"({"id":"a","age":"did you mean `x`?"})").suggestion.empty());
}
