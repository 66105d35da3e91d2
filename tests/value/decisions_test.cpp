// What values decide where others are silent, a row of the contract each.

#include <cmath>
#include <limits>
#include <map>
#include <thriftpp/value/text.hpp>
#include <unordered_set>
#include <vector>

#include "value/sample.hpp"

using namespace sample;

namespace {

const SchemaPtr idl = schema();
const Type& user_type = idl->type("User");

Value make(const Literal& literal) {
  return Value(user_type, literal);
}

}  // namespace

// --- copying -------------------------------------------------------------------------------------

TEST_CASE("a copy is deep, and a move keeps the memory") {
  Value a = make({{"id", "1"}, {"tags", {"x", "y"}}, {"address", {{"street", "s"}}}});
  Value b = a;
  CHECK(a == b);
  b["tags"][0] = "changed";
  b["address"]["street"] = "other";
  CHECK(a["tags"][0].as<std::string>() == "x");
  CHECK(a["address"]["street"].as<std::string>() == "s");
  CHECK(b["tags"][0].as<std::string>() == "changed");

  const std::string_view before = a["tags"][1].as<std::string_view>();
  const Value moved = std::move(a);
  CHECK(moved["tags"][1].as<std::string_view>().data() == before.data());
  CHECK(a.is_void());  // NOLINT(bugprone-use-after-move): a moved-from Value is void
}

TEST_CASE("a value keeps its schema alive") {
  Value v;
  {
    const SchemaPtr own = schema();
    v = Value(own->type("User"), {{"id", "1"}});
  }
  CHECK(v["name"].as<std::string>() == "nobody");
  CHECK(v.type().name() == "User");
}

// --- views and temporaries -----------------------------------------------------------------------

TEST_CASE("what comes from a temporary owns its memory") {
  std::vector<std::string> tags;
  for (const ValueView tag : make({{"id", "1"}, {"tags", {"a", "b"}}})["tags"].as_list()) {
    tags.push_back(tag.as<std::string>());
  }
  CHECK(tags == std::vector<std::string>{"a", "b"});

  const Value name = make({{"id", "1"}, {"name", "Ann"}})["name"];
  CHECK(name.as<std::string_view>() == "Ann");
  const Value street = make({{"id", "1"}, {"address", {{"street", "s"}}}})["address"]["street"];
  CHECK(street.as<std::string_view>() == "s");
  CHECK(make({{"id", "7"}})["id"].as<std::string>() == "7");
  int sum = 0;
  for (const auto [key, value] :
       make({{"id", "1"}, {"counts", {{"a", 1}, {"b", 2}}}})["counts"].as_map()) {
    sum += value.as<int>();
  }
  CHECK(sum == 3);
  CHECK(make({{"id", "1"}, {"tags", {"a", "b"}}}).find("tags")->size() == 2);
  CHECK_FALSE(make({{"id", "1"}}).find("tags"));
  // An unset field of a temporary reads as the schema's default, which the result keeps alive.
  const Value ints = make({{"id", "1"}})["ints"];
  CHECK(ints.as<std::vector<int>>() == std::vector<int>{1, 2, 3});
}

// --- literals ------------------------------------------------------------------------------------

TEST_CASE("a literal is checked against the type and written into the layout") {
  const std::vector<std::string> tags{"p", "q"};
  const Value v = make({{"id", "1"},
                        {"age", 30},
                        {"tags", tags},
                        {"counts", {{"a", 1}, {"b", 2}}},
                        {"color", "GREEN"},
                        {"numbers", {3, 1, 3}},
                        {"contact", {{"phone", 5}}},
                        {"team", {{{"id", "2"}}, {{"id", "3"}}}},
                        {"by_number", std::map<int, std::vector<std::string>>{{1, {"x"}}}},
                        {"boss", nullptr}});
  CHECK(v["age"].as<int>() == 30);
  CHECK(v["tags"].as<std::vector<std::string>>() == tags);
  CHECK(v["counts"]["b"].as<int>() == 2);
  CHECK(v["color"].as<std::int32_t>() == 2);
  CHECK(v["numbers"].size() == 2);
  CHECK(v["contact"]["phone"].as<std::int64_t>() == 5);
  CHECK(v["team"][1]["id"].as<std::string>() == "3");
  CHECK(v["by_number"][1][0].as<std::string>() == "x");
  CHECK_FALSE(v.has("boss"));
}

