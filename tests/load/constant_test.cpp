#include <doctest/doctest.h>

#include <thriftpp/value/view.hpp>

#include "support.hpp"

using namespace thrift;
using namespace thrift::test;

namespace {

/// The value of `const TYPE K = VALUE` behind `before`.
std::string value(const std::string& type, const std::string& text,
                  const std::string& before = {}) {
  return value_of(loads(before + "\nconst " + type + " K = " + text), "K");
}
std::string mistakes(const std::string& type, const std::string& text,
                     const std::string& before = {}) {
  return ids(before + "\nconst " + type + " K = " + text);
}

}  // namespace

TEST_CASE("scalars are evaluated to their type") {
  CHECK(value("bool", "true") == "true");
  CHECK(value("bool", "5") == "true");
  CHECK(value("i8", "-128") == "-128");
  CHECK(value("i16", "0x7fff") == "32767");
  CHECK(value("i32", "true") == "1");
  CHECK(value("i64", "-9223372036854775808") == "-9223372036854775808");
  CHECK(value("double", "3") == "3.0");
  CHECK(value("double", "-1.5e-3") == "-0.0015");
  CHECK(value("string", "'a\"b\\n'") == "\"a\\\"b\\n\"");
  CHECK(value("binary", "\"abc\"") == "\"YWJj\"");
  CHECK(value("uuid", "\"{00112233-4455-6677-8899-aaBBccDDeeFF}\"") ==
        "\"00112233-4455-6677-8899-aabbccddeeff\"");
}

TEST_CASE("integers must fit their type") {
  CHECK(mistakes("i8", "300") == "2:14 constant-range");
  CHECK(mistakes("i16", "-32769") == "2:15 constant-range");
  CHECK(mistakes("i32", "5000000000") == "2:15 constant-range");
  CHECK(mistakes("i8", "127") == "");
}

TEST_CASE("integers that fit without the sign are taken by their bits, with a warning") {
  CHECK(value("i8", "200") == "-56");
  CHECK(value("i8", "255") == "-1");
  CHECK(mistakes("i8", "256") == "2:14 constant-range");
  CHECK(value("i32", "0xFFFFFFFF") == "-1");
  CHECK(mistakes("i32", "0x80000000") == "2:15 warning unsigned-constant");
  CHECK(mistakes("i32", "4294967296") == "2:15 constant-range");
}

TEST_CASE("values of another type are refused") {
  CHECK(mistakes("string", "1") == "2:18 constant-type");
  CHECK(mistakes("i32", "\"1\"") == "2:15 constant-type");
  CHECK(mistakes("i32", "1.5") == "2:15 constant-type");
  CHECK(mistakes("list<i32>", "{1: 2}") == "2:21 constant-type");
  CHECK(mistakes("map<i32,i32>", "[1, 2]") == "2:24 constant-type");
  CHECK(mistakes("list<i32>", "[1, \"x\", 2.5]") == "2:25 constant-type, 2:30 constant-type");
  CHECK(mistakes("uuid", "\"0123\"") == "2:16 invalid-uuid");
  CHECK(mistakes("P", "[]", "struct P {}") == "2:13 constant-type");
}

TEST_CASE("containers are evaluated, and empty brackets are any container") {
  CHECK(value("list<i32>", "[1-2+3]") == "[1,-2,3]");
  CHECK(value("list<list<string>>", "[[\"a\"], [], {}]") == "[[\"a\"],[],[]]");
  CHECK(value("set<i32>", "{}") == "[]");
  CHECK(value("map<i32,string>", "[]") == "{}");
  CHECK(value("map<string,map<i32,bool>>", "{\"a\": {1: true}}") == "{\"a\":{\"1\":true}}");
  CHECK(value("map<double,i32>", "{1: 2, 2.5: 3}") == "{\"1.0\":2,\"2.5\":3}");
}

TEST_CASE("of a key that is there twice the last value counts, with a warning") {
  CHECK(value("map<string,i32>", "{\"a\": 1, \"b\": 2, \"a\": 3}") == "{\"a\":3,\"b\":2}");
  CHECK(mistakes("map<list<i32>,i32>", "{[1]: 1, [1]: 2}") == "2:39 warning duplicate-map-key");
  CHECK(mistakes("map<double,i32>", "{0: 1, -0.0: 2}") == "2:34 warning duplicate-map-key");
}

