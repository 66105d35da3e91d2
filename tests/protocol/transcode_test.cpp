// From one wire protocol to another, against values that are decoded and encoded, and against what
// Apache's runtime wrote.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <support/shared.hpp>
#include <thriftpp/load/load.hpp>
#include <thriftpp/protocol/transcode.hpp>

#include "samples.hpp"

using namespace thrift;
using namespace samples;

namespace {

constexpr auto binary = ProtocolId::binary;
constexpr auto compact = ProtocolId::compact;
constexpr auto json = ProtocolId::json;
constexpr std::initializer_list<ProtocolId> protocols{binary, compact, json};

Bytes as_bytes(std::string_view text) {
  return Wire().raw(text).bytes;
}

template <class T>
Bytes convert(ProtocolId from, const Bytes& bytes, ProtocolId to, const T& type,
              const TranscodeOptions& options = {}) {
  const Exact exact(bytes);
  Buffer out;
  const std::size_t consumed = transcode(from, exact.span(), to, type, out, options);
  CHECK((consumed == bytes.size() || options.allow_trailing));
  return to_bytes(out);
}

std::string text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

ProtocolErrorKind error_of(ProtocolId from, const Bytes& bytes, ProtocolId to, WireType type,
                           const TranscodeOptions& options = {}) {
  const Exact exact(bytes);
  Buffer out(as_bytes("before"));
  try {
    transcode(from, exact.span(), to, type, out, options);
  } catch (const ProtocolError& e) {
    CHECK(out.text() == "before");
    CHECK(e.offset() <= bytes.size());
    return e.kind();
  }
  FAIL("it is transcoded");
  return {};
}

}  // namespace

