#include <sstream>
#include <thriftpp/value/service_exception.hpp>
#include <thriftpp/value/text.hpp>

#include "value/sample.hpp"

using namespace sample;

namespace {
const SchemaPtr idl = schema();
const Type& user_type = idl->type("User");
}  // namespace

TEST_CASE("a value prints as plain JSON") {
  const Value v(user_type, {{"id", "1"},
                            {"name", "A \"quoted\" name"},
                            {"color", "RED"},
                            {"tags", {"a", "b"}},
                            {"counts", {{"x", 1}, {"y", -2}}},
                            {"score", 1.5},
                            {"blob", "\x01\x02"},
                            {"key", "00112233-4455-6677-8899-aabbccddeeff"},
                            {"ints", thrift::list{}},
                            {"contact", {{"phone", 5}}},
                            {"homes", {{"RED", {{"street", "s"}}}, {7, {{"street", "t"}}}}},
                            {"by_number", {{1, thrift::list{"z"}}, {2, thrift::list{}}}}});
  std::ostringstream out;
  out << v;
  CHECK(out.str() ==
        R"({"id":"1","name":"A \"quoted\" name","tags":["a","b"],"counts":{"x":1,"y":-2},)"
        R"("color":"RED","score":1.5,"blob":"AQI=","key":"00112233-4455-6677-8899-aabbccddeeff",)"
        R"("ints":[],"contact":{"phone":5},"homes":{"RED":{"street":"s"},"7":{"street":"t"}},)"
        R"("by_number":{"1":["z"],"2":[]}})");
}

TEST_CASE("the options of JSON do what they say") {
  const Value v(user_type, {{"id", "1"},
                            {"color", 2},
                            {"big", 9007199254740993},
                            {"blob", "text"},
                            {"counts", {{"x", 1}, {"y", 2}}},
                            {"ints", thrift::list{7}}});
  using Options = JsonOptions;
  const auto text = [&](const Options& options, std::string_view field) {
    return to_json(v[field], options);
  };
  CHECK(text({}, "color") == "\"GREEN\"");
  CHECK(text({.enums = Options::Enums::number}, "color") == "2");
  CHECK(text({}, "big") == "9007199254740993");
  CHECK(text({.int64 = Options::Int64::string}, "big") == "\"9007199254740993\"");
  CHECK(text({}, "blob") == "\"dGV4dA==\"");
  CHECK(text({.binary = Options::Binary::text}, "blob") == "\"text\"");
  CHECK(text({.maps = Options::Maps::pairs}, "counts") == R"([["x",1],["y",2]])");
  CHECK(to_json(Value(user_type), {.defaults = Options::Defaults::write}) ==
        R"({"name":"nobody","vip":true,"ints":[1,2,3]})");
  CHECK(to_json(v["ints"], {.indent = 2}) == "[\n  7\n]");
}

TEST_CASE("a string that is not UTF-8 keeps its bytes, and a map with such a key becomes pairs") {
  Value v(user_type);
  v["name"] = "\xff";
  v["counts"].insert("\xfe", 1);
  CHECK(to_json(v) == R"({"name":{"base64":"/w=="},"counts":[[{"base64":"/g=="},1]]})");
}

TEST_CASE("uuids are read in both cases and in braces") {
  const auto uuid = parse_uuid("{5E2AB188-1726-4e75-a04f-1ed9a6a89c4c}");
  REQUIRE(uuid);
  CHECK(to_string(*uuid) == "5e2ab188-1726-4e75-a04f-1ed9a6a89c4c");
  for (const std::string_view bad :
       {"", "5e2ab188", "5e2ab18817264e75a04f1ed9a6a89c4c", "5e2ab188-1726-4e75-a04f-1ed9a6a89c4g",
        "5e2ab188-1726-4e75-a04f01ed9a6a89c4c"}) {
    CHECK_FALSE(parse_uuid(bad));
  }
}

TEST_CASE("a service exception carries its value and prints it") {
  const ServiceException e(Value(idl->type("Address"), {{"street", "s"}}));
  CHECK(e.message() == R"(Address {"street":"s"})");
  CHECK(e.is("Address"));
  CHECK(e["street"].as<std::string>() == "s");
  CHECK_THROWS_AS(e.failure().raise(), ServiceException);
}
