#include <doctest/doctest.h>

#include <thriftpp/base/error.hpp>

#include "support.hpp"

using namespace thrift;
using namespace thrift::test;

TEST_CASE("a service whose types follow it, with arguments that have no ids, loads") {
  const Idl idl = loads(R"(
    service UserService {
      string getUser(string userId),
      void updateUser(string userId, User updatedUser),
      list<User> getAllUsers()
    }
    struct User { 1: required string id, 2: required string name, 3: required i32 age }
  )");
  const Service& service = idl.service();
  const Function& update = service.function("updateUser");
  REQUIRE(update.arguments().fields().size() == 2);
  CHECK(update.arguments().fields()[0].id() == -1);
  CHECK(update.arguments().fields()[1].id() == -2);
  CHECK_FALSE(update.arguments().fields()[1].has_explicit_id());
  CHECK(&update.arguments().fields()[1].type() == &idl.type("User"));
  CHECK(&service.function("getAllUsers").return_type() == &idl.type("list<User>"));
  CHECK(idl.diagnostics().empty());
}

TEST_CASE("an empty file, and one that holds comments only, load") {
  CHECK(loads("").structs().empty());
  CHECK(loads("// nothing\n/* here */").structs().empty());
}

TEST_CASE("everything may be used before its definition") {
  const Idl idl = loads(R"(
    const list<i32> B = A
    const P Q = {"e": E.Y, "x": K}
    service S extends T { void g() throws (1: X x) }
    service T extends U {}
    typedef list<L> M
    struct P { 1: E e = E.X, 2: i64 x = K, 3: M m }
    typedef P L
    enum E { X, Y }
    exception X {}
    const i16 K = 7
    const list<i32> A = [1, 2]
    service U { L f(1: M m) }
  )");
  CHECK(value_of(idl, "B") == "[1,2]");
  CHECK(value_of(idl, "Q") == R"({"e":"Y","x":7})");
  CHECK(idl.service("S").all_functions().size() == 2);
  CHECK(idl.service("S").base()->base() == &idl.service("U"));
  CHECK(&idl.type("M") == &idl.type("list<P>"));
  CHECK(default_of(idl, "P", "x") == "7");
}

TEST_CASE("ids that are missing count down from -1 in every list") {
  const Idl idl = loads(
      "struct A { i32 a, 5: i32 b, i32 c xsd_attrs { i32 q, i32 r }, i32 d } "
      "service S { void f(i32 a, i32 b) throws (X x) } exception X { i32 e }");
  std::string all;
  for (const Field& f : idl.struct_type("A").fields()) all += std::to_string(f.id()) + ' ';
  CHECK(all == "-1 5 -2 -3 ");
  CHECK(idl.struct_type("A").field("c").xsd_attrs()->fields()[1].id() == -2);
  CHECK(idl.service().function("f").exceptions()[0].id() == -1);
  CHECK(idl.struct_type("X").fields()[0].id() == -1);
}

TEST_CASE("ids of 0 and below are numbered anew with a warning") {
  const std::string text = "struct A { i32 x, -1: i32 a, 0: i32 b, 1: i32 c }";
  const Idl idl = load_files({{"m.thrift", text}});
  std::string all;
  for (const Field& f : idl.struct_type("A").fields()) all += std::to_string(f.id()) + ' ';
  CHECK(all == "-1 -2 -3 1 ");
  CHECK(ids(text) == "1:19 warning nonpositive-field-id, 1:30 warning nonpositive-field-id");
}

TEST_CASE("ids of 0 and below are kept on request, and counting goes on from them") {
  const Idl idl =
      loads("struct A { -5: i32 a, i32 b, 0: i32 c, i32 d }", {.keep_negative_ids = true});
  std::string all;
  for (const Field& f : idl.struct_type("A").fields()) all += std::to_string(f.id()) + ' ';
  CHECK(all == "-5 -6 0 -1 ");
  CHECK(idl.diagnostics().empty());
  CHECK(idl.struct_type("A").fields()[0].has_explicit_id());
  CHECK(ids("struct A { i32 a, -1: i32 b }", {.keep_negative_ids = true}) ==
        "1:19 duplicate-field-id");
}

