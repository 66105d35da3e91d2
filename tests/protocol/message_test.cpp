#include <thriftpp/protocol/message.hpp>

#include "samples.hpp"

using namespace thrift;
using namespace samples;
using enum thrift::WireType;

namespace {

constexpr auto binary = ProtocolId::binary;
constexpr auto compact = ProtocolId::compact;

Bytes strict_header(std::string_view name, int type, std::int64_t sequence_id) {
  return Wire().i16(0x8001).i8(0).i8(type).string(name).i32(sequence_id).bytes;
}
Bytes old_header(std::string_view name, int type, std::int64_t sequence_id) {
  return Wire().string(name).i8(type).i32(sequence_id).bytes;
}

ProtocolErrorKind header_error(const Bytes& bytes, const HeaderOptions& options = {},
                               ProtocolId protocol = binary) {
  const Exact exact(bytes);
  const auto read = try_read_message_header(protocol, exact.span(), options);
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
}

TEST_CASE("compact headers are written as Apache writes them") {
  Buffer out;
  write_message_header(compact, {"getUser", MessageType::call, 5}, out);
  write_message_header(compact, {"", MessageType::oneway, 300}, out);
  write_message_header(compact, {"x", MessageType::reply, -1}, out);  // 32 bits, not zigzag
  write_message_header(compact, {"x", MessageType::exception, INT32_MIN}, out);
  write_message_end(compact, out);
  CHECK(to_bytes(out) == Wire()
                             .raw("\x82\x21\x05\x07getUser")
                             .raw(std::string_view("\x82\x81\xac\x02\x00", 5))
                             .raw("\x82\x41\xff\xff\xff\xff\x0f\x01x")
                             .raw("\x82\x61\x80\x80\x80\x80\x08\x01x")
                             .bytes);
}

TEST_CASE("compact headers are read, and refused where they are not right") {
  for (const std::int32_t id : {0, 1, 127, 128, 1 << 30, -1, INT32_MIN, INT32_MAX}) {
    for (const MessageType type :
         {MessageType::call, MessageType::reply, MessageType::exception, MessageType::oneway}) {
      Buffer out;
      write_message_header(compact, {"ping", type, id}, out);
      const std::size_t size = out.size();
      out.push_back(std::byte{0});
      const ReadHeader read = read_message_header(compact, out);
      CHECK(read.header.name == "ping");
      CHECK(read.header.type == type);
      CHECK(read.header.sequence_id == id);
      CHECK(read.size == size);
      CHECK(message_body(compact, out, read).size() == 1);
      const Bytes whole = to_bytes(out);
      for (std::size_t n = 0; n < size; ++n) {
        const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
        CHECK(header_error(part, {}, compact) == ProtocolErrorKind::truncated);
      }
    }
  }
  // A sign that runs on through 64 bits, and padded sizes.
  const Bytes padded =
      Wire().raw("\x82\x21\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01").i8(0x81).i8(0).raw("x").bytes;
  CHECK(read_message_header(compact, padded).header.sequence_id == -2);
  CHECK(read_message_header(compact, padded).header.name == "x");
  const auto error = [](std::string_view bytes, const HeaderOptions& options = {}) {
    return header_error(Wire().raw(bytes).bytes, options, compact);
  };
  CHECK(error("\x80\x01") == ProtocolErrorKind::bad_version);
  CHECK(error("\x82\x22\x01\x01x") == ProtocolErrorKind::bad_version);  // fbthrift's
  CHECK(error("\x82\xa1\x01\x01x") == ProtocolErrorKind::invalid_data);
  CHECK(error(std::string_view("\x82\x01\x01\x01x", 5)) == ProtocolErrorKind::invalid_data);
  CHECK(error("\x82\x21\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01x") ==
        ProtocolErrorKind::invalid_data);
  CHECK(error("\x82\x21\x01\xff\xff\xff\xff\x0f") == ProtocolErrorKind::negative_size);
  CHECK(error("\x82\x21\x01\x05hello", {.max_name = 4}) == ProtocolErrorKind::size_limit);
  CHECK(read_message_header(compact, Wire().raw("\x82\x21\x01\x05hello").bytes, {.max_name = 5})
            .header.name == "hello");
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
  CHECK(MessageScanner(ProtocolId::json).scan({}) == 0);
}

TEST_CASE("a scanner says again what it found, until it is reset") {
  for (const ProtocolId protocol : {binary, compact, ProtocolId::json}) {
    Buffer stream;
    write_message_header(protocol, {"m", MessageType::call, 1}, stream);
    encode(protocol, Value(application_exception_type()), stream);
    write_message_end(protocol, stream);
    const std::size_t size = stream.size();
    MessageScanner scanner(protocol);
    CHECK(scanner.scan(stream) == size);
    CHECK(scanner.scan(stream) == size);
    stream.append(Buffer(stream.bytes()).bytes());
    CHECK(scanner.scan(stream) == size);
    scanner.reset();
    CHECK(scanner.scan(stream) == size);
  }
}

namespace {

const Bytes compact_header = Wire().raw("\x82\x21\x01\x01m").bytes;

/// What a scanner says of a compact message with that body: its size less its header's.
std::size_t scan_compact(const Bytes& body, std::size_t max_size = 1000) {
  const Exact whole(Wire().raw(compact_header).raw(body).bytes);
  const std::size_t size = MessageScanner(compact, max_size).scan(whole.span());
  return size == 0 ? 0 : size - compact_header.size();
}
ProtocolErrorKind compact_refusal(const Bytes& body, std::size_t max_size = 1000) {
  try {
    if (scan_compact(body, max_size) != 0) return ProtocolErrorKind::trailing_bytes;
  } catch (const ProtocolError& e) {
    return e.kind();
  }
  return ProtocolErrorKind::unknown;
}

}  // namespace

TEST_CASE("a scanner finds the end of compact messages that arrive byte by byte") {
  Wire body;
  body.raw("\x11\x12");                                     // 1: true  2: false
  body.i8(0x13).i8(0xff);                                   // 3: i8
  body.i8(0x04).i8(0x80).i8(0x01).i8(0x80).i8(0x80).i8(0);  // id 64, long: i16, padded
  body.i8(0x15).i8(0x81).i8(0x01);                          // i32
  body.i8(0x17).raw("12345678");                            // double
  body.i8(0x18).i8(3).raw("abc");                           // string
  body.i8(0x19).i8(0x21).i8(1).i8(2);                       // list of two bools
  body.i8(0x19).i8(0xf8).i8(2).i8(1).raw("a").i8(0);        // list of strings, long form
  body.i8(0x1a).i8(0x0c);                                   // an empty set of structs
  body.i8(0x1b).i8(0);                                      // an empty map
  body.i8(0x1b).i8(1).i8(0x8b).i8(1).raw("k").i8(1).i8(0x33).i8(1).i8(
      2);                                        // map<string, map<i8, i8>>
  body.i8(0x1c).i8(0x1c).i8(0).i8(0);            // structs
  body.i8(0x1d).raw("0123456789abcdef").stop();  // uuid
  const std::size_t size = body.bytes.size();
  CHECK(scan_compact(body.bytes) == size);
  body.raw("\x82");
  CHECK(scan_compact(body.bytes) == size);
  MessageScanner scanner(compact);
  const Bytes stream = Wire().raw(compact_header).raw(body.bytes).bytes;
  for (std::size_t n = 0; n + 1 < stream.size(); ++n) {
    const Exact part(Bytes(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(n)));
    REQUIRE(scanner.scan(part.span()) == 0);
  }
  CHECK(scanner.scan(stream) == stream.size() - 1);
  scanner.reset();
  CHECK(scanner.scan(stream) == stream.size() - 1);
}

TEST_CASE("a scanner refuses what cannot become a compact message, at once") {
  const auto refused = [](std::string_view body) {
    return compact_refusal(Wire().raw(body).bytes);
  };
  CHECK(refused("\x18\xd0\x0f") == ProtocolErrorKind::size_limit);
  CHECK(refused("\x18\xff\xff\xff\xff\x0f") == ProtocolErrorKind::negative_size);
  CHECK(refused("\x19\xf6\xff\xff\xff\xff\x0f") == ProtocolErrorKind::negative_size);
  CHECK(refused("\x19\xf7\xc8\x01") == ProtocolErrorKind::size_limit);
  CHECK(refused("\x19\xfc\xd0\x0f") == ProtocolErrorKind::size_limit);
  CHECK(refused("\x1b\x80\x04\x88") == ProtocolErrorKind::size_limit);
  CHECK(refused("\x19\x1e") == ProtocolErrorKind::invalid_data);
  CHECK(refused("\x1e") == ProtocolErrorKind::invalid_data);
  CHECK(refused("\x15\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff") == ProtocolErrorKind::invalid_data);
  CHECK(refused("\x19\x0e") == ProtocolErrorKind::unknown);
  CHECK(compact_refusal(Bytes(63, std::byte{0x1c})) == ProtocolErrorKind::unknown);
  CHECK(compact_refusal(Bytes(64, std::byte{0x1c})) == ProtocolErrorKind::depth_limit);
  CHECK(compact_refusal(Wire().raw(std::string(63, '\x1c')).i8(0x1b).i8(0).bytes) ==
        ProtocolErrorKind::depth_limit);
}

TEST_CASE("names of methods of any length are written whole") {
  for (const ProtocolId protocol : {binary, compact, ProtocolId::json}) {
    for (const std::size_t size : {0U, 1U, 31U, 32U, 33U, 64U, 65U, 100U, 1000U}) {
      std::string name(size, 'a');
      for (std::size_t i = 0; i < size; ++i) name[i] = static_cast<char>('a' + i % 26);
      Buffer out;
      write_message_header(protocol, {name, MessageType::call, 1}, out);
      CHECK(read_message_header(protocol, out).header.name == name);
    }
  }
}

TEST_CASE("a message in JSON that is refused is told the same error whole and in pieces") {
  const auto said = [](std::string_view text, std::size_t max_size, std::size_t piece) {
    const Bytes stream = Wire().raw(text).bytes;
    MessageScanner scanner(ProtocolId::json, max_size, 4);
    try {
      for (std::size_t given = 0; given < stream.size();) {
        given = std::min(given + piece, stream.size());
        const Exact part(
            Bytes(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(given)));
        if (const std::size_t size = scanner.scan(part.span()); size != 0) {
          return std::to_string(size);
        }
      }
    } catch (const ProtocolError& e) {
      return std::string(e.what());
    }
    return std::string("nothing");
  };
  for (const std::string_view text :
       {R"([1,"x",1,1,{"1":{"i32":5}]])", R"([1,"x",1,1,{"1":[[[[[[[[[[[[)",
        R"([1,"x",1,1,{"1":{"str":"a\"\\b]}\""}}] [1,"y")", R"([1,"x",1,1,{"1":{"i32":5}}])",
        R"([2,"x",1,1,{"1":{"i32":5}}])", R"([1,"x\u0041",1,1,{}])"}) {
    for (std::size_t max_size = 0; max_size < text.size() + 2; ++max_size) {
      const std::string whole = said(text, max_size, text.size());
      CAPTURE(text);
      CAPTURE(max_size);
      for (std::size_t piece = 1; piece < text.size(); ++piece) {
        REQUIRE(said(text, max_size, piece) == whole);
      }
    }
  }
  const std::string long_text(20'000, 'x');
  for (const std::string& text :
       {"[1,\"" + long_text + "\",1,1,{}]", "[2,\"x\",1,1,{\"1\":{\"str\":\"" + long_text + "\"}}]",
        "[1,\"" + long_text + "\",77,1,{}]"}) {
    CHECK(said(text, 100'000, text.size()) == said(text, 100'000, 500));
  }
}
