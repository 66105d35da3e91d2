// Clients and upstreams that do not behave.

#include <doctest/doctest.h>

#include <random>
#include <thread>

#include "gateway/http_client.hpp"
#include "gateway/service.hpp"

using namespace thrift;
using namespace std::chrono_literals;
using test::HttpClient;
using test::HttpReply;

namespace {

/// An upstream by hand: `serve` has each framed request, and says what is sent back; nothing
/// closes the connection.
class FakeUpstream {
 public:
  using Serve = std::function<std::optional<std::string>(const std::vector<std::byte>& message)>;
  explicit FakeUpstream(Serve serve)
      : listener_(test::RawSocket::listen()), thread_([this, serve = std::move(serve)] {
          for (;;) {
            test::RawSocket connection = listener_.accept();
            if (stopping_) return;
            for (;;) {
              const auto head = connection.receive(4);
              if (head.size() < 4) break;
              const std::size_t size = std::to_integer<std::size_t>(head[2]) << 8 |
                                       std::to_integer<std::size_t>(head[3]);
              const auto message = connection.receive(size);
              ++requests;
              const auto reply = serve(message);
              if (!reply) break;
              connection.send(test::as_bytes(*reply));
            }
          }
        }) {}
  FakeUpstream(const FakeUpstream&) = delete;
  FakeUpstream& operator=(const FakeUpstream&) = delete;
  ~FakeUpstream() {
    stopping_ = true;
    try {
      (void)test::RawSocket::connect(listener_.port());
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): then it is gone anyway
    }
    thread_.join();
  }
  [[nodiscard]] std::string url() const {
    return "tcp://127.0.0.1:" + std::to_string(listener_.port()) + "?transport=framed";
  }
  std::atomic<int> requests = 0;

 private:
  test::RawSocket listener_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

/// A framed message: the header with the request's sequence id, and `body`.
std::string framed(std::string_view name, MessageType type, std::string_view body,
                   const std::vector<std::byte>& request) {
  Buffer out;
  const auto start = begin_frame(out);
  const auto header = read_message_header(ProtocolId::binary, request).header;
  write_message_header(ProtocolId::binary, {name, type, header.sequence_id}, out);
  out.append(body);
  end_frame(out, start);
  return std::string(out.text());
}

struct Front {
  explicit Front(const std::string& url, UpstreamOptions upstream = {})
      : gateway(test::users_idl(), {.threads = 1}) {
    upstream.breaker_failures = 0;
    gateway.upstream("UserStore", url, upstream);
    gateway.start("http://127.0.0.1:0");
  }
  [[nodiscard]] std::uint16_t port() const { return gateway.endpoint().port; }
  Gateway gateway;
};

}  // namespace

