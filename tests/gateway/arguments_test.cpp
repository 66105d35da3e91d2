// From requests to arguments: what is bound from where, and what is refused with which words.

#include "gateway/arguments.hpp"

#include <doctest/doctest.h>

#include <thriftpp/load/load.hpp>
#include <thriftpp/protocol/protocol.hpp>
#include <thriftpp/value/text.hpp>

using namespace thrift;
using namespace thrift::gateway;

namespace {

constexpr std::string_view text = R"(
struct Point { 1: required i32 x, 2: i32 y }
struct Query {
  1: required string id (api.path = "id")
  2: i32 limit (api.query = "max")
  3: Point point (api.query = "at")
  4: list<Point> points (api.header = "X-Points")
  5: string session (api.cookie = "sid")
  6: double d (api.query)
  7: list<double> ds (api.query)
  8: i64 big (api.query)
}
struct Body {
  1: required string name (api.body = "naam")
  2: i64 big (api.body = "big")
  3: Point point (api.body = "punkt")
  4: i32 page (api.query = "seite")
  5: string ghost (api.none = "true")
  6: string both (api.query = "both", api.body = "both")
  7: string size (api.body = "gr)"
                                  "\xc3\xb6\xc3\x9f"
                                  R"(e")
  8: string smile (api.body = ")"
                                  "\xf0\x9f\x98\x80"
                                  R"(")
}
struct Whole { 1: required list<Point> points (api.body = "*") }
struct Inner { 1: i32 n }
service S {
  void query(1: Query q) (api.get = "/query/:id")
  void body(1: Body b) (api.post = "/body")
  void whole(1: Whole w) (api.put = "/whole")
  void same(1: Inner n, 2: i32 m) (api.post = "/same")
}
)";

const RouteTable& routes() {
  static const Idl idl = loads(text);
  static const RouteTable table(idl.schema());
  return table;
}

void write(const HttpRequest& sent, const FromJsonOptions& options, Buffer& out,
           const Route*& route) {
  Request request;
  request.assign(sent);
  const auto match = routes().match(*find_http_method(sent.method), sent.path());
  REQUIRE(match.route != nullptr);
  route = match.route;
  write_arguments(match, request, ProtocolId::binary, options, out);
}

/// The arguments, as JSON.
std::string arguments(const HttpRequest& sent, const FromJsonOptions& options = {}) {
  Buffer out;
  const Route* route = nullptr;
  write(sent, options, out, route);
  return to_json(decode(ProtocolId::binary, out, route->function->arguments()));
}

Problem problem(const HttpRequest& sent, const FromJsonOptions& options = {}) {
  Buffer out;
  const Route* route = nullptr;
  try {
    write(sent, options, out, route);
  } catch (const BadRequest& e) {
    return e.problem;
  }
  FAIL("it was taken");
  return {};
}

HttpRequest get(std::string target, Headers headers = {}) {
  return {"GET", std::move(target), std::move(headers), {}, {}, {}};
}
HttpRequest post(std::string target, std::string body) {
  return {"POST", std::move(target), {}, std::move(body), {}, {}};
}

/// "path 2:7 suggestion"; no place is 0:0.
std::string place(const Problem& problem) {
  CHECK(problem.status == 400);
  return problem.path + " " + std::to_string(problem.line) + ":" + std::to_string(problem.column) +
         (problem.suggestion.empty() ? "" : " " + problem.suggestion);
}

}  // namespace

TEST_CASE("members that are wrong are told by the names and places that the client gave them") {
  Problem wrong = problem(post("/body", "{\"big\":3,\n\"naam\":5}"));
  CHECK(place(wrong) == "naam 2:8");
  CHECK(wrong.message.starts_with("naam: expected "));
  CHECK(place(problem(post("/body", "{\"naam\":\"x\",\n \"punkt\":{\"x\":\"q\"}}"))) ==
        "punkt.x 2:15");
  CHECK(place(problem(post("/body", "{\"naam\":\"x\",\n \"punkt\":\n  {\"pooint\":1}}"))) ==
        "punkt 3:13");
  CHECK(place(problem(post("/body", "{\"naam\":\"x\", \"punkt\":{\"xx\":1}}"))) == "punkt 1:28 x");
  // An object that lacks something is the place; of a member that is not there there is none.
  CHECK(place(problem(post("/body", "{\"naam\":\"x\",\n \"punkt\": {}}"))) == "punkt.x 2:11");
  CHECK(place(problem(post("/body", "{\"big\":1}"))) == "naam 0:0");
  CHECK(place(problem({"PUT", "/whole", {}, "[{\"x\":1},\n{\"x\":\"q\"}]", {}, {}})) ==
        "[1].x 2:6");
  CHECK(place(problem({"PUT", "/whole", {}, " 5", {}, {}})) == " 1:2");
  // The argument of one name is not its field of the same name.
  CHECK(place(problem(post("/same", "{\"m\":1,\n\"n\":{\"n\":\"q\"}}"))) == "n.n 2:10");
  CHECK(place(problem(post("/S/same", "{\"m\":1,\n\"n\":{\"n\":\"q\"}}"))) == "n.n 2:10");
}

