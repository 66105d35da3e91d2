// The gateway over real sockets, in front of a real server.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "gateway/http_client.hpp"
#include "gateway/service.hpp"

using namespace thrift;
using namespace std::chrono_literals;
using test::fetch;
using test::HttpClient;
using test::HttpReply;
using test::Stand;

TEST_CASE("every method is called by POST, over every transport and protocol") {
  struct Way {
    const char* listen;
    const char* query;
  };
  for (const Way& way :
       {Way{"tcp://127.0.0.1:0", ""}, Way{"tcp://127.0.0.1:0", "?transport=framed"},
        Way{"tcp://127.0.0.1:0", "?transport=framed&protocol=compact"},
        Way{"tcp://127.0.0.1:0", "?transport=framed&protocol=json"},
        Way{"tcp://127.0.0.1:0", "?transport=header&protocol=compact"},
        Way{"http://127.0.0.1:0/rpc", ""}, Way{"http://127.0.0.1:0/rpc", "?protocol=compact"}}) {
    CAPTURE(way.listen);
    CAPTURE(way.query);
    Stand stand({}, way.query, {}, way.listen);
    stand.start();
    HttpClient client(stand.port());
    HttpReply reply = client.request("POST", "/UserStore/getUser", R"({"userId":"7"})");
    CHECK(reply.status == 200);
    CHECK(reply.header("Content-Type") == "application/json");
    CHECK(reply.body == R"({"id":"7","name":"Ann","big":9223372036854775807})");
    reply = client.request("POST", "/UserStore/save",
                           R"({"id":"1","user":{"id":"1","name":"Bo","tags":["a"]}})");
    CHECK(reply.status == 200);
    CHECK(reply.body == "null");
    CHECK(stand.server.saved == R"(1 {"id":"1","name":"Bo","tags":["a"]})");
    CHECK(client.request("POST", "/UserStore/flag", R"({"b":false})").body == "true");
    CHECK(client.request("POST", "/UserStore/flag", R"({"b":true})").body == "false");
    CHECK(client.request("POST", "/UserStore/table", R"({"t":{"a":[1.5,"NaN"],"b":[]}})").body ==
          R"({"a":[1.5,"NaN"],"b":[]})");
    CHECK(client.request("POST", "/UserStore/blob", R"({"size":3})").body == R"("eHh4")");
    reply = client.request("POST", "/UserStore/note", R"({"text":"hello"})");
    CHECK(reply.status == 202);
    CHECK(reply.body == "null");
    CHECK(client.request("POST", "/UserStore/getUser", "").status == 200);
    CHECK(stand.server.noted == "hello");
  }
}

TEST_CASE("declared exceptions have their name, their value and a mapped status") {
  Stand stand;
  stand.start();
  HttpClient client(stand.port());
  HttpReply reply = client.request("POST", "/UserStore/getUser", R"({"userId":"missing"})");
  CHECK(reply.status == 404);
  CHECK(reply.body == R"({"error":{"name":"NotFound","status":404,"exception":{"what":"user"}}})");
  reply = client.request("POST", "/UserStore/getUser", R"({"userId":"banned"})");
  CHECK(reply.status == 403);
  CHECK(reply.body ==
        R"({"error":{"name":"Banned","status":403,"exception":{"why":"rude \"words\""}}})");
  reply = client.request("GET", "/users/gone");
  CHECK(reply.status == 500);
  CHECK(reply.body == R"({"error":{"name":"Gone","status":500,"exception":{"what":"gone"}}})");
}

