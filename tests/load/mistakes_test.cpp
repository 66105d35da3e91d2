// Ten mistakes of ten kinds in one large file: ten diagnostics in one run, each at its token, and
// none that follows from another.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "../support/shared.hpp"
#include "support.hpp"

using namespace thrift;
using namespace thrift::test;
namespace fs = std::filesystem;

namespace {

/// A text into which mistakes are planted, from its begin to its end.
class Planted {
 public:
  explicit Planted(std::string text) : text_(std::move(text)) {}

  /// Replaces the next `good`; the diagnostic `id` is expected at `token` within `bad`. `@` there
  /// stands for nothing, and `token` may be just that.
  void plant(const std::string& good, std::string bad, const std::string& token,
             const std::string& id) {
    const std::size_t at = text_.find(good, from_);
    REQUIRE_MESSAGE(at != std::string::npos, good);
    std::size_t place = bad.find(token);
    REQUIRE(place != std::string::npos);
    if (const std::size_t marker = bad.find('@'); marker != std::string::npos) {
      bad.erase(marker, 1);
    }
    text_.replace(at, good.size(), bad);
    place += at;
    from_ = at + bad.size();
    const auto begin = text_.begin();
    const auto line = 1 + std::count(begin, begin + static_cast<std::ptrdiff_t>(place), '\n');
    const std::size_t line_begin = text_.rfind('\n', place - 1) + 1;
    // Columns count characters, not bytes.
    const auto column = 1 + std::count_if(begin + static_cast<std::ptrdiff_t>(line_begin),
                                          begin + static_cast<std::ptrdiff_t>(place), [](char c) {
                                            return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
                                          });
    if (!expected_.empty()) expected_ += ", ";
    expected_ += std::to_string(line) + ':' + std::to_string(column) + ' ' + id;
    ++count_;
  }

  void check(Files files) const {
    REQUIRE(count_ == 10);
    files["m.thrift"] = text_;
    LoadOptions options;
    options.diagnostics.no_warnings = true;
    const Result<Idl> loaded = try_files(files, options);
    REQUIRE_FALSE(loaded);
    CHECK(ids(diagnostics_of(loaded)) == expected_);
  }

 private:
  std::string text_;
  std::size_t from_ = 0;
  std::string expected_;
  int count_ = 0;
};

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A file of 2,000 lines.
std::string sample() {
  std::string text =
      "include \"shared.thrift\"\n\n"
      "const i32 LIMIT = 100\nconst map<string, i32> SIZES = {\"small\": 1, \"large\": 2}\n\n";
  for (int i = 0; std::count(text.begin(), text.end(), '\n') < 2000; ++i) {
    const std::string n = std::to_string(i);
    text += "enum Colour" + n + " { RED = 1, GREEN, BLUE = 0x10 }\n" + "/** Number " + n +
            ". */\nstruct Item" + n + " {\n" +
            "  1: required string name = \"item\" (key = \"value\"),\n" +
            "  2: optional list<Item" + n + "> children,\n" + "  3: Colour" + n +
            " colour = Colour" + n + ".RED;\n" +
            "  4: shared.Shared shared\n  5: i32 limit = LIMIT\n}\n" + "exception Oops" + n +
            " { 1: string why }\n" + "service Service" + n + " extends shared.Base {\n" + "  Item" +
            n + " get" + n + "(1: i64 id) throws (1: Oops" + n + " oops),\n" +
            "  oneway void ping" + n + "(1: map<string, Item" + n + "> items)\n}\n\n";
  }
  return text;
}

const Files shared_file = {
    {"shared.thrift", "struct Shared { 1: i32 a }\nservice Base { void base() }\n"}};

}  // namespace

