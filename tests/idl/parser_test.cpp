// What the parser makes of text that is right.

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "support.hpp"

using namespace thrift;
using namespace thrift::test;

namespace {

const ast::ConstValue& value_of(const Parsed& parsed, std::size_t index) {
  return *parsed.at<ast::Const>(index).value;
}

}  // namespace

TEST_CASE("the sample service parses to its tree") {
  const Parsed parsed(R"(
namespace py example.microservices

service UserService {
  string getUser(string userId),
  void updateUser(string userId, User updatedUser),
  list<User> getAllUsers()
}

struct User {
  1: required string id,
  2: required string name,
  3: required i32 age
}
)");
  CHECK(parsed.ids().empty());
  REQUIRE(parsed.program.headers.size() == 1);
  CHECK(std::get<ast::Namespace>(parsed.program.headers[0]).name.text == "example.microservices");
  REQUIRE(parsed.program.definitions.size() == 2);
  const auto& service = parsed.at<ast::Service>(0);
  CHECK(service.name.text == "UserService");
  REQUIRE(service.functions.size() == 3);
  CHECK(service.functions[1].result.kind == ast::TypeKind::void_type);
  CHECK(service.functions[1].arguments[1].type.name.text == "User");
  CHECK_FALSE(service.functions[1].arguments[1].id);
  CHECK(service.functions[2].result.arguments[0].name.text == "User");
  const auto& user = parsed.at<ast::Struct>(1);
  REQUIRE(user.fields.size() == 3);
  CHECK(user.fields[2].id->value == 3);
  CHECK(user.fields[2].requiredness == ast::Requiredness::required);
}

TEST_CASE("every node knows the range of its text and of its name") {
  const Parsed parsed(R"(/** doc */ struct A (x = "y") {}
struct B { 1 : optional list<i32> (p) names = [1, 2] (key = "v") , }
service S extends b.T { oneway void f ( 1: i32 a ) throws (1: X x) (z) ; }
enum E { X = 0x10 (q), } const i32 C = -5 ; typedef map<i32, b.T> M (r)
include "a" namespace py.x a.b)");
  CHECK(
      parsed.diagnostics.has_errors());  // annotations stand behind a struct, not before its brace
  const auto& b = parsed.at<ast::Struct>(1);
  CHECK(b.range.text() ==
        R"(struct B { 1 : optional list<i32> (p) names = [1, 2] (key = "v") , })");
  CHECK(b.name.range.text() == "B");
  const ast::Field& field = b.fields.at(0);
  CHECK(field.range.text() == R"(1 : optional list<i32> (p) names = [1, 2] (key = "v"))");
  CHECK(field.id->range.text() == "1");
  CHECK(field.requiredness_range.text() == "optional");
  CHECK(field.type.range.text() == "list<i32>");
  CHECK(field.type.name.range.text() == "list");
  CHECK(field.type.arguments[0].range.text() == "i32");
  CHECK(field.type.annotations[0].range.text() == "p");
  CHECK(field.name.range.text() == "names");
  CHECK(field.default_value->range.text() == "[1, 2]");
  CHECK(field.annotations[0].range.text() == R"(key = "v")");
  CHECK(field.annotations[0].name.range.text() == "key");
  CHECK(field.annotations[0].value->range.text() == R"("v")");
  const auto& s = parsed.at<ast::Service>(2);
  CHECK(s.extends->range.text() == "b.T");
  const ast::Function& f = s.functions.at(0);
  CHECK(f.range.text() == "oneway void f ( 1: i32 a ) throws (1: X x) (z)");
  CHECK(f.call_range.text() == "oneway");
  CHECK(f.throws_range.text() == "throws");
  CHECK(f.throws->at(0).range.text() == "1: X x");
  CHECK(parsed.at<ast::Enum>(3).values[0].range.text() == "X = 0x10 (q)");
  CHECK(parsed.at<ast::Const>(4).range.text() == "const i32 C = -5");
  CHECK(parsed.at<ast::Typedef>(5).range.text() == "typedef map<i32, b.T> M (r)");
  CHECK(std::get<ast::Include>(parsed.program.headers[0]).range.text() == "include \"a\"");
  CHECK(std::get<ast::Namespace>(parsed.program.headers[1]).range.text() == "namespace py.x a.b");
}