TEST_CASE("annotated routes bind path, query, headers, cookies, forms and bodies") {
  Stand stand;
  stand.start();
  HttpClient client(stand.port());
  CHECK(client.request("GET", "/users/a%2Fb%20%C3%A9").body ==
        "{\"id\":\"a/b \xC3\xA9\",\"name\":\"Ann\",\"big\":9223372036854775807}");
  CHECK(client.request("GET", "/files/a/b%20c/d").body == "7");
  CHECK(client.request("PUT", "/users/5", R"({"id":"5","name":"Cy"})").body == "null");
  CHECK(stand.server.saved == R"(5 {"id":"5","name":"Cy"})");

  HttpReply reply = client.request("GET", "/search?name=J%C3%B6rg+X&limit=3&age=1&age=2&other=9",
                                   "", "X-Token: t\r\nCookie: a=b; session=\"s 1\"\r\n");
  CHECK(reply.status == 203);
  CHECK(reply.header("ETag") == "\"7\"");
  CHECK(reply.body ==
        "{\"Summary\":\"{\\\"name\\\":\\\"J\xC3\xB6rg X\\\",\\\"limit\\\":3,\\\"ages\\\":[1,2],"
        "\\\"token\\\":\\\"t\\\",\\\"session\\\":\\\"s 1\\\"}\",\"big\":\"1\"}");
  reply = client.request("POST", "/search?limit=4", R"({"full_text":"a\"b"})");
  CHECK(reply.body == R"({"Summary":"{\"limit\":4,\"text\":\"a\\\"b\"}","big":"1"})");
  CHECK(client
            .request("POST", "/login", "user=ann&x=1",
                     "Content-Type: application/x-www-form-urlencoded\r\n")
            .body == R"("ann|user=ann&x=1")");
  CHECK(client.request("POST", "/login?name=bo").body == R"("bo|")");
  // The direct route takes the same method without any binding.
  CHECK(client.request("POST", "/UserStore/search", R"({"search":{"name":"x"}})").body ==
        R"({"summary":"{\"name\":\"x\"}","etag":"\"7\"","code":203,"secret":"s","big":1})");
}

TEST_CASE("the query says what JSON looks like") {
  Stand stand;
  stand.start();
  HttpClient client(stand.port());
  CHECK(client.request("GET", "/users/1?int64=string").body ==
        R"({"id":"1","name":"Ann","big":"9223372036854775807"})");
  CHECK(client.request("POST", "/UserStore/blob?binary=text", R"({"size":2})").body == R"("xx")");
  CHECK(client.request("GET", "/users/1?indent=2").body ==
        "{\n  \"id\": \"1\",\n  \"name\": \"Ann\",\n  \"big\": 9223372036854775807\n}");
  const auto document = nlohmann::json::parse(client.request("GET", "/openapi.json").body);
  for (const auto& parameter : document["paths"]["/UserStore/getUser"]["parameters"]) {
    const nlohmann::json::json_pointer place(parameter["$ref"].get<std::string>().substr(1));
    const std::string name = document[place]["name"];
    for (const std::string value : document[place]["schema"]["enum"]) {
      CHECK(client.request("GET", "/users/1?" + name + "=" + value).status == 200);
    }
    CHECK(client.request("GET", "/users/1?" + name + "=no").status == 400);
  }
  const HttpReply reply = client.request("GET", "/users/1?int64=strings");
  CHECK(reply.status == 400);
  CHECK(reply.body ==
        R"({"error":{"name":"bad_request","status":400,"message":"`int64=strings`: expected )"
        R"(`number` or `string`","suggestion":"string"}})");
}

TEST_CASE("bad input is answered with path, position and suggestion") {
  Stand stand;
  stand.start();
  HttpClient client(stand.port());
  HttpReply reply = client.request("POST", "/UserStore/save",
                                   "{\"id\":\"1\",\n \"user\":{\"id\":\"1\",\"nmae\":\"x\"}}");
  CHECK(reply.status == 400);
  CHECK(
      reply.body ==
      R"({"error":{"name":"bad_request","status":400,"message":"user: struct `User` has no field )"
      R"(`nmae`; did you mean `name`?","path":"user","line":2,"column":26,"suggestion":"name"}})");
  reply = client.request("POST", "/UserStore/save",
                         R"({"id":"1","user":{"id":"1","name":"x","tags":["a", 5]}})");
  CHECK(reply.status == 400);
  CHECK(reply.body.find(R"("path":"user.tags[1]","line":1,"column":52)") != std::string::npos);
  reply = client.request("POST", "/UserStore/save", "{\"id\":\n\"1\" x}");
  CHECK(reply.status == 400);
  CHECK(reply.body.find(R"("line":2,"column":5)") != std::string::npos);
  reply = client.request("PUT", "/users/1", R"({"id":"1"})");
  CHECK(reply.status == 400);
  CHECK(reply.body.find(R"("path":"name")") != std::string::npos);
  reply = client.request("GET", "/search?limit=many");
  CHECK(reply.status == 400);
  CHECK(reply.body ==
        R"({"error":{"name":"bad_request","status":400,"message":"limit: expected `i32`, got )"
        R"(`many`","path":"limit"}})");
  reply = client.request("POST", "/search", R"({"token":"t"})");
  CHECK(reply.status == 400);
  CHECK(reply.body.find("it comes from the header `X-Token`") != std::string::npos);
  CHECK(client.request("GET", "/users/%zz").status == 400);
  CHECK(client.request("POST", "/search", "[1]").status == 400);
  CHECK(client.request("POST", "/UserStore/getUser", "[1]").status == 400);
  // The connection is as good as before.
  CHECK(client.request("GET", "/users/1").status == 200);
}

