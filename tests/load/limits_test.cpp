#include <doctest/doctest.h>

#include "support.hpp"

using namespace thrift;
using namespace thrift::test;

namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// N typedefs, each of the one before (or, in reverse, of the one after).
std::string typedefs(std::size_t n, bool reverse) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t k = reverse ? n - 1 - i : i;
    text += "typedef " + (k == 0 ? "i32" : "T" + std::to_string(k - 1)) + " T" + std::to_string(k) +
            "\n";
  }
  return text;
}
std::string constants(std::size_t n, bool reverse) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t k = reverse ? n - 1 - i : i;
    text += "const i32 C" + std::to_string(k) + " = " +
            (k == 0 ? "1" : "C" + std::to_string(k - 1)) + "\n";
  }
  return text;
}
std::size_t count(const std::string& ids, const std::string& id) {
  std::size_t n = 0;
  for (std::size_t at = ids.find(id); at != std::string::npos; at = ids.find(id, at + 1)) ++n;
  return n;
}

LoadOptions limited(void (*set)(LoadLimits&)) {
  LoadOptions options;
  set(options.limits);
  return options;
}

}  // namespace

TEST_CASE("limit: bytes of a file") {
  const Files files{{"m.thrift", "include \"b.thrift\""}, {"b.thrift", "// 89 abcdefghijk"}};
  CHECK(ids(files, limited([](LoadLimits& l) { l.max_file_bytes = 18; })) == "");
  CHECK(ids(files, limited([](LoadLimits& l) { l.max_file_bytes = 17; })) == "file-too-large");
  CHECK(ids({{"m.thrift", "include \"b.thrift\""}, {"b.thrift", "// 89 abcdefghijkl "}},
            limited([](LoadLimits& l) { l.max_file_bytes = 18; })) == "1:9 file-too-large");
}

TEST_CASE("limit: files of a load") {
  const Files files{{"m.thrift", "include \"b.thrift\" include \"c.thrift\""},
                    {"b.thrift", ""},
                    {"c.thrift", ""}};
  CHECK(ids(files, limited([](LoadLimits& l) { l.max_files = 3; })) == "");
  CHECK(ids(files, limited([](LoadLimits& l) { l.max_files = 2; })) == "1:28 too-many-files");
}

TEST_CASE("limit: includes of a file") {
  const std::string text = repeated("include \"b.thrift\"\n", 5);
  CHECK(ids({{"m.thrift", text}, {"b.thrift", ""}},
            limited([](LoadLimits& l) { l.max_files = 5; })) == "");
  CHECK(ids({{"m.thrift", text + "include \"b.thrift\"\ninclude \"b.thrift\"\n"}, {"b.thrift", ""}},
            limited([](LoadLimits& l) { l.max_files = 5; })) == "6:9 too-many-files");
}

TEST_CASE("limit: depth of includes") {
  const Files files{
      {"m.thrift", "include \"b.thrift\""}, {"b.thrift", "include \"c.thrift\""}, {"c.thrift", ""}};
  CHECK(ids(files, limited([](LoadLimits& l) { l.max_include_depth = 2; })) == "");
  CHECK(ids(files, limited([](LoadLimits& l) { l.max_include_depth = 1; })) ==
        "b.thrift:1:9 includes-too-deep");
}

TEST_CASE("limit: nesting of types, as written and through typedefs") {
  const auto written = [](std::size_t lists) {
    return "struct S { 1: " + repeated("list<", lists) + "i32" + repeated(">", lists) + " x }";
  };
  CHECK(ids(written(63)) == "");
  CHECK(count(ids(written(64)), "error") == 0);
  CHECK(ids(written(64)) != "");
  const auto named = [](std::size_t lists) {
    std::string text = "typedef i32 T0\n";
    for (std::size_t i = 1; i <= lists; ++i) {
      text += "typedef list<T" + std::to_string(i - 1) + "> T" + std::to_string(i) + "\n";
    }
    return text;
  };
  CHECK(ids(named(63)) == "");
  CHECK(ids(named(64)) == "65:9 type-too-large");
}

TEST_CASE("limit: chains of typedefs, whatever their order") {
  CHECK(ids(typedefs(256, false)) == "");
  CHECK(ids(typedefs(256, true)) == "");
  CHECK(ids(typedefs(257, false)) == "257:14 typedef-chain-too-long");
  CHECK(count(ids(typedefs(257, true)), "typedef-chain-too-long") == 1);
  CHECK(count(ids(typedefs(5000, true)), "typedef-chain-too-long") >= 1);
}

