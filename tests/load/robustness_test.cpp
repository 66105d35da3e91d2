// Text that is cut off or damaged anywhere gives an Idl or diagnostics, never a crash or a hang.

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thriftpp/load/describe.hpp>

#include "support.hpp"

using namespace thrift;
using namespace thrift::test;

namespace {

std::vector<std::string> samples() {
  std::vector<std::string> texts;
  for (const char* folder : {"/idl_samples", "/tests/load/diagnostics"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(THRIFTPP_SOURCE_DIR + std::string(folder))) {
      if (entry.path().extension() != ".thrift") continue;
      std::ifstream stream(entry.path(), std::ios::binary);
      std::ostringstream text;
      text << stream.rdbuf();
      texts.push_back(text.str());
    }
  }
  return texts;
}

/// Includes find a file that has all they may want.
const LoadOptions& options() {
  static const LoadOptions all = in_memory(
      {{"b.thrift", "struct B {} struct Item {} enum E { A } const i32 K = 1 service Base {}"}});
  return all;
}

/// Looks at everything that came out.
void use(const std::string& text) {
  const Result<Idl> loaded = try_loads(text, options());
  if (loaded) {
    CHECK_FALSE(describe_apache_json(*loaded).empty());
    CHECK_FALSE(describe_json(*loaded).empty());
    CHECK_FALSE(describe_text(*loaded).empty());
  } else {
    CHECK(diagnostics_of(loaded).has_errors());
    CHECK_FALSE(loaded.error().message().empty());
  }
}

}  // namespace

TEST_CASE("text that is cut off at any place loads or is refused") {
  for (const std::string& text : samples()) {
    const std::size_t step = text.size() / 150 + 1;
    for (std::size_t n = 0; n < text.size(); n += step) use(text.substr(0, n));
  }
}

TEST_CASE("text with a damaged byte loads or is refused") {
  static constexpr char replacements[] = {'\0', '}', '{', '"', '\'',  ',',
                                          '.',  '-', '9', '<', '\xff'};
  for (const std::string& text : samples()) {
    const std::size_t step = text.size() / 150 + 1;
    for (std::size_t at = 0; at < text.size(); at += step) {
      std::string damaged = text;
      damaged[at] = replacements[at % sizeof(replacements)];
      use(damaged);
    }
  }
}

TEST_CASE("text with a word left out or written twice loads or is refused") {
  for (const std::string& text : samples()) {
    std::size_t step = 0;
    for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 1)) {
      if (++step % 7 != 0) continue;
      const std::size_t end = std::min(text.find(' ', at + 1), text.size());
      use(text.substr(0, at) + text.substr(end));
      use(text.substr(0, end) + text.substr(at));
    }
  }
}

TEST_CASE("names of any length and in any number are handled") {
  const std::string name(1 << 20, 'x');
  CHECK(ids("struct " + name + " {} struct S { 1: " + name + " a, 2: " + name + "y b }") ==
        "1:2097185 unknown-type");
  std::string text;
  for (int i = 0; i < 4000; ++i)
    text += "struct S" + std::to_string(i) + " { 1: Nope" + std::to_string(i) + " x }\n";
  const Result<Idl> failed = try_loads(text);
  CHECK(diagnostics_of(failed).error_count() == 4000);
  CHECK(diagnostics_of(failed).all().size() == 100);
}

TEST_CASE("services that extend each other in a long row load") {
  std::string text = "service S0 {}\n";
  for (int i = 1; i < 20000; ++i) {
    text += "service S" + std::to_string(i) + " extends S" + std::to_string(i - 1) + " {}\n";
  }
  CHECK(loads(text).service("S19999").all_functions().empty());
  std::string reversed;
  for (int i = 20000; i-- > 0;) {
    reversed += "service S" + std::to_string(i) + " extends S" + std::to_string(i + 1) + " {}\n";
  }
  CHECK(loads(reversed + "service S20000 { void f() }").service("S0").all_functions().size() == 1);
}

TEST_CASE("a struct that contains itself in every way loads") {
  const Idl idl = loads("struct T { 1: T a = {}, 2: list<T> b = [{}], 3: map<T,T> c = {{}: {}} }");
  CHECK(default_of(idl, "T", "b") == "[{}]");
}
