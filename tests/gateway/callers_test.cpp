// Who may come in, and who waits for whom.

#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "gateway/http_client.hpp"
#include "gateway/service.hpp"

using namespace thrift;
using test::fetch;
using test::HttpClient;
using test::HttpReply;
using test::Stand;

namespace {

constexpr std::string_view any_text = R"(
service S { string all(1: string a (api.query)) (api.any = "/all", api.options = "/options") }
)";

GatewayOptions guarded() {
  GatewayOptions options;
  options.threads = 1;
  options.cors_origins = {"http://a"};
  options.check_token = [](std::string_view token) { return token == "good"; };
  return options;
}

constexpr std::string_view preflight =
    "Origin: http://a\r\nAccess-Control-Request-Method: POST\r\n";

}  // namespace

TEST_CASE("what a browser asks beforehand needs no token, and reaches no service") {
  Gateway gateway(loads(any_text), guarded());
  gateway.upstream("S", "tcp://127.0.0.1:1");  // nobody is there: a call would be a 502
  gateway.route("PUT", "/own", [](HttpRequest&) { return HttpResponse{}; });
  gateway.start("http://127.0.0.1:0");
  const std::uint16_t port = gateway.endpoint().port;
  HttpReply reply = fetch(port, "OPTIONS", "/all?a=b", "", preflight);
  CHECK(reply.status == 204);
  CHECK(reply.header("Access-Control-Allow-Methods") ==
        "GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS");
  CHECK(fetch(port, "OPTIONS", "/options", "", preflight).status == 204);
  reply = fetch(port, "OPTIONS", "/own", "", preflight);
  CHECK(reply.status == 204);
  CHECK(reply.header("Access-Control-Allow-Methods") == "PUT, OPTIONS");
  for (const std::string_view path : {"/openapi.json", "/metrics", "/docs", "/schema/S.json"}) {
    CAPTURE(path);
    reply = fetch(port, "OPTIONS", path, "", preflight);
    CHECK(reply.status == 204);
    CHECK(reply.header("Access-Control-Allow-Methods") == "GET, HEAD, OPTIONS");
  }
  CHECK(fetch(port, "OPTIONS", "/nowhere", "", preflight).status == 404);
}

TEST_CASE("a request that only looks like a browser's question needs its token") {
  Gateway gateway(loads(any_text), guarded());
  gateway.upstream("S", "tcp://127.0.0.1:1");
  gateway.start("http://127.0.0.1:0");
  const std::uint16_t port = gateway.endpoint().port;
  for (const std::string_view headers :
       {"", "Access-Control-Request-Method: GET\r\n",
        "Origin: http://b\r\nAccess-Control-Request-Method: GET\r\n"}) {
    CAPTURE(headers);
    CHECK(fetch(port, "OPTIONS", "/all?a=b", "", headers).status == 401);
    CHECK(fetch(port, "OPTIONS", "/openapi.json", "", headers).status == 401);
  }
  const HttpReply reply =
      fetch(port, "OPTIONS", "/openapi.json", "", "Authorization: Bearer good\r\n");
  CHECK(reply.status == 204);
  CHECK(reply.header("Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE("routes under paths of the gateway's own are told") {
  GatewayOptions options;
  options.threads = 1;
  std::vector<std::string> logged;
  options.log = [&](std::string_view line) { logged.emplace_back(line); };
  Gateway gateway(loads("service docs { void f() }\n"
                        "service S { void g(1: i32 id) (api.get = \"/docs/:id\") }",
                        {.file_name = "s.thrift"}),
                  options);
  gateway.upstream("*", "tcp://127.0.0.1:1");
  gateway.start("http://127.0.0.1:0");
  const std::vector<std::string> expected = {
      "s.thrift:1:16: warning: docs.f: `POST /docs/f` is hidden by what the gateway itself serves "
      "at "
      "this path [route-hidden]",
      "s.thrift:2:13: warning: S.g: `GET /docs/{id}` is hidden by what the gateway itself serves "
      "at "
      "this path [route-hidden]"};
  CHECK(logged == expected);
  CHECK(fetch(gateway.endpoint().port, "GET", "/status").body.find("route-hidden") !=
        std::string::npos);
}

TEST_CASE("clients that do not read what they asked for keep nobody else from it") {
  GatewayOptions options;
  options.workers = 2;
  Stand stand(options);
  stand.start();
  constexpr std::string_view body = R"({"size":8000000})";
  std::vector<std::unique_ptr<HttpClient>> lazy;
  for (int i = 0; i < 4; ++i) {
    lazy.push_back(std::make_unique<HttpClient>(stand.port()));
    lazy.back()->send("POST /UserStore/blob HTTP/1.1\r\nHost: test\r\nContent-Length: 16\r\n\r\n" +
                      std::string(body));
  }
  const HttpReply reply = fetch(stand.port(), "POST", "/UserStore/blob", body);
  CHECK(reply.status == 200);
  CHECK(reply.body.size() == 8'000'000 / 3 * 4 + 4 + 2);
  for (const auto& client : lazy) CHECK(client->receive().body == reply.body);
}