TEST_CASE("numbers keep their value, their form and their text") {
  const Parsed parsed(
      "const i64 A = 9223372036854775807 const i64 B = -9223372036854775808 const i32 C = -0x1F "
      "const i32 D = +007 const double E = .5 const double F = -1.5E-3 const double G = 1e5 "
      "const double H = 1e400 const double I = -1e-400 const bool J = true");
  CHECK_FALSE(parsed.diagnostics.has_errors());
  const auto integer = [&](std::size_t i) {
    return std::get<ast::Integer>(value_of(parsed, i).value);
  };
  const auto number = [&](std::size_t i) {
    return std::get<ast::Double>(value_of(parsed, i).value);
  };
  CHECK(integer(0).value == INT64_MAX);
  CHECK(integer(1).value == INT64_MIN);
  CHECK(integer(2).value == -31);
  CHECK(integer(2).form == ast::Integer::Form::hexadecimal);
  CHECK(integer(2).text == "-0x1F");
  CHECK(integer(3).value == 7);
  CHECK(number(4).value == 0.5);
  CHECK(number(5).value == -0.0015);
  CHECK(number(6).value == 100000.0);
  CHECK(std::isinf(number(7).value));
  CHECK(number(8).value == 0.0);
  CHECK(std::get<ast::Boolean>(value_of(parsed, 9).value).value);
  const Parsed over("const i64 A = -9223372036854775809");
  CHECK(std::get<ast::Integer>(value_of(over, 0).value).overflow);
  CHECK(std::get<ast::Integer>(value_of(over, 0).value).value == INT64_MIN);
}

TEST_CASE("strings keep their bytes, escapes replaced") {
  const Parsed parsed(
      "const binary A = \"\\r\\n\\t\\\"\\'\\\\ \xFF\xC3\" const string B = 'say \"hi\" // #'");
  CHECK(parsed.ids().empty());
  const auto& a = std::get<ast::String>(value_of(parsed, 0).value);
  CHECK(a.value == "\r\n\t\"'\\ \xFF\xC3");
  CHECK(a.quote == '"');
  const auto& b = std::get<ast::String>(value_of(parsed, 1).value);
  CHECK(b.value == "say \"hi\" // #");
  CHECK(b.quote == '\'');
}

TEST_CASE("a sign belongs to its number and separators are optional") {
  const Parsed parsed("const list<i32> A = [1-2+3 4;5,6] const map<i32, E> M = {1: a 2: b.C;}");
  CHECK(std::get<ast::ListValue>(value_of(parsed, 0).value).elements.size() == 6);
  const auto& map = std::get<ast::MapValue>(value_of(parsed, 1).value);
  REQUIRE(map.entries.size() == 2);
  CHECK(std::get<ast::Identifier>(map.entries[1].value.value).text == "b.C");
}

TEST_CASE("keywords are whole words, and name whatever cannot be mistaken") {
  const Parsed parsed(R"(
struct listing { 1: requiredFoo required, 2: optional i32 optional, 3: map<stringy, i32> list,
                 4: i32 struct; 5: i32 include, 6: i32 cpp_type, 7: i32 xsd_optional }
enum E { list, struct = 2, service } service service { void list() void oneway(1: i32 throws) }
const E string = E.list)");
  CHECK_FALSE(parsed.diagnostics.has_errors());
  const auto& s = parsed.at<ast::Struct>(0);
  CHECK(s.fields[0].requiredness == ast::Requiredness::unspecified);
  CHECK(s.fields[0].type.name.text == "requiredFoo");
  CHECK(s.fields[0].name.text == "required");
  CHECK(s.fields[1].requiredness == ast::Requiredness::optional);
  CHECK(s.fields[1].name.text == "optional");
  CHECK(s.fields[6].name.text == "xsd_optional");
  CHECK(parsed.at<ast::Enum>(1).values[1].name.text == "struct");
  CHECK(parsed.at<ast::Service>(2).functions[1].name.text == "oneway");
}

TEST_CASE("types of every kind and annotation are kept") {
  const Parsed parsed(R"(struct A {
  1: byte a, 2: i8 b, 3: uuid c, 4: binary d, 5: double e, 6: bool f, 7: i16 g,
  8: map cpp_type "M" <string (x), list<set<b-x.T>> cpp_type "L"> (y = "z") h,
  9: A (k = "v") & i xsd_optional xsd_nillable xsd_attrs { 1: i32 q },
  true: i32 j })");
  CHECK_FALSE(parsed.diagnostics.has_errors());
  const auto& fields = parsed.at<ast::Struct>(0).fields;
  CHECK(fields[0].type.kind == ast::TypeKind::i8);
  CHECK(fields[0].type.name.text == "byte");
  CHECK(fields[1].type.kind == ast::TypeKind::i8);
  CHECK(fields[2].type.kind == ast::TypeKind::uuid);
  const ast::Type& map = fields[7].type;
  CHECK(map.kind == ast::TypeKind::map);
  CHECK(map.cpp_types.at(0).name.value == "M");
  CHECK(map.annotations.at(0).value->value == "z");
  CHECK(map.arguments[0].annotations.at(0).name.text == "x");
  CHECK_FALSE(map.arguments[0].annotations.at(0).value);
  CHECK(map.arguments[1].cpp_types.at(0).trailing);
  CHECK(map.arguments[1].arguments[0].arguments[0].name.text == "b-x.T");
  CHECK(fields[8].is_reference);
  CHECK(fields[8].xsd_optional);
  CHECK(fields[8].xsd_nillable);
  CHECK(fields[8].xsd_attrs->at(0).name.text == "q");
  CHECK(fields[9].id->form == ast::Integer::Form::boolean);
  CHECK(fields[9].id->value == 1);
}