TEST_CASE("an element that is in a set already is dropped, with a warning") {
  CHECK(value("set<i32>", "[1, 2, 2, 1]") == "[1,2]");
  CHECK(value("set<P>", "[{\"x\": 1}, {\"x\": 1}, {}]", "struct P {1: i32 x}") == "[{\"x\":1},{}]");
  CHECK(mistakes("set<i32>", "[1, 1]") == "2:24 warning duplicate-set-element");
  CHECK(mistakes("set<set<i32>>", "[[1, 2], [2, 1]]") == "2:34 warning duplicate-set-element");
  CHECK(value("list<i32>", "[1, 1]") == "[1,1]");
}

TEST_CASE("enums are given by name, by qualified name, or by a number that has a name") {
  const std::string e = "enum E { A = 1, B } enum F { B = 7, C } typedef E T";
  CHECK(value("E", "E.B", e) == "\"B\"");
  CHECK(value("E", "2", e) == "\"B\"");
  CHECK(value("T", "T.A", e) == "\"A\"");
  CHECK(value("i32", "F.C", e) == "8");
  CHECK(mistakes("E", "7", e) == "2:13 unknown-enum-value");
  CHECK(mistakes("E", "F.B", e) == "2:13 constant-type");
  CHECK(mistakes("E", "\"B\"", e) == "2:13 constant-type");
  CHECK(mistakes("E", "E.Z", e) == "2:13 unknown-constant");
  CHECK(mistakes("E", "Nope.A", e) == "2:13 unknown-constant");
}

TEST_CASE("an enum's value may stand alone where the type says which enum it is") {
  const std::string e = "enum E { A = 1, B }";
  CHECK(value("E", "B", e) == "\"B\"");
  CHECK(mistakes("E", "B", e) == "2:13 warning unqualified-enum-value");
  CHECK(mistakes("i32", "B", e) == "2:15 unknown-constant");
  CHECK(value("map<E,list<E>>", "{A: [A, B]}", e) == "{\"A\":[\"A\",\"B\"]}");
}

TEST_CASE("a value behind another enum's name counts only where that enum has none of the name") {
  const std::string e = "enum E { A, B } enum F { C }";
  CHECK(value("E", "F.B", e) == "\"B\"");
  CHECK(mistakes("E", "F.B", e) == "2:13 warning wrong-enum-name");
  CHECK(ids({{"m.thrift", "include \"b.thrift\"\nconst b.E K = E.A\nconst b.E L = b.A"},
             {"b.thrift", "enum E { A }"}}) == "3:15 warning unqualified-enum-value");
}

TEST_CASE("a constant may be used wherever its value may stand") {
  const std::string k =
      "const i32 I = 3 const list<i32> L = [I, I] enum E { A, B } const E X = E.B";
  CHECK(value("double", "I", k) == "3.0");
  CHECK(value("i64", "I", k) == "3");
  CHECK(value("list<i32>", "L", k) == "[3,3]");
  CHECK(value("list<double>", "L", k) == "[3.0,3.0]");
  CHECK(value("map<string,list<i32>>", "{\"a\": L, \"b\": [I]}", k) == "{\"a\":[3,3],\"b\":[3]}");
  CHECK(value("i32", "X", k) == "1");
  CHECK(value("E", "X", k) == "\"B\"");
  CHECK(mistakes("string", "I", k) == "2:18 constant-type");
  CHECK(mistakes("i8", "BIG", "const i32 BIG = 1000") == "2:14 constant-range");
}

TEST_CASE("constants that depend on each other are one error that shows the cycle") {
  CHECK(ids("const i32 A = B\nconst i32 B = C\nconst i32 C = B\nconst i32 D = A") ==
        "2:11 constant-cycle");
  CHECK(ids("const i32 A = A") == "1:11 constant-cycle");
  const auto failed = try_loads("const list<i32> A = [B] const i32 B = C const i32 C = B");
  CHECK(failed.error().message().find("`B` -> `C` -> `B`") != std::string::npos);
}