TEST_CASE("the payloads go between all protocols to what Apache's C++ writes") {
  const auto folder = test::shared("payloads between protocols", "bench");
  if (!folder) return;
  for (const auto& [name, type_name] :
       std::initializer_list<std::pair<std::string, std::string>>{{"user", "User"},
                                                                  {"biz", "Order"},
                                                                  {"jaeger", "Batch"},
                                                                  {"parquet", "FileMetaData"},
                                                                  {"num", "Big"}}) {
    const Idl idl = load((*folder / (name + ".thrift")).string());
    const Type& type = idl.type(type_name);
    const auto bytes_in = [&](ProtocolId protocol) {
      const std::string suffix = protocol == json ? "tjson" : std::string(to_string(protocol));
      std::ifstream file(*folder / (name + "." + suffix), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      REQUIRE(!text.empty());
      return as_bytes(text);
    };
    for (const ProtocolId from : protocols) {
      const Bytes source = bytes_in(from);
      for (const ProtocolId to : protocols) {
        CAPTURE(name);
        CAPTURE(to_string(from));
        CAPTURE(to_string(to));
        CHECK(convert(from, source, to, type) == bytes_in(to));
        // Between binary and compact no schema is needed.
        if (from != json && to != json) {
          CHECK(convert(from, source, to, WireType::struct_) == bytes_in(to));
        }
        std::size_t largest = 0;
        Bytes gathered;
        FunctionSink sink([&](std::span<const std::byte> piece) {
          largest = std::max(largest, piece.size());
          gathered.insert(gathered.end(), piece.begin(), piece.end());
        });
        CHECK(transcode(from, source, to, type, sink) == source.size());
        CHECK(gathered == bytes_in(to));
        CHECK(largest <= 2 * sink_piece);
      }
    }
  }
}

TEST_CASE("every type goes through all protocols and comes back") {
  const Type& all = *schema().all;
  const Bytes there = convert(binary, all_bytes(), compact, all);
  CHECK(convert(compact, there, binary, all) == all_bytes());
  CHECK(convert(compact, there, binary, WireType::struct_) == all_bytes());
  const Bytes text = convert(compact, there, json, all);
  CHECK(text == convert(binary, all_bytes(), json, all));
  CHECK(text == to_bytes(encode(json, decode(binary, all_bytes(), all))));
  CHECK(convert(json, text, binary, all) == all_bytes());
  CHECK(convert(json, text, compact, all) == there);
}

TEST_CASE("random values go through all protocols and come back") {
  std::mt19937_64 random(21);
  for (const StructType* type :
       {schema().all, schema().wide, schema().choice, schema().wide_choice, schema().node}) {
    for (int i = 0; i < 60; ++i) {
      const Bytes bytes = random_bytes(type->slot(), random);
      const Bytes there = convert(binary, bytes, compact, *type);
      REQUIRE(convert(compact, there, binary, *type) == bytes);
      const Bytes text = convert(binary, bytes, json, *type);
      REQUIRE(text == to_bytes(encode(json, decode(binary, bytes, *type))));
      REQUIRE(convert(compact, there, json, *type) == text);
      // NaN has one form only in JSON.
      const Value value = decode(binary, convert(json, text, binary, *type), *type);
      REQUIRE(value == decode(binary, bytes, *type));
      REQUIRE(decode(binary, convert(compact, convert(json, text, compact, *type), binary, *type),
                     *type) == value);
    }
  }
}

TEST_CASE("without a schema everything but binary in JSON is carried over") {
  CHECK(text_of(convert(binary, Wire().field(WireType::string, 1).string("a\"b").stop().bytes, json,
                        WireType::struct_)) == R"({"1":{"str":"a\"b"}})");
  const Bytes back = convert(json, as_bytes(R"( { "-5" : {"str":"\u00e9\/"}, "1":{"tf":true} } )"),
                             binary, WireType::struct_, {.allow_trailing = true});
  CHECK(back == Wire()
                    .field(WireType::string, -5)
                    .string("\xc3\xa9/")
                    .field(WireType::bool_, 1)
                    .i8(1)
                    .stop()
                    .bytes);
  // Unknown to the schema: carried over.
  CHECK(text_of(convert(
            binary,
            Wire().field(WireType::string, 1).string("k").field(WireType::i8, 9).i8(3).stop().bytes,
            json, *schema().inner)) == R"({"1":{"str":"k"},"9":{"i8":3}})");
  // Bare values.
  CHECK(text_of(convert(binary, Wire().list(WireType::i16, 2).i16(1).i16(-1).bytes, json,
                        WireType::set)) == R"(["i16",2,1,-1])");
  CHECK(convert(json, as_bytes("[\"i16\",2,1,-1]"), compact, WireType::list) ==
        as_bytes("\x24\x02\x01"));
  CHECK(text_of(convert(binary, Wire().i64(-5).bytes, json, WireType::i64)) == "-5");
}

TEST_CASE("an empty map of compact gets its types from the schema, else it is of strings") {
  const Type& by_number = schema().all->field("by_number").type();
  const Bytes empty = as_bytes(std::string_view("\0", 1));
  CHECK(convert(compact, empty, binary, by_number) ==
        Wire().map(WireType::i32, WireType::list, 0).bytes);
  CHECK(text_of(convert(compact, empty, json, by_number)) == R"(["i32","lst",0,{}])");
  CHECK(convert(compact, empty, binary, WireType::map) ==
        Wire().map(WireType::string, WireType::string, 0).bytes);
  CHECK(convert(binary, Wire().map(WireType::i8, WireType::i8, 0).bytes, compact, WireType::map) ==
        empty);
}

