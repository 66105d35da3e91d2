#include <doctest/doctest.h>

#include <thriftpp/load/load.hpp>

using namespace thrift;

namespace {

const Idl idl = loads(R"(
const string GREETING = "hello"
struct User { 1: required string id, 2: i32 age = 7 }
exception NotFound { 1: string id }
service Users { User get(1: string id) throws (1: NotFound missing) }
)");

std::string error(void (*f)()) {
  try {
    f();
  } catch (const TypeError& e) {
    return e.message();
  }
  return "nothing was thrown";
}

}  // namespace

TEST_CASE("an Idl makes values, checked where they are made") {
  const Value user = idl.make("User", {{"id", "1"}});
  CHECK(user["age"].as<int>() == 7);
  CHECK(user.has("age"));
  CHECK(idl.make("list<User>", thrift::list{user}).size() == 1);
  CHECK(idl.make("User").size() == 0);
  CHECK(error([] { (void)idl.make("User", {}); }) ==
        "id: required field of struct `User` is missing");
  CHECK(error([] { (void)idl.make("Usr", {}); }) == "no type `Usr`; did you mean `User`?");
}

TEST_CASE("an Idl makes declared exceptions, and only those") {
  const ServiceException e = idl.exception("NotFound", {{"id", "1"}});
  CHECK(e.is("NotFound"));
  CHECK(e["id"].as<std::string>() == "1");
  CHECK(error([] { (void)idl.exception("User", {{"id", "1"}}); }) ==
        "`User` is no exception, it is a struct");
}

TEST_CASE("constants and defaults read as values") {
  CHECK(ValueView(idl.constant("GREETING")).as<std::string_view>() == "hello");
  CHECK(ValueView(idl.struct_type("User").field("age")).as<int>() == 7);
}
