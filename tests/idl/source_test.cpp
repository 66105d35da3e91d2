#include <doctest/doctest.h>

#include <thriftpp/idl/source.hpp>

#include "support.hpp"

using namespace thrift;

namespace {

SourcePtr file(std::string text) {
  return SourceFile::create("m.thrift", std::move(text));
}

constexpr std::size_t any_size = 1 << 20;

}  // namespace

TEST_CASE("LF and CR LF end a line, a CR alone does not") {
  const SourcePtr source = file("a\nb\r\nc\rd");
  CHECK(source->line_count() == 3);
  CHECK(source->line(1) == "a");
  CHECK(source->line(2) == "b");
  CHECK(source->line(3) == "c\rd");
  CHECK(source->line(4).empty());
  CHECK(source->line(0).empty());
  CHECK(source->position(2) == SourcePosition{2, 1});
  CHECK(source->position(5) == SourcePosition{3, 1});
  CHECK(source->position(7) == SourcePosition{3, 3});
  CHECK(source->line_begin(3) == 5);
  CHECK(source->line_begin(9) == 8);
}

TEST_CASE("an empty file has one empty line") {
  CHECK(file("")->line_count() == 1);
  CHECK(file("")->position(0) == SourcePosition{1, 1});
  CHECK(file("\n")->line_count() == 2);
}

TEST_CASE("the byte order mark is part of the text but not of the first line") {
  const SourcePtr source = file("\xEF\xBB\xBFstruct");
  CHECK(source->text().size() == 9);
  CHECK(source->content_begin() == 3);
  CHECK(source->line(1) == "struct");
  CHECK(source->position(3) == SourcePosition{1, 1});
  CHECK(source->position(5) == SourcePosition{1, 3});
  CHECK(source->position(0) == SourcePosition{1, 1});
}

TEST_CASE("columns count code points, and each invalid byte as one") {
  const SourcePtr source = file("\xC3\xA9\xE6\xBC\xA2\xF0\x9F\x98\x80\xFFx");
  CHECK(source->position(2) == SourcePosition{1, 2});
  CHECK(source->position(5) == SourcePosition{1, 3});
  CHECK(source->position(9) == SourcePosition{1, 4});
  CHECK(source->position(10) == SourcePosition{1, 5});
  CHECK(source->position(99) == SourcePosition{1, 6});
}

TEST_CASE("positions in a long line are found without walking it from the start") {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "\xC3\xA9 ";
  const SourcePtr source = file(text + "\nend");
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    // Quadratic work would take minutes.
    if (source->position(i * 3) != SourcePosition{1, 2 * i + 1}) FAIL("wrong at ", i);
  }
  CHECK(source->position(300'001) == SourcePosition{2, 1});
}

TEST_CASE("a range gives its bytes, and none where it is nowhere or beyond the end") {
  const SourcePtr source = file("one two");
  CHECK(source->range(4, 7).text() == "two");
  CHECK(source->range(4, 7).start() == SourcePosition{1, 5});
  CHECK(source->range(4, 99).text() == "two");
  CHECK(SourceRange{}.text().empty());
  CHECK_FALSE(SourceRange{});
}

TEST_CASE("the canonical path of a file is its name unless said otherwise") {
  CHECK(file("")->canonical_path() == "m.thrift");
  CHECK(SourceFile::create("m.thrift", "", "/a/m.thrift")->canonical_path() == "/a/m.thrift");
}

TEST_CASE("files in memory are found under every spelling of their path") {
  MemoryFiles files({{"a/b.thrift", "B"}, {"./c.thrift", "C"}});
  CHECK(files.read("a/../a/b.thrift", any_size).text == "B");
  CHECK(files.read("c.thrift", any_size).text == "C");
  CHECK(files.canonical("a/./b.thrift") == "a/b.thrift");
  CHECK_FALSE(files.canonical("b.thrift"));
  CHECK(files.read("b.thrift", any_size).status == FileContent::Status::not_found);
  CHECK(files.read("c.thrift", 0).status == FileContent::Status::too_large);
  files.add("c.thrift", "D");
  CHECK(files.read("c.thrift", any_size).text == "D");
}

TEST_CASE("files on disk keep their bytes, and tell why they cannot be read") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "thriftpp_source_test";
  fs::create_directories(folder / "sub");
  const std::string bytes("\xFF\0\r\n\xEF", 5);
  std::ofstream(folder / "a.thrift", std::ios::binary) << bytes;
  const DiskFiles files;
  CHECK(files.read(folder / "a.thrift", 5).text == bytes);
  CHECK(files.read(folder / "a.thrift", 4).status == FileContent::Status::too_large);
  CHECK(files.read(folder / "none.thrift", 5).status == FileContent::Status::not_found);
  CHECK(files.read(folder / "a.thrift/b", 5).status != FileContent::Status::found);
  const FileContent directory = files.read(folder, 5);
  CHECK(directory.status == FileContent::Status::unreadable);
  CHECK(directory.problem == "it is a directory");
  CHECK(files.canonical(folder / "sub/../a.thrift") == fs::canonical(folder / "a.thrift").string());
  CHECK_FALSE(files.canonical(folder / "none.thrift"));
  fs::remove_all(folder);
}

TEST_CASE("paths are joined as written, and absolute ones stay") {
  const MemoryFiles files;
  CHECK(files.join("a/b", "../c.thrift") == "a/b/../c.thrift");
  CHECK(files.join("", "c.thrift") == "c.thrift");
  CHECK(files.join("a", "/c.thrift") == "/c.thrift");
  CHECK(files.join("/", "c.thrift") == "/c.thrift");
  CHECK(files.directory("a/b/c.thrift") == "a/b");
  CHECK(files.directory("c.thrift").empty());
  CHECK(files.directory("/c.thrift") == "/");
}
