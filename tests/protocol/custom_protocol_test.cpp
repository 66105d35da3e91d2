// Protocols that people bring: through BasicProtocol, compared with the library's own.

#include <support/reference_protocols.hpp>

#include "samples.hpp"

using namespace thrift;
using namespace samples;

namespace {

const reference::Binary plain_binary("binary");
const reference::Compact plain_compact("compact");
const reference::LittleEndian little_endian("binary_le");

}  // namespace

TEST_CASE("a protocol of tokens writes and reads what the library's own does") {
  std::mt19937_64 random(31);
  for (const StructType* type :
       {schema().all, schema().wide, schema().choice, schema().wide_choice, schema().node}) {
    for (int i = 0; i < 40; ++i) {
      const Bytes bytes = random_bytes(type->slot(), random);
      const Value value = decode(plain_binary, bytes, *type);
      REQUIRE(value == decode(ProtocolId::binary, bytes, *type));
      REQUIRE(to_bytes(encode(plain_binary, value)) == to_bytes(encode(ProtocolId::binary, value)));
      REQUIRE(plain_binary.skip(bytes, WireType::struct_, {}) == bytes.size());
      for (const Protocol* const other :
           std::initializer_list<const Protocol*>{&plain_compact, &little_endian}) {
        const Buffer there = encode(*other, value);
        REQUIRE(decode(*other, there, *type) == value);
        REQUIRE(other->skip(there, WireType::struct_, {}) == there.size());
      }
    }
  }
}

TEST_CASE("a protocol of one's own: binary with the lowest byte first") {
  const Type& inner = *schema().inner;
  const Value value = decode(
      ProtocolId::binary,
      Wire().field(WireType::string, 1).string("k").field(WireType::i64, 2).i64(258).stop().bytes,
      inner);
  const std::string expected(
      "\x0b\x01\x00\x01\x00\x00\x00k\x0a\x02\x00\x02\x01\x00\x00\x00\x00\x00\x00\x00", 20);
  CHECK(encode(little_endian, value).text() == expected);
  CHECK(decode(little_endian, encode(little_endian, value), inner) == value);
  CHECK(little_endian.name() == "binary_le");

  Buffer message;
  little_endian.write_message_header({"say", MessageType::oneway, 7}, message);
  const ReadHeader read = little_endian.read_message_header(message, {});
  CHECK(read.header.name == "say");
  CHECK(read.header.type == MessageType::oneway);
  CHECK(read.header.sequence_id == 7);
  CHECK(little_endian.message_body(message, read).empty());
  CHECK_THROWS_AS((void)little_endian.read_message_header(message, {.max_name = 2}), ProtocolError);
}

TEST_CASE("a protocol of tokens has limits, strictness and errors with their place") {
  const auto error = [](const Bytes& bytes, const Type& type, const DecodeOptions& options = {}) {
    const Exact exact(bytes);
    try {
      (void)decode(plain_binary, exact.span(), type, options);
    } catch (const ProtocolError& e) {
      return Failed{e.kind(), e.offset(), e.path(), e.what()};
    }
    FAIL("it decodes");
    return Failed{};
  };
  const Type& all = *schema().all;
  const Bytes whole = all_bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    REQUIRE(error(part, all).kind == ProtocolErrorKind::truncated);
  }
  const Bytes list =
      Wire().field(WireType::list, 21).list(WireType::struct_, 1).stop().stop().bytes;
  CHECK(error(list, all).path == "All.inners[0].key");
  CHECK(error(list, all).kind == ProtocolErrorKind::missing_field);
  CHECK(
      error(Wire().field(WireType::string, 7).string("12345").stop().bytes, all, {.max_string = 4})
          .path == "All.text");
  CHECK(error(Wire().field(WireType::list, 14).list(WireType::i8, 3).raw("abc").stop().bytes, all,
              {.max_container = 2})
            .kind == ProtocolErrorKind::size_limit);
  CHECK(error(whole, all, {.max_memory = 100}).kind == ProtocolErrorKind::size_limit);
  CHECK(error(whole, all, {.max_depth = 1}).kind == ProtocolErrorKind::depth_limit);
  Bytes trailing = whole;
  trailing.push_back(std::byte{0});
  CHECK(error(trailing, all).kind == ProtocolErrorKind::trailing_bytes);

  const Bytes odd =
      Wire().field(WireType::i32, 10).i32(99).field(WireType::i8, 2).i8(1).stop().bytes;
  Strictness strictness;
  CHECK(decode(plain_binary, odd, all).has("color"));
  strictness.unknown_enum = Reaction::skip;
  const Value left_out = decode(plain_binary, odd, all, {.strictness = strictness});
  CHECK_FALSE(left_out.has("color"));
  CHECK(left_out.has("tiny"));
  strictness.unknown_enum = Reaction::error;
  CHECK(error(odd, all, {.strictness = strictness}).path == "All.color");

  Buffer out(Wire().raw("before").bytes);
  CHECK_THROWS_AS(encode(plain_binary, Value(*schema().inner), out), TypeError);
  CHECK(out.text() == "before");
}

TEST_CASE("the library's protocols are objects too") {
  const Value value = decode(ProtocolId::binary, all_bytes(), *schema().all);
  for (const ProtocolId id : {ProtocolId::binary, ProtocolId::json}) {
    const Protocol& protocol = built_in_protocol(id);
    CHECK(protocol.name() == to_string(id));
    const Buffer bytes = encode(protocol, value);
    CHECK(to_bytes(bytes) == to_bytes(encode(id, value)));
    CHECK(decode(protocol, bytes, *schema().all) == value);
    CHECK(protocol.skip(bytes, WireType::struct_, {}) == bytes.size());
    Buffer message;
    protocol.write_message_header({"say", MessageType::call, 1}, message);
    message.append(bytes);
    protocol.write_message_end(message);
    const ReadHeader read = protocol.read_message_header(message, {});
    CHECK(read.header.name == "say");
    CHECK(protocol.message_body(message, read).size() == bytes.size());
  }
}
