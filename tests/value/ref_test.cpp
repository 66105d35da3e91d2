#include <vector>

#include "value/sample.hpp"

using namespace sample;

namespace {
const SchemaPtr idl = schema();
const Type& user_type = idl->type("User");
}  // namespace

TEST_CASE("a failed assignment changes nothing, not even presence") {
  Value v(user_type);
  CHECK_THROWS_AS((v["address"]["street"] = 5), TypeError);
  CHECK_FALSE(v.has("address"));
  CHECK_THROWS_AS((v["tags"] = {"a", 5}), TypeError);
  CHECK_FALSE(v.has("tags"));
  CHECK_THROWS_AS(v["tags"].append(5), TypeError);
  CHECK_FALSE(v.has("tags"));
  v["tags"] = {"a", "b"};
  CHECK_THROWS_AS((v["tags"] = {"c", 5}), TypeError);
  CHECK(v["tags"].as<std::vector<std::string>>() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("handles to one pending place see what another of them wrote") {
  Value v(user_type);
  const ValueRef first = v["address"]["city"];
  const ValueRef second = v["address"]["city"];
  first = "Ulm";
  CHECK(second.as<std::string>() == "Ulm");
  second = "Bonn";
  CHECK(first.as<std::string>() == "Bonn");
  CHECK(v["address"]["city"].as<std::string>() == "Bonn");
}

TEST_CASE("a pending element of a default list comes to be with the list") {
  Value v(user_type);
  const ValueRef element = v["ints"][1];
  CHECK(element.as<int>() == 2);
  CHECK_FALSE(v.has("ints"));
  element = 20;
  CHECK(v["ints"].as<std::vector<int>>() == std::vector<int>{1, 20, 3});
  CHECK(element.as<int>() == 20);
}

TEST_CASE("numbers are changed where they lie") {
  Value v(user_type, {{"id", "1"}, {"ints", {1, 2, 3}}});
  for (std::int32_t& n : v["ints"].as_span<std::int32_t>()) n *= 10;
  CHECK(v["ints"].as<std::vector<int>>() == std::vector<int>{10, 20, 30});
  CHECK(v.view()["ints"].as_span<std::int32_t>()[2] == 30);
  CHECK_THROWS_AS((void)v["tags"].as_span<std::int32_t>(), TypeError);
  CHECK_THROWS_AS((void)v["ints"].as_span<std::int64_t>(), TypeError);
  for (ValueRef n : v["ints"].as_list()) n = 0;
  CHECK(v["ints"].as<std::vector<int>>() == std::vector<int>{0, 0, 0});
}

TEST_CASE("lists are resized, erased from and cleared") {
  Value v(user_type, {{"id", "1"}, {"tags", {"a", "b", "c"}}});
  CHECK(v["tags"].erase_at(1));
  CHECK_FALSE(v["tags"].erase_at(2));
  CHECK(v["tags"].as<std::vector<std::string>>() == std::vector<std::string>{"a", "c"});
  v["tags"].resize(3);
  CHECK(v["tags"][2].as<std::string>().empty());
  v["tags"].resize(1);
  v["tags"].resize(2);
  CHECK(v["tags"][1].as<std::string>().empty());
  v["tags"].clear();
  CHECK(v["tags"].empty());
  CHECK(v.has("tags"));
  v.clear();
  CHECK_FALSE(v.has("tags"));
}

TEST_CASE("erasing a key that decoding kept twice removes both") {
  // Two entries of key "a", as a decoder leaves them.
  const Type& type = idl->type("map<string, i32>");
  Value v(type, {{"a", 1}, {"b", 2}});
  auto& slot = *const_cast<HashedSlot*>(reinterpret_cast<const HashedSlot*>(v.view().cell()));
  const StringSlot a{"a", 1};
  std::memcpy(slot.data + type.slot().entry_size, &a, sizeof(a));
  CHECK(v["a"].as<int>() == 2);  // the last counts
  CHECK(v == Value(type, {{"a", 2}}));
  CHECK(v.hash() == Value(type, {{"a", 2}}).hash());
  Value indexed = v;
  indexed.ref().index();
  CHECK(indexed.size() == 1);
  CHECK(v.erase("a"));
  CHECK(v.empty());
}

TEST_CASE("operations on the wrong kind of value say so") {
  Value v(user_type, {{"id", "1"}});
  CHECK(error([&] { v["age"].append(1); }) == "`i32` cannot be appended to: it is no list");
  CHECK(error([&] { v["age"].clear(); }) == "`i32` cannot be cleared");
  CHECK(error([&] { (void)v["age"]["x"]; }) == "`i32` has no fields");
  CHECK(error([&] { (void)v["age"][0]; }) == "`i32` has no elements");
  CHECK(error([&] { v["tags"].insert("x"); }) == "`list<string>` is no set");
  CHECK(error([&] { (void)v.view().as_list(); }) == "struct `User` is no list or set");
  Value nothing;
  CHECK(error([&] { nothing = 5; }) == "expected `void`, got the integer 5");
}
