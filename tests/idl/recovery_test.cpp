// One run shows every mistake, and none that only follows from another.

#include <doctest/doctest.h>

#include "support.hpp"

using namespace thrift;
using namespace thrift::test;

TEST_CASE("ten mistakes in one file give ten diagnostics, each at its token") {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    const std::string n = std::to_string(i);
    text += "/** Number " + n + ". */\nstruct S" + n + " {\n  1: required string a = \"x\",\n" +
            "  2: optional list<i32> b,\n  3: S" + n + " c (key = \"value\")\n}\n\n";
  }
  std::vector<std::string> expected;
  const auto plant = [&](const std::string& where, const std::string& good, const std::string& bad,
                         const std::string& token, const std::string& id) {
    const std::size_t begin = text.find("struct S" + where + " {");
    const std::size_t at = text.find(good, begin);
    REQUIRE(at != std::string::npos);
    text.replace(at, good.size(), bad);
    const std::size_t place = at + bad.find(token);
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(place), '\n') + 1;
    const std::size_t column = place - text.rfind('\n', place - 1);
    expected.push_back(std::to_string(line) + ":" + std::to_string(column) + " " + id);
  };
  plant("10", "struct", "strcut", "strcut", "unknown-keyword");
  plant("40", "string a =", "string =", "=", "expected-name");
  plant("70", "list<i32> b", "list<i32 b", "b", "unclosed-bracket");
  plant("100", "2: optional", "2 optional", "optional", "expected-token");
  plant("130", "\"x\"", "\"x", "\"x", "unterminated-string");
  plant("160", "3: S160", "3: struct S160", "struct", "reserved-word");
  plant("190", "\"value\")\n}", "\"value\")\n", "\n", "unclosed-bracket");  // behind the `)`
  plant("220", "a = \"x\"", "a = 0X1", "0X1", "bad-number");
  plant("250", "list<i32> b,", "list<i32> b,;", ";", "extra-separator");
  plant("280", "required", "requird", "requird", "unknown-keyword");

  const Parsed parsed(text);
  CHECK(parsed.diagnostics.error_count() == 10);
  for (const std::string& place : expected) {
    CAPTURE(place);
    CHECK(parsed.ids().find(place) != std::string::npos);
  }
  // All definitions are there all the same.
  CHECK(parsed.program.definitions.size() == 300);
}

TEST_CASE("what is known of a damaged definition is kept, and says that it is damaged") {
  const Parsed parsed("struct A { 1: i32 a, 2: , 3: i32 c } struct B { 1: i32 b }");
  CHECK(parsed.ids() == "1:25 expected-type");
  REQUIRE(parsed.program.definitions.size() == 2);
  const auto& a = parsed.at<ast::Struct>(0);
  CHECK(a.damaged);
  REQUIRE(a.fields.size() == 2);
  CHECK(a.fields[1].name.text == "c");
  CHECK_FALSE(parsed.at<ast::Struct>(1).damaged);
}

TEST_CASE("a function with a bad argument keeps its name and its other arguments") {
  const Parsed parsed(
      "service S { void f(1: i32 a, 2: =, 3: i32 c), void g(), i32 = 5, void h() }");
  const auto& s = parsed.at<ast::Service>(0);
  CHECK(s.damaged);
  REQUIRE(s.functions.size() == 3);
  CHECK(s.functions[0].damaged);
  CHECK(s.functions[0].arguments.size() == 2);
  CHECK_FALSE(s.functions[1].damaged);
  CHECK(s.functions[2].name.text == "h");
  CHECK(parsed.diagnostics.error_count() == 2);
}

TEST_CASE("bad values within a constant are all reported") {
  const Parsed parsed(
      "const list<i32> A = [1, =, 3, ], (]\nconst map<i32, i32> M = {1: , 2: 2, 3: =}");
  CHECK(parsed.diagnostics.error_count() == 4);
  CHECK(parsed.program.definitions.size() == 2);
}