TEST_CASE("what is no route, method, type or size is refused as it should be") {
  GatewayOptions options;
  options.max_body = 1000;
  options.max_header = 2000;
  Stand stand(options);
  stand.start();
  HttpClient client(stand.port());
  HttpReply reply = client.request("POST", "/UserStore/getUsr", "{}");
  CHECK(reply.status == 404);
  CHECK(reply.body.find(R"("suggestion":"/UserStore/getUser")") != std::string::npos);
  reply = client.request("DELETE", "/users/1");
  CHECK(reply.status == 405);
  CHECK(reply.header("Allow") == "GET, PUT, HEAD, OPTIONS");
  reply = client.request("OPTIONS", "/users/1");
  CHECK(reply.status == 204);
  CHECK(reply.header("Allow") == "GET, PUT, HEAD, OPTIONS");
  reply = client.request("HEAD", "/users/1");
  CHECK(reply.status == 200);
  CHECK(reply.header("Content-Length") == "49");
  CHECK(client.request("BREW", "/users/1").status == 501);
  reply = client.request("POST", "/UserStore/getUser", "userId=1",
                         "Content-Type: application/x-www-form-urlencoded\r\n");
  CHECK(reply.status == 415);
  CHECK(client.request("POST", "/search", "{}", "Content-Type: text/plain\r\n").status == 415);
  reply = client.request("POST", "/UserStore/getUser", std::string(1001, ' '));
  CHECK(reply.status == 413);
  CHECK(client.is_closed());
  CHECK(
      fetch(stand.port(), "GET", "/users/1", "", "X: " + std::string(2000, 'x') + "\r\n").status ==
      431);
  HttpClient bad(stand.port());
  bad.send("GET / HTTP/9.1\r\n\r\n");
  CHECK(bad.receive().status == 505);
  HttpClient worse(stand.port());
  worse.send("\x16\x03\x01 what is that\r\n\r\n");
  CHECK(worse.receive().status == 400);
}