TEST_CASE("ids that are missing can be numbered as thriftgo does, or refused") {
  const Idl idl =
      loads("struct A { i32 a, 5: i32 b, i32 c }", {.implicit_ids = ImplicitIds::sequential});
  std::string all;
  for (const Field& f : idl.struct_type("A").fields()) all += std::to_string(f.id()) + ' ';
  CHECK(all == "1 5 6 ");
  CHECK(ids("struct A { i32 a, 5: i32 b }", {.implicit_ids = ImplicitIds::reject}) ==
        "1:12 missing-field-id");
}

TEST_CASE("ids end where 16 bits do") {
  CHECK(loads("struct A { 32767: i32 a }").struct_type("A").fields()[0].id() == 32767);
  CHECK(ids("struct A { 32768: i32 a, 4294967297: i32 b }") ==
        "1:12 field-id-range, 1:26 field-id-range");
}

TEST_CASE("enum values count on from the one before") {
  const Idl idl = loads("enum E { A, B = 5, C, D = 2, F, G = -3, H }");
  std::string all;
  for (const EnumValue& v : idl.enum_type("E").values()) all += std::to_string(v.number()) + ' ';
  CHECK(all == "0 5 6 2 3 -3 -2 ");
  CHECK_FALSE(idl.enum_type("E").values()[2].has_explicit_number());
}

TEST_CASE("enum values end where 32 bits do") {
  CHECK(loads("enum E { A = 2147483647, B = -2147483648 }").enum_type("E").values().size() == 2);
  CHECK(ids("enum E { A = 2147483648 }") == "1:14 enum-value-range");
  CHECK(ids("enum E { A = 2147483647, B, C }") == "1:26 enum-value-range");
  // What counts on from a number that is wrong already is not wrong again, and does not overflow.
  CHECK(ids("enum E { A = 9223372036854775807, B, C }") == "1:14 enum-value-range");
  CHECK(ids("enum E { A = 123456789012345678901234567890, B, C }") == "1:14 integer-overflow");
}

TEST_CASE("names that begin with a keyword, and fields named by one, are names") {
  const Idl idl = loads(
      "struct listing { 1: i32 optionalThing, 2: stringy string } typedef string stringy "
      "struct B { 1: optional stringy required, 2: map<stringy,listing> map }");
  CHECK(idl.struct_type("B").field("map").type().kind() == TypeKind::map);
  CHECK(idl.struct_type("B").field("required").requiredness() == Requiredness::optional);
}

TEST_CASE("types and constants have name spaces of their own") {
  const Idl idl = loads("struct A {} const i32 A = 1");
  CHECK(value_of(idl, "A") == "1");
  CHECK(idl.struct_type("A").fields().empty());
  CHECK(ids("struct A {} enum A {}") == "1:18 duplicate-definition");
  CHECK(ids("struct A {} service A {}") == "1:21 duplicate-definition");
  CHECK(ids("const i32 A = 1 const i32 A = 2") == "1:27 duplicate-constant");
}

TEST_CASE("what a typedef was written as stays known") {
  const Idl idl =
      loads("typedef string Id (a = \"1\") typedef Id Key struct S { 1: list<Key> keys }");
  const TypeUse& use = idl.struct_type("S").field("keys").type_use();
  CHECK(&use.type() == &idl.type("list<string>"));
  REQUIRE(use.arguments().size() == 1);
  CHECK(use.arguments()[0].alias()->name() == "Key");
  CHECK(use.arguments()[0].alias()->target().alias()->name() == "Id");
  CHECK(idl.program().find_typedef("Id")->annotations().find("a") == "1");
}

TEST_CASE("typedefs that depend on each other are one error that shows the cycle") {
  CHECK(ids("typedef B A\ntypedef A B\nstruct S { 1: A a, 2: list<B> b }") == "1:11 typedef-cycle");
  CHECK(ids("typedef A A") == "1:11 typedef-cycle");
  CHECK(ids("typedef list<A> A") == "1:17 typedef-cycle");
  const auto failed = try_files({{"m.thrift", "typedef B A typedef map<i32, A> B"}});
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message().find("`A` -> `B` -> `A`") != std::string::npos);
}

