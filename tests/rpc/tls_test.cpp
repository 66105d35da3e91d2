// Clients and servers over TLS; certificates from support/keys.

#include <doctest/doctest.h>

#include <mutex>
#include <thread>

#include "rpc/messages.hpp"
#include "support/sockets.hpp"

using namespace thrift;
using namespace std::chrono_literals;

namespace {

const std::string keys = THRIFTPP_SOURCE_DIR "/tests/support/keys/";

struct Running {
  explicit Running(const std::string& query, const std::string& scheme = "tls",
                   ServerOptions options = {})
      : server(test::schema(), "Users", std::move(options)) {
    test::serve_users(server);
    server.start(scheme + "://127.0.0.1:0?" + query);
  }
  [[nodiscard]] Client client(const std::string& query, const std::string& host = "127.0.0.1",
                              const std::string& scheme = "tls") const {
    return {test::schema(), "Users",
            scheme + "://" + host + ':' + std::to_string(server.port()) + '?' + query};
  }
  Server server;
};

std::string error_of(const Client& client) {
  try {
    (void)client.with({.timeout = 10s}).call("ping");
  } catch (const TransportError& e) {
    const std::string message = e.message();
    return message.substr(message.find(": ") + 2);
  }
  return "no error";
}

const std::string server_cert = "cert=" + keys + "server.pem";
const std::string trust = "ca=" + keys + "ca.pem";

}  // namespace

TEST_CASE("calls work over TLS, in every framing and with HTTP") {
  const Running running(server_cert);
  for (const std::string query :
       {"", "&transport=framed", "&transport=header&compress=zlib", "&transport=zlib"}) {
    CAPTURE(query);
    const Client client = running.client(trust + query);
    for (int i = 0; i < 20; ++i) CHECK(client.call("add", i, 3).as<int>() == i + 3);
    CHECK(client.call("echo", std::string(3'000'000, 'x')).size() == 3'000'000);
    CHECK(client.call("slow", 9).as<std::int64_t>() == 9);
    CHECK(client.call("note", "x").is_void());
    CHECK(client.call("ping").is_void());
  }
  const Client websocket = running.client(trust, "127.0.0.1", "wss");
  for (int i = 0; i < 20; ++i) CHECK(websocket.call("add", i, 3).as<int>() == i + 3);
  const Client http = running.client(trust, "127.0.0.1", "https");
  CHECK(http.call("add", 2, 3).as<int>() == 5);
  CHECK(http.call("echo", std::string(300'000, 'x')).size() == 300'000);
  CHECK(running.client(trust, "localhost").call("add", 2, 3).as<int>() == 5);
}

TEST_CASE("a client checks the server's certificate and its name") {
  const Running running(server_cert);
  CHECK(error_of(running.client("ca=" + keys + "other_ca.pem")).find("certificate verify failed") !=
        std::string::npos);
  CHECK(error_of(running.client("")).find("certificate verify failed") != std::string::npos);
  CHECK(error_of(running.client(trust + "&server_name=example.org")).find("mismatch") !=
        std::string::npos);
  CHECK(running.client(trust + "&server_name=localhost").call("add", 1, 1).as<int>() == 2);
}

TEST_CASE("a server with an authority wants its clients' certificates") {
  const Running running(server_cert + "&" + trust);
  const std::string shown = trust + "&cert=" + keys;
  CHECK(running.client(shown + "client.pem").call("add", 1, 1).as<int>() == 2);
  CHECK(error_of(running.client(trust)) != "no error");
  CHECK(error_of(running.client(shown + "other.pem")) != "no error");
  CHECK(running.client(shown + "client.pem").call("add", 1, 1).as<int>() == 2);
}

TEST_CASE("files that cannot be used are told with what is wrong") {
  const auto problem = [](const std::string& query) -> std::string {
    try {
      Server server(test::schema(), "Base");
      server.on("ping", [] {}).on("add", [](int a, int b) { return std::int64_t{a} + b; });
      server.start("tls://127.0.0.1:0" + query);
    } catch (const TransportError& e) {
      CHECK(e.kind() == TransportErrorKind::bad_args);
      return e.message();
    }
    return "no error";
  };
  CHECK(problem("").find("a server needs a certificate") != std::string::npos);
  CHECK(problem("?cert=/no/such/file")
            .find("cannot read the certificate `/no/such/file`: no such "
                  "file or directory") != std::string::npos);
  CHECK(problem("?cert=" + keys + "ca.pem").find("cannot read the private key") !=
        std::string::npos);
  CHECK(problem("?" + server_cert + "&ca=" + keys + "make").find("authorities' certificates") !=
        std::string::npos);
}

TEST_CASE("what is no TLS harms no server, and no client") {
  const Running running(server_cert, "tls", {.message_timeout = 300ms});
  {
    const test::RawSocket probe = test::RawSocket::connect(running.server.port());
  }
  const test::RawSocket plain = test::RawSocket::connect(running.server.port());
  plain.send(test::call("ping", {}));
  (void)plain.receive_all();  // an alert, then the end
  // A handshake that stops in the middle is cut off in time.
  const test::RawSocket half = test::RawSocket::connect(running.server.port());
  half.send(test::as_bytes(std::string_view("\x16\x03\x01\x02\x00\x01\x00", 7)));
  CHECK(half.receive_all().empty());
  CHECK(running.client(trust).call("add", 1, 1).as<int>() == 2);

  Server other(test::schema(), "Users");
  test::serve_users(other);
  other.start("tcp://127.0.0.1:0");
  const Client client(test::schema(), "Users",
                      "tls://127.0.0.1:" + std::to_string(other.port()) + "?" + trust);
  CHECK(error_of(client).find("TLS") != std::string::npos);
}

TEST_CASE("a handshake that takes too long is a time-out") {
  const test::RawSocket silent = test::RawSocket::listen();
  const Client client(
      test::schema(), "Users",
      "tls://127.0.0.1:" + std::to_string(silent.port()) + "?connect_timeout=50ms&" + trust);
  CHECK(error_of(client) == "no TLS handshake within the connect_timeout of 50 ms");
}

TEST_CASE("threads share a TLS connection") {
  const Running running(server_cert);
  const Client client = running.client(trust);
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100; ++i) {
        if (client.call("add", t * 1000, i).as<int>() != t * 1000 + i) ++wrong;
        if (client.call("echo", std::string(20'000, 'x')).size() != 20'000) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("a TLS connection that the server closed meanwhile is made anew") {
  const Running running(server_cert, "tls", {.idle_timeout = 30ms});
  const Client client = running.client(trust);
  for (int i = 0; i < 3; ++i) {
    CHECK(client.call("add", i, 1).as<int>() == i + 1);
    while (!test::are_closed_by_server(running.server.port())) std::this_thread::yield();
  }
}