TEST_CASE("an enum goes on at the next value, whatever bracket the last one left open") {
  const Parsed angle("enum E {\n A = 1 << 2\n B : 5\n C = 'x'\n D = 4\n}");
  CHECK(angle.ids() == "2:8 expected-member, 3:4 expected-member, 4:6 expected-value");
  CHECK(angle.at<ast::Enum>(0).values.back().name.text == "D");
  const Parsed paren("enum E {\n A = (1\n B = 2,\n C\n D = 'x'\n}");
  CHECK(paren.ids() == "2:6 expected-value, 5:6 expected-value");
  // Annotations are no values.
  const Parsed annotated("enum E {\n A = x (\n key = 'value'\n)\n B = 2\n}");
  CHECK(annotated.ids() == "2:6 expected-value");
}

TEST_CASE("a field that begins a line ends what the last one left open") {
  for (const char* open : {"1: i32 a = (1", "1: list(i32 a", "1: i32 a = <{[("}) {
    CAPTURE(open);
    const Parsed in_struct("struct S {\n" + std::string(open) + "\n 2: i32 b = =\n 3: i32 c\n}");
    CHECK(in_struct.diagnostics.error_count() == 2);
    CHECK(in_struct.at<ast::Struct>(0).fields.back().name.text == "c");
    const Parsed in_call("service S { void f(\n" + std::string(open) +
                         ",\n 2: i32 b = =,\n 3: i32 c) }");
    CHECK(in_call.diagnostics.error_count() == 2);
  }
}

TEST_CASE("a body that is closed too early is one mistake, whatever it holds") {
  for (const char* body : {"struct S {\n 1: i32 a;\n }\n 2: i32 b;\n 3: i32 c;\n 4: i32 d;\n}\n",
                           "service S {\n void a();\n }\n void b();\n i32 c(1: i32 x = {});\n}\n",
                           "enum S {\n A = 1;\n }\n B = 2;\n C = 3;\n D = 4;\n}\n"}) {
    CAPTURE(body);
    const Parsed parsed(std::string(body) + "struct T { 1: i32 = 5 }");
    CHECK(parsed.diagnostics.error_count() == 2);
    CHECK(parsed.at<ast::Struct>(parsed.program.definitions.size() - 1).name.text == "T");
  }
  // Where nothing closes anything, each of them is wrong in its own right.
  CHECK(Parsed("foo bar;\nbaz;\nstruct S {}").diagnostics.error_count() == 2);
}

TEST_CASE("a bracket of another kind closes what it was meant to close") {
  for (const char* wrong :
       {"1: list<i32} a;", "1: list<i32) a,", "1: map<i32, i32] a", "1: list<i32> a = [1, 2};",
        "1: list<i32> a = [1, 2)", "1: i32 a (x = 'y'},", "1: i32 a (x = 'y'>",
        "1: map<i32, i32> a = {1: 2];", "1: list<i32> a = [1 2}"}) {
    CAPTURE(wrong);
    const Parsed parsed("struct S {\n " + std::string(wrong) + "\n 2: i32 b;\n 3: i32 c\n}");
    CHECK(parsed.diagnostics.error_count() == 1);
    CHECK(parsed.diagnostics.all()[0].id == "unclosed-bracket");
    CHECK(parsed.at<ast::Struct>(0).fields.size() == 3);
  }
  CHECK(Parsed("struct S {\n 1: list<i32> a = [1, 2};\n}\nstruct T {}").ids() ==
        "2:24 unclosed-bracket");
  CHECK(Parsed("service S {\n void a(1: list<i32} b} throws (1: X x);\n void c();\n}").ids() ==
        "2:20 unclosed-bracket, 2:23 unclosed-bracket");
  // Here it closes what is around.
  for (const char* around :
       {"struct S { 1: list<i32 }", "service S { void f(1: list<i32) throws (1: X x) }",
        "service S { void f(1: list<i32) void g() }", "struct S { 1: list<i32 } struct T {}",
        "struct S { 1: list<string (a = 'b'> x }", "struct S { 1: list<i32> a = [1 }"}) {
    CAPTURE(around);
    const Parsed parsed(around);
    CHECK(parsed.diagnostics.error_count() <= 2);
    CHECK(parsed.diagnostics.all()[0].id == "unclosed-bracket");
  }
}

