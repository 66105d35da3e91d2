#include <doctest/doctest.h>

#include <limits>
#include <thriftpp/load/load.hpp>
#include <thriftpp/nlohmann.hpp>

#include "json/random_value.hpp"
#include "support/cases.hpp"

using namespace thrift;

namespace {

JsonOptions options_of(std::size_t bits) {
  JsonOptions o;
  if (bits & 1) o.enums = JsonOptions::Enums::number;
  if (bits & 2) o.maps = JsonOptions::Maps::pairs;
  if (bits & 4) o.int64 = JsonOptions::Int64::string;
  if (bits & 8) o.binary = JsonOptions::Binary::text;
  if (bits & 16) o.defaults = JsonOptions::Defaults::write;
  return o;
}

std::string error_of_text(std::string_view text) {
  try {
    (void)from_json(text, base_type(TypeKind::i32));
  } catch (const TypeError& error) {
    return error.message();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a document is what the parser makes of the text, and comes back as the value") {
  for (std::uint32_t seed = 0; seed < test::cases(4); ++seed) {
    test::RandomValues random(seed);
    const SchemaPtr schema = random.schema();
    for (const StructType* const type : schema->program().structs()) {
      for (std::size_t bits = 0; bits < 32; bits += test::one_of(3)) {
        const JsonOptions options = options_of(bits);
        const Value value = random.value(*type);
        const auto json = to_nlohmann(value, options);
        const std::string text = to_json(value, options);
        CAPTURE(seed);
        CAPTURE(bits);
        REQUIRE(json == nlohmann::json::parse(text));
        const auto ordered = to_nlohmann<nlohmann::ordered_json>(value, options);
        REQUIRE(ordered == nlohmann::ordered_json::parse(text));
        const FromJsonOptions back{.binary = options.binary};
        REQUIRE(to_json(from_nlohmann(ordered, *type, back), options) == text);
        if (bits < 16) REQUIRE(from_nlohmann(json, *type, back) == value);
      }
    }
  }
}

TEST_CASE("what JSON cannot say and a document can is read") {
  const Type& number = base_type(TypeKind::double_);
  CHECK(std::isnan(from_nlohmann(nlohmann::json(std::nan("")), number).as<double>()));
  CHECK(
      from_nlohmann(nlohmann::json(std::numeric_limits<double>::infinity()), number).as<double>() >
      1e308);
  const nlohmann::json bytes = nlohmann::json::binary({0xff, 0x00});
  CHECK(from_nlohmann(bytes, base_type(TypeKind::binary)).as<std::string>() ==
        std::string("\xff\0", 2));
  CHECK(from_nlohmann(nlohmann::json("\xff"), base_type(TypeKind::string)).as<std::string>() ==
        "\xff");
}

TEST_CASE("bytes in a document are bytes to text too, whatever the options") {
  const nlohmann::json bytes = nlohmann::json::binary({'h', 'i', 0xff});
  for (const auto mode : {JsonOptions::Binary::base64, JsonOptions::Binary::text}) {
    for (const TypeKind kind : {TypeKind::binary, TypeKind::string}) {
      const FromJsonOptions options{.binary = mode};
      CHECK(from_nlohmann(bytes, base_type(kind), options).as<std::string>() == "hi\xff");
    }
  }
}

TEST_CASE("members of a union that are not set are in no document, whatever their defaults") {
  const Idl idl = loads("union U { 1: i32 a = 5; 2: string b } struct S { 1: i32 x = 3; 2: U u }");
  const JsonOptions options{.defaults = JsonOptions::Defaults::write};
  const Value value = from_json(R"({"u":{"b":"x"}})", idl.type("S"));
  const auto json = to_nlohmann<nlohmann::ordered_json>(value, options);
  CHECK(json.dump() == R"({"x":3,"u":{"b":"x"}})");
  CHECK(json.dump() == to_json(value, options));
}

TEST_CASE("a document that is nested too deeply is refused as its text is") {
  const Type& type = base_type(TypeKind::i32);
  const auto error_of = [&](const nlohmann::json& json) -> std::string {
    try {
      (void)from_nlohmann(json, type);
    } catch (const TypeError& error) {
      return error.message();
    }
    return "no error";
  };
  const auto arrays = [](std::size_t levels) {
    nlohmann::json json = 1;
    for (std::size_t i = 0; i < levels; ++i) {
      nlohmann::json outer = nlohmann::json::array();
      outer.push_back(std::move(json));
      json = std::move(outer);
    }
    return json;
  };
  const auto objects = [](std::size_t levels) {
    nlohmann::json json = 1;
    for (std::size_t i = 0; i < levels; ++i) {
      nlohmann::json outer = nlohmann::json::object();
      outer["a"] = std::move(json);
      json = std::move(outer);
    }
    return json;
  };
  const std::string text(max_json_depth + 1, '[');
  const std::string too_deep = error_of_text(text + std::string(text.size(), ']'));
  CHECK(too_deep == "JSON is nested deeper than 132 levels");
  for (const std::size_t levels : {max_json_depth + 1, std::size_t{100'000}}) {
    CHECK(error_of(arrays(levels)) == too_deep);
    CHECK(error_of(objects(levels)) == too_deep);
  }
  // As deep as text may be: what is wrong is the type.
  CHECK(error_of(arrays(max_json_depth)) == "expected `i32`, got an array");
  CHECK(error_of(objects(max_json_depth)) == "expected `i32`, got an object");
}

TEST_CASE("mistakes are those of the text") {
  CHECK_THROWS_WITH_AS((void)from_nlohmann(nlohmann::json(300), base_type(TypeKind::i8)),
                       "300 does not fit `i8`", TypeError);
  const nlohmann::json assigned = Value(base_type(TypeKind::i32), 7);
  CHECK(assigned == 7);
}
