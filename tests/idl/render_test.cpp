// How diagnostics are collected and shown.

#include <doctest/doctest.h>

#include <thriftpp/idl/diagnostic.hpp>

using namespace thrift;

namespace {

SourcePtr file(std::string name, std::string text) {
  return SourceFile::create(std::move(name), std::move(text));
}

Diagnostic at(const SourcePtr& source, std::size_t begin, std::size_t end) {
  return {Severity::error, "some-id", "something", source->range(begin, end)};
}

}  // namespace

TEST_CASE("text shows place, severity, message, suggestion, id, line and caret") {
  const SourcePtr source = file("m.thrift", "struct A {\n  1: Usr user\n}\n");
  Diagnostic d{Severity::error, "unknown-type", "unknown type `Usr`", source->range(16, 19)};
  d.suggestion = "User";
  d.notes.push_back({"`A` begins here", source->range(0, 6)});
  d.notes.push_back({"a note without a place", {}});
  CHECK(render_text(d) ==
        "m.thrift:2:6: error: unknown type `Usr`; did you mean `User`? [unknown-type]\n"
        "    2 |   1: Usr user\n"
        "      |      ^~~\n"
        "m.thrift:1:1: note: `A` begins here\n"
        "    1 | struct A {\n"
        "      | ^~~~~~\n"
        "note: a note without a place\n");
  CHECK(render_text(d, {.source = false}) ==
        "m.thrift:2:6: error: unknown type `Usr`; did you mean `User`? [unknown-type]\n"
        "m.thrift:1:1: note: `A` begins here\n"
        "note: a note without a place\n");
}

TEST_CASE("the caret stands right behind tabs, wide characters and combining marks") {
  CHECK(render_text(at(file("m", "\ta\tb"), 3, 4)) ==
        "m:1:4: error: something [some-id]\n"
        "    1 |     a   b\n"
        "      |         ^\n");
  CHECK(render_text(at(file("m", "\xE6\xBC\xA2\xE5\xAD\x97 x"), 7, 8)) ==
        "m:1:4: error: something [some-id]\n"
        "    1 | \xE6\xBC\xA2\xE5\xAD\x97 x\n"
        "      |      ^\n");
  CHECK(render_text(at(file("m", "e\xCC\x81 x"), 4, 5)) ==
        "m:1:4: error: something [some-id]\n"
        "    1 | e\xCC\x81 x\n"
        "      |   ^\n");
  CHECK(render_text(at(file("m", "\xE6\xBC\xA2"), 0, 3)) ==
        "m:1:1: error: something [some-id]\n"
        "    1 | \xE6\xBC\xA2\n"
        "      | ^~\n");
}

TEST_CASE("control characters and invalid bytes never reach the terminal") {
  const std::string shown = render_text(at(file("m\x1b[2J", "\x1b[31m\xFF\x7F x"), 8, 9));
  CHECK(shown.find('\x1b') == std::string::npos);
  CHECK(shown ==
        "m\xEF\xBF\xBD[2J:1:9: error: something [some-id]\n"
        "    1 | \xEF\xBF\xBD[31m\xEF\xBF\xBD\xEF\xBF\xBD x\n"
        "      |         ^\n");
}

TEST_CASE("a range over several lines is underlined to the end of its first") {
  CHECK(render_text(at(file("m", "one two\nthree"), 4, 13)) ==
        "m:1:5: error: something [some-id]\n"
        "    1 | one two\n"
        "      |     ^~~\n");
}

TEST_CASE("a place behind the end of a line or of the file has a caret") {
  CHECK(render_text(at(file("m", "one\n"), 3, 3)) ==
        "m:1:4: error: something [some-id]\n"
        "    1 | one\n"
        "      |    ^\n");
  CHECK(render_text(at(file("m", ""), 0, 0)) ==
        "m:1:1: error: something [some-id]\n"
        "    1 | \n"
        "      | ^\n");
}

TEST_CASE("of a very long line the part around the caret is shown") {
  const SourcePtr source = file("m", std::string(100'000, 'a') + "X" + std::string(100'000, 'b'));
  CHECK(render_text(at(source, 100'000, 100'001), {.max_width = 20}) ==
        "m:1:100001: error: something [some-id]\n"
        "    1 | ...aaaaaaaaaaXbbbbbbbbb...\n"
        "      |              ^\n");
}

TEST_CASE("colours surround what they mark and end with the line") {
  const std::string shown = render_text(at(file("m", "x"), 0, 1), {.colour = true});
  CHECK(shown.find("\x1b[1;31merror: \x1b[0m") != std::string::npos);
  CHECK(shown.find("\x1b[1;32m^\x1b[0m\n") != std::string::npos);
}

TEST_CASE("the chain of includes stands before the first diagnostic of a file") {
  const SourcePtr root = file("root.thrift", "include 'a.thrift'\n");
  const SourcePtr a = file("a.thrift", "\ninclude 'b.thrift'\n");
  const SourcePtr b = file("b.thrift", "x");
  Diagnostics all;
  all.add_file(root);
  all.add_file(a, root->range(8, 18));
  all.add_file(b, a->range(9, 19));
  all.report(at(b, 0, 1));
  all.report(at(b, 0, 1));
  CHECK(render_text(all, {.source = false}) ==
        "in file included from a.thrift:2:9\n"
        "                 from root.thrift:1:9\n"
        "b.thrift:1:1: error: something [some-id]\n"
        "b.thrift:1:1: error: something [some-id]\n");
  CHECK(render_json(all, 0).find(R"("included_from":[{"file":"a.thrift","line":2,"column":9)") !=
        std::string::npos);
}