TEST_CASE("an enum value whose number is wrong is a value all the same") {
  const Parsed parsed("enum E { A = x, B = 'y', C, = 5 }");
  CHECK(parsed.at<ast::Enum>(0).values.size() == 3);
  CHECK(parsed.at<ast::Enum>(0).damaged);
}

TEST_CASE("arguments tell where `throws` or a function's name was forgotten") {
  const Parsed throws("service S { void f(1: i32 a) (1: X x, 2: Y y) void g() }");
  CHECK(throws.ids() == "1:30 expected-token");
  REQUIRE(throws.at<ast::Service>(0).functions.size() == 2);
  CHECK(throws.at<ast::Service>(0).functions[0].throws->size() == 2);
  CHECK(Parsed("service S { i32 (1: i32 a, 2: i32 b) void g() }").ids() == "1:17 expected-name");
  CHECK(Parsed("service S {\n void f()\n (1: i32 a, 2: i32 b)\n void g()\n}")
            .diagnostics.error_count() == 2);
}

TEST_CASE("what stands between a name and its brace is one mistake") {
  for (const char* begin :
       {"struct S (a = 'b') {", "struct S extends P {", "struct S : P {", "struct S-T {",
        "struct S T {", "struct struct S {", "struct S<T> {", "struct S = {", "struct S; {"}) {
    CAPTURE(begin);
    const Parsed parsed(std::string(begin) + "\n 1: i32 a\n 2: i32 b\n}\nstruct T {}");
    CHECK(parsed.diagnostics.error_count() == 1);
    REQUIRE(parsed.program.definitions.size() == 2);
    CHECK(parsed.at<ast::Struct>(0).fields.size() == 2);
  }
  for (const char* begin : {"enum E : i32 {", "enum class E {", "enum E = {"}) {
    CAPTURE(begin);
    const Parsed parsed(std::string(begin) + "\n A\n B\n}\nstruct T {}");
    CHECK(parsed.diagnostics.error_count() == 1);
    CHECK(parsed.at<ast::Enum>(0).values.size() == 2);
  }
  CHECK(Parsed("service W extends V2, V3 {\n void f()\n}").ids() == "1:21 expected-token");
}

TEST_CASE("a body between brackets of another kind is one mistake") {
  for (const char* body :
       {"struct S (\n 1: i32 a\n)", "struct S [\n 1: i32 a\n]", "struct S (1: i32 a)",
        "enum S [A, B]", "enum S (\n A\n B\n)", "struct S {\n 1: i32 a\n)", "enum S { A ]",
        "service S {\n void f()\n>"}) {
    CAPTURE(body);
    const Parsed parsed(std::string(body) + "\nstruct T {}");
    CHECK(parsed.diagnostics.error_count() == 1);
    CHECK(parsed.program.definitions.size() == 2);
    CHECK(Parsed(body).diagnostics.error_count() == 1);
  }
}

TEST_CASE("requiredness and `oneway` are known by any misspelling") {
  const Parsed fields(
      "struct S { 4: potional i32 p = 1, 5: erquired i32 q, 6: opt i32 r, 7: req i32 s }");
  CHECK(fields.ids() ==
        "1:15 unknown-keyword, 1:38 unknown-keyword, 1:57 unknown-keyword, 1:71 unknown-keyword");
  const auto& s = fields.at<ast::Struct>(0);
  CHECK(s.fields[2].requiredness == ast::Requiredness::optional);
  CHECK(s.fields[3].requiredness == ast::Requiredness::required);
  CHECK(Parsed("service S { noeway void f() }").ids() == "1:13 unknown-keyword");
  CHECK(Parsed("struct S { 1: opt a, 2: req b }").ids().empty());
}

TEST_CASE("annotations that are never closed end before the next member") {
  const Parsed values("enum E {\n A = 1 (x = 'y'\n B = 2\n C\n}");
  CHECK(values.ids() == "2:16 unclosed-bracket");
  CHECK(values.at<ast::Enum>(0).values.size() == 3);
  const Parsed functions("service S {\n void f() (x = 'y'\n i32 g(1: i32 a)\n}");
  CHECK(functions.diagnostics.error_count() == 1);
  CHECK(functions.at<ast::Service>(0).functions.size() == 2);
  // Numbers are refused by Apache's compiler only.
  CHECK_FALSE(Parsed("enum E {\n A = 1 (\n x = 2\n y = 3\n)\n}").diagnostics.has_errors());
}