TEST_CASE("a connection takes many requests, pipelined, chunked, and asked to go on") {
  Stand stand;
  stand.start();
  HttpClient client(stand.port());
  const std::string slow =
      "POST /UserStore/slow HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Content-Length: 19\r\n\r\n{\"milliseconds\":50}";
  client.send(slow +
              "GET /users/1 HTTP/1.1\r\nHost: t\r\n\r\nGET /users/2 HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(client.receive().body == "50");
  CHECK(client.receive().body.find(R"("id":"1")") != std::string::npos);
  CHECK(client.receive().body.find(R"("id":"2")") != std::string::npos);
  client.send(
      "POST /UserStore/getUser HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n");
  for (const char* piece : {"4\r\n{\"us\r\n", "a\r\nerId\":\"9\"}\r\n", "0\r\n", "\r\n"})
    client.send(piece);
  CHECK(client.receive().body.find(R"("id":"9")") != std::string::npos);
  client.send(
      "POST /UserStore/getUser HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Expect: 100-continue\r\nContent-Length: 14\r\n\r\n");
  CHECK(client.receive().status == 100);
  client.send("{\"userId\":\"8\"}");
  CHECK(client.receive().body.find(R"("id":"8")") != std::string::npos);
  client.send("GET /users/3 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  const HttpReply last = client.receive();
  CHECK(last.status == 200);
  CHECK(last.header("Connection") == "close");
  CHECK(client.is_closed());
  HttpClient old(stand.port());
  old.send("GET /users/3 HTTP/1.0\r\n\r\n");
  CHECK(old.receive().status == 200);
  CHECK(old.is_closed());
}

TEST_CASE("upstream faults are 502, 503 and 504") {
  UpstreamOptions upstream;
  upstream.timeout = 100ms;
  upstream.breaker_failures = 3;
  upstream.open_time = 60s;
  upstream.retries = 0;
  Stand stand({.threads = 1}, "?transport=framed", upstream);
  stand.start();
  HttpClient client(stand.port());
  HttpReply reply = client.request("POST", "/UserStore/fail", R"({"how":"badly"})");
  CHECK(reply.status == 502);
  CHECK(reply.body.find(R"("name":"upstream_error")") != std::string::npos);
  CHECK(client.request("POST", "/UserStore/slow", R"({"milliseconds":400})").status == 504);
  CHECK(client.request("GET", "/users/1").status == 200);
  CHECK(client.request("GET", "/readyz").status == 200);
  stand.server.stop();
  CHECK(client.request("GET", "/users/1").status == 502);
  CHECK(client.request("GET", "/users/1").status == 502);
  int status = 0;
  for (int i = 0; i < 3 && status != 503; ++i) status = client.request("GET", "/users/1").status;
  CHECK(status == 503);
  reply = client.request("GET", "/readyz");
  CHECK(reply.status == 503);
  CHECK(reply.body == "no upstream is healthy\n");
  CHECK(client.request("GET", "/healthz").status == 200);
  CHECK(client.request("GET", "/status").body.find(R"("circuit": "open")") != std::string::npos);
}

TEST_CASE("request ids are kept or made, and go to the log") {
  GatewayOptions options;
  const test::AccessLog log(options);
  const std::vector<std::string>& lines = log.lines;
  Stand stand(options);
  stand.start();
  HttpReply reply = fetch(stand.port(), "GET", "/users/missing", "", "X-Request-Id: abc\r\n");
  CHECK(reply.header("X-Request-Id") == "abc");
  reply = fetch(stand.port(), "GET", "/users/1?x=\xff", "", "X-Request-Id: bad id\r\n");
  CHECK(reply.header("X-Request-Id").size() == 24);
  stand.gateway.stop();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].find(R"("id":"abc","client":"127.0.0.1","method":"GET","target":"/users/missing",)"
                      R"("status":404)") != std::string::npos);
  CHECK(lines[0].find(R"("call":"UserStore.getUser","exception":"NotFound"})") !=
        std::string::npos);
  // what is not UTF-8 is read as Latin-1
  CHECK(lines[1].find("\"target\":\"/users/1?x=\xc3\xbf\",\"status\":200") != std::string::npos);
}

TEST_CASE("browsers of other origins may call where that is allowed") {
  Stand closed;
  closed.start();
  CHECK(fetch(closed.port(), "GET", "/users/1", "", "Origin: http://a\r\n")
            .header("Access-Control-Allow-Origin")
            .empty());
  Stand stand({.cors_origins = {"http://a"}});
  stand.start();
  CHECK(fetch(stand.port(), "GET", "/users/1", "", "Origin: http://a\r\n")
            .header("Access-Control-Allow-Origin") == "http://a");
  CHECK(fetch(stand.port(), "GET", "/users/1", "", "Origin: http://b\r\n")
            .header("Access-Control-Allow-Origin")
            .empty());
  const HttpReply reply = fetch(stand.port(), "OPTIONS", "/UserStore/getUser", "",
                                "Origin: http://a\r\nAccess-Control-Request-Method: POST\r\n"
                                "Access-Control-Request-Headers: content-type\r\n");
  CHECK(reply.status == 204);
  CHECK(reply.header("Access-Control-Allow-Methods") == "POST, OPTIONS");
  CHECK(reply.header("Access-Control-Allow-Headers") == "content-type");
}

TEST_CASE("tokens are checked, and clients are kept to their rate") {
  GatewayOptions options;
  options.check_token = [](std::string_view token) { return token == "good"; };
  options.rate = 0.001;
  options.burst = 4;
  Stand stand(options);
  stand.start();
  HttpClient client(stand.port());
  CHECK(client.request("GET", "/healthz").status == 200);
  HttpReply reply = client.request("GET", "/users/1");
  CHECK(reply.status == 401);
  CHECK(reply.header("WWW-Authenticate") == "Bearer");
  CHECK(client.request("GET", "/users/1", "", "Authorization: Bearer bad\r\n").status == 401);
  CHECK(client.request("GET", "/users/1", "", "Authorization: bearer good\r\n").status == 200);
  CHECK(client.request("GET", "/openapi.json").status == 401);
  CHECK(client.request("GET", "/docs").status == 200);  // it asks for the token itself
  reply = client.request("GET", "/users/1", "", "Authorization: Bearer good\r\n");
  CHECK(reply.status == 429);
  CHECK(!reply.header("Retry-After").empty());
  CHECK(client.request("GET", "/healthz").status == 200);
}

