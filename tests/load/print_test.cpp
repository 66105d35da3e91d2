// Printing: a file that is printed from its tree loads to the same schema.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thriftpp/idl/parser.hpp>
#include <thriftpp/idl/printer.hpp>
#include <thriftpp/load/describe.hpp>

#include "../support/cases.hpp"
#include "../support/shared.hpp"
#include "support.hpp"

using namespace thrift;
using namespace thrift::test;
namespace fs = std::filesystem;

namespace {

/// The files on disk, each printed from its tree.
class PrintedFiles final : public FileProvider {
 public:
  [[nodiscard]] FileContent read(const std::string& path, std::size_t max_bytes) const override {
    FileContent content = disk_.read(path, max_bytes);
    if (content.status != FileContent::Status::found) return content;
    Diagnostics diagnostics;
    const ast::Program program =
        parse_idl(SourceFile::create(path, std::move(content.text)), diagnostics);
    content.text = print_idl(program);
    return content;
  }
  [[nodiscard]] std::optional<std::string> canonical(const std::string& path) const override {
    return disk_.canonical(path);
  }

 private:
  DiskFiles disk_;
};

void drop_places(nlohmann::json& value) {
  if (value.is_object()) value.erase("source");
  if (value.is_structured()) {
    for (auto& part : value) drop_places(part);
  }
}

/// All that our JSON says of a file, but for where it stands.
nlohmann::json described(const std::string& path, const LoadOptions& options) {
  nlohmann::json json = nlohmann::json::parse(describe_json(load(path, options), 0));
  drop_places(json);
  return json;
}

void check_printed(const std::string& path, LoadOptions options) {
  CAPTURE(path);
  if (!try_load(path, options)) return;  // others check that what is wanted loads
  const nlohmann::json before = described(path, options);
  options.provider = std::make_shared<PrintedFiles>();
  const Result<Idl> printed = try_load(path, options);
  REQUIRE_MESSAGE(printed, printed.error().message());
  const nlohmann::json changes = nlohmann::json::diff(before, described(path, options));
  CHECK_MESSAGE(changes.empty(), changes.dump(2));
}

}  // namespace

TEST_CASE("our samples are the same schema when they are printed") {
  for (const auto& entry : fs::directory_iterator(fs::path(THRIFTPP_SOURCE_DIR) / "idl_samples")) {
    check_printed(entry.path(), {});
  }
}

TEST_CASE("every real file is the same schema when it is printed") {
  const auto folder = shared("every real file is the same schema when it is printed", "corpus");
  if (!folder) return;
  std::ifstream manifest(*folder / "MANIFEST.tsv");
  std::string line;
  std::getline(manifest, line);
  const std::size_t step = test::one_of(6);
  for (std::size_t i = 0; std::getline(manifest, line); ++i) {
    if (i % step != 0) continue;
    std::istringstream cells(line);
    std::string path;
    std::string dirs;
    std::getline(cells, path, '\t');
    std::getline(cells, dirs, '\t');
    LoadOptions options;
    std::istringstream parts(dirs);
    for (std::string dir; std::getline(parts, dir, ';');) {
      if (!dir.empty()) options.include_dirs.push_back(*folder / "files" / dir);
    }
    check_printed(*folder / "files" / path, options);
  }
}