TEST_CASE("a list of one element is thrift::list") {
  CHECK(make({{"id", "1"}, {"tags", thrift::list{"only"}}})["tags"].size() == 1);
  CHECK(make({{"id", "1"}, {"tags", thrift::list{}}})["tags"].empty());
}

TEST_CASE("misuse of a literal names the path and what is near") {
  CHECK(error([] { make({{"id", "1"}, {"nmae", "x"}}); }) ==
        "struct `User` has no field `nmae`; did you mean `name`?");
  CHECK(error([] { make({{"id", "1"}, {"age", "x"}}); }) == "age: expected `i32`, got a string");
  CHECK(error([] { make({{"id", "1"}, {"age", 1LL << 31}}); }) ==
        "age: 2147483648 does not fit `i32`");
  CHECK(error([] { make({{"id", "1"}, {"team", {{{"id", "2"}}, {{"id", 3}}}}}); }) ==
        "team[1].id: expected `string`, got the integer 3");
  CHECK(error([] { make({{"id", "1"}, {"team", {{{"name", "x"}}}}}); }) ==
        "team[0].id: required field of struct `User` is missing");
  CHECK(error([] { make({{"id", "1"}, {"color", "GREN"}}); }) ==
        "color: enum `Color` has no value `GREN`; did you mean `GREEN`?");
  CHECK(error([] { make({{"name", "x"}}); }) == "id: required field of struct `User` is missing");
  CHECK(error([] { make({"a", "b"}); }) ==
        "a literal of struct `User` is a list of {\"field\", value} pairs");
  CHECK(error([] { make({{"id", "1"}, {"address", 5}}); }) ==
        "address: expected struct `Address`, got the integer 5");
  CHECK(error([] { make({{"id", "1"}, {"age", nullptr}, {"oops", nullptr}}); }) ==
        "struct `User` has no field `oops`");
}

// --- presence ------------------------------------------------------------------------------------

TEST_CASE("an unset field reads as its IDL default, else as zero, empty or the default record") {
  const Value v(user_type);
  CHECK(v.size() == 0);
  CHECK(v["name"].as<std::string>() == "nobody");
  CHECK(v["vip"].as<bool>());
  CHECK(v["ints"].as<std::vector<int>>() == std::vector<int>{1, 2, 3});
  CHECK(v["age"].as<int>() == 0);
  CHECK(v["id"].as<std::string>().empty());
  CHECK(v["tags"].empty());
  CHECK(v["boss"]["boss"]["boss"]["address"]["street"].as<std::string>().empty());
  CHECK_FALSE(v.has("name"));
  CHECK_FALSE(v.find("name"));
}

TEST_CASE("has, unset and find tell set from unset") {
  Value v = make({{"id", "1"}, {"age", 0}});
  CHECK(v.has("age"));
  CHECK(v.find("age")->as<int>() == 0);
  v.unset("age");
  CHECK_FALSE(v.has("age"));
  CHECK(error([&] { (void)v.has("nmae"); }) ==
        "struct `User` has no field `nmae`; did you mean `name`?");
}

TEST_CASE("an absent key or index throws, const or not") {
  Value v = make({{"id", "1"}, {"tags", {"a", "b"}}, {"counts", {{"x", 1}, {"y", 2}}}});
  const Value& c = v;
  CHECK(error([&] { (void)c["tags"][2]; }) == "`list<string>` of 2 elements has no element 2");
  CHECK(error([&] { (void)v["tags"][2]; }) == "`list<string>` of 2 elements has no element 2");
  CHECK(error([&] { (void)c["tags"][-1]; }) == "`list<string>` of 2 elements has no element -1");
  CHECK(error([&] { (void)c["counts"]["z"]; }) == "`map<string, i32>` has no entry `z`");
  CHECK(error([&] { (void)v["counts"]["z"]; }) == "`map<string, i32>` has no entry `z`");
  CHECK(error([&] { (void)c["by_number"][7]; }) == "`map<i32, list<string>>` has no entry 7");
  CHECK_FALSE(c["counts"].find("z"));
  CHECK_FALSE(c["tags"].find(2));
}