TEST_CASE("transcoding has limits, and tells what is wrong") {
  const Bytes two = Wire().list(WireType::i8, 2).i8(1).i8(2).bytes;
  CHECK(error_of(binary, two, json, WireType::list, {.max_container = 1}) ==
        ProtocolErrorKind::size_limit);
  CHECK(convert(binary, two, json, WireType::list, {.max_container = 2}).size() > 0);
  CHECK(error_of(binary, Wire().string("12345").bytes, json, WireType::string, {.max_string = 4}) ==
        ProtocolErrorKind::size_limit);
  CHECK(error_of(json, as_bytes("\"12345\""), binary, WireType::string, {.max_string = 4}) ==
        ProtocolErrorKind::size_limit);
  const Bytes nested =
      Wire().list(WireType::list, 1).list(WireType::list, 1).list(WireType::i8, 0).bytes;
  CHECK(error_of(binary, nested, compact, WireType::list, {.max_depth = 2}) ==
        ProtocolErrorKind::depth_limit);
  CHECK(convert(binary, nested, compact, WireType::list, {.max_depth = 3}).size() == 3);
  CHECK(error_of(binary, Wire().string("\xff").bytes, json, WireType::string,
                 {.check_utf8 = true}) == ProtocolErrorKind::invalid_data);
  CHECK(error_of(binary, Wire().i8(1).i8(1).bytes, json, WireType::bool_) ==
        ProtocolErrorKind::trailing_bytes);
  CHECK(error_of(binary, Wire().list(WireType::i8, 1000000000).i8(1).bytes, json, WireType::list) ==
        ProtocolErrorKind::truncated);
  Buffer out;
  try {
    transcode(json, as_bytes(R"({"8":{"str":"?"}})"), binary, *schema().all, out);
    FAIL("it is transcoded");
  } catch (const ProtocolError& e) {
    CHECK(e.path() == "All.bytes");
    CHECK(e.offset() == 13);
  }
}

TEST_CASE("truncated and flipped bytes are transcoded or refused") {
  const Type& all = *schema().all;
  for (const ProtocolId from : protocols) {
    const Bytes bytes = from == binary ? all_bytes() : convert(binary, all_bytes(), from, all);
    for (const ProtocolId to : protocols) {
      for (std::size_t size = 0; size < bytes.size(); ++size) {
        const Bytes part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
        REQUIRE(error_of(from, part, to, WireType::struct_) == ProtocolErrorKind::truncated);
      }
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (const unsigned flip : {0xffU, 0x80U, 0x01U, 0x0cU}) {
          Bytes flipped = bytes;
          flipped[i] = bytes[i] ^ static_cast<std::byte>(flip);
          const Exact exact(flipped);
          Buffer with, without;
          for (Buffer* const out : {&with, &without}) {
            try {
              const TranscodeOptions options{.allow_trailing = true};
              const std::size_t consumed =
                  out == &with
                      ? transcode(from, exact.span(), to, all, *out, options)
                      : transcode(from, exact.span(), to, WireType::struct_, *out, options);
              // What comes out is whole.
              Buffer again;
              REQUIRE(transcode(to, *out, to, WireType::struct_, again) == out->size());
              REQUIRE(consumed <= flipped.size());
            } catch (const ProtocolError&) {
              REQUIRE(out->empty());
            }
          }
        }
      }
    }
  }
}

TEST_CASE("numbers of compact that are too large lose their high bits as in decoding") {
  // Low 32 bits of all ones are the smallest number; of the whole 64 bits they would be 0.
  for (const std::string_view number :
       {"\xff\xff\xff\xff\xff\xff\xff\xff\xe0\x6a", "\xff\xff\x0f"}) {
    const Bytes field = Wire().raw("\x15").raw(number).stop().bytes;
    const Bytes there = convert(compact, field, binary, WireType::struct_);
    const Type& choice = *schema().choice;
    CHECK(decode(binary, there, choice) == decode(compact, field, choice));
  }
}