TEST_CASE("services that extend each other are one error") {
  CHECK(ids("service A extends A {}") == "1:19 service-cycle");
  CHECK(ids("service A extends B {}\nservice B extends C {}\nservice C extends B {}") ==
        "2:19 service-cycle");
}

TEST_CASE("a service extends services only") {
  CHECK(ids("struct X {} service A extends X {}") == "1:31 not-a-service");
  CHECK(ids("service X {} struct A { 1: X x }") == "1:28 not-a-type");
  CHECK(ids("service A extends Nope {}") == "1:19 unknown-service");
}

TEST_CASE("functions are unique, inherited ones included") {
  CHECK(ids("service A { void f() i32 f() }") == "1:26 duplicate-function");
  CHECK(ids("service B extends A { void f() } service A { void f() }") ==
        "1:28 duplicate-function");
}

TEST_CASE("only exceptions are thrown, also by another name") {
  CHECK(ids("typedef X Y exception X {} service S { void f() throws (1: Y y) }") == "");
  CHECK(ids("struct X {} service S { void f() throws (1: X x, 2: i32 y) }") ==
        "1:45 not-an-exception, 1:53 not-an-exception");
  CHECK(ids("service S { void f() throws (1: string s) }") == "1:33 warning string-exception");
}

TEST_CASE("oneway functions neither throw nor return") {
  CHECK(ids("exception X {} service S { oneway void f() throws (1: X x) }") ==
        "1:44 oneway-throws");
  CHECK(ids("exception X {} service S { oneway void f() throws () }") == "");
  CHECK(ids("service S { oneway i32 f() }") == "1:20 warning oneway-result");
}

TEST_CASE("requiredness that means nothing is ignored with a warning") {
  CHECK(ids("union U { 1: required i32 a } service S { void f(1: optional i32 a) }") ==
        "1:14 warning ignored-requiredness, 1:53 warning ignored-requiredness");
  const Idl idl = loads("service S { void f(1: optional i32 a, 2: required i32 b) }");
  const auto fields = idl.service().function("f").arguments().fields();
  CHECK(fields[0].requiredness() == Requiredness::default_);
  CHECK(fields[1].requiredness() == Requiredness::required);
}

TEST_CASE("a union has one default at most") {
  CHECK(ids("union U { 1: i32 a = 1, 2: i32 b }") == "");
  CHECK(ids("union U { 1: i32 a = 1, 2: i32 b = 2 }") == "1:32 union-defaults");
}

TEST_CASE("annotations, documentation and namespaces are kept") {
  const Idl idl = loads(R"(/** program */
    namespace py a.b (x = "1")
    namespace * c
    cpp_include "<vector>"
    /** about P */
    struct P xsd_all { 1: list<i32> (t = "1") & a (f, g = "2") } (s = "3")
    enum E { A (v = "4") } (e = "5")
    service S { void f() (k = "6") } (l = "7"))");
  const Program& program = idl.program();
  CHECK(program.docs() == "program\n");
  CHECK(program.find_namespace("py") == "a.b");
  CHECK(program.find_namespace("java") == "c");
  CHECK(program.namespaces()[0].annotations.find("x") == "1");
  CHECK(program.cpp_includes()[0] == "<vector>");
  const StructType& p = idl.struct_type("P");
  CHECK(p.docs() == "about P\n");
  CHECK(p.is_xsd_all());
  CHECK(p.annotations().find("s") == "3");
  CHECK(p.field("a").is_reference());
  CHECK(p.field("a").annotations()[0].value == "1");
  CHECK_FALSE(p.field("a").annotations()[0].has_value);
  CHECK(p.field("a").type_use().annotations().find("t") == "1");
  CHECK(idl.enum_type("E").values()[0].annotations().find("v") == "4");
  CHECK(idl.enum_type("E").annotations().find("e") == "5");
  CHECK(idl.service().function("f").annotations().find("k") == "6");
  CHECK(idl.service().annotations().find("l") == "7");
  CHECK(p.source().begin == SourcePosition{6, 5});
}

