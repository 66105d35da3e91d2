#include <doctest/doctest.h>

#include <array>
#include <thriftpp/base/near_name.hpp>

using thrift::did_you_mean;
using thrift::near_name;

TEST_CASE("the nearest name is found across the usual slips") {
  constexpr std::array<std::string_view, 4> names{"name", "age", "userId", "getAllUsers"};
  CHECK(near_name("nmae", names) == "name");
  CHECK(near_name("Name", names) == "name");
  CHECK(near_name("userid", names) == "userId");
  CHECK(near_name("getAllUser", names) == "getAllUsers");
  CHECK(near_name("ages", names) == "age");
}

TEST_CASE("names that are not alike are not suggested") {
  constexpr std::array<std::string_view, 3> names{"id", "x", "password"};
  CHECK(near_name("zz", names).empty());
  CHECK(near_name("y", names).empty());
  CHECK(near_name("word", names).empty());
  CHECK(did_you_mean("zz", names).empty());
}

TEST_CASE("the hint is ready to append") {
  constexpr std::array<std::string_view, 1> names{"name"};
  CHECK(did_you_mean("nmae", names) == "; did you mean `name`?");
}