TEST_CASE("numbers of JSON that are too large become the nearest ones, as in decoding") {
  const auto field = [](std::string_view type, std::string_view number) {
    return as_bytes(R"({"1":{")" + std::string(type) + R"(":)" + std::string(number) + "}}");
  };
  const auto in_binary = [&](std::string_view type, std::string_view number) {
    return convert(json, field(type, number), binary, WireType::struct_);
  };
  CHECK(in_binary("i32", "3000000000") ==
        Wire().field(WireType::i32, 1).i32(2147483647).stop().bytes);
  CHECK(in_binary("i32", "-3000000000") ==
        Wire().field(WireType::i32, 1).i32(-2147483648LL).stop().bytes);
  CHECK(in_binary("i16", "70000") == Wire().field(WireType::i16, 1).i16(32767).stop().bytes);
  CHECK(in_binary("i8", "70000") == Wire().field(WireType::i8, 1).i8(-1).stop().bytes);
  CHECK(in_binary("i8", "130") == Wire().field(WireType::i8, 1).i8(-126).stop().bytes);
  CHECK(convert(json, as_bytes(R"(["i32",2,-3000000000,7])"), compact, WireType::list) ==
        convert(binary, Wire().list(WireType::i32, 2).i32(-2147483648LL).i32(7).bytes, compact,
                WireType::list));
  // A key of a map, in quotes.
  CHECK(
      convert(json, as_bytes(R"(["i16","i32",1,{"70000":-3000000000}])"), binary, WireType::map) ==
      Wire().map(WireType::i16, WireType::i32, 1).i16(32767).i32(-2147483648LL).bytes);
  const std::string_view most = R"({"1":{"i64":9223372036854775807}})";
  const std::string_view beyond = "99999999999999999999";
  CHECK(in_binary("i64", beyond) == convert(json, as_bytes(most), binary, WireType::struct_));
  CHECK(in_binary("i16", beyond) == Wire().field(WireType::i16, 1).i16(32767).stop().bytes);
  CHECK(in_binary("dbl", "-1e999") ==
        convert(json, field("dbl", "-1.7976931348623157e308"), binary, WireType::struct_));
  const Type& choice = *schema().choice;
  const Bytes number = field("i32", "3000000000");
  CHECK(decode(binary, convert(json, number, binary, choice), choice) ==
        decode(json, number, choice));
}

TEST_CASE("elements are what the schema says, whatever a header claims, as in decoding") {
  const StructType& all = *schema().all;
  const auto same = [](ProtocolId from, const Bytes& bytes, const Type& type) {
    const Value value = decode(from, bytes, type);
    for (const ProtocolId to : protocols) {
      CAPTURE(to_string(from));
      CAPTURE(to_string(to));
      const Bytes there = convert(from, bytes, to, type);
      CHECK(decode(to, there, type) == value);
      // What comes out claims what it holds.
      DecodeOptions strict;
      strict.strictness.element_type = Reaction::error;
      CHECK(decode(to, there, type, strict) == value);
    }
  };
  const Type& numbers = all.field("numbers").type();
  const Type& texts = all.field("texts").type();
  const Type& uuids = all.field("uuids").type();
  const Type& inners = all.field("inners").type();
  const Type& by_number = all.field("by_number").type();
  same(binary, Wire().list(WireType::i64, 2).i32(1).i32(2).bytes, numbers);
  same(binary, Wire().list(WireType::i8, 1).string("text").bytes, texts);
  same(binary, Wire().i8(99).i32(1).string("no such type").bytes, texts);
  same(binary, Wire().list(WireType::i32, 1).raw(std::string(16, 'u')).bytes, uuids);
  same(binary, Wire().list(WireType::map, 1).field(WireType::string, 1).string("k").stop().bytes,
       inners);
  same(binary,
       Wire()
           .map(WireType::string, WireType::i8, 1)
           .i32(8)
           .list(WireType::i32, 1)
           .string("eight")
           .bytes,
       by_number);
  same(compact, as_bytes("\x24\xfe\xff\x0f\x02"), numbers);                 // "i16"
  same(compact, as_bytes("\x2e\x02\x04"), numbers);                         // no type
  same(compact, as_bytes("\x13\x04text"), texts);                           // "i8"
  same(compact, as_bytes(std::string_view("\x18\x18\x01k\0", 5)), inners);  // "string"
  same(compact, as_bytes("\x01\x83\x10\x15\x05\x65ight"), by_number);
  same(json, as_bytes(R"(["i16",2,70000,-3])"), numbers);
  same(json, as_bytes(R"(["dbl",1,"text"])"), texts);
  same(json, as_bytes(R"(["i32","str",1,{"8":["i8",1,"eight"]}])"), by_number);
  // As a field.
  same(compact, as_bytes(std::string_view("\x09\x20\x24\x02\x04\0", 6)), all);
  // Without a schema there is only the header to believe.
  CHECK(convert(compact, as_bytes("\x24\x02\x04"), binary, WireType::list) ==
        Wire().list(WireType::i16, 2).i16(1).i16(2).bytes);
}