TEST_CASE("an unset struct or list comes to be when written to, and not before") {
  Value v(user_type);
  CHECK(v["address"]["city"].as<std::string>().empty());
  CHECK_FALSE(v.has("address"));
  v["address"]["city"] = "Ulm";
  CHECK(v.has("address"));
  CHECK(v["address"]["city"].as<std::string>() == "Ulm");
  CHECK_FALSE(v["address"].has("street"));
  v["boss"]["boss"]["tags"].append("deep");
  CHECK(v["boss"]["boss"]["tags"][0].as<std::string>() == "deep");
  CHECK(v["boss"].size() == 1);
}

TEST_CASE("mutable access copies the default in first, and never changes the default itself") {
  Value v(user_type);
  v["ints"].append(4);
  CHECK(v["ints"].as<std::vector<int>>() == std::vector<int>{1, 2, 3, 4});
  Value w(user_type);
  w["ints"][0] = 9;
  CHECK(w["ints"].as<std::vector<int>>() == std::vector<int>{9, 2, 3});
  CHECK(Value(user_type)["ints"].as<std::vector<int>>() == std::vector<int>{1, 2, 3});
}

TEST_CASE("what an unset field of a temporary gives is a value of its own") {
  Value ints = Value(user_type)["ints"];
  ints.append(4);
  ints.ref()[0] = 9;
  CHECK(ints.as<std::vector<int>>() == std::vector<int>{9, 2, 3, 4});
  Value name = Value(user_type)["name"];
  name = "somebody";
  Value address = Value(user_type)["address"];
  address["city"] = "a city that is longer than what fits into a short string";
  Value street = Value(user_type).path("boss.address.street");
  street = "another one";
  const Value fresh(user_type);
  CHECK(fresh["ints"].as<std::vector<int>>() == std::vector<int>{1, 2, 3});
  CHECK(fresh["name"].as<std::string>() == "nobody");
  CHECK_FALSE(fresh["address"].has("city"));
  CHECK(fresh["address"]["city"].as<std::string>().empty());
  CHECK(fresh["boss"]["address"]["street"].as<std::string>().empty());
}

// --- writing -------------------------------------------------------------------------------------

TEST_CASE("make sets fields of default requiredness that have an IDL default, and no others") {
  const Value v = make({{"id", "1"}});
  CHECK(v.has("name"));
  CHECK(v["name"].as<std::string>() == "nobody");
  CHECK(v.has("ints"));
  CHECK_FALSE(v.has("vip"));  // optional with a default: only once set
  CHECK_FALSE(v.has("age"));  // no default
  CHECK_FALSE(v.has("tags"));
}

// --- numbers -------------------------------------------------------------------------------------

TEST_CASE("integers go in range-checked from any integer type") {
  Value v(user_type);
  v["small"] = std::int64_t{-128};
  v["small"] = std::uint64_t{127};
  CHECK(error([&] { v["small"] = 128; }) == "128 does not fit `i8`");
  CHECK(error([&] { v["small"] = std::int8_t{-128}, v["small"] = -129; }) ==
        "-129 does not fit `i8`");
  CHECK(error([&] { v["big"] = std::uint64_t{1} << 63; }) ==
        "9223372036854775808 does not fit `i64`");
  v["big"] = std::numeric_limits<std::int64_t>::min();
  CHECK(v["big"].as<std::int64_t>() == std::numeric_limits<std::int64_t>::min());
  CHECK(v["small"].as<std::int8_t>() == -128);  // failed assignments changed nothing
}

TEST_CASE("an integer becomes a double only where that is exact") {
  Value v(user_type);
  v["score"] = 3;
  CHECK(v["score"].as<double>() == 3.0);
  v["score"] = std::int64_t{1} << 53;
  CHECK(error([&] { v["score"] = (std::int64_t{1} << 53) + 1; }) ==
        "9007199254740993 is not exact as a `double`");
  CHECK(error([&] { v["score"] = std::numeric_limits<std::int64_t>::max(); }) ==
        "9223372036854775807 is not exact as a `double`");
  v["score"] = std::numeric_limits<std::int64_t>::min();
  CHECK(v["score"].as<double>() == -0x1p63);
  CHECK(error([&] { v["age"] = 1.0; }) == "expected `i32`, got a double");
}