TEST_CASE("documentation belongs to what follows it, and the last comment counts") {
  const Parsed parsed(R"(namespace py x // no documentation
/** lost */ /** A's
  * text. */ struct A { /** a */ 1: i32 a // no
  /* nor this */ 2: i32 b /** carried on */ }
struct B {} /**/ /***/ # none of these
enum E { /** X */ X } service S { /** f */ void f(/** arg */ 1: i32 a) })");
  const auto& a = parsed.at<ast::Struct>(0);
  CHECK(a.doc.text == "A's\ntext.\n");
  CHECK(a.doc.range.text() == "/** A's\n  * text. */");
  CHECK(a.fields[0].doc.text == "a\n");
  CHECK(a.fields[1].doc.text.empty());
  CHECK(parsed.at<ast::Struct>(1).doc.text == "carried on\n");
  CHECK(parsed.at<ast::Enum>(2).doc.text.empty());
  CHECK(parsed.at<ast::Enum>(2).values[0].doc.text == "X\n");
  const auto& f = parsed.at<ast::Service>(3).functions[0];
  CHECK(f.doc.text == "f\n");
  CHECK(f.arguments[0].doc.text == "arg\n");
}

TEST_CASE("the program's documentation is found where Apache's compiler finds it") {
  const auto doc = [](const std::string& text) {
    return std::string(Parsed(text).program.doc.text);
  };
  CHECK(doc("/** p */ namespace py x /** a */ struct A {}") == "p\n");
  CHECK(doc("/** p */ /** q */ include 'x'") == "p\n");
  CHECK(doc("namespace py x /** a */ struct A {}") == "a\n");
  CHECK(doc("namespace py x (k = 'v') /** a */ struct A {}").empty());
  CHECK(doc("namespace * x /** a */ struct A {}").empty());
  CHECK(doc("include 'x' /** a */ struct A {}").empty());
  CHECK(doc("/** a */ struct A {}").empty());
  CHECK(doc("/** a */ struct A {}\n/** b */ struct B {}") == "a\n");
  CHECK(doc("/** a */ const i32 A = 1;\n/** b */ struct B {}").empty());
  CHECK(doc("/** a */ struct A { /** b */ 1: i32 b }").empty());
  CHECK(doc("/** a */ struct A {\n/** b */ 1: i32 b }") == "a\n");
  CHECK(doc("struct A { 1: i32 a /** p */ }") == "p\n");
}

TEST_CASE("a CR alone is a blank, and a comment that runs over one gives a warning") {
  CHECK(Parsed("struct\rA\r{}\r").ids().empty());
  const Parsed swallowed("// one\rstruct A {}\rstruct B {}\nstruct C {} // two\r\r\n");
  CHECK(swallowed.ids() == "1:7 lone-carriage-return");
  CHECK(swallowed.program.definitions.size() == 1);
}

TEST_CASE("a type expression stands alone") {
  Diagnostics diagnostics;
  const auto parse = [&](std::string text) {
    return parse_idl_type(SourceFile::create("type", std::move(text)), diagnostics);
  };
  const auto type = parse(" map<string, list<b.User>> // any");
  REQUIRE(type);
  CHECK(type->type.arguments[1].arguments[0].name.text == "b.User");
  CHECK(diagnostics.empty());
  for (const char* bad : {"", "list<", "list<i32> x", "struct", "void", "1", "i32;"}) {
    CAPTURE(bad);
    const std::size_t before = diagnostics.error_count();
    CHECK_FALSE(parse(bad));
    CHECK(diagnostics.error_count() == before + 1);
  }
}

TEST_CASE("no snippet that is wanted has a syntax error") {
  const auto path = shared("no snippet that is wanted has a syntax error", "idl-cases/cases.json");
  if (!path) return;
  for (const auto& item : nlohmann::json::parse(read_file(*path))) {
    const auto& newest = item["apache_0_25_dev"];
    const std::string want = item.value("want", newest["verdict"].get<std::string>());
    const auto& text = item["files"]["m.thrift"];
    if (want != "accept" || !text.is_string()) continue;
    const Parsed parsed(text.get<std::string>());
    CHECK_MESSAGE(parsed.diagnostics.error_count() == 0, render_text(parsed.diagnostics));
  }
}

TEST_CASE("a misspelt requiredness counts as what was meant, and has its own place") {
  const Parsed parsed("struct S {\n  1: requ.red i32 a\n  2: optionl i32 b\n}");
  const auto& fields = parsed.at<ast::Struct>(0).fields;
  REQUIRE(fields.size() == 2);
  CHECK(fields[0].requiredness == ast::Requiredness::required);
  CHECK(fields[0].requiredness_range.text() == "requ.red");
  CHECK(fields[1].requiredness == ast::Requiredness::optional);
  CHECK(fields[1].requiredness_range.text() == "optionl");
}
