#include <thriftpp/protocol/message.hpp>

#include "samples.hpp"

using namespace thrift;
using namespace samples;
using enum thrift::WireType;

namespace {

constexpr auto binary = ProtocolId::binary;

Bytes strict_header(std::string_view name, int type, std::int64_t sequence_id) {
  return Wire().i16(0x8001).i8(0).i8(type).string(name).i32(sequence_id).bytes;
}
Bytes old_header(std::string_view name, int type, std::int64_t sequence_id) {
  return Wire().string(name).i8(type).i32(sequence_id).bytes;
}

ProtocolErrorKind header_error(const Bytes& bytes, const HeaderOptions& options = {}) {
  const Exact exact(bytes);
  const auto read = try_read_message_header(binary, exact.span(), options);
  REQUIRE_FALSE(read.has_value());
  return read.error().as<ProtocolErrorDetail>()->kind;
}

}  // namespace

TEST_CASE("headers are written in the strict form") {
  Buffer out;
  write_message_header(binary, {"getUser", MessageType::call, -2}, out);
  CHECK(to_bytes(out) == strict_header("getUser", 1, -2));
  write_message_header(binary, {"", MessageType::oneway, 7}, out);
  CHECK(to_bytes(out) ==
        Wire().raw(strict_header("getUser", 1, -2)).raw(strict_header("", 4, 7)).bytes);
}

TEST_CASE("strict and old headers are read") {
  for (const MessageType type :
       {MessageType::call, MessageType::reply, MessageType::exception, MessageType::oneway}) {
    for (const bool strict : {true, false}) {
      Bytes bytes = (strict ? strict_header : old_header)("ping", static_cast<int>(type), -5);
      const std::size_t size = bytes.size();
      bytes.push_back(std::byte{0});
      const ReadHeader read = read_message_header(binary, bytes);
      CHECK(read.header.name == "ping");
      CHECK(read.header.type == type);
      CHECK(read.header.sequence_id == -5);
      CHECK(read.size == size);
    }
  }
  // The byte between version and type means nothing.
  CHECK(read_message_header(binary, Wire().i16(0x8001).i8(0x7f).i8(2).string("x").i32(1).bytes)
            .header.type == MessageType::reply);
}

TEST_CASE("headers that are not right are refused") {
  CHECK(header_error(old_header("ping", 1, 1), {.strict = true}) == ProtocolErrorKind::bad_version);
  CHECK(header_error(Wire().i16(0x8002).i8(0).i8(1).string("x").i32(1).bytes) ==
        ProtocolErrorKind::bad_version);
  CHECK(header_error(Wire().i16(0x8001).i8(0).i8(1).i32(-1).i32(1).bytes) ==
        ProtocolErrorKind::negative_size);
  CHECK(header_error(strict_header("x", 0, 1)) == ProtocolErrorKind::invalid_data);
  CHECK(header_error(strict_header("x", 5, 1)) == ProtocolErrorKind::invalid_data);
  CHECK(header_error(old_header("x", 5, 1)) == ProtocolErrorKind::invalid_data);
  CHECK(header_error(strict_header("12345", 1, 1), {.max_name = 4}) ==
        ProtocolErrorKind::size_limit);
  CHECK(read_message_header(binary, strict_header("12345", 1, 1), {.max_name = 5}).header.name ==
        "12345");
  CHECK(header_error(Wire().raw("POST / HTTP/1.1").bytes) == ProtocolErrorKind::size_limit);
  for (const Bytes& whole : {strict_header("ping", 1, 1), old_header("ping", 1, 1)}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK(header_error(part) == ProtocolErrorKind::truncated);
    }
  }
  CHECK_THROWS_AS((void)read_message_header(ProtocolId::compact, {}), ProtocolError);
}

