#pragma once

// Test data that is not part of the sources. Where it is absent, a test says so by name and passes;
// tests/tally.py counts it as skipped.

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>

namespace thrift::test {

/// Says that `test` cannot run, and why. Call it at most once a test case, and return.
inline void skip(const std::string& test, const std::string& reason) {
  std::printf("skipped: %s (%s)\n", test.c_str(), reason.c_str());
  std::fflush(stdout);
}

/// The path of `name` in the shared folder. Nothing where it is not there: then `test` has been
/// reported as skipped.
[[nodiscard]] inline std::optional<std::filesystem::path> shared(const std::string& test,
                                                                 const std::string& name) {
  std::filesystem::path path = std::filesystem::path(THRIFTPP_SHARED_DIR) / name;
  if (std::filesystem::exists(path)) return path;
  skip(test, "no ../shared/" + name);
  return std::nullopt;
}

}  // namespace thrift::test
