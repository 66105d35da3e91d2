#include <doctest/doctest.h>

#include <random>

#include "rpc/messages.hpp"

using namespace thrift;

namespace {

std::string hex(std::span<const std::byte> bytes) {
  std::string out;
  for (const std::byte b : bytes) {
    out += "0123456789abcdef"[std::to_integer<unsigned>(b) >> 4];
    out += "0123456789abcdef"[std::to_integer<unsigned>(b) & 15];
  }
  return out;
}

std::string hex(const Buffer& buffer) {
  return hex(buffer.bytes());
}

// What a new session answers to these bytes at once.
std::string answer(std::span<const std::byte> bytes, const SessionOptions& options = {}) {
  Session session(test::users(), options);
  Buffer out;
  CHECK(session.receive(bytes, out));
  CHECK_FALSE(session.in_message());
  CHECK(session.problem().empty());
  return hex(out);
}

// Why a new session closes; it must not have answered.
std::string refusal(std::string_view text, const SessionOptions& options = {}) {
  Session session(test::users(), options);
  Buffer out;
  CHECK_FALSE(session.receive(std::as_bytes(std::span(text)), out));
  CHECK(out.empty());
  CHECK_FALSE(session.receive(test::call("ping", {}), out));  // and it stays closed
  CHECK(out.empty());
  return session.problem();
}

}  // namespace

TEST_CASE("a session answers in the framing of its client") {
  const Buffer request = test::call("add", {{"a", 2}, {"b", 3}});
  const Buffer reply = test::reply("add", {{"success", 5}});
  CHECK(answer(request) == hex(reply));
  CHECK(answer(test::frame(request)) == hex(test::frame(reply)));
}

TEST_CASE("an old client is answered in the old form") {
  Buffer reply;
  reply.append(std::string_view("\0\0\0\3add\2\0\0\0\7", 12));
  reply.append(std::string_view("\x08\0\0\0\0\0\5\0", 8));
  CHECK(answer(test::frame(test::old_call("add", {{"a", 2}, {"b", 3}}))) ==
        hex(test::frame(reply)));
  CHECK(answer(test::old_call("add", {{"a", 2}, {"b", 3}}), {.framing = Framing::buffered}) ==
        hex(reply));
  CHECK(answer(test::old_call("add", {{"a", 2}, {"b", 3}})) == hex(reply));  // by the name's letter
  const Buffer bare = test::old_call("add", {{"a", 2}, {"b", 3}});
  CHECK_FALSE(refusal(bare.text(), {.framing = Framing::framed}).empty());
  CHECK_FALSE(refusal(bare.text(), {.accept = {.buffered = false}}).empty());
  CHECK_FALSE(refusal(bare.text(), {.accept = {.old_binary = false}}).empty());
  Buffer unknown;
  unknown.append(std::string_view("\0\0\0\2no\3\0\0\0\7", 11));
  CHECK(answer(test::frame(Buffer(std::as_bytes(std::span("\0\0\0\2no\1\0\0\0\7\0", 12)))))
            .substr(8, 22) == hex(unknown));
}

TEST_CASE("Finagle's question whether tracing is known is answered as an unknown method") {
  const std::string_view name = "__can__finagle__trace__v3__";
  const Value nothing(test::function("ping").arguments());
  Session session(test::users());
  Buffer out;
  CHECK(session.receive(test::frame(test::message(name, MessageType::call, 3, nothing)), out));
  const ReadHeader read = read_message_header(ProtocolId::binary, out.bytes().subspan(4));
  CHECK(read.header.name == name);
  CHECK(read.header.type == MessageType::exception);
  CHECK(read.header.sequence_id == 3);
  const Value error =
      decode(ProtocolId::binary, out.bytes().subspan(4 + read.size), application_exception_type());
  CHECK(error["type"].as<int>() == static_cast<int>(ApplicationErrorKind::unknown_method));
  out.clear();
  CHECK(session.receive(test::frame(test::call("ping", {})), out));  // and it falls back
  CHECK(hex(out) == hex(test::frame(test::reply("ping", {}))));
}

TEST_CASE("many messages in one piece are answered in order, and oneway ones leave no frame") {
  for (const Framing framing : {Framing::buffered, Framing::framed}) {
    Buffer in;
    Buffer wanted;
    for (int i = 0; i < 100; ++i) {
      in.append(test::on_wire(framing, test::call("add", {{"a", i}, {"b", 1}}, i)).bytes());
      in.append(test::on_wire(framing, test::call("note", {{"text", "x"}}, i)).bytes());
      wanted.append(test::on_wire(framing, test::reply("add", {{"success", i + 1}}, i)).bytes());
    }
    CHECK(answer(in) == hex(wanted));
  }
}

