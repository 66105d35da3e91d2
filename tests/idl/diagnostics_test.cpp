// Each file of diagnostics/ is parsed, and what is said of it compared with the .stderr.txt beside
// it. THRIFTPP_REFRESH=1 in the environment writes these anew: look at what changed before you
// commit it.

#include <doctest/doctest.h>

#include <cstdlib>
#include <set>
#include <thriftpp/base/json_writer.hpp>

#include "support.hpp"

using namespace thrift;
using namespace thrift::test;
namespace fs = std::filesystem;

namespace {

const fs::path folder = fs::path(THRIFTPP_SOURCE_DIR) / "tests/idl/diagnostics";

std::set<std::string> names(const std::string& ending) {
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.ends_with(ending)) found.insert(name.substr(0, name.size() - ending.size()));
  }
  return found;
}

Parsed parse_sample(const std::string& name) {
  return Parsed(read_file(folder / (name + ".thrift")), {}, name + ".thrift");
}

}  // namespace

TEST_CASE("every mistake is told as its golden file says") {
  const bool refresh = std::getenv("THRIFTPP_REFRESH") != nullptr;
  for (const std::string& name : names(".thrift")) {
    const std::string shown = render_text(parse_sample(name).diagnostics);
    const fs::path golden = folder / (name + ".stderr.txt");
    if (refresh) std::ofstream(golden, std::ios::binary) << shown;
    CAPTURE(name);
    CHECK(read_file(golden) == shown);
    CHECK(is_utf8(shown));
  }
}

TEST_CASE("no golden file is left behind") {
  CHECK(names(".stderr.txt") == names(".thrift"));
}

TEST_CASE("every kind of syntax diagnostic is shown by the sample of its name") {
  std::set<std::string> known;
  for (const DiagnosticKind& kind : syntax_diagnostics()) {
    known.insert(std::string(kind.id));
    if (kind.id == "file-too-large") continue;  // the limit is not for a sample to reach
    std::string name(kind.id);
    std::replace(name.begin(), name.end(), '-', '_');
    CAPTURE(name);
    REQUIRE(names(".thrift").contains(name));
    bool shown = false;
    const Parsed sample = parse_sample(name);
    for (const Diagnostic& d : sample.diagnostics.all()) {
      shown = shown || (d.id == kind.id && d.severity == kind.severity);
    }
    CHECK(shown);
  }
  CHECK(std::is_sorted(syntax_diagnostics().begin(), syntax_diagnostics().end(),
                       [](const auto& a, const auto& b) { return a.id < b.id; }));
  for (const std::string& name : names(".thrift")) {
    const Parsed sample = parse_sample(name);
    for (const Diagnostic& d : sample.diagnostics.all()) CHECK(known.contains(d.id));
  }
}