TEST_CASE("odd Parquet footers decode to the same when they have been transcoded") {
  const auto folder = test::shared("transcoded Parquet footers", "real/parquet");
  if (!folder) return;
  const Idl idl = load((*folder / "parquet.thrift").string());
  const Type& type = idl.type("FileMetaData");
  int checked = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder / "footers")) {
    CAPTURE(entry.path().filename().string());
    std::ifstream file(entry.path(), std::ios::binary);
    const Bytes bytes = as_bytes(std::string{std::istreambuf_iterator<char>(file), {}});
    Arena arena;
    const auto value = try_decode_prefix(compact, bytes, type, arena, {});
    REQUIRE(value.has_value());
    for (const ProtocolId to : protocols) {
      Buffer there;
      CHECK(transcode(compact, bytes, to, type, there, {.allow_trailing = true}) ==
            value->consumed);
      CHECK(decode(to, there, type) == value->value);
    }
    ++checked;
  }
  CHECK(checked == 117);
}

TEST_CASE("the limit of a binary in JSON is that of its bytes, not of their base64") {
  const StructType& all = *schema().all;
  const Bytes twelve = Wire().field(WireType::string, 8).string("twelve bytes").stop().bytes;
  for (const std::string_view text :
       {R"({"8":{"str":"dHdlbHZlIGJ5dGVz"}})", R"({"8":{"str":"dHdlbHZlIGJ5dGV\u007a"}})"}) {
    CHECK(convert(json, as_bytes(text), binary, all, {.max_string = 12}) == twelve);
    CHECK(convert(json, as_bytes(text), json, all, {.max_string = 12}) == as_bytes(text));
    for (const ProtocolId to : protocols) {
      try {
        (void)convert(json, as_bytes(text), to, all, {.max_string = 11});
        FAIL("it is transcoded");
      } catch (const ProtocolError& e) {
        CHECK(e.kind() == ProtocolErrorKind::size_limit);
        CHECK(e.path() == "All.bytes");
        CHECK(e.message().find("a string of 12 bytes") != std::string::npos);
      }
    }
  }
  // Text counts as it is, and so does what nothing says is a binary.
  CHECK(error_of(json, as_bytes(R"("dHdlbHZlIGJ5dGVz")"), binary, WireType::string,
                 {.max_string = 12}) == ProtocolErrorKind::size_limit);
}