TEST_CASE("ten mistakes in a sample of 2,000 lines are ten diagnostics, each at its token") {
  Planted text(sample());
  text.plant("LIMIT = 100", "LIMIT = \"100\"", "\"100\"", "constant-type");
  text.plant("struct Item10 ", "strcut Item10 ", "strcut", "unknown-keyword");
  text.plant("shared.Shared", "shared.Shred", "shared.Shred", "unknown-type");
  text.plant("Colour20.RED;", "Colour20.RAD;", "Colour20.RAD", "unknown-constant");
  text.plant("5: i32 limit = LIMIT\n}", "5: i32 limit = LIMIT@\n", "@", "unclosed-bracket");
  text.plant("2: optional list<Item40>", "1: optional list<Item40>", "1", "duplicate-field-id");
  text.plant("BLUE = 0x10", "BLUE = 0xZZ", "0xZZ", "bad-number");
  text.plant("\"item\" (key = \"value\")", "\"item (key = value@)", "\"item",
             "unterminated-string");
  text.plant("4: shared.Shared shared", "4: shared.Shared name", "name", "duplicate-field-name");
  text.plant("(1: i64 id) throws", "(1: i64 id throws", "throws", "unclosed-bracket");
  text.check(shared_file);
}

TEST_CASE("ten other mistakes in that sample are ten diagnostics") {
  Planted text(sample());
  text.plant("include \"shared.thrift\"", "include \"shraed.thrift\"", "\"shraed.thrift\"",
             "missing-include");
  text.plant("{\"small\": 1", "{\"small: 1", "\"small", "unterminated-string");
  text.plant("optional list<Item7>", "optoinal list<Item7>", "optoinal", "unknown-keyword");
  text.plant("struct Item12 {", "struct Item12 {@{", "@", "unexpected-token");
  text.plant("4: shared.Shared shared", "4 shared.Shared shared", "shared", "expected-token");
  text.plant("exception Oops30", "exception Oops29 {}\nexception Oops30", "Oops29",
             "duplicate-definition");
  text.plant("Item40 get40(1", "Item40 get40 1", "1", "expected-token");
  text.plant("map<string, Item45>", "map<string Item45>", "Item45", "expected-token");
  text.plant("required string name =", "required string =", "=", "expected-name");
  text.plant("(1: Oops60 oops)", "(1: Item60 oops)", "Item60", "not-an-exception");
  text.check(shared_file);
}

TEST_CASE("ten mistakes in a real file of 3,000 lines are ten diagnostics, each at its token") {
  const auto folder =
      shared("ten mistakes in a real file", "corpus/files/valitydev__damsel/proto/domain.thrift");
  if (!folder) return;
  Files files;
  for (const auto& entry : fs::directory_iterator(folder->parent_path())) {
    if (entry.path().extension() == ".thrift") {
      files[entry.path().filename().string()] = read(entry.path());
    }
  }
  Planted text(read(*folder));
  text.plant("include \"json.thrift\"", "include \"jsn.thrift\"", "\"jsn.thrift\"",
             "missing-include");
  text.plant("\"limiter_config.thrift\"", "\"limiter_config.thrift", "\"limiter_config.thrift",
             "unterminated-string");
  text.plant("CANDIDATE_PRIORITY = 1000", "CANDIDATE_PRIORITY = \"high\"", "\"high\"",
             "constant-type");
  text.plant("2: InvoicePaid paid", "2: InvoicePaid unpaid", "unpaid", "duplicate-field-name");
  text.plant("struct InvoicePayment {", "strcut InvoicePayment {", "strcut", "unknown-keyword");
  text.plant("required Cash cost", "required Csah cost", "Csah", "unknown-type");
  text.plant("3: optional i16 days", "2: optional i16 days", "2", "duplicate-field-id");
  text.plant("5: optional WalletServiceTerms wallets\n}",
             "5: optional WalletServiceTerms wallets@\n", "@", "unclosed-bracket");
  text.plant("CIV = 100", "CIV = 1OO", "1OO", "bad-number");
  text.plant("map<Reference, DomainObject>", "map<Reference DomainObject>", "DomainObject",
             "expected-token");
  text.check(files);
}
