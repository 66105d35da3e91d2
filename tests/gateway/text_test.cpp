// The small parts: URLs, places in JSON, limits.

#include <doctest/doctest.h>

#include "gateway/json_text.hpp"
#include "gateway/rate_limit.hpp"
#include "gateway/request_parser.hpp"
#include "gateway/response.hpp"
#include "gateway/url.hpp"

using namespace thrift;
using namespace thrift::gateway;
using namespace std::chrono_literals;

TEST_CASE("percent-encoding is undone, and what is none is refused") {
  CHECK(percent_decode("a%20b%2F%c3%A9", false) == "a b/\xc3\xa9");
  CHECK(percent_decode("a+b", false) == "a+b");
  CHECK(percent_decode("a+b", true) == "a b");
  CHECK(!percent_decode("%2", false));
  CHECK(!percent_decode("%", false));
  CHECK(!percent_decode("%g0", false));
  const auto pairs = parse_pairs("a=1&b&&c=%3D&a=2");
  REQUIRE(pairs);
  REQUIRE(pairs->size() == 4);
  CHECK((*pairs)[1].name == "b");
  CHECK((*pairs)[1].value.empty());
  CHECK((*pairs)[2].value == "=");
  CHECK(!parse_pairs("a=%"));
  CHECK(find_cookie("a=1; bb=\"2\" ;c=3", "bb") == "2");
  CHECK(find_cookie("a=1, c=3; d", "a") == "1, c=3");
  CHECK(!find_cookie("ab=1; b", "b"));
}

TEST_CASE("an object's members are found, and nothing gets out of a value") {
  const auto members =
      object_members(" { \"a\" : 1 , \"b\\n\" : {\"c\":[1,2]}, \"d\":\"}\\\",{\" } ");
  REQUIRE(members);
  REQUIRE(members->size() == 3);
  CHECK((*members)[0].value == "1");
  CHECK((*members)[1].name == "b\n");
  CHECK((*members)[1].value == "{\"c\":[1,2]}");
  CHECK((*members)[2].value == "\"}\\\",{\"");
  CHECK(object_members("{}")->empty());
  CHECK((*object_members(R"({"\u00f6\ud83d\ude00":1})"))[0].name == "\xc3\xb6\xf0\x9f\x98\x80");
  for (const char* bad :
       {"", "1", "[1]", "{", "{\"\\ud83d\":1}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1}}",
        "{\"a\":[}", "{\"a\":{]}}", "{\"a\":\"}", "{\"a\":1} {\"b\":2}"}) {
    CAPTURE(bad);
    CHECK(!object_members(bad));
  }
}

TEST_CASE("paths of errors lead to places in the text") {
  constexpr std::string_view text = "{\"a\": [1,\n  {\"b\": 2}], \"m\": {\"x\": 3, \"y\": 4}}";
  const auto place = [&](std::string_view path, std::string_view member = {}) -> std::string {
    const auto offset = find_place(text, path, member);
    if (!offset) return "nowhere";
    const TextPosition position = position_at(text, *offset);
    return std::to_string(position.line) + ":" + std::to_string(position.column);
  };
  CHECK(place("") == "1:1");
  CHECK(place("a") == "1:7");
  CHECK(place("a[0]") == "1:8");
  CHECK(place("a[1].b") == "2:9");
  CHECK(place("a[1]", "b") == "2:9");
  CHECK(place("a[1]", "c") == "2:3");
  CHECK(place("a[1].nothing") == "2:3");
  CHECK(place("m[1]") == "2:33");
  CHECK(place("nothing.else") == "nowhere");
}

TEST_CASE("buckets fill up again") {
  RateLimit limit(2, 3);
  RateLimit::Clock::time_point now{};
  unsigned wait = 0;
  for (int i = 0; i < 3; ++i) CHECK(limit.take("a", now, wait));
  CHECK(!limit.take("a", now, wait));
  CHECK(wait == 1);
  CHECK(limit.take("b", now, wait));
  now += 500ms;
  CHECK(limit.take("a", now, wait));
  CHECK(!limit.take("a", now, wait));
  now += 1h;
  for (int i = 0; i < 3; ++i) CHECK(limit.take("a", now, wait));
  CHECK(!limit.take("a", now, wait));
  CHECK(RateLimit(0, 0).take("a", now, wait));
}