TEST_CASE("middleware stands around routes, and custom routes come first") {
  Stand stand;
  stand.gateway
      .use([](HttpRequest& request, const HttpHandler& next) -> HttpResponse {
        if (request.header("Authorization").empty()) return {401, R"({"error":"who?"})"};
        HttpResponse response = next(request);
        response.headers.emplace_back("X-Outer", std::to_string(response.status));
        return response;
      })
      .use([](HttpRequest& request, const HttpHandler& next) -> HttpResponse {
        if (request.path() == "/alias") request.target = "/users/aliased";
        if (request.path() == "/throw") throw std::runtime_error("no");
        if (request.path() == "/named") return {200, "", "text/plain", {{"X-Request-Id", "mine"}}};
        return next(request);
      })
      .route("GET", "/hello", [](HttpRequest& request) -> HttpResponse {
        return {200, "hello " + request.client, "text/plain"};
      });
  stand.start();
  HttpClient client(stand.port());
  CHECK(client.request("GET", "/users/1").status == 401);
  constexpr std::string_view known = "Authorization: x\r\n";
  HttpReply reply = client.request("GET", "/alias", "", known);
  CHECK(reply.body.find(R"("id":"aliased")") != std::string::npos);
  CHECK(reply.header("X-Outer") == "200");
  reply = client.request("GET", "/users/missing", "", known);
  CHECK(reply.status == 404);
  CHECK(reply.header("X-Outer") == "404");
  CHECK(client.request("GET", "/hello", "", known).body == "hello 127.0.0.1");
  CHECK(client.request("GET", "/throw", "", known).status == 500);
  reply = client.request("GET", "/named", "", known);
  CHECK(reply.header("X-Request-Id") == "mine");
  CHECK(reply.head.find("X-Request-Id") == reply.head.rfind("X-Request-Id"));
  CHECK(client.request("GET", "/healthz").status == 200);
}