TEST_CASE("every mistake of all files is told in one run, and none that follows from another") {
  CHECK(ids({{"m.thrift",
              "include \"b.thrift\"\n"
              "struct A { 1: Nope x, 1: i32 y, 2: b.Missing z, 3: list<Nope2> w }\n"
              "const A K = {\"x\": 1, \"q\": 2}\n"
              "const i32 L = M\n"
              "const i32 M = \"text\"\n"},
             {"b.thrift", "enum E { A, A }\nstruct S { 1: E e = E.Z }"}}) ==
        "2:15 unknown-type, 2:23 duplicate-field-id, 2:36 unknown-type, 2:57 unknown-type, "
        "5:15 constant-type, b.thrift:1:13 duplicate-enum-value, "
        "b.thrift:2:21 unknown-constant");
}

TEST_CASE("load throws an IdlError that carries every diagnostic") {
  try {
    static_cast<void>(loads("struct A { 1: Nope x, 2: Nah y }"));
    FAIL("no exception");
  } catch (const IdlError& e) {
    CHECK(e.diagnostics().error_count() == 2);
    CHECK(e.message().find("<text>:1:15: error: unknown type `Nope`") != std::string::npos);
  }
}

TEST_CASE("a file that is not there is an error that names it") {
  const auto failed = try_load("no/such.thrift", in_memory({}));
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message().find("`no/such.thrift` does not exist") != std::string::npos);
  CHECK_THROWS_AS(static_cast<void>(load("/no/such/file.thrift")), IdlError);
}

TEST_CASE("warnings can be switched off or made errors") {
  const std::string text = "service S { oneway i32 f() }";
  LoadOptions options;
  options.diagnostics.ignored.insert("oneway-result");
  CHECK(ids(text, options) == "");
  options = {};
  options.diagnostics.as_errors.insert("oneway-result");
  CHECK(ids(text, options) == "1:20 oneway-result");
  options = {};
  options.diagnostics.warnings_as_errors = true;
  CHECK_FALSE(try_loads(text, options));
}

TEST_CASE("an Idl is a handle that outlives the load and shares its schema") {
  SchemaPtr schema;
  {
    const Idl idl = loads("struct A { 1: string s = \"text\" }");
    const Idl copy = idl;
    CHECK(&copy.schema() == &idl.schema());
    schema = copy;
  }
  const Field& f = schema->struct_type("A").field("s");
  CHECK(to_json(ValueView(f.type(), f.default_slot())) == "\"text\"");
}

TEST_CASE("an unknown name is one mistake, however often it is used") {
  const Files files{{"m.thrift",
                     "struct A { 1: Nope a, 2: list<Nope> b }\ntypedef Nope N\n"
                     "struct B { 1: N n, 2: Nope c, 3: Nope d, 4: Nope e }"}};
  CHECK(ids(files) == "1:15 unknown-type");
  const std::string message = try_files(files).error().message();
  CHECK(message.find("m.thrift:1:31: note: also used here") != std::string::npos);
  CHECK(message.find("note: and 2 more times") != std::string::npos);
}

TEST_CASE("an included file's unknown name counts where the root needs one of its uses") {
  const std::string b = "struct Unused { 1: Nope x }\nstruct Used { 1: Nope x }";
  CHECK(ids({{"m.thrift", "include \"b.thrift\"\nstruct S { 1: b.Used u }"}, {"b.thrift", b}}) ==
        "b.thrift:2:18 unknown-type");
  const Idl idl = load_files({{"m.thrift", "include \"b.thrift\""}, {"b.thrift", b}});
  CHECK(ids(idl.diagnostics()) == "b.thrift:1:20 warning unknown-type");
  CHECK(idl.program().includes()[0]->structs().empty());
}

TEST_CASE("what is defined twice is checked twice") {
  CHECK(ids("struct S {}\nstruct S { 1: Nope b, 1: i32 c }") ==
        "2:8 duplicate-definition, 2:15 unknown-type, 2:23 duplicate-field-id");
  CHECK(ids("enum E { A }\nenum E { A, A }") ==
        "2:6 duplicate-definition, 2:13 duplicate-enum-value");
  CHECK(ids("typedef i32 T\ntypedef Nope T") == "2:9 unknown-type, 2:14 duplicate-definition");
  CHECK(ids("const i32 C = 1\nconst i32 C = 'x'") == "2:11 duplicate-constant, 2:15 constant-type");
  CHECK(ids("service S {}\nservice S { Nope f() }") ==
        "2:9 duplicate-definition, 2:13 unknown-type");
}