TEST_CASE("a request is the same in whatever pieces it comes") {
  constexpr std::string_view text =
      "POST /a?b HTTP/1.1\r\nHost: x\r\nA: 1\r\na: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4;e=f\r\ndefg\r\n0\r\nT: t\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::span all(reinterpret_cast<const std::byte*>(text.data()), text.size());
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    RequestParser parser({});
    Request request;
    std::size_t used = 0;
    std::size_t given = 0;
    bool whole = false;
    while (!whole && given < text.size()) {
      given = std::min(given + piece, text.size());
      for (;;) {
        const auto taken = parser.parse(all.subspan(used, given - used), request);
        REQUIRE(taken.status == 0);
        used += taken.used;
        whole = taken.whole;
        if (whole || taken.used == 0 || used == given) break;
      }
    }
    CAPTURE(piece);
    REQUIRE(whole);
    CHECK(request.method() == "POST");
    CHECK(request.path() == "/a");
    CHECK(request.query() == "b");
    CHECK(request.body() == "abcdefg");
    CHECK(request.header("hOST") == "x");
    CHECK(request.all_headers("A") == "1, 2");
    CHECK(!request.has_header("B"));
    CHECK(request.keep_alive());
    const auto next = parser.parse(all.subspan(used), request);
    CHECK(next.whole);
    CHECK(request.method() == "GET");
    CHECK(request.body().empty());
  }
}

TEST_CASE("limits of requests are kept at and past them") {
  const auto status_of = [](const std::string& text, const RequestLimits& limits) {
    RequestParser parser(limits);
    Request request;
    const auto taken =
        parser.parse({reinterpret_cast<const std::byte*>(text.data()), text.size()}, request);
    return taken.whole ? 200 : taken.status;
  };
  RequestLimits limits;
  limits.body = 5;
  CHECK(status_of("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\n12345", limits) == 200);
  CHECK(status_of("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 6\r\n\r\n", limits) == 413);
  CHECK(status_of("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999999999999999\r\n\r\n",
                  limits) == 400);
  CHECK(
      status_of(
          "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n",
          limits) == 200);
  CHECK(status_of("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n3\r\n123\r\n3\r\n456\r\n0\r\n\r\n",
                  limits) == 413);
  limits.fields = 3;
  CHECK(status_of("GET / HTTP/1.1\r\nHost: t\r\nA: 1\r\nB: 2\r\n\r\n", limits) == 200);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: t\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", limits) == 431);
  CHECK(status_of("GET / HTTP/1.1\r\nHost: t\r\nExpect: magic\r\n\r\n", limits) == 417);
}

TEST_CASE("a few empty lines before a request are none of it") {
  for (const int lines : {1, 4, 5}) {
    CAPTURE(lines);
    std::string text;
    for (int i = 0; i < lines; ++i) text += "\r\n";
    text += "GET / HTTP/1.1\r\nHost: t\r\n\r\n";
    const std::span all(reinterpret_cast<const std::byte*>(text.data()), text.size());
    RequestParser parser({});
    Request request;
    RequestParser::Taken taken;
    std::size_t used = 0;
    for (std::size_t given = 1; given <= text.size() && taken.status == 0; ++given) {
      taken = parser.parse(all.subspan(used, given - used), request);
      used += taken.used;
    }
    CHECK(taken.whole == (lines <= 4));
    CHECK(taken.status == (lines <= 4 ? 0 : 400));
  }
}

TEST_CASE("no header gets out of its line") {
  CHECK(is_valid_header("X-A", "b c"));
  CHECK(!is_valid_header("X-A", "b\r\nSet-Cookie: x"));
  CHECK(!is_valid_header("X A", "b"));
  CHECK(!is_valid_header("", "b"));
  Buffer out;
  write_response(404, "text/plain", {{"A", "1\n2"}, {"B", "3"}}, "b", {}, out);
  CHECK(out.text().starts_with("HTTP/1.1 404 Not Found\r\n"));
  CHECK(out.text().find("A: ") == std::string_view::npos);
  CHECK(out.text().find("\r\nB: 3\r\n") != std::string_view::npos);
  out.clear();
  write_response(200, "text/plain\r\nA: 1", {}, "b", {}, out);
  CHECK(out.text().find("A: 1") == std::string_view::npos);
  CHECK(reason_phrase(418) == "I'm a teapot");
  CHECK(reason_phrase(499) == "Client Closed Request");
  CHECK(reason_phrase(599) == "Network Connect Timeout Error");
  CHECK(reason_phrase(298).empty());
}
