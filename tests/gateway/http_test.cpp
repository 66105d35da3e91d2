// HTTP itself: what its standards (RFC 9110, RFC 9112) ask of a server.

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "gateway/http_client.hpp"
#include "gateway/service.hpp"

using namespace thrift;
using namespace std::chrono_literals;
using test::fetch;
using test::HttpClient;
using test::HttpReply;
using test::Stand;

namespace {

/// Adds a route that answers with what it sees of its request.
Stand& with_echo(Stand& stand) {
  stand.gateway.route("*", "/echo", [](HttpRequest& request) -> HttpResponse {
    std::string out = request.target + "\n";
    for (const auto& [name, value] : request.headers) out += name + ": " + value + "\n";
    return {200, out + "\n" + request.body, "text/plain"};
  });
  return stand.start();
}

/// The answer to these bytes on a connection of their own; it must be the last one there.
HttpReply refusal(const Stand& stand, std::string_view bytes) {
  HttpClient client(stand.port());
  client.send(bytes);
  const HttpReply reply = client.receive();
  CHECK(reply.header("Connection") == "close");
  CHECK(client.is_closed());
  return reply;
}

}  // namespace

TEST_CASE("a transfer coding that is not undone is no way to hide a request in a body") {
  Stand stand;
  stand.start();
  struct Case {
    const char* coding;
    int status;
  };
  for (const auto& [coding, status] :
       {Case{"cow", 501}, Case{"xchunked", 501}, Case{"gzip, chunked", 501}, Case{"identity", 501},
        Case{"identity\r\nContent-Length: 3", 501}, Case{"gzip\r\nTransfer-Encoding: chunked", 501},
        Case{"chunked, identity", 400}, Case{"chunked, chunked", 400}, Case{"", 400},
        Case{"chunked\r\nTransfer-Encoding: chunked", 400},
        Case{"chunked\r\nContent-Length: 3", 400}}) {
    CAPTURE(coding);
    const HttpReply reply = refusal(
        stand,
        "POST /UserStore/getUser HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: " +
            std::string(coding) + "\r\n\r\n0\r\n\r\nGET /users/1 HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK(reply.status == status);
  }
  CHECK(refusal(stand,
                "POST /UserStore/getUser HTTP/1.0\r\nContent-Type: application/json\r\n"
                "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            .status == 400);
  HttpClient client(stand.port());
  client.send(
      "POST /UserStore/getUser HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: Chunked\r\n\r\ne\r\n{\"userId\":\"9\"}\r\n0\r\n\r\n");
  CHECK(client.receive().body.find(R"("id":"9")") != std::string::npos);
}

TEST_CASE("trailers are not taken for what stood in the header, and are limited as it is") {
  Stand stand;
  with_echo(stand);
  const std::string begin = "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  HttpClient client(stand.port());
  client.send(begin +
              "3\r\nabc\r\n0\r\nAuthorization: Bearer x\r\nX-Forwarded-For: 1.2.3.4\r\n"
              "Expect: magic\r\nHost: u\r\nConnection: close\r\n\r\n");
  const HttpReply reply = client.receive();
  CHECK(reply.status == 200);
  CHECK(reply.body == "/echo\nHost: t\nTransfer-Encoding: chunked\n\nabc");
  CHECK(client.request("GET", "/users/1").status == 200);
  CHECK(refusal(stand, begin + "0\r\nA: " + std::string(20'000, 'x') + "\r\n\r\n").status == 431);
  CHECK(refusal(stand, begin + "0\r\nA: " + std::string(20'000, 'x')).status == 431);
  std::string many = begin + "0\r\n";
  for (int i = 0; i < 200; ++i) many += "A: b\r\n";
  CHECK(refusal(stand, many + "\r\n").status == 431);
  CHECK(refusal(stand, begin + "1;" + std::string(200'000, 'x')).status == 431);
}

TEST_CASE("statuses that have no body have none, however large the result is") {
  const Idl idl = loads(R"(service S {
    string none(1: i32 size) (api.post = "/none", api.http_code = "204")
    string reset(1: i32 size) (api.post = "/reset", api.http_code = "205")
    string same(1: i32 size) (api.post = "/same", api.http_code = "304")
  })");
  Server server(idl, "S");
  for (const char* name : {"none", "reset", "same"}) {
    server.on(name,
              [](std::int32_t size) { return std::string(static_cast<std::size_t>(size), 'x'); });
  }
  server.start("tcp://127.0.0.1:0");
  Gateway gateway(idl, {.threads = 1});
  gateway.upstream("S", server.endpoint().address());
  gateway.start("http://127.0.0.1:0");
  HttpClient client(gateway.endpoint().port);
  for (const char* size : {"1", "1000000"}) {
    for (const auto& [path, status] : {std::pair{"/none", 204}, {"/reset", 205}, {"/same", 304}}) {
      CAPTURE(path);
      CAPTURE(size);
      const HttpReply reply = client.request("POST", path, R"({"size":)" + std::string(size) + "}");
      CHECK(reply.status == status);
      CHECK(reply.header("Transfer-Encoding").empty());
      CHECK(reply.header("Content-Type").empty());
      CHECK(reply.header("Content-Length") == (status == 205 ? "0" : ""));
      CHECK(reply.body.empty());
    }
  }
  // Nothing of a body came behind the last one.
  CHECK(client.request("GET", "/healthz").body == "ok\n");
}

TEST_CASE("results and middleware do not say how a response is sent") {
  const Idl idl = loads(R"(
    struct Page {
      1: string length (api.header = "Content-Length")
      2: string coding (api.header = "transfer-encoding")
      3: string date (api.header = "Date")
      4: string connection (api.header = "Connection")
      5: string type (api.header = "content-type")
      6: string text (api.body = "text")
    }
    service S { Page page() (api.get = "/page") })");
  Server server(idl, "S");
  server.on("page", [&] {
    return idl.make("Page", {{"length", "7"},
                             {"coding", "chunked"},
                             {"date", "today"},
                             {"connection", "close"},
                             {"type", "application/hal+json"},
                             {"text", "t"}});
  });
  server.start("tcp://127.0.0.1:0");
  Gateway gateway(idl, {.threads = 1});
  gateway.upstream("S", server.endpoint().address());
  gateway.route("GET", "/own", [](HttpRequest& /*request*/) -> HttpResponse {
    return {200, "text", "text/plain", {{"CONTENT-LENGTH", "2"}, {"Content-Type", "text/css"}}};
  });
  gateway.start("http://127.0.0.1:0");
  HttpClient client(gateway.endpoint().port);
  const auto count = [](const HttpReply& reply, std::string_view name) {
    std::size_t out = 0;
    for (std::size_t at = 0;
         (at = reply.head.find("\n" + std::string(name), at)) != std::string::npos; ++at) {
      ++out;
    }
    return out;
  };
  HttpReply reply = client.request("GET", "/page");
  CHECK(reply.body == R"({"text":"t"})");
  CHECK(reply.header("Content-Type") == "application/hal+json");
  CHECK(reply.header("Content-Length") == std::to_string(reply.body.size()));
  CHECK(count(reply, "Content-") == 2);
  CHECK(count(reply, "Date: ") == 1);
  for (const char* never : {"transfer-encoding", "Connection", "content-type", "Date: today"}) {
    CAPTURE(never);
    CHECK(count(reply, never) == 0);
  }
  reply = client.request("GET", "/own");
  CHECK(reply.body == "text");
  CHECK(reply.header("Content-Type") == "text/css");
  CHECK(count(reply, "CONTENT-LENGTH") == 0);
}

TEST_CASE("a request names its host, once and as a host") {
  Stand stand;
  stand.start();
  for (const char* bad :
       {"", "Host: a\r\nHost: a\r\n", "Host: a b/c\r\n", "Host: a/b\r\n", "Host: u@a\r\n",
        "Host: a:x\r\n", "Host: [::1\r\n", "Host: []\r\n", "Host: [x]\r\n", "Host: [::1]8\r\n"}) {
    CAPTURE(bad);
    CHECK(refusal(stand, "GET /healthz HTTP/1.1\r\n" + std::string(bad) + "\r\n").status == 400);
  }
  HttpClient client(stand.port());
  for (const char* good : {"", "a", "a-b.c:80", "a:", "127.0.0.1:8080", "[::1]", "[fe80::1]:80"}) {
    CAPTURE(good);
    client.send("GET /healthz HTTP/1.1\r\nHost: " + std::string(good) + "\r\n\r\n");
    CHECK(client.receive().status == 200);
  }
  HttpClient old(stand.port());
  old.send("GET /healthz HTTP/1.0\r\n\r\n");
  CHECK(old.receive().status == 200);
}

TEST_CASE("a target may be a whole URL, whose host then counts") {
  Stand stand;
  with_echo(stand);
  HttpClient client(stand.port());
  CHECK(client.request("GET", "http://x:80/users/5").body.find(R"("id":"5")") != std::string::npos);
  CHECK(client.request("GET", "HTTPS://x/echo?a=http://b/", "", "").body ==
        "/echo?a=http://b/\nHost: x\n\n");
  CHECK(client.request("GET", "http://x").status == 404);
  CHECK(client.request("GET", "http://x?/healthz").status == 404);
  CHECK(client.request("OPTIONS", "*").status == 204);
  CHECK(client.request("OPTIONS", "http://x").status == 204);
  CHECK(client.request("GET", "/http://x/healthz").status == 404);
  for (const char* bad : {"http:///healthz", "http://u@x/healthz", "http://x:y/healthz"}) {
    CAPTURE(bad);
    CHECK(refusal(stand, "GET " + std::string(bad) + " HTTP/1.1\r\nHost: x\r\n\r\n").status == 400);
  }
}

TEST_CASE("a client is asked to go on when its turn comes, and not if it is of HTTP/1.0") {
  Stand stand;
  stand.start();
  HttpClient client(stand.port());
  const std::string json = "Host: t\r\nContent-Type: application/json\r\n";
  client.send("POST /UserStore/slow HTTP/1.1\r\n" + json +
              "Content-Length: 20\r\n\r\n{\"milliseconds\":100}"
              "POST /UserStore/getUser HTTP/1.1\r\n" +
              json + "Expect: 100-continue\r\nContent-Length: 14\r\n\r\n");
  CHECK(client.receive().body == "100");
  CHECK(client.receive().status == 100);
  client.send("{\"userId\":\"8\"}");
  CHECK(client.receive().body.find(R"("id":"8")") != std::string::npos);
  CHECK(client.request("GET", "/users/1").status == 200);
  for (const char* expectation : {"100-continue", "magic"}) {
    CAPTURE(expectation);
    HttpClient old(stand.port());
    old.send("POST /UserStore/getUser HTTP/1.0\r\n" + json + "Expect: " + expectation +
             "\r\nContent-Length: 14\r\n\r\n");
    std::this_thread::sleep_for(20ms);
    old.send("{\"userId\":\"8\"}");
    CHECK(old.receive().status == 200);
  }
}

TEST_CASE("a client of HTTP/1.0 is told that its connection stays") {
  Stand stand;
  stand.start();
  HttpClient client(stand.port());
  for (int i = 0; i < 2; ++i) {
    client.send("GET /users/1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const HttpReply reply = client.receive();
    CHECK(reply.status == 200);
    CHECK(reply.header("Connection") == "keep-alive");
  }
  CHECK(client.request("GET", "/users/1").header("Connection").empty());
  client.send("GET /users/1 HTTP/1.0\r\n\r\n");
  CHECK(client.receive().header("Connection") == "close");
  CHECK(client.is_closed());
}

TEST_CASE("refused requests have ids as others have, and no body where HEAD asked for none") {
  GatewayOptions options;
  options.header_timeout = 50ms;
  const test::AccessLog log(options);
  const std::vector<std::string>& lines = log.lines;
  Stand stand(options);
  stand.start();
  const HttpReply bad = refusal(stand, "nonsense\r\n\r\n");
  const HttpReply late = refusal(stand, "GET / HT");
  const HttpReply large = refusal(
      stand, "GET / HTTP/1.1\r\nX-Request-Id: mine\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
  HttpClient head(stand.port());
  head.send("HEAD / HTTP/1.1\r\n\r\n");
  const HttpReply headless = head.receive(true);
  CHECK(headless.status == 400);
  CHECK(head.is_closed());
  stand.gateway.stop();
  REQUIRE(lines.size() == 4);
  std::size_t line = 0;
  for (const HttpReply& reply : {bad, late, large, headless}) {
    CAPTURE(reply.status);
    const std::string id = reply.header("X-Request-Id");
    CHECK(id.size() == (reply.status == 431 ? 4 : 24));
    CHECK(lines[line].find("\"id\":\"" + id + "\"") != std::string::npos);
    CHECK((lines[line].find("\"bytes_out\":0") != std::string::npos) == (line == 3));
    ++line;
  }
}

TEST_CASE("a body that is packed is refused as such") {
  Stand stand;
  stand.start();
  HttpClient client(stand.port());
  const auto post = [&](const std::string& fields) {
    return client.request("POST", "/UserStore/getUser", R"({"userId":"8"})",
                          "Content-Type: application/json\r\n" + fields);
  };
  for (const char* packed : {"gzip", "identity, br", "identity\r\nContent-Encoding: gzip"}) {
    CAPTURE(packed);
    const HttpReply reply = post("Content-Encoding: " + std::string(packed) + "\r\n");
    CHECK(reply.status == 415);
    CHECK(reply.header("Accept-Encoding") == "identity");
    CHECK(reply.body.find("content coding `") != std::string::npos);
  }
  for (const char* plain : {"", "identity", "Identity, "}) {
    CAPTURE(plain);
    CHECK(post("Content-Encoding: " + std::string(plain) + "\r\n").status == 200);
  }
}

TEST_CASE("empty lines before a request are ignored") {
  Stand stand;
  stand.start();
  HttpClient client(stand.port());
  for (int i = 0; i < 3; ++i) {
    client.send("\r\n\r\nGET /users/1 HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK(client.receive().status == 200);
  }
  client.send("\r");
  std::this_thread::sleep_for(20ms);
  client.send("\nGET /users/1 HTTP/1.1\r\nHost: t\r\n\r\n");
  CHECK(client.receive().status == 200);
  std::string many;
  for (int i = 0; i < 100; ++i) many += "\r\n";
  CHECK(refusal(stand, many).status == 400);
}

TEST_CASE("a client's tags of what it has are understood in all their forms") {
  Stand stand;
  stand.start();
  HttpClient client(stand.port());
  const std::string etag = client.request("GET", "/docs").header("ETag");
  const auto status = [&](const std::string& fields) {
    return client.request("GET", "/docs", "", fields).status;
  };
  for (const std::string& known : {etag, "W/" + etag, "\"a\" , W/" + etag, std::string("*"),
                                   "\"a\"\r\nIf-None-Match: " + etag}) {
    CAPTURE(known);
    CHECK(status("If-None-Match: " + known + "\r\n") == 304);
  }
  CHECK(status("If-None-Match: \"a\", W/\"b\"\r\n") == 200);
  CHECK(status("If-None-Match:\r\n") == 200);
}

TEST_CASE("a status without a name has none in its response") {
  Stand stand;
  stand.gateway.route("GET", "/own", [](HttpRequest& request) -> HttpResponse {
    return {std::stoi(std::string(request.query())), "", ""};
  });
  stand.start();
  HttpClient client(stand.port());
  CHECK(client.request("GET", "/own?418").head.starts_with("HTTP/1.1 418 I'm a teapot\r\n"));
  CHECK(client.request("GET", "/own?298").head.starts_with("HTTP/1.1 298 \r\n"));
}

TEST_CASE("requests whose clients leave are counted as such, and are in the log") {
  GatewayOptions options;
  const test::AccessLog log(options);
  const std::vector<std::string>& lines = log.lines;
  Stand stand(options);
  stand.start();
  const std::string post = " HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n";
  {
    // Its system takes little, and much comes back: it leaves before all of that could be sent.
    std::string numbers = "0.12345678901234567";
    for (int i = 0; i < 500'000; ++i) numbers += ",0.12345678901234567";
    const std::string body = R"({"t":{"a":[)" + numbers + "]}}";
    const auto gone = test::RawSocket::unconnected();
    const int little = 4096;
    ::setsockopt(gone.fd(), SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
    gone.connect_to(stand.port());
    gone.send(test::as_bytes("POST /UserStore/table" + post +
                             "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
    CHECK(gone.receive(100).size() == 100);
  }
  {
    HttpClient gone(stand.port());
    gone.send("POST /UserStore/slow" + post + "Content-Length: 21\r\n\r\n{\"milliseconds\":1000}");
    const linger at_once{1, 0};
    ::setsockopt(gone.socket().fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    while (fetch(stand.port(), "GET", "/metrics").body.find("method=\"slow\"} 1\n") ==
           std::string::npos) {
    }
  }
  const auto is_counted = [&](std::string_view method) {
    const std::string line = "method=\"" + std::string(method) + "\",outcome=\"client_gone\"} 1\n";
    return fetch(stand.port(), "GET", "/metrics").body.find(line) != std::string::npos;
  };
  for (const std::string_view method : {"table", "slow"}) {
    CAPTURE(std::string(method));
    for (int i = 0; i < 500 && !is_counted(method); ++i) std::this_thread::sleep_for(10ms);
    CHECK(is_counted(method));
  }
  stand.gateway.stop();
  for (const std::string target : {"/UserStore/table", "/UserStore/slow"}) {
    CAPTURE(target);
    const std::string wanted = "\"target\":\"" + target + "\",\"status\":200";
    CHECK(std::ranges::count_if(lines, [&](const std::string& line) {
            return line.find(wanted) != std::string::npos && line.find("gone") != std::string::npos;
          }) == 1);
  }
}
