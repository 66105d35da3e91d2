// WebSocket: the handshake and frames by hand, as RFC 6455 has them.

#include <doctest/doctest.h>

#include <random>

#include "rpc/messages.hpp"
#include "support/sockets.hpp"

using namespace thrift;

namespace {

// The example of the RFC's section 1.3.
const std::string handshake =
    "GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"
    "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n";
const std::string agreed =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

std::string head(unsigned char first, std::size_t size, bool masked) {
  std::string out(1, static_cast<char>(first));
  const unsigned char bit = masked ? 0x80 : 0;
  if (size < 126) {
    out += static_cast<char>(bit | size);
  } else {
    out += static_cast<char>(bit | 126);
    out += static_cast<char>(size >> 8);
    out += static_cast<char>(size & 0xff);
  }
  return out;
}
// As a client sends it: masked.
std::string frame(unsigned char first, std::string_view payload) {
  constexpr std::string_view mask = "\x37\xfa\x21\x3d";
  std::string out = head(first, payload.size(), true) + std::string(mask);
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out += static_cast<char>(payload[i] ^ mask[i % 4]);
  }
  return out;
}
// As a server sends it.
std::string plain_frame(unsigned char first, std::string_view payload) {
  return head(first, payload.size(), false) + std::string(payload);
}

constexpr unsigned char text_frame = 0x81;
constexpr unsigned char binary_frame = 0x82;
constexpr unsigned char close_frame = 0x88;
constexpr unsigned char ping_frame = 0x89;
constexpr unsigned char pong_frame = 0x8a;

struct Answer {
  std::string text;
  bool open;
};

Answer answer(std::string_view bytes, const SessionOptions& options = {}) {
  Session session(test::users(), options);
  Buffer out;
  const bool open = session.receive(test::bytes_of(bytes), out);
  return {std::string(out.text()), open};
}

const std::string call = test::text_of(test::call("getName", {{"userId", "1"}}));
const std::string reply = test::text_of(test::reply("getName", {{"success", "name of 1"}}));

}  // namespace

TEST_CASE("messages in WebSocket's frames are answered in frames") {
  CHECK(answer(handshake).text == agreed);
  const Answer one = answer(handshake + frame(binary_frame, call));
  CHECK(one.text == agreed + plain_frame(binary_frame, reply));
  CHECK(one.open);
  // frames of ours in those of WebSocket, and a message in three of them with a ping in between
  const std::string framed = test::text_of(test::frame(test::call("getName", {{"userId", "1"}})));
  CHECK(answer(handshake + frame(binary_frame, framed)).text ==
        agreed + plain_frame(binary_frame, test::text_of(test::frame(test::reply(
                                               "getName", {{"success", "name of 1"}})))));
  CHECK(answer(handshake + frame(0x02, call.substr(0, 5)) + frame(0x00, call.substr(5, 6)) +
               frame(ping_frame, "are you there") + frame(0x80, call.substr(11)))
            .text ==
        agreed + plain_frame(pong_frame, "are you there") + plain_frame(binary_frame, reply));
}

TEST_CASE("JSON is answered in text frames") {
  const std::string json =
      test::text_of(test::call("getName", {{"userId", "1"}}, 7, ProtocolId::json));
  const std::string answered =
      test::text_of(test::reply("getName", {{"success", "name of 1"}}, 7, ProtocolId::json));
  CHECK(answer(handshake + frame(text_frame, json)).text ==
        agreed + plain_frame(text_frame, answered));
  CHECK(answer(handshake + frame(binary_frame, json)).text ==
        agreed + plain_frame(text_frame, answered));
}

TEST_CASE("it makes no difference how WebSocket's bytes are cut") {
  const std::string all =
      handshake + frame(binary_frame, call) + frame(ping_frame, "x") + frame(binary_frame, call);
  const std::string wanted = agreed + plain_frame(binary_frame, reply) +
                             plain_frame(pong_frame, "x") + plain_frame(binary_frame, reply);
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    Session session(test::users());
    Buffer out;
    CHECK(session.receive(test::bytes_of(all.substr(0, cut)), out));
    CHECK(session.receive(test::bytes_of(all.substr(cut)), out));
    CHECK(out.text() == wanted);
  }
  Session session(test::users());
  Buffer out;
  for (const char& c : all) CHECK(session.receive(test::bytes_of({&c, 1}), out));
  CHECK(out.text() == wanted);
}