TEST_CASE("JSON holds everything, in characters and in bytes") {
  const SourcePtr source = file("m.thrift", "\xC3\xA9 \xFFxy\nz");
  Diagnostics all;
  Diagnostic d = at(source, 3, 6);
  d.message = "bad \xFF \"quote\"";
  d.suggestion = "ab";
  d.notes.push_back({"here", source->range(7, 8)});
  all.report(d);
  all.warning("other", {}, "nowhere");
  CHECK(render_json(all, 0) ==
        R"([{"severity":"error","id":"some-id","message":"bad )"
        "\xEF\xBF\xBD"
        R"( \"quote\"","file":"m.thrift","line":1,"column":3,"end_line":1,"end_column":6,)"
        R"("offset":3,"length":3,"suggestion":"ab","notes":[{"message":"here","file":"m.thrift",)"
        R"("line":2,"column":1,"end_line":2,"end_column":2,"offset":7,"length":1}]},)"
        R"({"severity":"warning","id":"other","message":"nowhere"}])"
        "\n");
}

TEST_CASE("GitHub's commands escape what they would misread") {
  const SourcePtr source = file("a,b:c.thrift", "one\ntwo");
  Diagnostics all;
  Diagnostic d = at(source, 0, 3);
  d.message = "100% wrong, see: here";
  d.suggestion = "two";
  d.notes.push_back({"note", source->range(4, 7)});
  all.report(d);
  all.report(at(source, 1, 6));
  all.warning("w", {}, "nowhere");
  CHECK(render_github(all) ==
        "::error file=a%2Cb%3Ac.thrift,line=1,col=1,endColumn=4,title=some-id::"
        "100%25 wrong, see: here; did you mean `two`?%0Anote (a,b:c.thrift:2:1)\n"
        "::error file=a%2Cb%3Ac.thrift,line=1,endLine=2,col=2,title=some-id::something\n"
        "::warning title=w::nowhere\n");
}

TEST_CASE("warnings are switched off or made errors by their id") {
  const auto severities = [](DiagnosticOptions options) {
    Diagnostics all(std::move(options));
    all.warning("a", {}, "");
    all.warning("b", {}, "");
    all.error("c", {}, "");
    std::string out;
    for (const Diagnostic& d : all.all())
      out += d.id + " " + std::string(to_string(d.severity)) + " ";
    return out;
  };
  CHECK(severities({}) == "a warning b warning c error ");
  CHECK(severities({.ignored = {"a", "c"}}) == "b warning c error ");
  CHECK(severities({.as_errors = {"b"}}) == "a warning b error c error ");
  CHECK(severities({.no_warnings = true}) == "c error ");
  CHECK(severities({.no_warnings = true, .as_errors = {"a"}}) == "a error c error ");
  CHECK(severities({.warnings_as_errors = true, .ignored = {"a"}}) == "b error c error ");
}

TEST_CASE("errors beyond the limit are counted but not kept") {
  Diagnostics all({.max_errors = 2});
  CHECK(all.error("a", {}, "1"));
  CHECK_FALSE(all.full());
  CHECK(all.error("a", {}, "2"));
  CHECK(all.full());
  CHECK_FALSE(all.error("a", {}, "3"));
  CHECK(all.all().size() == 2);
  CHECK(all.error_count() == 3);
  CHECK(render_text(all) == "error: 1 [a]\nerror: 2 [a]\nno more than 2 errors are shown\n");
  Diagnostics unlimited({.max_errors = 0});
  for (int i = 0; i < 1000; ++i) CHECK(unlimited.error("a", {}, ""));
  CHECK_FALSE(unlimited.full());
}

TEST_CASE("sorting goes by file as added and then by place") {
  const SourcePtr first = file("z.thrift", "one two");
  const SourcePtr second = file("a.thrift", "one two");
  Diagnostics all;
  all.add_file(first);
  all.add_file(second);
  all.report(at(second, 4, 7));
  all.report(at(first, 4, 7));
  all.report(at(second, 0, 3));
  all.report(at(first, 0, 3));
  all.error("nowhere", {}, "");
  all.sort();
  std::string order;
  for (const Diagnostic& d : all.all()) {
    if (d.range) order += d.range.file->name().substr(0, 1) + std::to_string(d.range.begin) + " ";
  }
  CHECK(all.all().front().id == "nowhere");
  CHECK(order == "z0 z4 a0 a4 ");
}

TEST_CASE("an IdlError carries all diagnostics and keeps their files alive") {
  Diagnostics all;
  all.report(at(file("gone.thrift", "text"), 0, 4));
  try {
    throw IdlError(std::move(all));
  } catch (const Error& error) {
    const IdlError copy = dynamic_cast<const IdlError&>(error);
    CHECK(std::string(copy.what()).starts_with("gone.thrift:1:1: error: something [some-id]\n"));
    REQUIRE(copy.diagnostics().all().size() == 1);
    CHECK(copy.diagnostics().all()[0].range.text() == "text");
    CHECK_THROWS_AS(copy.failure().raise(), IdlError);
  }
}
