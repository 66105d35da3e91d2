#include <doctest/doctest.h>

#include <thriftpp/idl/printer.hpp>

#include "support.hpp"

using namespace thrift;
using namespace thrift::test;

namespace {

void check_round_trip(const std::string& text) {
  CAPTURE(text);
  const Parsed first(text);
  CHECK_MESSAGE(first.diagnostics.error_count() == 0, render_text(first.diagnostics));
  const std::string printed = print_idl(first.program);
  CAPTURE(printed);
  const Parsed second(printed);
  CHECK_MESSAGE(second.diagnostics.error_count() == 0, render_text(second.diagnostics));
  CHECK(ast::same_structure(first.program, second.program));
}

}  // namespace

TEST_CASE("the layout is uniform") {
  const Parsed parsed(R"(/** The program. */ namespace py a.b include "x.thrift"
    /** One line. */ struct A{1:required list<i32>a=[1,2](x="y",z)  optional string b}(k='v')
    /** Two
      * lines. */ enum E{A=1 B,}
    service S extends x.T{void f(1:i32 a,2:i32 b)throws(1:X x);oneway void g()}
    typedef map < string , list<i64> > M const M C = {'a':[1]} struct Empty {})");
  CHECK(print_idl(parsed.program) == R"(/** The program. */
namespace py a.b
include "x.thrift"

/** One line. */
struct A {
  1: required list<i32> a = [1, 2] (x = "y", z);
  optional string b;
} (k = 'v')

/**
 * Two
 * lines.
 */
enum E {
  A = 1,
  B,
}

service S extends x.T {
  void f(1: i32 a, 2: i32 b) throws (1: X x);
  oneway void g();
}

typedef map<string, list<i64>> M

const M C = {'a': [1]}

struct Empty {}
)");
  CHECK(print_idl(parsed.program, {.indent = 4, .docs = false}).find("\n    A = 1,") !=
        std::string::npos);
  CHECK(print_idl(parsed.program, {.docs = false}).find("/**") == std::string::npos);
}

TEST_CASE("long lists and maps get a line for each element") {
  std::string text = "const list<i32> L = [";
  for (int i = 0; i < 40; ++i) text += std::to_string(i) + ", ";
  text += "]\nconst map<string, list<i32>> M = {";
  for (int i = 0; i < 10; ++i) text += "\"a rather long key " + std::to_string(i) + "\": [1, 2],";
  text += "}";
  check_round_trip(text);
  const std::string printed = print_idl(Parsed(text).program);
  CHECK(printed.find("[\n  0,\n  1,\n") != std::string::npos);
  CHECK(printed.find("{\n  \"a rather long key 0\": [1, 2],\n") != std::string::npos);
}

TEST_CASE("everything in the language survives printing") {
  check_round_trip(read_file(std::filesystem::path(THRIFTPP_SOURCE_DIR) /
                             "tests/idl/diagnostics/no_mistake.thrift"));
}

TEST_CASE("strings keep every byte through printing") {
  check_round_trip(
      "const string A = \"\\\"'\\\\\\n\\r\\t\\'\" const string B = '\\'\"' const binary C = '"
      "\xFF\x01\xC3' (x = 'it\\'s', \"a b\" = \"c\")");
}

TEST_CASE("documentation survives printing, whoever it belongs to") {
  for (const char* text : {
           "/** a */ namespace py x /** b */ struct B {}",
           "namespace py x\n/** both */ struct B {}",
           "namespace py x;\n/** both */ struct B {}",
           "include 'x.thrift'\n/** only B */ struct B {}",
           "namespace * x\n/** only B */ struct B {}",
           "namespace py x (a = 'b')\n/** only B */ struct B {}",
           "/** alone */ struct A {}",
           "/** a */ struct A {}\n/** b */ struct B {}",
           "/** a */ struct A {} (x = 'y')\n/** b */ struct B {}",
           "/** program */\n/** a */ struct A {}",
           "struct N {} /** program */\n/** a */ struct A {}",
           "/** a */ const i32 A = 1;\n/** b */ const i32 B = 1",
           "/** a */ const i32 A = 1\n/** b */ const i32 B = 1",
           "/** a */ typedef i32 A;\n/** b */ struct B {}",
           "struct A {\n/** a */ 1: i32 a\n/** b */ 2: i32 b }",
           "struct A {\n/** a */ 1: i32 a;\n/** b */ 2: i32 b }",
           "struct A { 1: i32 a /** program */ }",
           "/** only the program's */",
           "service S {\n/** f */ void f(\n/** a */ 1: i32 a, /** b */ 2: i32 b) throws (/** x */ "
           "1: "
           "X x) }",
           "enum E {\n/** a */ A,\n/** b */ B }",
           "/**\n * a\n *   indented\n *\n * - * stars *\n\n * blank\n */ struct A {}",
           "/** first\n second\n   third */ struct A {}",
           "/**/ /***/ /** */ /*** a **/ struct A {}",
           "struct A { 1: i32 a xsd_attrs { /** q */ 1: i32 q } }",
       }) {
    check_round_trip(text);
  }
}

TEST_CASE("single definitions, types and values print alone") {
  const Parsed parsed("/** d */ struct A { 1: map<string, i32> (a = 'b') m = {'x': -0x10} }");
  const auto& a = parsed.at<ast::Struct>(0);
  CHECK(print_idl(parsed.program.definitions[0]) ==
        "/** d */\nstruct A {\n  1: map<string, i32> (a = 'b') m = {'x': -0x10};\n}\n");
  CHECK(print_idl(a.fields[0].type) == "map<string, i32> (a = 'b')");
  CHECK(print_idl(*a.fields[0].default_value) == "{'x': -0x10}");
}