TEST_CASE("it makes no difference how the bytes are cut") {
  for (const Framing framing : {Framing::buffered, Framing::framed}) {
    Buffer in;
    in.append(test::on_wire(framing, test::call("getName", {{"userId", "12"}}, 1)).bytes());
    in.append(test::on_wire(framing, test::call("note", {{"text", "x"}}, 2)).bytes());
    in.append(test::on_wire(framing, test::call("find", {{"id", "nobody"}}, 3)).bytes());
    const std::string wanted = answer(in);
    Session byte_by_byte(test::users());
    Buffer out;
    for (std::size_t i = 0; i < in.size(); ++i) {
      REQUIRE(byte_by_byte.receive(in.bytes().subspan(i, 1), out));
    }
    CHECK(hex(out) == wanted);
    for (std::size_t cut = 1; cut < in.size(); ++cut) {
      Session session(test::users());
      Buffer both;
      REQUIRE(session.receive(in.bytes().first(cut), both));
      REQUIRE(session.receive(in.bytes().subspan(cut), both));
      CHECK(hex(both) == wanted);
      CHECK_FALSE(session.in_message());
    }
  }
}

TEST_CASE("a message that is not whole is waited for") {
  for (const Framing framing : {Framing::buffered, Framing::framed}) {
    const Buffer request = test::on_wire(framing, test::call("getName", {{"userId", "12"}}));
    for (std::size_t n = 1; n < request.size(); ++n) {
      Session session(test::users());
      Buffer out;
      CHECK(session.receive(request.bytes().first(n), out));
      CHECK(out.empty());
      CHECK(session.in_message());
    }
  }
}

TEST_CASE("empty frames say nothing") {
  Buffer in = test::frame(test::call("ping", {}));
  in.append(std::string_view("\0\0\0\0\0\0\0\0", 8));
  in.append(test::frame(test::call("ping", {})).bytes());
  Buffer wanted = test::frame(test::reply("ping", {}));
  wanted.append(wanted.bytes());
  CHECK(answer(in) == hex(wanted));
}

TEST_CASE("what is no message closes the connection, and is told") {
  const std::string what = "the first bytes are no message that is understood here";
  const SessionOptions plain{.accept = {.http = false, .zlib = false}};
  CHECK(refusal("GET / HTTP/1.1\r\n\r\n", plain) == what + "; they look like HTTP");
  CHECK(refusal("POST /thrift HTTP/1.1\r\n", plain) == what + "; they look like HTTP");
  CHECK(refusal("\x78\x9c\x01\x02", plain) == what + "; they look like a zlib stream");
  CHECK(refusal("\x16\x03\x01\x02\x00\x01\x00\x01") == what + "; they look like TLS");
  const SessionOptions binary{.protocol = ProtocolId::binary};
  CHECK(refusal("[1,\"ping\",1,0,{}]", binary) == what + "; they look like a JSON message");
  CHECK(refusal(std::string_view("\x82\x21\x01\x04ping\0", 9), binary) ==
        what + "; they look like a compact message without a frame");
  CHECK(refusal(std::string_view("\0\0\0\x09\x82\x21\x01\x04ping\0", 13), binary) ==
        what + "; they look like a compact message in a frame");
  CHECK(refusal(std::string_view("\0\0\0\x20\x0f\xff\0\0\0\0\0\0", 12),
                {.accept = {.header = false}}) == what + "; they look like the header transport");
  CHECK(refusal("\xff\xff\xff\xff\xff\xff\xff\xff") == what);
  CHECK(refusal(std::string_view("\0\0\0\0\0\0\0\0", 8)) == what);
  CHECK(refusal(std::string_view("\0\0\0\4\0\0\0\0", 8)) == what);
  CHECK(refusal("\x80\x02\x01\x01 x") == what);
}

TEST_CASE("whatever a server understands can be forbidden") {
  const Buffer plain = test::call("ping", {});
  const Buffer framed = test::frame(plain);
  const std::string what = "the first bytes are no message that is understood here";
  CHECK(refusal(plain.text(), {.accept = {.buffered = false}}) ==
        what + "; they look like a binary message without a frame");
  CHECK(refusal(framed.text(), {.accept = {.framed = false}}) ==
        what + "; they look like a binary message in a frame");
  CHECK(refusal(plain.text(), {.accept = {.plain = false}}) ==
        what + "; they look like a binary message without a frame");
  const Buffer old = test::frame(test::old_call("ping", {}));
  CHECK(refusal(old.text(), {.accept = {.old_binary = false}}) == what);
  CHECK(refusal(framed.text(), {.accept = {.binary = false}}) ==
        what + "; they look like a binary message in a frame");
  CHECK_FALSE(answer(old, {.accept = {.binary = false}}).empty());
  // and not only in the first message
  Session session(test::users(), {.accept = {.old_binary = false}});
  Buffer out;
  CHECK(session.receive(framed, out));
  CHECK_FALSE(session.receive(old, out));
  CHECK(session.problem().find("the message has no version") != std::string::npos);
}

