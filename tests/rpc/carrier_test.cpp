// Sessions whose clients speak HTTP, zlib or the header transport, byte by byte.

#include <doctest/doctest.h>

#include <random>

#include "rpc/messages.hpp"

using namespace thrift;

namespace {

const Processor& users() {
  static const Processor one = [] {
    Processor p(test::schema(), "Users");
    test::serve_users(p);
    p.on("getName", [](Call& call) {
      const std::string* const tag = find_header(call.headers(), "x-tag");
      call.set_reply_header("x-seen", tag != nullptr ? *tag : "nothing");
      call.reply("name of " + call["userId"].as<std::string>());
    });
    return p;
  }();
  return one;
}

std::string post(std::span<const std::byte> body, std::string_view more = {}) {
  return "POST /any/path HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-thrift\r\n" +
         std::string(more) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(reinterpret_cast<const char*>(body.data()), body.size());
}

std::string post_in_chunks(const Buffer& body, std::string_view trailers) {
  const std::string text(body.text());
  char size[20];
  std::snprintf(size, sizeof size, "%zx", text.size() - 3);
  return "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-thrift\r\n"
         "Transfer-Encoding: chunked\r\n\r\n3;note=x\r\n" +
         text.substr(0, 3) + "\r\n" + size + "\r\n" + text.substr(3) + "\r\n0\r\n" +
         std::string(trailers) + "\r\n";
}

std::string ok(std::span<const std::byte> body, std::string_view more = {}) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/x-thrift\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n" + std::string(more) + "\r\n" +
         std::string(reinterpret_cast<const char*>(body.data()), body.size());
}

struct Answer {
  std::string text;
  bool open;
  std::string problem;
};

Answer answer(std::string_view text, const SessionOptions& options = {}) {
  Session session(users(), options);
  Buffer out;
  const bool open = session.receive(test::bytes_of(text), out);
  return {std::string(out.text()), open, session.problem()};
}

// The answer must be the same however the bytes are cut.
void check_cuts(std::string_view text, const std::string& wanted) {
  Session byte_by_byte(users());
  Buffer out;
  for (const char& c : text) (void)byte_by_byte.receive(test::bytes_of({&c, 1}), out);
  CHECK(out.text() == wanted);
  CHECK_FALSE(byte_by_byte.in_message());
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    Session session(users());
    Buffer both;
    (void)session.receive(test::bytes_of(text.substr(0, cut)), both);
    (void)session.receive(test::bytes_of(text.substr(cut)), both);
    CHECK(both.text() == wanted);
  }
}

// The call `ping`, id 7, as Python's zlib compresses it, with a sync flush.
constexpr std::string_view zlib_ping(
    "\x78\x9c\x6a\x60\x64\x60\x64\x60\x60\x60\x29\xc8\xcc\x4b\x07\xd2\xec\x0c\x00\x00\x00\x00"
    "\xff\xff",
    24);

// A frame of the header transport: binary, one pair unless `pair` is false.
Buffer header_frame(std::span<const std::byte> message, std::uint8_t protocol = 0,
                    bool pair = false) {
  Buffer out;
  const std::size_t start = begin_frame(out);
  out.append(std::string_view("\x0f\xff\0\0\0\0\0\x2a\0", 9));
  if (pair) {
    out.append(std::string_view("\3", 1));
    out.push_back(std::byte{protocol});
    out.append(std::string_view("\0\1\1\5x-tag\1t", 11));
  } else {
    out.append(std::string_view("\1", 1));
    out.push_back(std::byte{protocol});
    out.append(std::string_view("\0\0\0", 3));
  }
  out.append(message);
  end_frame(out, start);
  return out;
}

}  // namespace

TEST_CASE("HTTP requests are answered with responses, many on one connection") {
  const Buffer request = test::call("add", {{"a", 2}, {"b", 3}});
  const Buffer reply = test::reply("add", {{"success", 5}});
  const Answer one = answer(post(request));
  CHECK(one.text == ok(reply));
  CHECK(one.open);
  const std::string two = post(request) + post(test::call("ping", {}));
  CHECK(answer(two).text == ok(reply) + ok(test::reply("ping", {})));
  check_cuts(two, ok(reply) + ok(test::reply("ping", {})));
}

