// Each file of diagnostics/ is loaded, and what is said of it compared with the .stderr.txt beside
// it. A line `//// NAME` begins another file; `//// 65535 fields` is short
// for them. THRIFTPP_REFRESH=1 in the environment writes the
// golden files anew: look at what changed before you commit it.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/idl/parser.hpp>

#include "support.hpp"

using namespace thrift;
using namespace thrift::test;
namespace fs = std::filesystem;

namespace {

const fs::path folder = fs::path(THRIFTPP_SOURCE_DIR) / "tests/load/diagnostics";

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::set<std::string> names(const std::string& ending) {
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.ends_with(ending)) found.insert(name.substr(0, name.size() - ending.size()));
  }
  return found;
}

/// Files in memory, one of which cannot be read.
class SampleFiles final : public FileProvider {
 public:
  explicit SampleFiles(const Files& files) : files_(files) {}
  [[nodiscard]] FileContent read(const std::string& path, std::size_t max_bytes) const override {
    if (path == unreadable) {
      return {.status = FileContent::Status::unreadable, .text = {}, .problem = "is a directory"};
    }
    return files_.read(path, max_bytes);
  }
  [[nodiscard]] std::optional<std::string> canonical(const std::string& path) const override {
    return path == unreadable ? path : files_.canonical(path);
  }

 private:
  static constexpr const char* unreadable = "directory.thrift";
  MemoryFiles files_;
};

/// What some samples need to show what they are for.
LoadOptions options_of(const std::string& name) {
  LoadOptions options;
  if (name == "constant_chain_too_long" || name == "typedef_chain_too_long") {
    options.limits.max_chain = 3;
  }
  if (name == "constant_too_large") options.limits.max_constant_values = 20;
  if (name == "includes_too_deep") options.limits.max_include_depth = 1;
  if (name == "missing_field_id") options.implicit_ids = ImplicitIds::reject;
  if (name == "outside_roots") options.roots = {"inside"};
  if (name == "too_many_files") options.limits.max_files = 2;
  if (name == "too_many_fields") options.keep_negative_ids = true;
  if (name == "too_many_functions") options.limits.max_functions = 7;
  if (name == "type_too_large") options.limits.max_type_names = 20;
  return options;
}

Result<Idl> load_sample(const std::string& name) {
  Files files;
  const std::string root =
      name == "outside_roots" ? "inside/" + name + ".thrift" : name + ".thrift";
  std::string* text = &files[root];
  std::istringstream lines(read_file(folder / (name + ".thrift")));
  for (std::string line; std::getline(lines, line);) {
    if (line == "//// 65535 fields") {
      for (int id = -32768; id < 32768; ++id) {
        if (id != 0) *text += std::to_string(id) + ": i8 f" + std::to_string(id + 32768) + '\n';
      }
    } else if (line.starts_with("//// ")) {
      text = &files[line.substr(5)];
    } else {
      *text += line + '\n';
    }
  }
  if (name == "outside_roots") {
    files["secret.thrift"] = "";
    files["inside"] = "";  // the memory has no folders, and roots must exist
  }
  LoadOptions options = options_of(name);
  options.provider = std::make_shared<SampleFiles>(files);
  return try_load(root, options);
}

}  // namespace

TEST_CASE("every mistake of a load is told as its golden file says") {
  const bool refresh = std::getenv("THRIFTPP_REFRESH") != nullptr;
  for (const std::string& name : names(".thrift")) {
    const Result<Idl> loaded = load_sample(name);
    const std::string shown = render_text(diagnostics_of(loaded));
    const fs::path golden = folder / (name + ".stderr.txt");
    if (refresh) std::ofstream(golden, std::ios::binary) << shown;
    CAPTURE(name);
    CHECK(read_file(golden) == shown);
    CHECK(is_utf8(shown));
  }
}

TEST_CASE("no golden file of the loader is left behind") {
  CHECK(names(".stderr.txt") == names(".thrift"));
}

TEST_CASE("every kind of diagnostic that loading adds is shown by the sample of its name") {
  std::set<std::string> known;
  for (const DiagnosticKind& kind : load_diagnostics()) {
    known.insert(std::string(kind.id));
    std::string name(kind.id);
    std::replace(name.begin(), name.end(), '-', '_');
    CAPTURE(name);
    REQUIRE(names(".thrift").contains(name));
    const Result<Idl> sample = load_sample(name);
    const auto& all = diagnostics_of(sample).all();
    CHECK(std::any_of(all.begin(), all.end(), [&](const Diagnostic& d) {
      return d.id == kind.id && d.severity == kind.severity;
    }));
  }
  CHECK(std::is_sorted(load_diagnostics().begin(), load_diagnostics().end(),
                       [](const auto& a, const auto& b) { return a.id < b.id; }));
  for (const DiagnosticKind& kind : syntax_diagnostics()) {
    CHECK(known.insert(std::string(kind.id)).second);
  }
  for (const std::string& name : names(".thrift")) {
    const Result<Idl> sample = load_sample(name);
    for (const Diagnostic& d : diagnostics_of(sample).all()) CHECK(known.contains(d.id));
  }
}