TEST_CASE("a WebSocket ends by its own rules") {
  const Answer closed = answer(handshake + frame(close_frame, "\x03\xe8"));
  CHECK(closed.text == agreed + plain_frame(close_frame, "\x03\xe8"));
  CHECK_FALSE(closed.open);
  CHECK_FALSE(answer(handshake + plain_frame(binary_frame, call)).open);  // clients must mask
  CHECK_FALSE(answer(handshake + frame(0xf2, call)).open);  // bits that nobody agreed on
  CHECK_FALSE(answer(handshake + frame(binary_frame, "this is no message")).open);
}

TEST_CASE("what is no good handshake is answered with a status") {
  const auto status = [](std::string_view request, const SessionOptions& options = {}) {
    const std::string got = answer(request, options).text;
    return got.substr(0, got.find("\r\n"));
  };
  std::string old = handshake;
  old.replace(old.find("13"), 2, "8");
  CHECK(status(old) == "HTTP/1.1 426 Upgrade Required");
  std::string keyless = handshake;
  keyless.replace(keyless.find("dGhl"), 24, "short");
  CHECK(status(keyless) == "HTTP/1.1 400 Bad Request");
  SessionOptions none;
  none.accept.websocket = false;
  CHECK(status(handshake, none) == "HTTP/1.1 405 Method Not Allowed");
  SessionOptions only;
  only.accept.plain = only.accept.http_calls = only.accept.zlib = false;
  CHECK(status(handshake, only) == "HTTP/1.1 101 Switching Protocols");
  CHECK(status("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", only) ==
        "HTTP/1.1 426 Upgrade Required");
}

TEST_CASE("random bytes in WebSocket's frames never do harm") {
  std::minstd_rand random(5);  // NOLINT(cert-msc51-cpp)
  for (int i = 0; i < 2000; ++i) {
    std::string bytes = handshake;
    for (auto n = random() % 4; n > 0; --n) bytes += frame(binary_frame, call);
    const std::size_t start = handshake.size();
    if (bytes.size() > start && random() % 2 == 0) {
      bytes[start + random() % (bytes.size() - start)] = static_cast<char>(random());
    }
    for (auto n = random() % 20; n > 0; --n) bytes += static_cast<char>(random());
    Session session(test::users());
    Buffer out;
    (void)session.receive(test::bytes_of(bytes), out);
    CHECK(out.text().starts_with(agreed));
  }
}

TEST_CASE("clients and servers talk through WebSockets, many calls at once") {
  Server server(test::schema(), "Users");
  test::serve_users(server);
  server.start("ws://127.0.0.1:0/thrift");
  const std::string at = "://127.0.0.1:" + std::to_string(server.port());
  for (const std::string query : {"", "?transport=framed", "?protocol=compact", "?protocol=json",
                                  "?transport=header&compress=zlib"}) {
    CAPTURE(query);
    const Client client(test::schema(), "Users", "ws" + at + "/x" + query);
    for (int i = 0; i < 20; ++i) CHECK(client.call("add", i, 3).as<int>() == i + 3);
    CHECK(client.call("echo", std::string(500'000, 'x')).size() == 500'000);
    CHECK(client.call("note", "x").is_void());
    std::vector<std::future<Value>> sums;
    for (int i = 0; i < 50; ++i) sums.push_back(client.call_async("add", i, 1));
    for (int i = 0; i < 50; ++i) CHECK(sums[static_cast<std::size_t>(i)].get().as<int>() == i + 1);
  }
  const auto problem = [&](const std::string& url) {
    try {
      Client(test::schema(), "Users", url).call("ping");
    } catch (const TransportError& e) {
      return e.message().substr(url.find('?') == std::string::npos ? url.size() + 2 : 0);
    }
    return std::string("no error");
  };
  CHECK(problem("http" + at + "/") == "`ping`: HTTP status 426 Upgrade Required");
  server.stop();
  server.start("http://127.0.0.1:0/");
  const std::string there = "ws://127.0.0.1:" + std::to_string(server.port()) + "/";
  CHECK(Client(test::schema(), "Users", there).call("add", 1, 2).as<int>() == 3);
}