TEST_CASE("an upstream that sends what makes no sense is a 502, and the next call is answered") {
  int turn = 0;
  const std::string good("\x0b\x00\x00\x00\x00\x00\x02ok\x00", 10);
  FakeUpstream upstream([&](const std::vector<std::byte>& request) -> std::optional<std::string> {
    switch (turn++) {
      case 0:
        return framed("login", MessageType::reply, std::string_view("\x0b\x00\x00\x00", 4),
                      request);
      case 1: return framed("logout", MessageType::reply, good, request);
      case 2: return framed("login", MessageType::call, good, request);
      case 3: return framed("login", MessageType::reply, std::string_view("\0", 1), request);
      case 4:
        return framed("login", MessageType::reply,
                      std::string_view("\x08\x00\x00\x00\x00\x00\x01\x00", 8), request);
      case 5: return "\xff\xff\xff\xff nonsense";
      case 6: return std::string("\x00\x00\x00\x08", 4);
      case 7: return std::nullopt;
      case 8: return framed("login", MessageType::exception, "garbage", request);
      default: return framed("login", MessageType::reply, good, request);
    }
  });
  Front front(upstream.url(), {.timeout = 300ms});
  HttpClient client(front.port());
  for (int i = 0; i < 9; ++i) {
    CAPTURE(i);
    const HttpReply reply = client.request("POST", "/UserStore/login", R"({"name":"a"})");
    CHECK(reply.status == (i == 6 ? 504 : 502));
    CHECK(reply.body.find(R"({"error":{"name":")") == 0);
  }
  CHECK(client.request("POST", "/UserStore/login", R"({"name":"a"})").body == "\"ok\"");
}

TEST_CASE("nothing is sent twice that is not safe to") {
  FakeUpstream upstream([](const std::vector<std::byte>& /*request*/) { return std::nullopt; });
  Front front(upstream.url(), {.retries = 2, .retry_delay = 1ms});
  HttpClient client(front.port());
  CHECK(client.request("POST", "/UserStore/login", R"({"name":"a"})").status == 502);
  CHECK(upstream.requests == 1);
  // The IDL says that this one may be.
  CHECK(client.request("GET", "/users/1").status == 502);
  CHECK(upstream.requests == 4);
}

TEST_CASE("several endpoints: one that is gone costs no call") {
  test::UserServer first;
  test::UserServer second;
  Gateway gateway(test::users_idl(), {.threads = 1});
  gateway.upstream("UserStore", {first.url("?transport=framed"), second.url("?transport=framed")});
  gateway.start("http://127.0.0.1:0");
  HttpClient client(gateway.endpoint().port);
  for (int i = 0; i < 10; ++i) CHECK(client.request("GET", "/users/1").status == 200);
  CHECK(first.calls > 0);
  CHECK(second.calls > 0);
  first.stop();
  for (int i = 0; i < 20; ++i) CHECK(client.request("GET", "/users/1").status == 200);
}

TEST_CASE("an active check closes the circuit of an endpoint that is back") {
  std::string url;
  {
    test::UserServer server;
    url = server.url();
  }
  Gateway gateway(test::users_idl(), {.threads = 1});
  gateway.upstream("UserStore", url + "?transport=framed",
                   {.retries = 0, .breaker_failures = 2, .open_time = 1h, .check_interval = 10ms});
  gateway.start("http://127.0.0.1:0");
  HttpClient client(gateway.endpoint().port);
  // Two checks that fail open it without any call.
  while (client.request("GET", "/readyz").status != 503) {
  }
  CHECK(client.request("GET", "/users/1").status == 503);
  test::UserServer server(url);
  while (client.request("GET", "/readyz").status != 200) {
  }
  CHECK(client.request("GET", "/users/1").status == 200);
}

TEST_CASE("whatever bytes clients send, the next client is served") {
  test::UserServer server;
  GatewayOptions options;
  options.threads = 2;
  options.header_timeout = 200ms;
  options.body_timeout = 200ms;
  options.max_body = 64 * 1024;
  Gateway gateway(test::users_idl(), options);
  gateway.upstream("UserStore", server.url("?transport=framed&protocol=compact"));
  gateway.start("http://127.0.0.1:0");
  const std::uint16_t port = gateway.endpoint().port;
  const std::vector<std::string> seeds{
      "POST /UserStore/save HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Content-Length: 46\r\n\r\n{\"id\":\"1\",\"user\":{\"id\":\"1\",\"name\":\"Bo\",\"age\":3}}",
      "GET /search?name=J%C3%B6&age=1&age=2&limit=3 HTTP/1.1\r\nHost: t\r\nCookie: session=x; "
      "a=\"b\"\r\n"
      "X-Token: t\r\n\r\n",
      "POST /UserStore/table HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: "
      "chunked\r\n\r\n5;x=y\r\n{\"t\":\r\n1c\r\n{\"a\":[1.5,\"NaN\"],\"b\":[1e3]}}\r\n0\r\nT: "
      "r\r\n\r\n",
      "POST /login HTTP/1.1\r\nHost: t\r\nContent-Type: application/x-www-form-urlencoded\r\n"
      "Content-Length: 14\r\nExpect: 100-continue\r\n\r\nuser=a%20b&c=d",
  };
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  for (int round = 0; round < 400; ++round) {
    std::string text = seeds[below(seeds.size())];
    for (std::size_t changes = below(4); changes != 0; --changes) {
      const std::size_t at = below(text.size());
      switch (below(5)) {
        case 0: text[at] = static_cast<char>(below(256)); break;
        case 1: text.erase(at, 1 + below(8)); break;
        case 2: text.insert(at, seeds[below(seeds.size())].substr(below(20), below(40))); break;
        case 3: text.insert(at, std::string(below(3000), "{[\"9 "[below(5)])); break;
        default: text.resize(at + 1); break;
      }
    }
    HttpClient client(port);
    client.send(text.substr(0, below(text.size() + 1)));
    client.send(text);
    if (round % 3 == 0) (void)client.receive();
    if (round % 20 == 0) {
      CHECK(test::fetch(port, "GET", "/users/1").status == 200);
    }
  }
  HttpClient last(port);
  CHECK(last.request("GET", "/users/1").status == 200);
  // Both kinds of length at once are how requests are smuggled past proxies.
  HttpClient smuggler(port);
  smuggler.send(
      "POST /UserStore/getUser HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n"
      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /users/1 HTTP/1.1\r\n\r\n");
  CHECK(smuggler.receive().status == 400);
  CHECK(smuggler.is_closed());
}