TEST_CASE("a name that is no constant is an error with the nearest one") {
  const auto failed = try_loads("const i32 LIMIT = 1 const i32 K = LIMTI");
  CHECK(failed.error().message().find("no constant or enum value `LIMTI`; did you mean `LIMIT`?") !=
        std::string::npos);
  CHECK(mistakes("string", "TEXTT", "const string TEXT = \"\"") == "2:18 unknown-constant");
}

TEST_CASE("a name that is nothing known is read as a string where one is wanted, with a warning") {
  CHECK(value("map<i32,string>", "{1: PARTNER}") == "{\"1\":\"PARTNER\"}");
  CHECK(mistakes("string", "PARTNER") == "2:18 warning unquoted-string");
  CHECK(mistakes("i32", "PARTNER") == "2:15 unknown-constant");
}

TEST_CASE("struct constants name their fields") {
  const std::string p = "struct P { 1: required i32 x, 2: P next, 3: list<P> all, 4: i32 y = 5 } ";
  CHECK(value("P", "{\"x\": 1, \"next\": {\"x\": 2, \"next\": {}}, \"all\": [{\"x\": 3}, {}]}",
              p) == "{\"x\":1,\"next\":{\"x\":2,\"next\":{}},\"all\":[{\"x\":3},{}]}");
  CHECK(mistakes("P", "{\"z\": 1}", p) == "2:14 unknown-field");
  CHECK(mistakes("P", "{x: 1}", p) == "2:14 constant-type");
  CHECK(value("P", "{N: 1}", p + "const string N = \"x\"") == "{\"x\":1}");
  CHECK(mistakes("P", "{\"x\": \"one\", \"next\": {\"x\": []}}", p) ==
        "2:19 constant-type, 2:40 constant-type");
}

TEST_CASE("a struct constant leaves what it does not name unset, and reads it as the default") {
  const Idl idl = loads("struct P { 1: i32 x, 2: i32 y = 5 } const P K = {\"x\": 1}");
  const ValueView k(idl.constant("K"));
  CHECK_FALSE(k.has("y"));
  CHECK(k["y"].as<std::int32_t>() == 5);
}

TEST_CASE("a union constant has one member at most") {
  const std::string u = "union U { 1: i32 a, 2: string b }";
  CHECK(value("U", "{\"b\": \"x\"}", u) == "{\"b\":\"x\"}");
  CHECK(mistakes("U", "{\"a\": 1, \"b\": \"x\"}", u) == "2:22 union-members");
  CHECK(value("U", "{}", u) == "{}");
}

TEST_CASE("defaults are what unset fields read as") {
  const Idl idl = loads(
      "enum E { A = 4 } struct P { 1: i32 x = 3 } const list<i32> L = [1] "
      "struct S { 1: P p = {\"x\": 7}, 2: E e = E.A, 3: list<i32> l = L, 4: P q, 5: i32 n } "
      "service T { void f(1: i32 a = 9) }");
  CHECK(default_of(idl, "S", "p") == "{\"x\":7}");
  CHECK(default_of(idl, "S", "e") == "\"A\"");
  CHECK(default_of(idl, "S", "l") == "[1]");
  CHECK_FALSE(idl.struct_type("S").field("q").has_default());
  CHECK(idl.struct_type("S").field("p").has_default());
  const Field& a = idl.service().function("f").arguments().fields()[0];
  CHECK(to_json(ValueView(a.type(), a.default_slot())) == "9");
}

TEST_CASE("mistakes in defaults are told like those in constants") {
  CHECK(ids("struct S { 1: i32 a = \"x\", 2: list<i8> b = [1, 1000] }") ==
        "1:23 constant-type, 1:48 constant-range");
}

TEST_CASE("a constant of one enum is no value of another") {
  CHECK(
      ids("enum E { A = 3 }\nenum F { Q = 3 }\nconst E X = E.A\nconst F Z = X\nconst i32 I = X") ==
      "4:13 constant-type");
}

TEST_CASE("neither `null` nor a key is a string that lacks its quotes") {
  for (const char* nothing : {"null", "nil", "None", "NULL", "nullptr", "undefined"}) {
    CHECK(ids("struct S { 1: string a = " + std::string(nothing) + " }") ==
          "1:26 unknown-constant");
  }
  CHECK(ids("const map<string, string> M = {a: b}") ==
        "1:32 unknown-constant, 1:35 warning unquoted-string");
}