TEST_CASE("a bool is no number, and a string is none either") {
  Value v(user_type);
  CHECK(error([&] { v["age"] = true; }) == "expected `i32`, got a bool");
  CHECK(error([&] { v["vip"] = 1; }) == "expected `bool`, got the integer 1");
  CHECK(error([&] { v["age"] = "5"; }) == "expected `i32`, got a string");
  CHECK(error([&] { v["name"] = 5; }) == "expected `string`, got the integer 5");
}

TEST_CASE("numbers come out explicitly, widening or not at all") {
  const Value v = make({{"id", "1"}, {"age", 7}, {"small", 5}, {"big", 9}, {"score", 1.5}});
  CHECK(v["small"].as<std::int64_t>() == 5);
  CHECK(v["age"].as<double>() == 7.0);
  CHECK(error([&] { (void)v["big"].as<std::int32_t>(); }) ==
        "`i64` does not convert to a 32-bit integer");
  CHECK(error([&] { (void)v["big"].as<double>(); }) == "`i64` does not convert to double");
  CHECK(error([&] { (void)v["score"].as<int>(); }) ==
        "`double` does not convert to a 32-bit integer");
  CHECK(error([&] { (void)v["age"].as<bool>(); }) == "`i32` does not convert to bool");
  CHECK_FALSE(v["age"].try_as<bool>());
  CHECK(*v["age"].try_as<std::int64_t>() == 7);
}

// --- enums ---------------------------------------------------------------------------------------

TEST_CASE("enums go in by name or number, come out as both, and unknown numbers are kept") {
  enum class Mine { red = 1, green = 2 };
  Value v(user_type);
  v["color"] = "RED";
  CHECK(v["color"].as<Mine>() == Mine::red);
  v["color"] = Mine::green;
  CHECK(v["color"].as<std::string_view>() == "GREEN");  // of two names the first counts
  v["color"] = "ALSO_GREEN";
  CHECK(v["color"].as<std::string_view>() == "GREEN");
  v["color"] = 77;
  CHECK(v["color"].as<std::int32_t>() == 77);
  CHECK(error([&] { (void)v["color"].as<std::string>(); }) == "enum `Color` has no name for 77");
  CHECK(error([&] { v["color"] = true; }) == "expected enum `Color`, got a bool");
}

// --- bytes ---------------------------------------------------------------------------------------

TEST_CASE("string and binary both read as text or bytes, and bytes are never repaired") {
  Value v(user_type);
  const std::string bytes("\xff\0z", 3);
  v["blob"] = bytes;
  v["name"] = bytes;
  CHECK(v["blob"].as<std::string>() == bytes);
  CHECK(v["name"].as<std::string_view>() == bytes);
  CHECK(v["name"].as<std::span<const std::byte>>().size() == 3);
  v["blob"] = std::span<const std::byte>(v["name"].as<std::span<const std::byte>>());
  CHECK(v["blob"].as<std::string>() == bytes);
}

TEST_CASE("a uuid goes in as bytes or as text") {
  Value v(user_type);
  v["key"] = "5e2ab188-1726-4e75-a04f-1ed9a6a89c4c";
  CHECK(v["key"].as<Uuid>()[0] == 0x5e);
  v["key"] = Uuid{1, 2};
  CHECK(v["key"].as<Uuid>()[1] == 2);
  CHECK(error([&] { v["key"] = "5e2ab188"; }) == "`5e2ab188` is no uuid");
}

// --- unions --------------------------------------------------------------------------------------

