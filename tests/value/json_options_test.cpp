#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <thriftpp/value/json_options.hpp>
#include <vector>

using thrift::json_options;
using thrift::JsonOption;
using thrift::JsonOptions;

TEST_CASE("each option of JSON can be read and set as a word") {
  JsonOptions options;
  std::vector<std::string> standing;
  for (const JsonOption& option : json_options()) {
    standing.push_back(std::string(option.name) + "=" + std::string(option.get(options)));
    for (const std::string_view value : option.values) {
      CAPTURE(option.name);
      CHECK(option.set(options, value));
      CHECK(option.get(options) == value);
    }
  }
  CHECK(standing == std::vector<std::string>{"enums=name", "maps=object", "int64=number",
                                             "binary=base64", "defaults=omit", "indent=0"});
  CHECK(options.enums == JsonOptions::Enums::number);
  CHECK(options.maps == JsonOptions::Maps::pairs);
  CHECK(options.int64 == JsonOptions::Int64::string);
  CHECK(options.binary == JsonOptions::Binary::text);
  CHECK(options.defaults == JsonOptions::Defaults::write);
  CHECK(options.indent == 8);
}

TEST_CASE("a word that an option of JSON does not have changes nothing") {
  JsonOptions options;
  options.int64 = JsonOptions::Int64::string;
  const auto int64 = std::ranges::find(json_options(), "int64", &JsonOption::name);
  CHECK_FALSE(int64->set(options, "String"));
  CHECK_FALSE(int64->set(options, ""));
  CHECK(int64->get(options) == "string");
  options.indent = 20;
  CHECK(std::ranges::find(json_options(), "indent", &JsonOption::name)->get(options).empty());
}
