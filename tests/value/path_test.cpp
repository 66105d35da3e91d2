#include <thriftpp/value/path.hpp>
#include <thriftpp/value/validate.hpp>

#include "value/sample.hpp"

using namespace sample;

namespace {
const SchemaPtr idl = schema();
const Type& user_type = idl->type("User");
}  // namespace

TEST_CASE("a path leads through fields, elements and keys") {
  Value v(user_type, {{"id", "1"},
                      {"team", {{{"id", "2"}, {"counts", {{"a b", 7}, {"c", 8}}}}, {{"id", "3"}}}},
                      {"homes", {{"RED", {{"street", "r"}}}, {"GREEN", {{"street", "g"}}}}},
                      {"by_number", {{-5, {"x", "y"}}, {6, {"z"}}}}});
  const Value& c = v;
  CHECK(c.path("team[0].counts{\"a b\"}").as<int>() == 7);
  CHECK(c.path("homes{RED}.street").as<std::string>() == "r");
  CHECK(c.path("by_number{-5}[1]").as<std::string>() == "y");
  CHECK(c.path("").type().name() == "User");
  v.path("team[1].address.city") = "Ulm";
  CHECK(c.path("team[1].address.city").as<std::string>() == "Ulm");
  CHECK(Value(v).path("team[1].id").as<std::string>() == "3");
}

TEST_CASE("a path that leads nowhere says where it stops") {
  const Value v(user_type, {{"id", "1"}, {"tags", {"a", "b"}}});
  CHECK(error([&] { (void)v.path("tags[2]"); }) ==
        "path `tags[2]`: `list<string>` of 2 elements has no element 2");
  CHECK(error([&] { (void)v.path("adress.city"); }) ==
        "path `adress.city`: struct `User` has no field `adress`; did you mean `address`?");
  CHECK(error([&] { (void)v.path("counts{\"x\"}"); }) ==
        "path `counts{\"x\"}`: no such key in `map<string, i32>`");
  CHECK(error([&] { (void)v.path("tags[x]"); }) == "path `tags[x]`, column 7: expected a number");
  CHECK(error([&] { (void)v.path("tags[0"); }) == "path `tags[0`, column 7: expected `]`");
  CHECK(error([&] { (void)v.path("a..b"); }) == "path `a..b`, column 3: expected a name");
}

TEST_CASE("validation names the first problem and its place") {
  Value v(user_type);
  CHECK(error([&] { validate(v); }) == "id: required field of struct `User` is missing");
  v["id"] = "1";
  validate(v);
  v["team"].append();
  CHECK(error([&] { validate(v); }) == "team[0].id: required field of struct `User` is missing");
  v["team"].clear();
  v["homes"].insert_key("RED");
  CHECK(try_validate(v).error().message() ==
        "homes[0].street: required field of struct `Address` is missing");
  v["homes"].clear();
  v["contact"]["email"] = "x";
  validate(v);
  v["contact"].unset("email");
  CHECK(error([&] { validate(v); }) == "contact: union `Contact` has no member set");
  v.unset("contact");
  v["color"] = 5;
  validate(v);
  CHECK(error([&] { validate(v, {.enum_values = true}); }) == "color: enum `Color` has no value 5");
  v["color"] = "RED";
  v["tags"] = {"ok", "\xff"};
  validate(v, {.enum_values = true});
  CHECK(error([&] { validate(v, {.utf8 = true}); }) == "tags[1]: is not UTF-8");
}