TEST_CASE("setting a member of a union clears the other") {
  Value v(idl->type("Contact"), {{"email", "a@b"}});
  CHECK(v.member()->name() == "email");
  v["phone"] = 5;
  CHECK(v.member()->name() == "phone");
  CHECK(v.size() == 1);
  v["address"]["street"] = "s";
  CHECK(v.member()->name() == "address");
  CHECK(v["address"]["street"].as<std::string>() == "s");
  CHECK(v["email"].as<std::string>().empty());  // unset reads as empty, not as the bytes there
  CHECK(error([] { Value(idl->type("Contact"), {{"email", "x"}, {"phone", 1}}); }) ==
        "a union takes one member: `email` is given already, and `phone` too");
  CHECK(error([] { Value(idl->type("Contact"), {}); }) ==
        "a union takes one member, none is given");
}

// --- sets and maps -------------------------------------------------------------------------------

TEST_CASE("sets and maps compare and hash without order, and keep the order written") {
  const Value a = make({{"id", "1"}, {"counts", {{"a", 1}, {"b", 2}}}, {"numbers", {1, 2, 3}}});
  const Value b = make({{"id", "1"}, {"counts", {{"b", 2}, {"a", 1}}}, {"numbers", {3, 2, 1}}});
  CHECK(a == b);
  CHECK(a.hash() == b.hash());
  CHECK(b["counts"].as_map().begin().operator*().key.as<std::string>() == "b");
  const Value c = make({{"id", "1"}, {"counts", {{"a", 1}, {"b", 3}}}, {"numbers", {1, 2, 3}}});
  CHECK_FALSE(a == c);
  CHECK(Value(idl->type("list<i32>"), {1, 2}) == Value(idl->type("list<i32>"), {1, 2}));
  CHECK_FALSE(Value(idl->type("list<i32>"), {1, 2}) == Value(idl->type("list<i32>"), {2, 1}));
}

TEST_CASE("of equal keys the last wins, and an insert into a set drops duplicates") {
  const Value v = make({{"id", "1"}, {"counts", {{"a", 1}, {"b", 2}, {"a", 3}}}});
  CHECK(v["counts"].size() == 2);
  CHECK(v["counts"]["a"].as<int>() == 3);
  Value w = v;
  w["counts"].insert("b", 9);
  w["counts"].insert("c", 4);
  CHECK(w["counts"]["b"].as<int>() == 9);
  CHECK(w["counts"].size() == 3);
  w["numbers"].insert(5);
  w["numbers"].insert(5);
  CHECK(w["numbers"].size() == 1);
  CHECK(w["counts"].erase("b"));
  CHECK_FALSE(w["counts"].erase("b"));
  CHECK_FALSE(w["counts"].find("b"));
}

TEST_CASE("large maps and sets are indexed when they are built, and found either way") {
  Value v(user_type);
  for (int i = 0; i < 1000; ++i) {
    v["counts"].insert("key" + std::to_string(i), i);
    v["numbers"].insert(i % 100);
  }
  CHECK(v["counts"].size() == 1000);
  CHECK(v["numbers"].size() == 100);
  CHECK(v["counts"]["key777"].as<int>() == 777);
  const Value copy = v;  // copies have no index, and look up all the same
  CHECK(copy["counts"]["key999"].as<int>() == 999);
  CHECK_FALSE(copy["counts"].find("key1000"));
  CHECK(copy == v);
  CHECK(copy.hash() == v.hash());
  Value smaller = v;
  CHECK(smaller["counts"].erase("key0"));
  smaller["counts"].index();
  CHECK(smaller["counts"]["key500"].as<int>() == 500);
  CHECK_FALSE(smaller == v);
}

// --- floats --------------------------------------------------------------------------------------

TEST_CASE("zeroes are equal, NaN equals NaN, and bits are kept") {
  Value a(user_type);
  Value b(user_type);
  a["score"] = 0.0;
  b["score"] = -0.0;
  CHECK(a == b);
  CHECK(a.hash() == b.hash());
  CHECK(std::signbit(b["score"].as<double>()));
  a["score"] = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(a == b);
  b["score"] = -std::numeric_limits<double>::quiet_NaN();
  CHECK(a == b);
  CHECK(a.hash() == b.hash());
}

// --- assigning -----------------------------------------------------------------------------------