TEST_CASE("a function that is there twice is checked, with its defaults") {
  CHECK(ids("service S {\nvoid f()\nvoid f(1: Nope a, 2: i32 b = 'x')\n}") ==
        "3:6 duplicate-function, 3:11 unknown-type, 3:30 constant-type");
  CHECK(ids("service B { void f() }\nservice S extends B { void f(1: Nope a) }") ==
        "2:28 duplicate-function, 2:33 unknown-type");
}

TEST_CASE("a default is checked though its field is left out") {
  CHECK(ids("struct S { 1: i32 a, 1: i32 b = 'x', 2: i32 a = 'y', 99999: i32 c = 'z' }") ==
        "1:22 duplicate-field-id, 1:33 constant-type, 1:45 duplicate-field-name, "
        "1:49 constant-type, 1:54 field-id-range, 1:69 constant-type");
}

TEST_CASE(
    "a definition without a name is blamed for one unknown name, but not for a misspelt one") {
  CHECK(ids("struct {1: i32 a}\nstruct T {1: strng s}") == "1:8 expected-name, 2:14 unknown-type");
  CHECK(ids("struct {1: i32 a}\nstruct T {1: Absentee a}") == "1:8 expected-name");
  CHECK(ids("struct {1: i32 a}\nstruct T {1: Absentee a, 2: Wrong w, 3: Absentee b}") ==
        "1:8 expected-name, 2:29 unknown-type");
  CHECK(ids("struct {1: i32 a}\nstruct T {1: Absentee a, 2: Wrong w}") ==
        "1:8 expected-name, 2:14 unknown-type, 2:29 unknown-type");
}

TEST_CASE("what depends on a damaged line is not told as well") {
  CHECK(ids("enum E { A = x, B }\nconst E X = E.A") == "1:14 expected-value");
  for (const char* include :
       {"include b.thrift", "include <b.thrift>", "include: 'b.thrift'", "include ('b.thrift')"}) {
    CAPTURE(include);
    const std::string text = "\nstruct S { 1: b.B x, 2: b.C y, 3: i32 z = b.K }";
    CHECK(diagnostics_of(try_files({{"m.thrift", include + text}})).error_count() == 1);
  }
}

TEST_CASE("types that are called otherwise in other languages are told") {
  const std::pair<const char*, const char*> known[] = {
      {"slist", "string"}, {"bytes", "binary"}, {"int", "i32"},   {"float", "double"},
      {"long", "i64"},     {"boolean", "bool"}, {"int16", "i16"}, {"i46", "i64"}};
  for (const auto& [foreign, ours] : known) {
    CAPTURE(foreign);
    const auto loaded = try_files({{"m.thrift", "struct S { 1: " + std::string(foreign) + " a }"}});
    CHECK(diagnostics_of(loaded).all()[0].suggestion == ours);
  }
}

TEST_CASE("a constant is no type and no service") {
  CHECK(ids("const i32 K = 1\nstruct S { 1: K a }") == "2:15 not-a-type");
  CHECK(ids("const i32 K = 1\nservice V extends K {}") == "2:19 not-a-service");
  CHECK(ids({{"m.thrift", "include 'b.thrift'\nstruct S { 1: b.K a }"},
             {"b.thrift", "const i32 K = 1"}}) == "2:15 not-a-type");
}

TEST_CASE("a misspelt value of an enum is told with its enum") {
  const auto suggestion = [](const std::string& value) {
    const std::string text = "include 'b.thrift'\nconst b.Color C = " + value;
    const auto loaded = try_files({{"m.thrift", text}, {"b.thrift", "enum Color { RED, GREEN }"}});
    return diagnostics_of(loaded).all()[0].suggestion;
  };
  CHECK(suggestion("GREN") == "b.Color.GREEN");
  CHECK(suggestion("red") == "b.Color.RED");
}
