// Hostile text is normal text: no crash, no hang, no more memory than the limits allow.

#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <thriftpp/idl/printer.hpp>

#include "support.hpp"
#include "support/cases.hpp"

using namespace thrift;
using namespace thrift::test;

namespace {

/// The sample without a mistake uses all of the language.
std::string whole_language() {
  return read_file(std::filesystem::path(THRIFTPP_SOURCE_DIR) /
                   "tests/idl/diagnostics/no_mistake.thrift");
}

/// Parses, and does with the result what a user would: nothing may crash on what came out.
void survive(const std::string& text) {
  const Parsed parsed(text);
  const std::string shown = render_text(parsed.diagnostics) + render_json(parsed.diagnostics) +
                            render_github(parsed.diagnostics) + print_idl(parsed.program);
  CHECK(shown.size() < 4'000'000);
  for (const SourceRange& skipped : parsed.program.skipped) {
    CHECK(skipped.begin <= skipped.end);
    CHECK(skipped.end <= text.size());
  }
  for (const Diagnostic& d : parsed.diagnostics.all()) CHECK(d.range.end <= text.size());
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

}  // namespace

TEST_CASE("a text cut off anywhere gives a tree and diagnostics") {
  const std::string text = whole_language();
  for (std::size_t size = 0; size < text.size(); ++size) survive(text.substr(0, size));
}

TEST_CASE("a text that begins anywhere gives a tree and diagnostics") {
  const std::string text = whole_language();
  for (std::size_t from = 0; from < text.size(); ++from) survive(text.substr(from));
}

TEST_CASE("any byte changed to any of the telling ones gives a tree and diagnostics") {
  const std::string text = whole_language();
  const std::string bytes("{}()[]<>,;:=\"'/*#@.-+&\n\r\\\0\xFFx9", 30);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = bytes[at % bytes.size()];
    survive(changed);
    changed.erase(at, 1);
    survive(changed);
  }
}

TEST_CASE("tokens in any order give a tree and diagnostics") {
  const std::vector<std::string> tokens{
      "struct",   "union",  "exception", "enum",    "service",   "typedef",  "const", "namespace",
      "include",  "list",   "map",       "set",     "i32",       "string",   "void",  "required",
      "optional", "oneway", "throws",    "extends", "xsd_attrs", "cpp_type", "A",     "b.C",
      "{",        "}",      "(",         ")",       "[",         "]",        "<",     ">",
      ",",        ";",      ":",         "=",       "&",         "*",        "1",     "-1",
      "0x",       "1.5",    "\"s\"",     "'",       "\"",        "/*",       "*/",    "//",
      "\n",       "@",      "strcut",    "requird", "/** d */",  "\xFF"};
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    std::string text;
    for (int n = 0; n < 40; ++n) text += tokens[random() % tokens.size()] + " ";
    survive(text);
  }
}

TEST_CASE("nesting stops at the limit and not before") {
  const auto type = [](std::size_t depth) {
    return "typedef " + repeated("list<", depth - 1) + "i32" + repeated(">", depth - 1) + " T";
  };
  const auto value = [](std::size_t depth) {
    return "const T C = " + repeated("[", depth) + repeated("]", depth);
  };
  const auto attributes = [](std::size_t depth) {
    return "struct S {" + repeated("1: i32 a xsd_attrs {", depth) + repeated("}", depth) + "}";
  };
  for (const ParseLimits& limits : {ParseLimits{}, ParseLimits{.max_depth = 3}}) {
    CHECK(Parsed(type(limits.max_depth), limits).ids().empty());
    CHECK(Parsed(value(limits.max_depth), limits).ids().empty());
    CHECK(Parsed(attributes(limits.max_depth), limits).ids().empty());
    for (const std::string& text : {type(limits.max_depth + 1), value(limits.max_depth + 1),
                                    attributes(limits.max_depth + 1)}) {
      const Parsed parsed(text, limits);
      REQUIRE(parsed.diagnostics.error_count() == 1);
      CHECK(parsed.diagnostics.all()[0].id == "nesting-too-deep");
    }
  }
}

TEST_CASE("deep nesting of anything neither hangs nor overflows the stack") {
  for (const std::string_view piece : {"list<",
                                       "map<map<",
                                       "[",
                                       "{",
                                       "{1:",
                                       "(",
                                       "struct A {",
                                       "service S {",
                                       "1: i32 a xsd_attrs {",
                                       "/*",
                                       "/**",
                                       "\"",
                                       "'",
                                       "@a{",
                                       "}",
                                       ")",
                                       ",",
                                       "a.",
                                       "-",
                                       "namespace ",
                                       "struct ",
                                       "\n",
                                       "#",
                                       "<",
                                       ">",
                                       "enum E { A ",
                                       "void f(",
                                       "const list<i32> a = [",
                                       "\\",
                                       "oneway ",
                                       "typedef ",
                                       "/** x */"}) {
    CAPTURE(piece);
    for (const std::string_view before :
         {"", "const T C = ", "typedef ", "struct A { ", "struct A { 1: ", "service S { void f(",
          "enum E { ", "struct A { 1: i32 a = ", "struct A {} ("}) {
      survive(std::string(before) + repeated(piece, 2'000));
    }
  }
}

// Each of these once took time that grew with the square of the length, or could: half a minute and
// more for what is read in milliseconds.
TEST_CASE("long lines of anything are read to their end") {
  for (const auto& [before, piece] :
       std::vector<std::pair<std::string, std::string>>{{"const list<i32> a = [", "''"},
                                                        {"const list<i32> a = [", "\"s\"A "},
                                                        {"const list<string> a = [", "A "},
                                                        {"const map<i32,i32> a = {", "1:\"s\""},
                                                        {"struct A { 1: i32 a (", "a = '' "},
                                                        {"struct A {", "[>"},
                                                        {"enum E {", ">)["},
                                                        {"service S {", "-](\n"},
                                                        {"", "[\n> "},
                                                        {"struct A {", "lista<"},
                                                        {"const list<i32> a = [", "\nconst a<"},
                                                        {"service S {", "\na<"}}) {
    CAPTURE(before);
    CAPTURE(piece);
    survive(before + repeated(piece, 200'000 / test::one_of(4) / piece.size()));
  }
}

TEST_CASE("a file beyond the limit is refused, one at the limit is read") {
  const std::string text = "struct A {}";
  CHECK(Parsed(text, {.max_file_bytes = text.size()}).program.definitions.size() == 1);
  const Parsed refused(text, {.max_file_bytes = text.size() - 1});
  CHECK(refused.ids() == "1:1 file-too-large");
  CHECK(refused.program.definitions.empty());
}

TEST_CASE("reading ends where the limit of errors is reached") {
  Diagnostics few({.max_errors = 3});
  const ast::Program program =
      parse_idl(SourceFile::create("m", repeated("struct A { 1: }\n", 100)), few);
  CHECK(few.error_count() == 3);
  CHECK(program.definitions.size() < 5);
  CHECK_FALSE(program.skipped.empty());
}
