// Numbers are written and read with a point, whatever the program's locale.

#include <doctest/doctest.h>
#include <unistd.h>

#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <support/shared.hpp>
#include <thriftpp/nlohmann.hpp>
#include <thriftpp/thriftpp.hpp>

using namespace thrift;

namespace {

/// A locale whose decimal point is a comma, for as long as this lives.
class Comma {
 public:
  Comma() {
    std::filesystem::create_directories(folder_);
    const std::string make =
        "localedef -i de_DE -f UTF-8 '" + (folder_ / "de_DE.UTF-8").string() + "' >/dev/null 2>&1";
    if (std::system(make.c_str()) != 0) return;
    ::setenv("LOCPATH", folder_.c_str(), 1);
    is_set_ = std::setlocale(LC_ALL, "de_DE.UTF-8") != nullptr;
  }
  ~Comma() {
    std::setlocale(LC_ALL, "C");
    ::unsetenv("LOCPATH");
    std::filesystem::remove_all(folder_);
  }
  Comma(const Comma&) = delete;
  Comma& operator=(const Comma&) = delete;
  [[nodiscard]] bool is_set() const { return is_set_; }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("thriftpp_locale." + std::to_string(::getpid()));
  bool is_set_ = false;
};

}  // namespace

TEST_CASE("a locale with a decimal comma changes no number") {
  const Comma comma;
  if (!comma.is_set()) return test::skip("a locale with a decimal comma", "no localedef or de_DE");
  REQUIRE(std::string(std::localeconv()->decimal_point) == ",");

  const Idl idl = loads(R"(
    const double X = 1.25
    struct S { 1: double d = 2.5; 2: list<double> all; 3: map<double, i32> by; 4: i32 n }
  )");
  CHECK(ValueView(idl.constant("X")).as<double>() == 1.25);
  const Type& type = idl.type("S");
  const std::string text = R"({"d":1.5,"all":[0.1,100.0,123.456,2500.0,-0.0],"by":{"0.5":1}})";
  const Value value = from_json(text, type);
  CHECK(value["d"].as<double>() == 1.5);
  CHECK(to_json(value) == text);
  const nlohmann::json document = to_nlohmann(value);
  CHECK(from_nlohmann(document, type) == value);
  CHECK(from_json(R"({"all":[2.5e3,1e2,1E-2]})", type) ==
        from_json(R"({"all":[2500,100,0.01]})", type));
  CHECK(JsonDocument("1.5").root().kind() == JsonKind::number);
  CHECK(try_from_json(R"({"n":1.5})", type).error().message().find("`1.5`") != std::string::npos);

  for (const ProtocolId protocol : {ProtocolId::binary, ProtocolId::compact, ProtocolId::json}) {
    const Buffer bytes = encode(protocol, value);
    CHECK(decode(protocol, bytes.bytes(), type) == value);
    Buffer direct;
    from_json(text, type, protocol, direct);
    CHECK(direct.text() == bytes.text());
    CHECK(to_json(protocol, bytes.bytes(), type) == text);
  }
  const auto described = nlohmann::json::parse(describe_apache_json(idl));
  CHECK(described["constants"][0]["value"] == 1.25);
  CHECK(described["structs"][0]["fields"][0]["default"] == 2.5);
}
