#include <doctest/doctest.h>

#include <thriftpp/json/read.hpp>

#include "json/random_value.hpp"

using namespace thrift;

namespace {

/// Every combination of the options that change what to_json writes.
std::vector<JsonOptions> all_options() {
  std::vector<JsonOptions> all;
  for (unsigned bits = 0; bits < 32; ++bits) {
    JsonOptions o;
    if (bits & 1) o.enums = JsonOptions::Enums::number;
    if (bits & 2) o.maps = JsonOptions::Maps::pairs;
    if (bits & 4) o.int64 = JsonOptions::Int64::string;
    if (bits & 8) o.binary = JsonOptions::Binary::text;
    if (bits & 16) o.indent = 2;
    all.push_back(o);
  }
  return all;
}

}  // namespace

TEST_CASE("any value of any type comes back from JSON as it was, whatever the options") {
  const std::vector<JsonOptions> all = all_options();
  for (std::uint32_t seed = 0; seed < 25; ++seed) {
    test::RandomValues random(seed);
    const SchemaPtr schema = random.schema();
    for (const StructType* const type : schema->program().structs()) {
      for (int i = 0; i < 4; ++i) {
        const Value value = random.value(*type);
        const JsonOptions& options = all[random.below(all.size())];
        const std::string text = to_json(value, options);
        const Value again = from_json(text, *type, {.binary = options.binary});
        CAPTURE(seed);
        CAPTURE(text);
        REQUIRE(again == value);
        REQUIRE(to_json(again, options) == text);
      }
    }
  }
}

TEST_CASE("values that are no structs come back too") {
  for (std::uint32_t seed = 100; seed < 103; ++seed) {
    test::RandomValues random(seed);
    const SchemaPtr schema = random.schema();
    for (const char* const name :
         {"bool", "i64", "double", "string", "binary", "uuid", "Color", "list<string>",
          "map<double, binary>", "map<A, U>", "map<string, list<Color>>", "map<bool, i8>",
          "set<map<uuid, i64>>", "map<list<i32>, B>", "map<Color, X>", "map<binary, double>"}) {
      const Type& type = schema->type(name);
      for (int i = 0; i < 8; ++i) {
        const Value value = random.value(type);
        for (const JsonOptions& options : all_options()) {
          const std::string text = to_json(value, options);
          CAPTURE(name);
          CAPTURE(text);
          REQUIRE(from_json(text, type, {.binary = options.binary}) == value);
        }
      }
    }
  }
}

TEST_CASE("defaults that were written are read as set fields") {
  for (std::uint32_t seed = 200; seed < 220; ++seed) {
    test::RandomValues random(seed);
    const SchemaPtr schema = random.schema();
    for (const StructType* const type : schema->program().structs()) {
      const Value value = random.value(*type);
      const std::string text = to_json(value, {.defaults = JsonOptions::Defaults::write});
      const Value again = from_json(text, *type);
      REQUIRE(to_json(again) == text);
      for (const Field& field : type->fields()) {
        if (type->is_union()) continue;
        CHECK(again.has(field) == (value.has(field) || field.has_default()));
      }
    }
  }
}

TEST_CASE("any cut of a JSON text is an error, and any changed byte gives a value or an error") {
  test::RandomValues random(7);
  const SchemaPtr schema = random.schema();
  const Type& type = schema->type("list<A>");
  std::string text = "[]";
  while (text.size() < 400) text = to_json(random.value(type));
  if (text.size() > 4000) text.resize(4000);
  for (std::size_t size = 0; size < text.size(); ++size) {
    CHECK_FALSE(try_from_json(text.substr(0, size), type));
  }
  std::size_t values = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'"', '0', '}'}) {
      std::string changed = text;
      changed[i] = c;
      values += try_from_json(changed, type) ? 1U : 0U;
    }
  }
  CHECK(values < text.size() * 3);
}
