// Protocols that people bring: through BasicProtocol, compared with the library's own.

#include <support/reference_protocols.hpp>
#include <thriftpp/load/load.hpp>

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

TEST_CASE("a protocol of tokens leaves out what the library's own does") {
  using enum WireType;
  Strictness strictness;
  strictness.element_type = strictness.union_members = strictness.unknown_enum =
      strictness.invalid_utf8 = Reaction::skip;
  const DecodeOptions options{.strictness = strictness};
  const samples::Schema& s = schema();
  const Type& color = s.all->field("color").type();
  const Type& color_map = s.schema->map_of(color, color);
  const Type& colors = s.schema->list_of(color);
  const Type& lists = s.schema->list_of(s.schema->list_of(base_type(TypeKind::i64)));
  const auto check = [&](const Bytes& bytes, const Type& type) {
    const Value value = decode(plain_binary, bytes, type, options);
    CAPTURE(to_json(value));
    CHECK(value == decode(ProtocolId::binary, bytes, type, options));
    return to_json(value);
  };
  CHECK(check(Wire().list(i32, 3).i32(1).i32(99).i32(2).bytes, colors) == R"(["red","green"])");
  CHECK(check(Wire().map(i32, i32, 3).i32(1).i32(2).i32(9).i32(1).i32(2).i32(8).bytes, color_map) ==
        R"({"red":"green"})");
  CHECK(
      check(Wire().list(list, 3).list(i64, 1).i64(1).list(i32, 1).i32(2).list(i64, 1).i64(3).bytes,
            lists) == "[[1],[3]]");
  CHECK(check(Wire()
                  .list(struct_, 3)
                  .stop()
                  .field(i32, 1)
                  .i32(5)
                  .field(i32, 1)
                  .i32(6)
                  .stop()
                  .field(i32, 1)
                  .i32(5)
                  .field(string, 2)
                  .string("b")
                  .stop()
                  .bytes,
              s.schema->list_of(*s.choice)) == R"([{"number":6}])");
  // What has come before stays.
  CHECK(check(Wire().field(i32, 10).i32(1).field(i32, 10).i32(99).stop().bytes, *s.all) ==
        R"({"color":"red"})");
  CHECK(check(Wire()
                  .field(struct_, 12)
                  .field(i32, 1)
                  .i32(4)
                  .stop()
                  .field(struct_, 12)
                  .stop()
                  .stop()
                  .bytes,
              *s.all) == R"({"choice":{"number":4}})");
  CHECK(check(Wire().field(i32, 1).i32(4).field(string, 2).string("\xff\xff").stop().bytes,
              *s.choice) == R"({"number":4})");
  CHECK_THROWS_WITH_AS((void)decode(plain_binary, Wire().i32(99).bytes, color, options),
                       doctest::Contains("has no value 99"), ProtocolError);
}

TEST_CASE("a protocol of tokens writes the defaults that the library's own does") {
  const Idl idl = loads(R"(
    struct R { 1: required i32 a = 7; 2: optional i32 b; 3: i32 c = 8; 4: optional i32 d = 9 }
    union U { 1: i32 a = 5; 2: string s }
    struct Outer { 1: R r = {'b': 3}; 2: list<U> us; 3: required R q = {'b': 4} }
  )");
  Value record(idl.type("R"));
  record["b"] = 1;
  record.unset("a");
  CHECK(to_bytes(encode(plain_binary, record)) ==
        Wire().field(WireType::i32, 1).i32(7).field(WireType::i32, 2).i32(1).stop().bytes);
  Value choice(idl.type("U"));
  choice["s"] = "x";
  const Value outer(idl.type("Outer"));
  for (const Value* const value : std::initializer_list<const Value*>{&record, &choice, &outer}) {
    for (const bool unset : {false, true}) {
      for (const auto order :
           {EncodeOptions::FieldOrder::by_id, EncodeOptions::FieldOrder::declared}) {
        const EncodeOptions options{.write_unset_defaults = unset, .field_order = order};
        CHECK(to_bytes(encode(plain_binary, *value, options)) ==
              to_bytes(encode(ProtocolId::binary, *value, options)));
        CHECK(to_bytes(encode(plain_compact, *value, options)) ==
              to_bytes(encode(ProtocolId::compact, *value, options)));
      }
    }
  }
}

TEST_CASE("a protocol of tokens counts the memory that its values take") {
  constexpr std::size_t count = 20'000;
  Wire wire;
  wire.list(WireType::string, count);
  for (std::size_t i = 0; i < count; ++i) wire.string("x");
  const Type& type = schema().schema->list_of(base_type(TypeKind::string));
  constexpr std::size_t needed = sizeof(ListSlot) + count * (sizeof(StringSlot) + 8);
  Arena arena;
  CHECK_THROWS_AS((void)decode(plain_binary, wire.bytes, type, arena, {.max_memory = needed - 1}),
                  ProtocolError);
  CHECK(decode(plain_binary, wire.bytes, type, arena, {.max_memory = needed}).size() == count);
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