TEST_CASE("a session takes only what its options allow") {
  const Buffer plain = test::call("ping", {});
  const Buffer framed = test::frame(plain);
  CHECK(answer(plain, {.framing = Framing::buffered}) == hex(test::reply("ping", {})));
  CHECK(answer(framed, {.framing = Framing::framed}) == hex(test::frame(test::reply("ping", {}))));
  CHECK(refusal(plain.text(), {.framing = Framing::framed}) ==
        "the first bytes are no message that is understood here; they look like a binary message "
        "without a frame");
  const SessionOptions exact{.framing = Framing::framed, .protocol = ProtocolId::binary};
  CHECK(refusal(plain.text(), exact)
            .find("is over the limit of 16384000; it looks like a binary "
                  "message without a frame") != std::string::npos);
}

TEST_CASE("a frame may be as large as the limit and no larger") {
  const Buffer request = test::frame(test::call("getName", {{"userId", "12345678"}}));
  const std::size_t size = request.size() - 4;
  CHECK_FALSE(answer(request, {.max_frame = size}).empty());
  Session first(test::users(), {.max_frame = size - 1});
  Buffer out;
  CHECK_FALSE(first.receive(request, out));
  // the same for a frame that is not the first
  Session second(test::users(), {.max_frame = size - 1});
  CHECK(second.receive(test::frame(test::call("ping", {})), out));
  CHECK_FALSE(second.receive(request, out));
  CHECK(second.problem() == "frame of " + std::to_string(size) + " bytes is over the limit of " +
                                std::to_string(size - 1) + " at offset 0");
  CHECK(hex(out) == hex(test::frame(test::reply("ping", {}))));
}

TEST_CASE("messages without frames have a limit too") {
  Session session(test::users(), {.max_message = 100});
  Buffer out;
  CHECK(session.receive(test::call("getName", {{"userId", std::string(50, 'x')}}), out));
  const std::size_t before = out.size();
  CHECK_FALSE(session.receive(test::call("getName", {{"userId", std::string(150, 'x')}}), out));
  CHECK(out.size() == before);
}

TEST_CASE("announcing much costs the server no memory before it comes") {
  Session session(test::users());
  Buffer out;
  Buffer begin;
  begin.append(std::string_view("\0\xf0\0\0", 4));  // a frame of 15 MB
  begin.append(test::call("ping", {}).bytes().first(8));
  CHECK(session.receive(begin, out));
  CHECK(session.in_message());
  // A string that says it has 2 GB, in a message without a frame.
  Session other(test::users());
  Buffer lie = test::call("getName", {{"userId", "x"}});
  lie.data()[lie.size() - 6] = std::byte{0x7f};
  CHECK_FALSE(other.receive(lie, out));
  CHECK(other.problem().find("larger than the limit") != std::string::npos);
  CHECK(out.empty());
}

TEST_CASE("a wrong message in a good frame is answered, and the next one too") {
  Session session(test::users());
  Buffer out;
  Buffer broken = test::call("getName", {{"userId", "abc"}});
  broken.truncate(broken.size() - 2);
  CHECK(session.receive(test::frame(broken), out));
  CHECK(read_message_header(ProtocolId::binary, out.bytes().subspan(4)).header.type ==
        MessageType::exception);
  out.clear();
  CHECK(session.receive(test::frame(test::call("ping", {})), out));
  CHECK(hex(out) == hex(test::frame(test::reply("ping", {}))));
}

TEST_CASE("large replies to many messages at once are all there") {
  Session session(test::users());
  Buffer in;
  const std::string large(100'000, 'x');
  for (int i = 0; i < 20; ++i) in.append(test::frame(test::call("echo", {{"bytes", large}}, i)));
  Buffer out;
  CHECK(session.receive(in, out));
  const std::size_t one = test::frame(test::reply("echo", {{"success", large}})).size();
  CHECK(out.size() == 20 * one);
}

TEST_CASE("random bytes, and messages with random bytes in them, never do harm") {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same bytes each time
  const auto byte = [&] { return static_cast<std::byte>(random() & 0xff); };
  for (int round = 0; round < 3000; ++round) {
    const Framing framing = round % 2 == 0 ? Framing::framed : Framing::buffered;
    Buffer in = test::on_wire(
        framing, test::call("update", {{"userId", "1"}, {"user", test::user("1", "A", 3)}}));
    const int changes = round % 5;
    for (int i = 0; i < changes; ++i) in.data()[random() % in.size()] = byte();
    if (changes == 0) {
      for (std::size_t i = 4; i < in.size(); ++i) in.data()[i] = byte();
    }
    Session session(test::users());
    Buffer out;
    if (session.receive(in, out)) (void)session.receive(test::frame(in), out);
  }
}