TEST_CASE("what the gateway serves of its own is there, and is counted") {
  Stand stand;
  stand.start();
  HttpClient client(stand.port());
  CHECK(client.request("GET", "/healthz").body == "ok\n");
  CHECK(client.request("GET", "/readyz").body == "ready\n");
  CHECK(client.request("GET", "/openapi.json").body.find("\"openapi\":\"3.1") != std::string::npos);
  CHECK(client.request("GET", "/idl.json").body.starts_with("[{"));
  CHECK(client.request("GET", "/schema/User.json").body.find("Somebody.") != std::string::npos);
  const HttpReply unknown = client.request("GET", "/schema/Usr.json");
  CHECK(unknown.status == 404);
  CHECK(unknown.body.find(R"("suggestion":"User")") != std::string::npos);
  HttpReply reply = client.request("GET", "/docs");
  CHECK(reply.status == 200);
  CHECK(reply.header("Content-Type") == "text/html; charset=utf-8");
  const std::string etag = reply.header("ETag");
  CHECK(client.request("GET", "/docs", "", "If-None-Match: " + etag + "\r\n").status == 304);
  CHECK(client.request("GET", "/docs/nothing.js").status == 404);
  CHECK(client.request("POST", "/status").status == 405);
  client.request("GET", "/users/1");
  client.request("GET", "/users/missing");
  client.request("GET", "/search?limit=x");
  reply = client.request("GET", "/metrics");
  CHECK(reply.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  const auto has = [&](std::string_view line) {
    return ("\n" + reply.body).find("\n" + std::string(line) + "\n") != std::string::npos;
  };
  CHECK(has(
      "thriftpp_gateway_calls_total{service=\"UserStore\",method=\"getUser\",outcome=\"ok\"} 1"));
  CHECK(
      has("thriftpp_gateway_calls_total{service=\"UserStore\",method=\"getUser\",outcome="
          "\"exception\"} 1"));
  CHECK(
      has("thriftpp_gateway_calls_total{service=\"UserStore\",method=\"search\",outcome=\"bad_"
          "request\"} 1"));
  CHECK(has("thriftpp_gateway_call_seconds_count{service=\"UserStore\",method=\"getUser\"} 2"));
  CHECK(has("thriftpp_gateway_in_flight{service=\"UserStore\",method=\"getUser\"} 0"));
  CHECK(has("thriftpp_gateway_responses_total{status=\"404\"} 3"));
}

TEST_CASE("large replies come in chunks, and wait for clients that are slow") {
  for (const char* query : {"?transport=framed", "?transport=framed&protocol=compact"}) {
    Stand stand({}, query);
    stand.start();
    HttpClient client(stand.port());
    HttpReply reply = client.request("POST", "/UserStore/blob", R"({"size":9000000})");
    CHECK(reply.status == 200);
    CHECK(reply.header("Transfer-Encoding") == "chunked");
    CHECK(reply.body.size() == 12'000'002);
    CHECK(reply.body.starts_with("\"eHh4"));
    CHECK(reply.body.ends_with("eHh4\""));
    // Two in a row, and one that follows, are in order.
    const std::string large =
        "POST /UserStore/blob HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
        "Content-Length: 16\r\n\r\n{\"size\":3000000}";
    client.send(large + large + "GET /users/1 HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK(client.receive().body.size() == 4'000'002);
    CHECK(client.receive().body.size() == 4'000'002);
    CHECK(client.receive().body.find("Ann") != std::string::npos);
    // A client of old knows no chunks.
    HttpClient old(stand.port());
    old.send(
        "POST /UserStore/blob HTTP/1.0\r\nContent-Type: application/json\r\n"
        "Content-Length: 16\r\n\r\n{\"size\":3000000}");
    CHECK(old.receive().body.size() == 4'000'002);
    {
      HttpClient gone(stand.port());
      gone.send(large);
    }
    CHECK(client.request("GET", "/users/1").status == 200);
  }
}

TEST_CASE("stop finishes what runs and refuses what comes then") {
  Stand stand;
  stand.start();
  HttpClient busy(stand.port());
  HttpClient idle(stand.port());
  CHECK(idle.request("GET", "/users/1").status == 200);
  busy.send(
      "POST /UserStore/slow HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Content-Length: 20\r\n\r\n{\"milliseconds\":200}");
  const std::uint16_t port = stand.port();
  while (fetch(port, "GET", "/metrics").body.find("method=\"slow\"} 1\n") == std::string::npos) {
  }
  std::thread stopper([&] { stand.gateway.stop(); });
  const HttpReply reply = busy.receive();
  CHECK(reply.body == "200");
  CHECK(reply.header("Connection") == "close");
  CHECK(busy.is_closed());
  CHECK(idle.is_closed());
  stopper.join();
  CHECK_THROWS(HttpClient(port));
}

TEST_CASE("clients that stall are told, and closed") {
  GatewayOptions options;
  options.header_timeout = 50ms;
  options.body_timeout = 100ms;
  options.idle_timeout = 150ms;
  Stand stand(options);
  stand.start();
  HttpClient header(stand.port());
  header.send("GET / HT");
  CHECK(header.receive().status == 408);
  CHECK(header.is_closed());
  HttpClient body(stand.port());
  body.send("POST /UserStore/getUser HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\n{");
  CHECK(body.receive().status == 408);
  CHECK(body.is_closed());
  HttpClient idle(stand.port());
  CHECK(idle.request("GET", "/users/1").status == 200);
  CHECK(idle.is_closed());
}

TEST_CASE("what cannot be served is said at the start") {
  const Idl idl = test::users_idl();
  Gateway unknown(idl);
  unknown.upstream("UserStor", "tcp://127.0.0.1:1");
  CHECK_THROWS_WITH_AS(unknown.start("http://127.0.0.1:0"),
                       "the IDL has no service `UserStor`, which has an upstream; did you mean "
                       "`UserStore`?",
                       TypeError);
  Gateway conflict(loads("service S { void a() (api.get = \"/x\") void b() (api.get = \"/x\") }"));
  conflict.upstream("*", "tcp://127.0.0.1:1");
  CHECK_THROWS_AS(conflict.start("http://127.0.0.1:0"), TypeError);
  Gateway gateway(idl);
  CHECK_THROWS_AS(gateway.upstream("UserStore", "udp://127.0.0.1:1"), TransportError);
  CHECK_THROWS_AS(gateway.start("tcp://127.0.0.1:0"), TransportError);
  CHECK_THROWS_AS(gateway.map_exception("X", 99), TypeError);
}

namespace {

// What annotations say of queries and of exceptions.
constexpr std::string_view annotated_text = R"(
struct Paint { 1: string indent (api.query), 2: i64 count (api.query = "int64") }
exception Teapot { 1: i32 code (api.http_code), 2: string text, 3: string why (api.header = "X-Why") }
exception Kettle { 1: i32 code (api.http_code), 2: string text }
service Kitchen {
  Paint mix(1: Paint paint) (api.get = "/mix")
  void brew(1: bool kettle) throws (1: Teapot teapot, 2: Kettle kettle) (api.post = "/brew")
})";

struct Kitchen {
  Kitchen() : server(idl, "Kitchen"), gateway(idl, {.threads = 1}) {
    server.on("mix", [](ValueView paint) { return Value(paint); });
    server.on("brew", [this](bool kettle) {
      if (kettle) throw idl.exception("Kettle", {{"code", 418}, {"text", "hot"}});
      throw idl.exception("Teapot", {{"code", 418}, {"text", "short"}, {"why", "stout"}});
    });
    server.start("tcp://127.0.0.1:0");
    gateway.upstream("Kitchen", server.endpoint().address()).map_exception("Teapot", 400);
    gateway.start("http://127.0.0.1:0");
  }
  [[nodiscard]] std::uint16_t port() const { return gateway.endpoint().port; }

  Idl idl = loads(annotated_text);
  Server server;
  Gateway gateway;
};

}  // namespace

TEST_CASE("what a route binds in the query is no option of JSON") {
  const Kitchen kitchen;
  HttpClient client(kitchen.port());
  CHECK(client.request("GET", "/mix?indent=red&int64=5").body == R"({"indent":"red","count":5})");
  CHECK(client.request("GET", "/mix?indent=2&int64=5").body == R"({"indent":"2","count":5})");
  CHECK(client.request("POST", "/Kitchen/mix?int64=string", R"({"paint":{"count":5}})").body ==
        R"({"count":"5"})");
  CHECK(client.request("GET", "/mix?maps=maybe").status == 400);
}

TEST_CASE("a mapped exception has that status, whatever its own field says") {
  const Kitchen kitchen;
  HttpClient client(kitchen.port());
  HttpReply reply = client.request("POST", "/brew", R"({"kettle":false})");
  CHECK(reply.status == 400);
  CHECK(reply.header("X-Why") == "stout");
  CHECK(reply.body == R"({"error":{"name":"Teapot","status":400,"exception":{"text":"short"}}})");
  reply = client.request("POST", "/brew", R"({"kettle":true})");
  CHECK(reply.status == 418);
  CHECK(reply.body == R"({"error":{"name":"Kettle","status":418,"exception":{"text":"hot"}}})");
}

TEST_CASE("direct routes answer exceptions whole") {
  const Kitchen kitchen;
  HttpClient client(kitchen.port());
  HttpReply reply = client.request("POST", "/Kitchen/brew", R"({"kettle":false})");
  CHECK(reply.status == 400);
  CHECK(reply.header("X-Why").empty());
  CHECK(reply.body == R"({"error":{"name":"Teapot","status":400,"exception":)"
                      R"({"code":418,"text":"short","why":"stout"}}})");
  reply = client.request("POST", "/Kitchen/brew", R"({"kettle":true})");
  CHECK(reply.status == 500);
  CHECK(reply.body ==
        R"({"error":{"name":"Kettle","status":500,"exception":{"code":418,"text":"hot"}}})");
}

TEST_CASE("a status for an exception that the IDL has not is refused at the start") {
  Gateway gateway(test::users_idl());
  gateway.upstream("UserStore", "tcp://127.0.0.1:1").map_exception("NotFound", 404);
  gateway.map_exception("Baned", 403);
  CHECK_THROWS_WITH_AS(gateway.start("http://127.0.0.1:0"),
                       "the IDL has no exception `Baned`, which has the status 403; did you mean "
                       "`Banned`?",
                       TypeError);
}

TEST_CASE("openapi.json tells what the gateway's options make of it") {
  GatewayOptions options;
  options.check_token = [](std::string_view token) { return token == "good"; };
  Stand stand(options);
  stand.start();
  const auto document = nlohmann::json::parse(
      fetch(stand.port(), "GET", "/openapi.json", "", "Authorization: Bearer good\r\n").body);
  CHECK(document["components"]["securitySchemes"]["token"]["scheme"] == "bearer");
  CHECK(document["security"][0].contains("token"));
  const auto& responses = document["paths"]["/UserStore/getUser"]["post"]["responses"];
  CHECK(responses["403"]["description"] == "Banned");
  CHECK(responses["404"]["description"] == "NotFound");
}