TEST_CASE("what is missing at the end of a line is not taken from the next one") {
  const Parsed fields("struct S {\n 1: i32 a =\n 2: i32 b\n}");
  CHECK(fields.ids() == "2:12 expected-value");
  CHECK(fields.at<ast::Struct>(0).fields.back().name.text == "b");
  const Parsed space("namespace cpp\nstruct S {}\nnamespace\ninclude 'b.thrift'");
  CHECK(space.ids() ==
        "1:14 expected-name, 3:1 not-portable, 3:10 expected-name, 4:1 not-portable");
  CHECK(space.program.definitions.size() == 1);
  const Parsed include("include\ninclude 'b.thrift'");
  CHECK(include.ids() == "1:8 expected-value");
  CHECK(include.program.headers.size() == 1);
}

TEST_CASE("a field whose id is no integer has none") {
  const Parsed parsed("struct S { 1.5: i32 a }");
  CHECK(parsed.ids() == "1:12 expected-value");
  CHECK_FALSE(parsed.at<ast::Struct>(0).fields[0].id);
}

TEST_CASE("each mark of a merge's conflict is one mistake") {
  const Parsed parsed("<<<<<<< HEAD\nstruct S {}\n=======\nstruct T {}\n>>>>>>> branch\nenum E {}");
  CHECK(parsed.ids() == "1:1 unexpected-token, 3:1 unexpected-token, 5:1 unexpected-token");
  CHECK(parsed.program.definitions.size() == 3);
}

TEST_CASE("a definition whose brace is missing ends where the next one begins") {
  for (const char* next :
       {"struct B {}", "union B {}", "exception B {}", "enum B {}", "service B {}", "typedef i32 B",
        "const i32 B = 1", "service B extends x.C {}", "struct B xsd_all {}"}) {
    for (const char* open :
         {"struct A {\n 1: i32 a\n", "enum A {\n X\n", "service A {\n void f()\n", "struct A\n",
          "enum A {\n", "const list<i32> A = [1,\n", "struct A { 1: i32 a (x = 'y'\n",
          "service A {\n void f(1: i32 a\n"}) {
      CAPTURE(next);
      CAPTURE(open);
      const Parsed parsed(std::string(open) + next);
      CHECK(parsed.diagnostics.error_count() == 1);
      REQUIRE(parsed.program.definitions.size() == 2);
      std::visit([](const auto& d) { CHECK(d.name.text == "B"); }, parsed.program.definitions[1]);
    }
  }
}

TEST_CASE("names in text that was skipped are known to have been mentioned") {
  const Parsed parsed("struct A { 1: i32 a }\n=== typo Lost { 1: i32 x }\nstruct B { 1: Lost l }");
  CHECK(parsed.diagnostics.error_count() == 1);
  CHECK(ast::mentioned_in_skipped(parsed.program, "Lost"));
  CHECK_FALSE(ast::mentioned_in_skipped(parsed.program, "Los"));
  CHECK_FALSE(ast::mentioned_in_skipped(parsed.program, "A"));
}

TEST_CASE("an unterminated comment gives one error, whatever it swallowed") {
  CHECK(Parsed("service S { void f(1: i32 a /* ) }").ids() == "1:29 unterminated-comment");
  CHECK(Parsed("/** ").ids() == "1:1 unterminated-comment");
  CHECK(Parsed("/*/").ids() == "1:1 unterminated-comment");
}

TEST_CASE("files of fbthrift are refused with a place and a reason, not with a flood") {
  for (const CorpusFile& file :
       corpus("files of fbthrift are refused with a place and a reason, not with a flood")) {
    if (file.want != "either") continue;
    const Parsed parsed(file.text, {}, file.path);
    if (!parsed.diagnostics.has_errors()) continue;
    std::size_t known = 0;
    for (const Diagnostic& d : parsed.diagnostics.all()) {
      known += d.id == "fbthrift-syntax" || d.id == "thriftrw-syntax" || d.id == "not-portable";
    }
    CAPTURE(file.path);
    CHECK(known > 0);
  }
}
