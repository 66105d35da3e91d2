#include <doctest/doctest.h>

#include "support.hpp"

using namespace thrift;
using namespace thrift::test;

TEST_CASE("an included file's names go by its base name, whatever folder it lies in") {
  const Idl idl = load_files(
      {{"m.thrift",
        "include \"sub/b.thrift\" struct S { 1: b.B x, 2: b.E e = b.E.X } const i32 C = b.K"},
       {"sub/b.thrift",
        "include \"../c.thrift\" enum E { X = 3 } struct B { 1: c.C a } "
        "const i32 K = 9"},
       {"c.thrift", "struct C {}"}});
  CHECK(value_of(idl, "C") == "9");
  CHECK(default_of(idl, "S", "e") == "\"X\"");
  CHECK(&idl.struct_type("S").field("x").type() == &idl.type("b.B"));
  REQUIRE(idl.schema().programs().size() == 3);
  CHECK(idl.schema().programs()[1]->path() == "sub/b.thrift");
}

TEST_CASE("files are searched beside the including file, then in the include directories") {
  const Files files{{"m.thrift", "include \"b.thrift\" struct S { 1: b.B x, 2: b.C y }"},
                    {"one/x.thrift", ""},
                    {"two/b.thrift", "include \"c.thrift\" struct B {} typedef c.C C"},
                    {"two/c.thrift", "struct C { 1: i32 near }"},
                    {"c.thrift", "struct C { 1: i32 far }"}};
  const Idl idl = load_files(files, {.include_dirs = {"one", "two", "."}});
  CHECK(idl.type("b.C").as_struct().find_field("near") != nullptr);
}

TEST_CASE("only files that are included directly count") {
  CHECK(ids({{"m.thrift", "include \"b.thrift\"\nstruct S { 1: c.C x, 2: C y, 3: b.c.C z }"},
             {"b.thrift", "include \"c.thrift\"\nstruct B { 1: c.C x }"},
             {"c.thrift", "struct C {}"}}) ==
        "2:15 unknown-type, 2:25 unknown-type, 2:33 unknown-type");
}

TEST_CASE("an unknown name says where it is defined") {
  const auto text = [](const Files& files) { return try_files(files).error().message(); };
  const Files files{{"m.thrift", "include \"b.thrift\"\nstruct S { 1: c.C x }"},
                    {"b.thrift", "include \"c.thrift\"\nstruct B { 1: c.C x }"},
                    {"c.thrift", "struct C {}"}};
  CHECK(text(files).find("unknown type `c.C`, defined in `c.thrift`, which is not included") !=
        std::string::npos);
  CHECK(
      text({{"m.thrift", "include \"b.thrift\"\nstruct S { 1: B x }"}, {"b.thrift", "struct B {}"}})
          .find("did you mean `b.B`?") != std::string::npos);
  CHECK(text({{"m.thrift", "struct S { 1: b.B x }"}, {"b.thrift", "struct B {}"}})
            .find("`b.thrift` is not included") != std::string::npos);
  CHECK(text({{"m.thrift", "struct S { 1: m.T x } struct T {}"}}).find("did you mean `T`?") !=
        std::string::npos);
}

TEST_CASE("the longest include that fits a dotted name is meant") {
  const Idl idl =
      load_files({{"m.thrift",
                   "include \"b.thrift\" include \"b.v1.thrift\" "
                   "struct S { 1: b.v1.B x, 2: b.B y } const i32 K = b.v1.K "
                   "const b.v1.E Q = b.v1.E.Y"},
                  {"b.thrift", "struct B {} enum v1 { K }"},
                  {"b.v1.thrift", "struct B { 1: i32 v } const i32 K = 7 enum E {X, Y}"}});
  CHECK(idl.struct_type("S").field("x").type().as_struct().fields().size() == 1);
  CHECK(idl.struct_type("S").field("y").type().as_struct().fields().empty());
  CHECK(value_of(idl, "K") == "7");
  CHECK(value_of(idl, "Q") == "\"Y\"");
}

TEST_CASE("two includes of one base name are both searched, the later first") {
  const Idl idl = load_files({{"m.thrift",
                               "include \"x/b.thrift\" include \"y/b.thrift\" "
                               "struct A { 1: b.P p, 2: b.Q q, 3: b.R r } const i32 K = b.K"},
                              {"x/b.thrift", "struct P {} struct Q { 1: i32 x } const i32 K = 1"},
                              {"y/b.thrift", "struct Q { 1: i32 y } struct R {} const i32 K = 2"}});
  CHECK(idl.struct_type("A").field("q").type().as_struct().find_field("y") != nullptr);
  CHECK(idl.type("b.Q").as_struct().find_field("y") != nullptr);
  CHECK(value_of(idl, "K") == "2");
}

TEST_CASE("a local type does not hide an include of its name") {
  const Idl idl = load_files(
      {{"m.thrift", "include \"b.thrift\" struct b { 1: i32 B } struct A { 1: b.B x, 2: b y }"},
       {"b.thrift", "struct B {}"}});
  CHECK(&idl.struct_type("A").field("x").type() == &idl.type("b.B"));
}

TEST_CASE("the same name in two files is two types") {
  const Idl idl = load_files({{"m.thrift", "include \"b.thrift\" struct B { 1: b.B other }"},
                              {"b.thrift", "struct B {}"}});
  CHECK(&idl.struct_type("B").field("other").type() != &idl.type("B"));
}

TEST_CASE("a file is read once, however often and by whatever path it is included") {
  const Idl idl = load_files({{"m.thrift",
                               "include \"b.thrift\" include \"./b.thrift\" include \"c.thrift\" "
                               "struct A { 1: b.B x, 2: c.C y }"},
                              {"b.thrift", "struct B {}"},
                              {"c.thrift", "include \"x/../b.thrift\" typedef b.B C"}});
  CHECK(idl.schema().programs().size() == 3);
  CHECK(&idl.type("c.C") == &idl.type("b.B"));
}