TEST_CASE("assigning copies deeply, also from within itself") {
  Value v = make({{"id", "1"}, {"boss", {{"id", "2"}, {"boss", {{"id", "3"}}}}}});
  v["boss"] = v["boss"]["boss"];
  CHECK(v["boss"]["id"].as<std::string>() == "3");
  CHECK_FALSE(v["boss"].has("boss"));
  v["boss"] = v;
  CHECK(v["boss"]["boss"]["id"].as<std::string>() == "3");
  v["team"].append(v["boss"]);
  v["team"].append(v["team"][0]);
  CHECK(v["team"].size() == 2);
  CHECK(v["team"][0] == v["team"][1].view());
}

TEST_CASE("overwritten memory stays until compact") {
  Value v(user_type);
  for (int i = 0; i < 1000; ++i) v["name"] = std::string(100, 'x');
  const std::size_t before = v.memory();
  CHECK(before > 100'000);
  v.compact();
  CHECK(v.memory() < 10'000);
  CHECK(v["name"].as<std::string>() == std::string(100, 'x'));
}

TEST_CASE("append and insert return the new place, so that big values are built there") {
  Value v(user_type);
  for (int i = 0; i < 100; ++i) {
    const ValueRef member = v["team"].append();
    member["id"] = std::to_string(i);
    member["address"]["street"] = "s" + std::to_string(i);
  }
  CHECK(v["team"].size() == 100);
  CHECK(v["team"][99]["address"]["street"].as<std::string>() == "s99");
  v["homes"].insert_key("RED")["street"] = "r";
  CHECK(v["homes"]["RED"]["street"].as<std::string>() == "r");
  CHECK(v["homes"][1]["street"].as<std::string>() == "r");
}

// --- limits --------------------------------------------------------------------------------------

TEST_CASE("building, copying, comparing, hashing and printing stop at the depth limit") {
  Value v(user_type);
  const auto nest = [&](std::size_t levels) {
    v.clear();
    std::string path;
    for (std::size_t i = 1; i < levels; ++i) path += path.empty() ? "boss" : ".boss";
    if (path.empty()) {
      v["id"] = "x";
    } else {
      v.path(path)["id"] = "x";
    }
  };
  nest(max_value_depth);
  CHECK(Value(v) == v);
  CHECK(v.hash() == Value(v).hash());
  CHECK_FALSE(to_json(v).empty());
  nest(max_value_depth);
  Value deeper(user_type);
  CHECK(error([&] { deeper["team"].append(v); }).find("nested deeper than 64 levels") !=
        std::string::npos);
  // Step by step one can build deeper: then the walks refuse.
  ValueRef at = v.ref()["boss"];
  for (std::size_t i = 0; i < 2 * max_value_depth; ++i) {
    const ValueRef next = at["boss"];
    next["id"] = "y";
    at.~ValueRef();
    new (&at) ValueRef(next);
  }
  CHECK(error([&] { (void)Value(v); }) == "nested deeper than 64 levels");
  CHECK(error([&] { (void)v.hash(); }) == "nested deeper than 64 levels");
  CHECK(error([&] { (void)(v == v); }) == "nested deeper than 64 levels");
  CHECK(error([&] { (void)to_json(v); }) == "nested deeper than 64 levels");
}

// --- schemas -------------------------------------------------------------------------------------

TEST_CASE("values cross schemas where the types agree in structure") {
  const SchemaPtr other = schema();
  const Value theirs(other->type("User"), {{"id", "9"}, {"tags", {"a", "b"}}});
  Value mine(user_type);
  mine["boss"] = theirs;
  CHECK(mine["boss"]["tags"][1].as<std::string>() == "b");
  CHECK(mine["boss"].view() == theirs.view());
  CHECK(mine["boss"].view().hash() == theirs.hash());
  CHECK(error([&] { mine["boss"] = Value(other->type("Address"), {{"street", "s"}}); }) ==
        "expected struct `User`, got struct `Address`: field 3 `age` of `User` is missing there");
}

TEST_CASE("values are keys of unordered containers") {
  std::unordered_set<Value> set;
  set.insert(make({{"id", "1"}}));
  set.insert(make({{"id", "1"}}));
  set.insert(make({{"id", "2"}}));
  CHECK(set.size() == 2);
}