TEST_CASE("limit: chains of constants, whatever their order") {
  CHECK(ids(constants(256, false)) == "");
  CHECK(ids(constants(256, true)) == "");
  CHECK(ids(constants(257, false)) == "257:11 constant-chain-too-long");
  CHECK(count(ids(constants(257, true)), "constant-chain-too-long") == 1);
  CHECK(count(ids(constants(5000, true)), "constant-chain-too-long") >= 1);
}

TEST_CASE("limit: names in a type that is spelt out") {
  const std::string text = "typedef map<i32, i32> A typedef map<A, A> B struct S { 1: B b }";
  CHECK(ids(text, limited([](LoadLimits& l) { l.max_type_names = 7; })) == "");
  CHECK(ids(text, limited([](LoadLimits& l) { l.max_type_names = 6; })) == "1:33 type-too-large");
}

TEST_CASE("limit: typedefs that double are refused before they take memory") {
  std::string text = "typedef map<i32, i32> T0\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "T" + std::to_string(i - 1);
    text += "typedef map<" + before + ", " + before + "> T" + std::to_string(i) + "\n";
  }
  CHECK(ids(text) == "8:9 type-too-large");
}

TEST_CASE("limit: bytes of all types that are spelt out") {
  const std::string name(100, 'N');
  const std::string text =
      "struct " + name + " {} struct S { 1: list<" + name + "> a, 2: set<" + name + "> b }";
  CHECK(ids(text, limited([](LoadLimits& l) { l.max_type_bytes = 250; })) == "");
  CHECK(ids(text, limited([](LoadLimits& l) { l.max_type_bytes = 210; })) ==
        "1:239 type-too-large");
}

TEST_CASE("limit: functions of all services") {
  const std::string text = "service A { void f() } service B extends A { void g() }";
  CHECK(ids(text, limited([](LoadLimits& l) { l.max_functions = 3; })) == "");
  CHECK(ids(text, limited([](LoadLimits& l) { l.max_functions = 2; })) ==
        "1:32 too-many-functions");
}

TEST_CASE("limit: values in constants and defaults") {
  const std::string text = "const list<i32> A = [1, 2] struct S { 1: list<list<i32>> l = [A, A] }";
  CHECK(ids(text, limited([](LoadLimits& l) { l.max_constant_values = 10; })) == "");
  CHECK(ids(text, limited([](LoadLimits& l) { l.max_constant_values = 9; })) ==
        "1:66 constant-too-large");
}

TEST_CASE("limit: constants that double are refused before they take time") {
  std::string text = "struct P { 1: P a, 2: P b }\nconst P C0 = {}\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "C" + std::to_string(i - 1);
    text += "const P C" + std::to_string(i) + " = {\"a\": " + before + ", \"b\": " + before + "}\n";
  }
  CHECK(count(ids(text), "constant-too-large") == 1);
}

TEST_CASE("limit: nesting of constants, as written and through references") {
  std::string text = "struct P { 1: P p }\nconst P C1 = {}\n";
  for (int i = 2; i <= 64; ++i) {
    text += "const P C" + std::to_string(i) + " = {\"p\": C" + std::to_string(i - 1) + "}\n";
  }
  CHECK(ids(text) == "");
  CHECK(ids(text + "const P D = {\"p\": C64}\n") == "66:19 constant-too-large");
}

TEST_CASE("limit: memory of constants and defaults") {
  std::string fields;
  for (int i = 1; i <= 100; ++i) fields += std::to_string(i) + ": i64 f" + std::to_string(i) + ",";
  const std::string text = "struct P {" + fields + "} const list<P> A = [{}, {}, {}, {}]";
  CHECK(ids(text, limited([](LoadLimits& l) { l.max_constant_bytes = 4000; })) == "");
  CHECK(count(ids(text, limited([](LoadLimits& l) { l.max_constant_bytes = 3000; })),
              "constant-too-large") == 1);
}

TEST_CASE("limit: number of errors") {
  LoadOptions options;
  options.diagnostics.max_errors = 3;
  const std::string text = "struct S { 1: A a, 2: B b, 3: C c, 4: D d }";
  const Result<Idl> failed = try_files({{"m.thrift", text}}, options);
  CHECK(diagnostics_of(failed).all().size() == 3);
  CHECK(diagnostics_of(failed).error_count() == 4);
}

TEST_CASE("limit: fields of a struct") {
  const auto text = [](int last) {
    std::string fields;
    for (int id = -32768; id <= last; ++id) {
      if (id != 0) fields += std::to_string(id) + ":i8 f" + std::to_string(id + 32768) + ";";
    }
    return "struct S {" + fields + "}";
  };
  const Result<Idl> most = try_files({{"m.thrift", text(32766)}}, {.keep_negative_ids = true});
  REQUIRE(most);
  CHECK(most->struct_type("S").fields().size() == 65534);
  CHECK(count(ids(text(32767), {.keep_negative_ids = true}), "too-many-fields") == 1);
}