TEST_CASE("files that include each other are an error that shows the chain") {
  const Files files{{"m.thrift", "include \"b.thrift\" struct A { 1: b.B x }"},
                    {"b.thrift", "include \"c.thrift\" struct B { 1: c.C x }"},
                    {"c.thrift", "include \"m.thrift\" struct C { 1: m.A x }"}};
  CHECK(ids(files) == "c.thrift:1:9 include-cycle");
  CHECK(try_files(files).error().message().find(
            "`m.thrift` includes `b.thrift` includes `c.thrift` includes `m.thrift`") !=
        std::string::npos);
  CHECK(ids({{"m.thrift", "include \"m.thrift\""}}) == "1:9 include-cycle");
}

TEST_CASE("a missing include is a warning until something of it is used") {
  CHECK(ids("include \"nope.thrift\"\nstruct A { 1: i32 x }") == "1:9 warning missing-include");
  CHECK(ids("include \"nope.thrift\"\nstruct A { 1: nope.X x, 2: nope.Y y }\n"
            "const i32 K = nope.L\nservice S extends nope.T {}") == "1:9 missing-include");
}

TEST_CASE("what is wrong in an included file counts once the root needs it") {
  const std::string broken =
      "typedef Nope Broken struct B { 1: Broken b } struct Good {} service S { B f() } "
      "service T extends S {} const Broken K = 1";
  const Files unused{{"m.thrift", "include \"b.thrift\"\nstruct A { 1: b.Good g }"},
                     {"b.thrift", broken}};
  CHECK(ids(unused) == "b.thrift:1:9 warning unknown-type");
  const Idl idl = load_files(unused);
  const Program& b = *idl.program().includes()[0];
  CHECK(b.find_struct("Good") != nullptr);
  CHECK(b.find_struct("B") == nullptr);
  CHECK(b.find_typedef("Broken") == nullptr);
  CHECK(b.services().empty());
  CHECK(b.constants().empty());

  const auto used_by = [&](const std::string& use) {
    return ids({{"m.thrift", "include \"b.thrift\"\n" + use}, {"b.thrift", broken}});
  };
  CHECK(used_by("struct A { 1: list<b.B> x }") == "b.thrift:1:9 unknown-type");
  CHECK(used_by("typedef b.Broken X") == "b.thrift:1:9 unknown-type");
  CHECK(used_by("service X extends b.T {}") == "b.thrift:1:9 unknown-type");
  CHECK(used_by("const i32 X = b.K") == "b.thrift:1:9 unknown-type");
  CHECK(ids({{"m.thrift", "include \"b.thrift\""},
             {"b.thrift", "include \"n.thrift\" typedef n.X Y"}}) ==
        "b.thrift:1:9 warning missing-include");
  CHECK(ids({{"m.thrift", "include \"b.thrift\" typedef b.Y Z"},
             {"b.thrift", "include \"n.thrift\" typedef n.X Y"}}) ==
        "b.thrift:1:9 missing-include");
}

TEST_CASE("reading can be confined to folders") {
  const Files files{{"safe/m.thrift", "include \"b.thrift\" include \"../secret.thrift\""},
                    {"safe/b.thrift", ""},
                    {"safer/x.thrift", ""},
                    {"secret.thrift", ""}};
  const auto of = [&](const std::string& path) {
    return ids(diagnostics_of(try_load(path, in_memory(files, {.roots = {"safe"}}))));
  };
  CHECK(of("safe/m.thrift") == "safe/m.thrift:1:28 outside-roots");
  CHECK(of("safe/b.thrift") == "");
  CHECK(of("safer/x.thrift") == "outside-roots");
}

TEST_CASE("text that was never a file includes from where its name says") {
  LoadOptions options = in_memory({{"idl/b.thrift", "struct B {}"}});
  options.file_name = "idl/generated.thrift";
  const Idl idl = loads("include \"b.thrift\" struct A { 1: b.B b }", options);
  CHECK(idl.program().name() == "generated");
  CHECK(idl.program().path() == "idl/generated.thrift");
}

TEST_CASE("an include whose own name is misspelt is one mistake, with the name that is used") {
  const Files files{{"m.thrift",
                     "include \"idl/shraed.thrift\"\nstruct S { 1: shared.A a, 2: shared.B b }\n"
                     "const i32 K = shared.K\nservice T extends shared.T {}"}};
  CHECK(ids(files) == "1:9 missing-include");
  const std::string message = try_files(files).error().message();
  CHECK(message.find("did you mean `idl/shared.thrift`?") != std::string::npos);
  CHECK(message.find("m.thrift:2:15: note: something of it is used here") != std::string::npos);
}

TEST_CASE("names with a prefix that nothing has are one mistake") {
  CHECK(ids("struct S { 1: nope.A a, 2: list<nope.B> b }\nconst i32 K = nope.K\n"
            "struct T { 1: other.A a }") == "1:15 unknown-type, 3:15 unknown-type");
}

TEST_CASE("a file that is there but for its suffix or capital letters is suggested") {
  for (const char* path : {"B.thrift", "b.thift", "b", "B"}) {
    CAPTURE(path);
    const std::string text = "include '" + std::string(path) + "'\nstruct S { 1: b.T a }";
    const auto loaded = try_files({{"m.thrift", text}, {"b.thrift", "struct T {}"}});
    CHECK(ids(diagnostics_of(loaded)) == "1:9 missing-include");
    CHECK(diagnostics_of(loaded).all()[0].suggestion == "b.thrift");
  }
}
