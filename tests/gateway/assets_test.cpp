#include "gateway/assets.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>
#include <vector>

using namespace thrift;

namespace {

std::string source_of(std::string_view name) {
  std::ifstream file(std::string(THRIFTPP_SOURCE_DIR "/src/gateway/assets/").append(name));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// What `pattern`'s first group holds, for each place in the asset where it matches.
std::vector<std::string> all(const gateway::Asset& asset, const char* pattern) {
  const std::string text(asset.bytes);
  const std::regex regex(pattern);
  std::vector<std::string> out;
  for (std::sregex_iterator i(text.begin(), text.end(), regex), end; i != end; ++i) {
    out.push_back((*i)[1]);
  }
  return out;
}

}  // namespace

TEST_CASE("assets are the files to the byte, with their content types") {
  for (const auto& [name, type] : {std::pair("index.html", "text/html; charset=utf-8"),
                                   std::pair("style.css", "text/css; charset=utf-8"),
                                   std::pair("main.js", "text/javascript; charset=utf-8")}) {
    const gateway::Asset* const asset = gateway::find_asset(name);
    REQUIRE(asset != nullptr);
    const bool same = asset->bytes == source_of(name);  // a failure would print all of it
    CHECK(same);
    CHECK(asset->content_type == type);
    CHECK(asset->etag.size() == 22);
    CHECK(asset->etag.front() == '"');
    CHECK(asset->etag.back() == '"');
  }
  CHECK(gateway::find_asset("") == nullptr);
  CHECK(gateway::find_asset("../assets.cpp") == nullptr);
}

TEST_CASE("all that the page refers to is an asset, and nothing is elsewhere") {
  std::vector<std::string> waiting{"index.html"};
  std::vector<std::string> seen;
  while (!waiting.empty()) {
    const std::string name = waiting.back();
    waiting.pop_back();
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
    seen.push_back(name);
    CAPTURE(name);
    const gateway::Asset* const asset = gateway::find_asset(name);
    REQUIRE(asset != nullptr);
    for (const std::string& other : all(*asset, R"re((?:src|href)="docs/([^"]+)")re")) {
      waiting.push_back(other);
    }
    for (const std::string& other : all(*asset, R"re(from "\./([^"]+)")re")) {
      waiting.push_back(other);
    }
    for (const std::string& url : all(*asset, R"re((https?://[^'" )]*))re")) {
      CHECK(url == "http://www.w3.org/2000/svg");  // a name, which nobody fetches
    }
  }
  CHECK(seen.size() > 10);
}