TEST_CASE("into the same protocol everything is checked as into another") {
  const StructType& all = *schema().all;
  const std::initializer_list<std::pair<ProtocolId, Bytes>> bad_texts{
      {binary, Wire().field(WireType::string, 7).string("a\xff").stop().bytes},
      {compact, as_bytes(std::string_view("\x78\x02\x61\xff\0", 5))},
      {json, as_bytes("{\"7\":{\"str\":\"a\\n\xff\"}}")}};
  const TranscodeOptions checked{.check_utf8 = true};
  for (const auto& [from, bytes] : bad_texts) {
    for (const ProtocolId to : protocols) {
      CAPTURE(to_string(from));
      CAPTURE(to_string(to));
      CHECK(convert(from, bytes, to, all).size() > 4);
      CHECK(error_of(from, bytes, to, WireType::struct_, checked) ==
            ProtocolErrorKind::invalid_data);
      try {
        (void)convert(from, bytes, to, all, checked);
        FAIL("it is transcoded");
      } catch (const ProtocolError& e) {
        CHECK(e.path() == "All.text");
        CHECK(e.message().find("not UTF-8") != std::string::npos);
      }
    }
  }
  // A binary may be anything, and all_bytes has one that is no text. Without a Type it counts as
  // text.
  for (const ProtocolId from : protocols) {
    const Bytes bytes = convert(binary, all_bytes(), from, all);
    for (const ProtocolId to : protocols) {
      CHECK(convert(from, bytes, to, all, checked) == convert(binary, all_bytes(), to, all));
    }
  }
  CHECK(error_of(binary, all_bytes(), binary, WireType::struct_, checked) ==
        ProtocolErrorKind::invalid_data);
  // The bytes are copied as they stand.
  const Bytes spaced = as_bytes("{ \"7\" : {\"str\":\"\\u0061\"} }");
  CHECK(convert(json, spaced, json, all, checked) == spaced);
  // The path is told, and base64 looked at.
  const std::initializer_list<std::pair<ProtocolId, Bytes>> cut_off{
      {binary, Wire().field(WireType::list, 21).list(WireType::struct_, 1).i8(77).i16(1).bytes},
      {compact, as_bytes(std::string_view("\x09\x2a\x1c\x18\x09k", 6))},
      {json, as_bytes(R"({"21":{"lst":["rec",1,{"1":{"str":5}}]}})")}};
  for (const auto& [from, bytes] : cut_off) {
    std::vector<std::string> found;
    for (const ProtocolId to : protocols) {
      try {
        (void)convert(from, bytes, to, all);
        FAIL("it is transcoded");
      } catch (const ProtocolError& e) {
        found.push_back(e.message());
        CHECK(e.path().starts_with("All.inners[0]"));
      }
    }
    CHECK(found[0] == found[1]);
    CHECK(found[0] == found[2]);
  }
  CHECK_THROWS_AS((void)convert(json, as_bytes(R"({"8":{"str":"?"}})"), json, all), ProtocolError);
}

TEST_CASE("what is wrong in a message's body is told by where it is in the message") {
  const std::string name = "aMethod";
  for (const ProtocolId from : protocols) {
    Buffer message;
    write_message_header(from, {name, MessageType::call, 1}, message);
    const std::size_t header = message.size();
    // A field of a type that does not exist.
    const Bytes body = from == json ? as_bytes(R"({"1":{"xyz":1}})")
                       : from == binary
                           ? Wire().field(WireType::i8, 1).i8(1).field(WireType(5), 2).stop().bytes
                           : as_bytes("\x13\x01\x1e");
    message.append(body);
    write_message_end(from, message);
    const std::size_t in_body = from == json ? 7 : from == binary ? 4 : 2;
    for (const ProtocolId to : protocols) {
      CAPTURE(to_string(from));
      CAPTURE(to_string(to));
      Buffer out;
      try {
        transcode_message(from, message, to, nullptr, out);
        FAIL("it is transcoded");
      } catch (const ProtocolError& e) {
        CHECK(e.kind() == ProtocolErrorKind::invalid_data);
        CHECK(e.offset() == header + in_body);
        CHECK(e.message().find("at offset " + std::to_string(header + in_body)) !=
              std::string::npos);
        CHECK(out.empty());
      }
    }
    // Bytes behind the struct.
    Buffer longer;
    write_message_header(from, {name, MessageType::call, 1}, longer);
    longer.append(from == json ? as_bytes("{}") : Bytes(1));
    longer.append(as_bytes("7"));
    write_message_end(from, longer);
    Buffer out;
    try {
      transcode_message(from, longer, binary, nullptr, out);
      FAIL("it is transcoded");
    } catch (const ProtocolError& e) {
      CHECK(e.kind() == ProtocolErrorKind::trailing_bytes);
      CHECK(e.offset() == header + (from == json ? 2 : 1));
    }
  }
}
