// Real files: what Apache's compiler accepts must parse, read the same however its blanks and
// comments are changed, and survive printing.

#include <doctest/doctest.h>

#include <thriftpp/idl/printer.hpp>

#include "support.hpp"

using namespace thrift;
using namespace thrift::test;

namespace {

/// The tree of `text` but for documentation, which transforms of the text may touch.
ast::Program without_docs(const std::string& text, const std::string& path) {
  Parsed parsed(text, {}, path);
  const std::string printed = print_idl(parsed.program, {.docs = false});
  return std::move(Parsed(printed).program);
}

void check_transformed(const std::string& test, std::string (*transform)(const std::string&)) {
  for (const CorpusFile& file : corpus(test)) {
    if (file.want != "accept") continue;
    CAPTURE(file.path);
    const std::string changed = transform(file.text);
    const Parsed parsed(changed, {}, file.path);
    CHECK_MESSAGE(parsed.diagnostics.error_count() == 0, render_text(parsed.diagnostics));
    CHECK(
        ast::same_structure(without_docs(file.text, file.path), without_docs(changed, file.path)));
  }
}

}  // namespace

TEST_CASE("every real file that is wanted parses without an error") {
  for (const CorpusFile& file : corpus("every real file that is wanted parses without an error")) {
    const Parsed parsed(file.text, {}, file.path);
    if (file.want == "accept") {
      CHECK_MESSAGE(parsed.diagnostics.error_count() == 0, render_text(parsed.diagnostics));
      CHECK(parsed.program.skipped.empty());
    }
  }
}

TEST_CASE("every real file keeps its tree through printing") {
  for (const CorpusFile& file : corpus("every real file keeps its tree through printing")) {
    const Parsed first(file.text, {}, file.path);
    if (first.diagnostics.has_errors()) continue;
    const std::string printed = print_idl(first.program);
    CAPTURE(file.path);
    CAPTURE(printed);
    const Parsed second(printed, {}, file.path);
    CHECK_MESSAGE(second.diagnostics.error_count() == 0, render_text(second.diagnostics));
    CHECK(ast::same_structure(first.program, second.program));
    CHECK(print_idl(second.program) == printed);
  }
}

TEST_CASE("CR LF at the line ends changes no real file") {
  check_transformed("CR LF at the line ends changes no real file", with_crlf);
}

TEST_CASE("a byte order mark changes no real file") {
  check_transformed("a byte order mark changes no real file", with_byte_order_mark);
}

TEST_CASE("comments between the tokens change no real file") {
  check_transformed("comments between the tokens change no real file", with_comments);
}