TEST_CASE("a scanner finds the end of messages that arrive byte by byte") {
  for (const bool strict : {true, false}) {
    Bytes stream = (strict ? strict_header : old_header)("all", 1, 1);
    const Bytes body = all_bytes();
    stream.insert(stream.end(), body.begin(), body.end());
    const std::size_t end = stream.size();
    stream.insert(stream.end(), 20, std::byte{0x80});  // the next message begins
    MessageScanner scanner(binary);
    for (std::size_t size = 0; size < end; ++size) {
      const Exact part(Bytes(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size)));
      REQUIRE(scanner.scan(part.span()) == 0);
    }
    CHECK(scanner.scan(stream) == end);
    scanner.reset();
    CHECK(scanner.scan(stream) == end);
  }
}

TEST_CASE("a scanner agrees with skip about random messages") {
  std::mt19937_64 random(5);
  for (int i = 0; i < 300; ++i) {
    const Bytes body = random_bytes(schema().all->slot(), random, 5);
    const Bytes stream = Wire().raw(strict_header("m", 1, i)).raw(body).bytes;
    MessageScanner scanner(binary);
    std::size_t given = 0;
    std::size_t found = 0;
    while (given < stream.size()) {
      REQUIRE(found == 0);
      given = std::min(stream.size(), given + 1 + random() % 64);
      found = scanner.scan(std::span(stream).first(given));
    }
    REQUIRE(found == stream.size());
  }
}

TEST_CASE("a scanner refuses what cannot become a message, at once") {
  const auto refused = [](const Bytes& body, std::size_t max_size = 1000) {
    MessageScanner scanner(binary, max_size);
    try {
      (void)scanner.scan(Wire().raw(strict_header("m", 1, 1)).raw(body).bytes);
    } catch (const ProtocolError& e) {
      return e.kind();
    }
    return ProtocolErrorKind::unknown;
  };
  CHECK(refused(Wire().field(string, 1).i32(2000).bytes) == ProtocolErrorKind::size_limit);
  CHECK(refused(Wire().field(string, 1).i32(-1).bytes) == ProtocolErrorKind::negative_size);
  CHECK(refused(Wire().field(WireType::list, 1).list(i64, -1).bytes) ==
        ProtocolErrorKind::negative_size);
  CHECK(refused(Wire().field(WireType::list, 1).list(i64, 200).bytes) ==
        ProtocolErrorKind::size_limit);
  CHECK(refused(Wire().field(WireType::list, 1).list(struct_, 2000).bytes) ==
        ProtocolErrorKind::size_limit);
  CHECK(refused(Wire().field(map, 1).map(string, i64, 100).bytes) == ProtocolErrorKind::size_limit);
  CHECK(refused(Wire().field(WireType::list, 1).list(void_, 1).bytes) ==
        ProtocolErrorKind::invalid_data);
  CHECK(refused(Wire().field(static_cast<WireType>(5), 1).bytes) ==
        ProtocolErrorKind::invalid_data);
  CHECK(refused(Wire().field(WireType::list, 1).list(void_, 0).bytes) ==
        ProtocolErrorKind::unknown);
  Wire deep;
  for (int i = 0; i < 63; ++i) deep.field(struct_, 1);
  CHECK(refused(deep.bytes) == ProtocolErrorKind::unknown);
  CHECK(refused(deep.field(struct_, 1).bytes) == ProtocolErrorKind::depth_limit);
  // at the limit and one past it
  const Bytes header = strict_header("m", 1, 1);
  const Bytes whole = Wire().raw(header).field(string, 1).string("0123456789").stop().bytes;
  CHECK(MessageScanner(binary, whole.size()).scan(whole) == whole.size());
  CHECK_THROWS_AS((void)MessageScanner(binary, whole.size() - 1).scan(whole), ProtocolError);
  CHECK_THROWS_AS((void)MessageScanner(binary).scan(Wire().raw("GET / HTTP/1.0").bytes),
                  ProtocolError);
  CHECK_THROWS_AS((void)MessageScanner(ProtocolId::json).scan({}), ProtocolError);
}