TEST_CASE("an HTTP body may come in chunks, with extensions and trailers") {
  const Buffer request = test::call("add", {{"a", 2}, {"b", 3}});
  check_cuts(post_in_chunks(request, "X-Trailer: y\r\n"), ok(test::reply("add", {{"success", 5}})));
}

TEST_CASE("trailers of HTTP are no header fields") {
  const Buffer request = test::call("getName", {{"userId", "1"}});
  const std::string reply =
      ok(test::reply("getName", {{"success", "name of 1"}}), "x-seen: nothing\r\n");
  // The handler shows the field x-tag, if there is one.
  check_cuts(post_in_chunks(request, "X-Tag: forged\r\n"), reply);
  const Answer closing = answer(post_in_chunks(request, "Connection: close\r\n"));
  CHECK(closing.text == reply);
  CHECK(closing.open);
}

TEST_CASE("an HTTP client that wants to be asked before the body is asked once") {
  const Buffer request = test::call("ping", {});
  const std::string text = post(request, "Expect: 100-continue\r\n");
  const std::size_t head = text.find("\r\n\r\n") + 4;
  Session session(users());
  Buffer out;
  CHECK(session.receive(test::bytes_of(text.substr(0, head)), out));
  CHECK(out.text() == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(session.in_message());
  out.clear();
  CHECK(session.receive(test::bytes_of(text.substr(head, 3)), out));
  CHECK(out.empty());
  CHECK(session.receive(test::bytes_of(text.substr(head + 3)), out));
  CHECK(out.text() == ok(test::reply("ping", {})));
}

TEST_CASE("an HTTP response says how the connection goes on") {
  const Buffer request = test::call("ping", {});
  const Answer closed = answer(post(request, "Connection: close\r\n"));
  CHECK(closed.text == ok(test::reply("ping", {}), "Connection: close\r\n"));
  CHECK_FALSE(closed.open);
  CHECK(closed.problem.empty());
  std::string old = post(request);
  old.replace(old.find("HTTP/1.1"), 8, "HTTP/1.0");
  CHECK_FALSE(answer(old).open);
  old.insert(old.find("Host"), "Connection: keep-alive\r\n");
  const Answer kept = answer(old);
  CHECK(kept.open);
  CHECK(kept.text == ok(test::reply("ping", {}), "Connection: keep-alive\r\n"));
}

TEST_CASE("a oneway call over HTTP is answered with an empty body") {
  CHECK(answer(post(test::call("note", {{"text", "x"}}))).text == ok({}));
}

TEST_CASE(
    "a oneway call over HTTP of a client that would take the answer for another's gets none") {
  const auto from = [](const std::string& agent) {
    return answer(post(test::call("note", {{"text", "x"}}), "User-Agent: " + agent + "\r\n")).text;
  };
  CHECK(from("Thrift/0.17.0 (C++/THttpClient)") == "");
  CHECK(from("Thrift/0.23.0 (C++/THttpClient)") == "");
  CHECK(from("Thrift/0.24.0 (C++/THttpClient)") == ok({}));
  CHECK(from("Thrift/0.9.3 (Lua/THttpClient)") == ok({}));
  CHECK(from("Thrift/0.x (C++/THttpClient)") == ok({}));
  const std::string agent = "User-Agent: Thrift/0.17.0 (C++/THttpClient)\r\n";
  CHECK(answer(post(test::call("note", {{"text", "x"}}), agent) +
               post(test::call("add", {{"a", 2}, {"b", 3}}), agent))
            .text == ok(test::reply("add", {{"success", 5}})));
}

TEST_CASE("HTTP headers reach the handler, and the reply's reach the client") {
  const Answer tagged =
      answer(post(test::call("getName", {{"userId", "1"}}), "X-Tag: seven, eight\r\n"));
  CHECK(tagged.text ==
        ok(test::reply("getName", {{"success", "name of 1"}}), "x-seen: seven, eight\r\n"));
}

TEST_CASE("an HTTP content type that names a protocol is believed and answered in kind") {
  for (const ProtocolId protocol : test::protocols()) {
    const std::string type = "application/vnd.apache.thrift." + std::string(to_string(protocol));
    std::string text = post(test::call("add", {{"a", 2}, {"b", 3}}, 7, protocol));
    std::string wanted = ok(test::reply("add", {{"success", 5}}, 7, protocol));
    CHECK(answer(text).text == wanted);  // found out from the body
    text.replace(text.find("application/x-thrift"), 20, type);
    wanted.replace(wanted.find("application/x-thrift"), 20, type);
    CHECK(answer(text).text == wanted);
  }
}

TEST_CASE("an HTTP body may hold frames, and those of the header transport") {
  const Buffer request = test::call("add", {{"a", 2}, {"b", 3}});
  CHECK(answer(post(test::frame(request))).text ==
        ok(test::frame(test::reply("add", {{"success", 5}}))));
  CHECK(answer(post(header_frame(request))).text ==
        ok(header_frame(test::reply("add", {{"success", 5}}))));
}

TEST_CASE("HTTP that is wrong gets a status, and the connection is closed") {
  const auto status = [](std::string_view text, const SessionOptions& options = {}) {
    const Answer got = answer(text, options);
    CHECK_FALSE(got.open);
    CHECK_FALSE(got.problem.empty());
    CHECK(got.text.find("Connection: close\r\n") != std::string::npos);
    return got.text.substr(0, got.text.find('\r'));
  };
  const Buffer request = test::call("ping", {});
  CHECK(status("POST / HTTP/1.1\r\nno colon\r\n\r\n") == "HTTP/1.1 400 Bad Request");
  for (const char* coding : {"cow", "chunked, identity", "xchunked", "gzip, chunked"}) {
    CAPTURE(coding);  // what follows might be taken for a body, or for a request
    CHECK(status("POST / HTTP/1.1\r\nTransfer-Encoding: " + std::string(coding) +
                 "\r\n\r\n0\r\n\r\n") == "HTTP/1.1 501 Not Implemented");
  }
  CHECK(status("POST / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n") == "HTTP/1.1 400 Bad Request");
  CHECK(status(post(request, "Transfer-Encoding: chunked\r\n")) == "HTTP/1.1 400 Bad Request");
  CHECK(status(post({})) == "HTTP/1.1 400 Bad Request");
  CHECK(status(post(test::bytes_of("this is no message"))) == "HTTP/1.1 400 Bad Request");
  CHECK(status(post(request.bytes().first(request.size() - 1))) == "HTTP/1.1 400 Bad Request");
  CHECK(status(post(request), {.max_message = request.size() - 1}) ==
        "HTTP/1.1 413 Payload Too Large");
  CHECK(answer(post(request), {.max_message = request.size()}).open);
  CHECK(status("POST / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n") ==
        "HTTP/1.1 431 Request Header Fields Too Large");
}

TEST_CASE("HTTP requests that carry no message are told so, and the connection lives on") {
  const Buffer request = test::call("ping", {});
  const Answer got = answer("GET /health HTTP/1.1\r\nHost: h\r\n\r\n" + post(request));
  CHECK(got.open);
  CHECK(got.text.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"));
  CHECK(got.text.find("Allow: POST\r\n") != std::string::npos);
  CHECK(got.text.ends_with(ok(test::reply("ping", {}))));
  CHECK(answer("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n").text.ends_with("\r\n\r\n"));
}

TEST_CASE("frames of the header transport are answered with their own header") {
  const Buffer request = test::call("add", {{"a", 2}, {"b", 3}});
  const Buffer reply = test::reply("add", {{"success", 5}});
  check_cuts(header_frame(request).text(), std::string(header_frame(reply).text()));
  // in one more frame, as some clients send it
  check_cuts(test::frame(header_frame(request)).text(),
             std::string(test::frame(header_frame(reply)).text()));
  std::string many;
  std::string wanted;
  for (int i = 0; i < 5; ++i) {
    many += header_frame(test::call("add", {{"a", i}, {"b", 3}}, i)).text();
    many += header_frame(test::call("note", {{"text", "x"}}, i)).text();
    wanted += header_frame(test::reply("add", {{"success", i + 3}}, i)).text();
  }
  CHECK(answer(many).text == wanted);
}

TEST_CASE("the header transport's pairs reach the handler") {
  const Buffer request = header_frame(test::call("getName", {{"userId", "1"}}), 0, true);
  const Answer got = answer(request.text());
  CHECK(got.open);
  CHECK(got.text.find(std::string_view("\1\1\6x-seen\1t", 11)) != std::string::npos);
}

TEST_CASE("each frame of the header transport names its protocol") {
  std::string many;
  std::string wanted;
  for (const ProtocolId protocol : test::protocols()) {
    const std::uint8_t number = protocol == ProtocolId::binary    ? 0
                                : protocol == ProtocolId::compact ? 2
                                                                  : 1;
    many += header_frame(test::call("add", {{"a", 2}, {"b", 3}}, 1, protocol), number).text();
    wanted += header_frame(test::reply("add", {{"success", 5}}, 1, protocol), number).text();
  }
  CHECK(answer(many).text == wanted);
  CHECK(answer(header_frame(test::call("ping", {}), 9).text()).problem ==
        "a frame in protocol 9, which nobody here knows");
  CHECK_FALSE(
      answer(header_frame(test::call("ping", {}), 0).text(), {.protocol = ProtocolId::compact})
          .open);
}

TEST_CASE("a header that lies about its size or content closes the connection") {
  const Buffer good = header_frame(test::call("ping", {}), 0, true);
  const auto changed = [&](std::size_t at, char to) {
    std::string text(good.text());
    text[at] = to;
    return answer(text);
  };
  CHECK(changed(12, '\x3f').problem.find("a header of") != std::string::npos);
  CHECK(changed(13, '\xff').problem.find("a header of") != std::string::npos);
  CHECK(changed(15, '\1').problem.find("transform") == std::string::npos);  // zlib of no zlib
  CHECK_FALSE(changed(15, '\1').open);
  CHECK(changed(15, '\3').problem.find("transform 1") != std::string::npos);
  CHECK(changed(18, '\x70').problem == "a frame's header that ends too early");
  // every byte of it, changed in every way, does no harm
  for (std::size_t i = 4; i < good.size(); ++i) {
    for (int to = 0; to < 256; to += 5) (void)changed(i, static_cast<char>(to));
  }
}

TEST_CASE("a zlib stream is understood however it is cut, and answered by one") {
  const Answer whole = answer(zlib_ping);
  CHECK(whole.open);
  CHECK(whole.text.starts_with("\x78\x9c"));
  CHECK(whole.text.ends_with(std::string_view("\0\0\xff\xff", 4)));
  check_cuts(zlib_ping, whole.text);
  CHECK(answer(std::string(zlib_ping) + "\x07garbage").problem.find("zlib") != std::string::npos);
}

TEST_CASE("random bytes in carriers never do harm") {
  std::mt19937 random(11);  // NOLINT(cert-msc51-cpp): the same bytes each time
  const std::string samples[] = {
      post(test::call("update", {{"userId", "1"}, {"user", test::user("1", "A", 3)}})),
      std::string(header_frame(test::call("getName", {{"userId", "1"}}), 0, true).text()),
      std::string(zlib_ping)};
  for (int round = 0; round < 3000; ++round) {
    std::string text = samples[static_cast<std::size_t>(round) % 3];
    for (int i = round % 4; i >= 0; --i) {
      text[random() % text.size()] = static_cast<char>(random() & 0xff);
    }
    Session session(users());
    Buffer out;
    if (session.receive(test::bytes_of(text), out))
      (void)session.receive(test::bytes_of(text), out);
  }
}