TEST_CASE("what does not come from the body has no place in it, and always the same path") {
  const std::string body = R"({"naam":"x"})";
  const Problem large = problem(post("/body?seite=99999999999", body));
  CHECK(place(large) == "seite 0:0");
  CHECK(large.message == "seite: 99999999999 does not fit `i32`");
  CHECK(place(problem(post("/body?seite=many", body))) == "seite 0:0");
  CHECK(place(problem(get("/query/1?max=99999999999"))) == "max 0:0");
  CHECK(place(problem(get("/query/1?at={\"x\":\"q\"}"))) == "at.x 0:0");
  CHECK(place(problem(get("/query/1?at={"))) == "at 0:0");
  CHECK(place(problem(post("/S/body", "{\"b\":{\"big\":1}}"))) == "b.name 1:6");
  CHECK(place(problem(post("/S/whole", "{\"w\":{}}"))) == "w.points 1:6");
}

TEST_CASE("members that the body has not are refused with a name that it has") {
  const Problem near = problem(post("/body", "{\"naam\":\"x\",\n\"nam\":1}"));
  CHECK(place(near) == "nam 2:7 naam");
  CHECK(near.message == "`nam` is no member of this body; did you mean `naam`?");
  const Problem elsewhere = problem(post("/body", R"({"naam":"x","page":1})"));
  CHECK(elsewhere.message == "`page` is no member of this body: it comes from the query `seite`");
  const Problem renamed = problem(post("/body", R"({"naam":"x","name":"y"})"));
  CHECK(renamed.message == "`name` is no member of this body: it comes from the body `naam`");
  const Problem unset = problem(post("/body", R"({"naam":"x","ghost":"y"})"));
  CHECK(unset.message == "`ghost` is no member of this body: nothing sets it");
  const Problem twice = problem(post("/body", "{\"naam\":\"x\",\n\"naam\":\"y\"}"));
  CHECK(place(twice) == "naam 2:8");
  CHECK(twice.message == "`naam` stands there twice");
  FromJsonOptions skip;
  skip.skip_unknown_fields = true;
  CHECK(arguments(post("/body", R"({"naam":"x","nam":1})"), skip) == R"({"b":{"name":"x"}})");
  CHECK(problem(post("/body", R"({"naam":"x","ghost":"y"})"), skip).message == unset.message);
}

TEST_CASE("a client's words are not taken for the library's") {
  const Problem wrong =
      problem(post("/body", R"({"naam":"x","big":"has no field `x`; did you mean `y`?"})"));
  CHECK(place(wrong) == "big 1:19");
}

TEST_CASE("a body is JSON throughout, used or not") {
  CHECK(arguments(post("/body?both=q", R"({"naam":"x","both":"b"})")) ==
        R"({"b":{"name":"x","both":"q"}})");
  CHECK(place(problem(post("/body?both=q", R"({"naam":"x","both":tru})"))) == " 1:23");
  FromJsonOptions skip;
  skip.skip_unknown_fields = true;
  CHECK(place(problem(post("/body", R"({"naam":"x","other":tru})"), skip)) == " 1:24");
  CHECK(place(problem(post("/body", "{\"naam\":\"x\",\n\"big\":1 2}"))) == " 2:9");
}

TEST_CASE("members' names may be written with escapes") {
  CHECK(arguments(post("/body", R"({"n\u0061am":"x","gr\u00f6\u00dfe":"a","\ud83d\ude00":"b"})")) ==
        R"({"b":{"name":"x","size":"a","smile":"b"}})");
  CHECK(problem(post("/body", R"({"\ud83d":"b"})")).message.starts_with("not JSON at line 1"));
  CHECK(problem(post("/body", R"({"\q":"b"})")).message.starts_with("not JSON at line 1"));
}

TEST_CASE("numbers of the query that are too large for any type are refused as such") {
  const std::string digits(400, '9');
  CHECK(problem(get("/query/1?d=1e999")).message == "d: `1e999` does not fit `double`");
  CHECK(problem(get("/query/1?ds=1&ds=-1e309")).message == "ds: `-1e309` does not fit `double`");
  CHECK(problem(get("/query/1?big=" + digits)).message ==
        "big: `" + digits.substr(0, 60) + "` does not fit `i64`");
  CHECK(arguments(get("/query/1?d=1e-999&ds=1e308")) ==
        R"({"q":{"id":"1","d":0.0,"ds":[1e+308]}})");
}

TEST_CASE("cookies end at semicolons, and those of several fields are all there") {
  CHECK(arguments(get("/query/1", {{"Cookie", "a=b; sid=c,d"}})) ==
        R"({"q":{"id":"1","session":"c,d"}})");
  CHECK(arguments(get("/query/1", {{"Cookie", "a=b"}, {"Cookie", "sid=c"}})) ==
        R"({"q":{"id":"1","session":"c"}})");
}

TEST_CASE("JSON in a header is not cut at its commas") {
  CHECK(arguments(get("/query/1", {{"X-Points", R"([{"x":1},{"x":2}])"}})) ==
        R"({"q":{"id":"1","points":[{"x":1},{"x":2}]}})");
}
