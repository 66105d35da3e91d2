#include <map>
#include <optional>
#include <set>
#include <vector>

#include "value/sample.hpp"

using namespace sample;

namespace {
const SchemaPtr idl = schema();
const Type& user_type = idl->type("User");
}  // namespace

TEST_CASE("containers convert to C++ containers") {
  const Value v(user_type, {{"id", "1"},
                            {"tags", {"a", "b"}},
                            {"numbers", {3, 1}},
                            {"counts", {{"x", 1}, {"y", 2}}},
                            {"by_number", {{1, {"p", "q"}}}}});
  CHECK(v["tags"].as<std::vector<std::string_view>>()[1] == "b");
  CHECK(v["numbers"].as<std::set<std::int64_t>>() == std::set<std::int64_t>{1, 3});
  CHECK(v["counts"].as<std::map<std::string, int>>() ==
        std::map<std::string, int>{{"x", 1}, {"y", 2}});
  CHECK(v["by_number"].as<std::map<int, std::vector<std::string>>>().at(1).size() == 2);
  CHECK(v["age"].as<std::optional<int>>() == 0);
  CHECK_THROWS_AS((void)v["tags"].as<std::vector<int>>(), TypeError);
}

TEST_CASE("the set fields of a struct are iterated in the order of the IDL") {
  const Value v(user_type, {{"age", 3}, {"id", "1"}, {"tags", {"a", "b"}}});
  std::string names;
  for (const auto& [field, value] : v.fields()) names += std::string(field.name()) + ' ';
  CHECK(names == "id name age tags ints ");
}

TEST_CASE("keys of any type are found by a value of theirs") {
  const Type& type = idl->type("map<list<i32>, string>");
  Value v(type);
  v.insert({1, 2}, "a");
  v.insert({3, 4}, "b");
  const Value key(idl->type("list<i32>"), {3, 4});
  CHECK(v.view().find(key.view())->as<std::string>() == "b");
  const Value absent(idl->type("list<i32>"), {9, 9});
  CHECK_FALSE(v.view().find(absent.view()));
  const Value wrong(idl->type("list<i64>"));
  CHECK(error([&] { (void)v.view().find(wrong.view()); }) ==
        "`map<list<i32>, string>` has no keys of type `list<i64>`");
}

TEST_CASE("a view of nothing is void") {
  const ValueView nothing;
  CHECK(nothing.type().is_void());
  CHECK(nothing == ValueView());
  CHECK(Value() == Value());
  CHECK(Value(ValueView()).is_void());
}
