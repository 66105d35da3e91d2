// What each oddity does under each reaction, in binary and in compact.

#include <array>
#include <sstream>

#include "compact_wire.hpp"

using namespace thrift;
using namespace samples;

namespace {

using Oddity = Reaction Strictness::*;

struct Case {
  std::string_view what;
  Oddity oddity;
  const Type* type;
  Bytes binary;  ///< Empty: the protocol cannot say it.
  Bytes compact;
  std::string_view error;    ///< What the message has in it, and
  std::string_view path;     ///< where it points.
  std::string_view skipped;  ///< The value then, as JSON; empty: it is an error too.
  std::string_view kept;
};

std::string text_of(ValueView value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

/// The value, or the message that decoding fails with.
std::string outcome(ProtocolId protocol, const Bytes& bytes, const Type& type,
                    const Strictness& strictness, bool alias = true) {
  const Exact exact(bytes);
  Arena arena;
  const auto decoded = try_decode_prefix(protocol, exact.span(), type, arena,
                                         {.alias_input = alias, .strictness = strictness});
  if (decoded) {
    CHECK(decoded->consumed == bytes.size());
    return text_of(decoded->value);
  }
  const auto* const detail = decoded.error().as<ProtocolErrorDetail>();
  CHECK(detail->offset <= bytes.size());
  return std::string(detail->message);
}

constexpr auto list_type = WireType::list;
using enum WireType;
using C = Compact;

const Type& list_of(const Type& element) {
  return schema().schema->list_of(element);
}
const Type& color() {
  return schema().all->field("color").type();
}
const Type& map_of(const Type& key, const Type& value) {
  return schema().schema->map_of(key, value);
}

std::vector<Case> cases() {
  const StructType& all = *schema().all;
  const StructType& choice = *schema().choice;
  const StructType& inner = *schema().inner;
  const StructType& wide = *schema().wide;
  std::vector<Case> made;
  // --- element types: values that are as long in the one as in the other ---
  made.push_back(
      {.what = "a list's element type",
       .oddity = &Strictness::element_type,
       .type = &all,
       .binary = Wire().field(list_type, 17).list(double_, 1).i64(1).stop().bytes,
       .compact = CompactWire().long_field(17, C::list).list(1, C::i32).i(1).stop().bytes,
       .error = "the elements of `list<i64>` are",
       .path = "`All.bigs`",
       .skipped = "{}",
       .kept = R"({"bigs":[1]})"});
  made.push_back({.what = "an element's element type",
                  .oddity = &Strictness::element_type,
                  .type = &list_of(list_of(base_type(TypeKind::i64))),
                  .binary = Wire()
                                .list(list_type, 3)
                                .list(i64, 1)
                                .i64(1)
                                .list(double_, 1)
                                .i64(2)
                                .list(i64, 1)
                                .i64(3)
                                .bytes,
                  .compact = CompactWire()
                                 .list(3, C::list)
                                 .list(1, C::i64)
                                 .i(1)
                                 .list(1, C::i16)
                                 .i(2)
                                 .list(1, C::i64)
                                 .i(3)
                                 .bytes,
                  .error = "not i64",
                  .path = "`list<list<i64>>[1]`",
                  .skipped = "[[1],[3]]",
                  .kept = "[[1],[2],[3]]"});
  made.push_back({.what = "a map's key type",
                  .oddity = &Strictness::element_type,
                  .type = &map_of(base_type(TypeKind::i64), base_type(TypeKind::bool_)),
                  .binary = Wire().map(double_, bool_, 1).i64(5).i8(1).bytes,
                  .compact = CompactWire().map(1, C::i32, C::yes).i(5).byte(1).bytes,
                  .error = "the keys of `map<i64, bool>` are",
                  .path = "map<i64, bool>",
                  .skipped = "",
                  .kept = R"({"5":true})"});
  made.push_back({.what = "a map's value type",
                  .oddity = &Strictness::element_type,
                  .type = &list_of(map_of(base_type(TypeKind::bool_), base_type(TypeKind::i64))),
                  .binary = Wire().list(map, 1).map(bool_, double_, 1).i8(1).i64(5).bytes,
                  .compact = CompactWire().list(1, C::map).map(1, C::no, C::i16).byte(1).i(5).bytes,
                  .error = "the values of `map<bool, i64>` are",
                  .path = "[0]",
                  .skipped = "[]",
                  .kept = R"([{"true":5}])"});
  // --- field types ---
  made.push_back(
      {.what = "a field's type",
       .oddity = &Strictness::field_type,
       .type = &all,
       .binary = Wire().field(i64, 4).i64(1).field(i8, 2).i8(9).stop().bytes,
       .compact = CompactWire().field(4, C::i64).i(1).long_field(2, C::i8).byte(9).stop().bytes,
       .error = "field `number` of `All` is i64 (10) on the wire, not i32",
       .path = "`All.number`",
       .skipped = R"({"tiny":9})",
       .kept = R"({"tiny":9})"});
  // --- required fields ---
  made.push_back({.what = "a required field",
                  .oddity = &Strictness::missing_required,
                  .type = &inner,
                  .binary = Wire().field(i64, 2).i64(3).stop().bytes,
                  .compact = CompactWire().field(2, C::i64).i(3).stop().bytes,
                  .error = "required field `key` of `Inner` is missing",
                  .path = "`Inner.key`",
                  .skipped = R"({"n":3})",
                  .kept = R"({"n":3})"});
  made.push_back(
      {.what = "a required field behind the 64th",
       .oddity = &Strictness::missing_required,
       .type = &wide,
       .binary = Wire().field(i32, 1).i32(1).field(i32, 69).i32(2).stop().bytes,
       .compact = CompactWire().field(1, C::i32).i(1).long_field(69, C::i32).i(2).stop().bytes,
       .error = "required field `f70` of `Wide` is missing",
       .path = "`Wide.f70`",
       .skipped = R"({"f1":1,"f69":2})",
       .kept = R"({"f1":1,"f69":2})"});
  // --- unions ---
  made.push_back(
      {.what = "a union without a member",
       .oddity = &Strictness::union_members,
       .type = &all,
       .binary = Wire().field(struct_, 12).stop().field(i8, 2).i8(9).stop().bytes,
       .compact =
           CompactWire().field(12, C::record).stop().long_field(2, C::i8).byte(9).stop().bytes,
       .error = "union `Choice` has no member that its type knows",
       .path = "`All.choice`",
       .skipped = R"({"tiny":9})",
       .kept = R"({"tiny":9,"choice":{}})"});
  made.push_back(
      {.what = "a union whose member is unknown",
       .oddity = &Strictness::union_members,
       .type = &all,
       .binary = Wire().field(struct_, 12).field(i32, 77).i32(1).stop().stop().bytes,
       .compact =
           CompactWire().field(12, C::record).long_field(77, C::i32).i(1).stop().stop().bytes,
       .error = "union `Choice` has no member that its type knows",
       .path = "`All.choice`",
       .skipped = "{}",
       .kept = R"({"choice":{}})"});
  made.push_back({.what = "a union with two members",
                  .oddity = &Strictness::union_members,
                  .type = &list_of(choice),
                  .binary = Wire()
                                .list(struct_, 3)
                                .field(i32, 1)
                                .i32(5)
                                .stop()
                                .field(i32, 1)
                                .i32(1)
                                .field(string, 2)
                                .string("b")
                                .stop()
                                .field(string, 2)
                                .string("c")
                                .stop()
                                .bytes,
                  .compact = CompactWire()
                                 .list(3, C::record)
                                 .field(1, C::i32)
                                 .i(5)
                                 .stop()
                                 .field(1, C::i32)
                                 .i(1)
                                 .field(1, C::string)
                                 .string("b")
                                 .stop()
                                 .field(2, C::string)
                                 .string("c")
                                 .stop()
                                 .bytes,
                  .error = "union `Choice` has more than one member",
                  .path = "`list<Choice>[1]`",
                  .skipped = R"([{"number":5},{"text":"c"}])",
                  .kept = R"([{"number":5},{"text":"b"},{"text":"c"}])"});
  made.push_back({.what = "a union of 70 with two members",
                  .oddity = &Strictness::union_members,
                  .type = &list_of(*schema().wide_choice),
                  .binary = Wire()
                                .list(struct_, 2)
                                .field(i32, 70)
                                .i32(1)
                                .field(i32, 2)
                                .i32(2)
                                .stop()
                                .field(i32, 65)
                                .i32(3)
                                .stop()
                                .bytes,
                  .compact = CompactWire()
                                 .list(2, C::record)
                                 .long_field(70, C::i32)
                                 .i(1)
                                 .long_field(2, C::i32)
                                 .i(2)
                                 .stop()
                                 .long_field(65, C::i32)
                                 .i(3)
                                 .stop()
                                 .bytes,
                  .error = "union `WideChoice` has more than one member",
                  .path = "[0]",
                  .skipped = R"([{"f65":3}])",
                  .kept = R"([{"f2":2},{"f65":3}])"});
  // --- enums ---
  made.push_back(
      {.what = "an enum's number",
       .oddity = &Strictness::unknown_enum,
       .type = &all,
       .binary =
           Wire().field(i32, 10).i32(1).field(i32, 4).i32(99).stop().bytes,  // known, and one that
                                                                             // is no enum
       .compact = {},
       .error = "",
       .path = "",
       .skipped = R"({"number":99,"color":"red"})",
       .kept = R"({"number":99,"color":"red"})"});
  made.push_back({.what = "an enum's unknown number",
                  .oddity = &Strictness::unknown_enum,
                  .type = &all,
                  .binary = Wire().field(i32, 10).i32(99).stop().bytes,
                  .compact = CompactWire().field(10, C::i32).i(99).stop().bytes,
                  .error = "enum `Color` has no value 99",
                  .path = "`All.color`",
                  .skipped = "{}",
                  .kept = R"({"color":99})"});
  made.push_back({.what = "an enum's unknown number in a list",
                  .oddity = &Strictness::unknown_enum,
                  .type = &list_of(color()),
                  .binary = Wire().list(i32, 3).i32(1).i32(-7).i32(2).bytes,
                  .compact = CompactWire().list(3, C::i32).i(1).i(-7).i(2).bytes,
                  .error = "enum `Color` has no value -7",
                  .path = "`list<Color>[1]`",
                  .skipped = R"(["red","green"])",
                  .kept = R"(["red",-7,"green"])"});
  made.push_back(
      {.what = "an enum's unknown number as a map's key and value",
       .oddity = &Strictness::unknown_enum,
       .type = &map_of(color(), color()),
       .binary = Wire().map(i32, i32, 3).i32(1).i32(2).i32(9).i32(1).i32(2).i32(8).bytes,
       .compact = CompactWire().map(3, C::i32, C::i32).i(1).i(2).i(9).i(1).i(2).i(8).bytes,
       .error = "enum `Color` has no value 9",
       .path = "map<Color, Color>",
       .skipped = R"({"red":"green"})",
       .kept = R"({"red":"green","9":"red","green":8})"});
  made.push_back({.what = "an enum's unknown number alone",
                  .oddity = &Strictness::unknown_enum,
                  .type = &color(),
                  .binary = Wire().i32(9).bytes,
                  .compact = CompactWire().i(9).bytes,
                  .error = "enum `Color` has no value 9",
                  .path = "Color",
                  .skipped = "",
                  .kept = "9"});
  // --- text ---
  made.push_back(
      {.what = "a string that is not UTF-8, beside a binary",
       .oddity = &Strictness::invalid_utf8,
       .type = &all,
       .binary = Wire()
                     .field(string, 8)
                     .string("\xff")
                     .field(string, 7)
                     .string("0123456789012345678901234567890123456789\xff")
                     .stop()
                     .bytes,
       .compact = CompactWire()
                      .field(8, C::string)
                      .string("\xff")
                      .long_field(7, C::string)
                      .string("0123456789012345678901234567890123456789\xff")
                      .stop()
                      .bytes,
       .error = "a string of 41 bytes is not UTF-8",
       .path = "`All.text`",
       .skipped = R"({"bytes":"/w=="})",
       .kept =
           R"({"text":{"base64":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4Of8="},"bytes":"/w=="})"});
  made.push_back(
      {.what = "a string in a list that is not UTF-8",
       .oddity = &Strictness::invalid_utf8,
       .type = &list_of(base_type(TypeKind::string)),
       .binary = Wire().list(string, 3).string("a").string("\xc3(").string("\xc3\xa4").bytes,
       .compact =
           CompactWire().list(3, C::string).string("a").string("\xc3(").string("\xc3\xa4").bytes,
       .error = "a string of 2 bytes is not UTF-8",
       .path = "`list<string>[1]`",
       .skipped = "[\"a\",\"\xc3\xa4\"]",
       .kept = "[\"a\",{\"base64\":\"wyg=\"},\"\xc3\xa4\"]"});
  // --- fields that come twice ---
  made.push_back(
      {.what = "a field that comes twice",
       .oddity = &Strictness::duplicate_field,
       .type = &all,
       .binary = Wire().field(i32, 4).i32(1).field(i32, 4).i32(2).stop().bytes,
       .compact = CompactWire().field(4, C::i32).i(1).long_field(4, C::i32).i(2).stop().bytes,
       .error = "field `number` of `All` comes twice",
       .path = "`All.number`",
       .skipped = R"({"number":1})",
       .kept = R"({"number":2})"});
  made.push_back({.what = "a field behind the 64th that comes twice",
                  .oddity = &Strictness::duplicate_field,
                  .type = &wide,
                  .binary = Wire()
                                .field(i32, 1)
                                .i32(0)
                                .field(i32, 69)
                                .i32(1)
                                .field(i32, 70)
                                .i32(2)
                                .field(i32, 69)
                                .i32(3)
                                .stop()
                                .bytes,
                  .compact = CompactWire()
                                 .field(1, C::i32)
                                 .i(0)
                                 .long_field(69, C::i32)
                                 .i(1)
                                 .field(1, C::i32)
                                 .i(2)
                                 .long_field(69, C::i32)
                                 .i(3)
                                 .stop()
                                 .bytes,
                  .error = "field `f69` of `Wide` comes twice",
                  .path = "`Wide.f69`",
                  .skipped = R"({"f1":0,"f69":1,"f70":2})",
                  .kept = R"({"f1":0,"f69":3,"f70":2})"});
  made.push_back({.what = "a bool that comes twice",
                  .oddity = &Strictness::duplicate_field,
                  .type = &all,
                  .binary = Wire().field(bool_, 1).i8(1).field(bool_, 1).i8(0).stop().bytes,
                  .compact = CompactWire().field(1, C::yes).long_field(1, C::no).stop().bytes,
                  .error = "field `flag` of `All` comes twice",
                  .path = "`All.flag`",
                  .skipped = R"({"flag":true})",
                  .kept = R"({"flag":false})"});
  // --- numbers that do not fit ---
  made.push_back({.what = "an i16 of more bits",
                  .oddity = &Strictness::varint_overflow,
                  .type = &all,
                  .binary = {},
                  .compact = CompactWire().field(3, C::i16).i(70000).stop().bytes,
                  .error = "a number does not fit into 16 bits",
                  .path = "`All.small`",
                  .skipped = "{}",
                  .kept = R"({"small":4464})"});
  made.push_back(
      {.what = "an i32 of more bits in a list",
       .oddity = &Strictness::varint_overflow,
       .type = &list_of(base_type(TypeKind::i32)),
       .binary = {},
       .compact = CompactWire().list(3, C::i32).i(-1).varint(0x300000004).i(INT32_MIN).bytes,
       .error = "a number does not fit into 32 bits",
       .path = "`list<i32>[1]`",
       .skipped = "[-1,-2147483648]",
       .kept = "[-1,2,-2147483648]"});
  made.push_back(
      {.what = "an i64 of more bits",
       .oddity = &Strictness::varint_overflow,
       .type = &list_of(base_type(TypeKind::i64)),
       .binary = {},
       .compact =
           CompactWire().list(2, C::i64).i(INT64_MIN).raw(Bytes(9, std::byte{0x80})).byte(2).bytes,
       .error = "a number does not fit into 64 bits",
       .path = "`list<i64>[1]`",
       .skipped = "[-9223372036854775808]",
       .kept = "[-9223372036854775808,0]"});
  made.push_back({.what = "an id of more bits",
                  .oddity = &Strictness::varint_overflow,
                  .type = &all,
                  .binary = {},
                  .compact = CompactWire().long_field(65536 + 2, C::i8).byte(7).stop().bytes,
                  .error = "a number does not fit into 16 bits",
                  .path = "`All`",
                  .skipped = "{}",
                  .kept = R"({"tiny":7})"});
  return made;
}

/// A strictness that is `strict` but for one.
Strictness strict_but(Oddity oddity, Reaction reaction) {
  Strictness strictness = Strictness::strict();
  strictness.*oddity = reaction;
  return strictness;
}

Strictness default_but(Oddity oddity, Reaction reaction) {
  Strictness strictness;
  strictness.*oddity = reaction;
  return strictness;
}

/// Whatever can be left out is; so nothing tells the one oddity of a case from the others.
Strictness all_skipped() {
  Strictness made = Strictness::strict();
  for (Oddity oddity :
       {&Strictness::element_type, &Strictness::field_type, &Strictness::union_members,
        &Strictness::unknown_enum, &Strictness::invalid_utf8, &Strictness::duplicate_field,
        &Strictness::varint_overflow, &Strictness::trailing_bytes}) {
    made.*oddity = Reaction::skip;
  }
  return made;
}

void check_case(const Case& c, ProtocolId protocol, const Bytes& bytes) {
  CAPTURE(c.what);
  CAPTURE(to_string(protocol));
  for (const bool alias : {true, false}) {
    const auto with = [&](Reaction reaction) {
      return outcome(protocol, bytes, *c.type, default_but(c.oddity, reaction), alias);
    };
    const std::string refused = with(Reaction::error);
    if (c.error.empty()) {
      CHECK(refused == c.kept);
    } else {
      CHECK_MESSAGE(refused.find(c.error) != std::string::npos, refused);
      CHECK_MESSAGE(refused.find(c.path) != std::string::npos, refused);
      CHECK(outcome(protocol, bytes, *c.type, Strictness::strict(), alias) == refused);
    }
    if (c.skipped.empty()) {
      CHECK(with(Reaction::skip).find("nothing to leave it out of") != std::string::npos);
    } else {
      CHECK(with(Reaction::skip) == c.skipped);
      CHECK(outcome(protocol, bytes, *c.type, strict_but(c.oddity, Reaction::skip), alias) ==
            c.skipped);
      if (c.oddity != &Strictness::missing_required) {
        CHECK(outcome(protocol, bytes, *c.type, all_skipped(), alias) == c.skipped);
      }
    }
    CHECK(with(Reaction::keep) == c.kept);
    CHECK(outcome(protocol, bytes, *c.type, strict_but(c.oddity, Reaction::keep), alias) == c.kept);
  }
}

}  // namespace

TEST_CASE("each oddity is an error, left out or kept, as asked") {
  for (const Case& c : cases()) {
    if (!c.binary.empty()) check_case(c, ProtocolId::binary, c.binary);
    if (!c.compact.empty()) check_case(c, ProtocolId::compact, c.compact);
  }
}

TEST_CASE("what is left out leaves what came before it") {
  Strictness strictness;
  strictness.unknown_enum = Reaction::skip;
  strictness.union_members = Reaction::skip;
  CHECK(outcome(ProtocolId::binary,
                Wire().field(i32, 10).i32(1).field(i32, 10).i32(99).stop().bytes, *schema().all,
                strictness) == R"({"color":"red"})");
  // A struct that comes twice, the second time as a union without a member.
  CHECK(outcome(ProtocolId::binary,
                Wire()
                    .field(struct_, 12)
                    .field(i32, 1)
                    .i32(4)
                    .stop()
                    .field(struct_, 12)
                    .stop()
                    .stop()
                    .bytes,
                *schema().all, strictness) == R"({"choice":{"number":4}})");
  // A union's second member is left out, so that it has one.
  StructType* holder = nullptr;
  SchemaBuilder b;
  Program& p = b.add_program("t", "t.thrift");
  EnumType& e = b.add_enum(p, "E");
  holder = &b.add_struct(p, "U", TypeKind::union_);
  b.define(e, {{.name = "one", .number = 1}});
  b.define(*holder, {{.id = 1, .name = "n", .type = base_type(TypeKind::i32)},
                     {.id = 2, .name = "e", .type = e}});
  b.lay_out();
  const SchemaPtr built = std::move(b).build();
  const Bytes bytes = Wire().field(i32, 1).i32(7).field(i32, 2).i32(5).stop().bytes;
  CHECK(outcome(ProtocolId::binary, bytes, *holder, strictness) == R"({"n":7})");
}

TEST_CASE("a required field whose value is left out is missing") {
  SchemaBuilder b;
  Program& p = b.add_program("t", "t.thrift");
  EnumType& e = b.add_enum(p, "E");
  StructType& s = b.add_struct(p, "S", TypeKind::struct_);
  b.define(e, {{.name = "one", .number = 1}});
  b.define(s, {{.id = 1, .name = "e", .type = e, .requiredness = Requiredness::required}});
  b.lay_out();
  const SchemaPtr built = std::move(b).build();
  const Bytes bytes = Wire().field(i32, 1).i32(5).stop().bytes;
  const std::string error = outcome(ProtocolId::binary, bytes, s, {.unknown_enum = Reaction::skip});
  CHECK(error.find("required field `e` of `S` is missing") == 0);
  CHECK(outcome(ProtocolId::binary, bytes, s,
                {.missing_required = Reaction::skip, .unknown_enum = Reaction::skip}) == "{}");
}

TEST_CASE("a field of another type is kept with the unknown ones, and written back") {
  const Bytes bytes = Wire().field(i8, 2).i8(9).field(i64, 4).i64(1).stop().bytes;
  Arena arena;
  for (const Reaction reaction : {Reaction::skip, Reaction::keep}) {
    const ValueView v = decode(ProtocolId::binary, bytes, *schema().all, arena,
                               {.strictness = {.field_type = reaction}});
    const bool whole = to_bytes(encode(ProtocolId::binary, v)) == bytes;
    CHECK(whole == (reaction == Reaction::keep));
  }
}

TEST_CASE("bytes behind a value are an error, or not looked at") {
  const Bytes binary = Wire().i32(1).raw("rest").bytes;
  const Bytes compact = CompactWire().i(1).byte(7).bytes;
  const Type& type = base_type(TypeKind::i32);
  Arena arena;
  for (const auto& [protocol, bytes] :
       {std::pair{ProtocolId::binary, binary}, {ProtocolId::compact, compact}}) {
    for (const Reaction reaction : {Reaction::skip, Reaction::keep}) {
      CHECK(decode(protocol, bytes, type, arena, {.strictness = {.trailing_bytes = reaction}})
                .as<int>() == 1);
    }
    CHECK(
        decode(protocol, bytes, type, arena, {.strictness = Strictness::like_apache()}).as<int>() ==
        1);
    CHECK_THROWS_AS((void)decode(protocol, bytes, type, arena), ProtocolError);
    CHECK_THROWS_AS(
        (void)decode(protocol, bytes, type, arena, {.strictness = Strictness::strict()}),
        ProtocolError);
  }
}

TEST_CASE("what is not odd decodes strictly to the same value") {
  Arena arena;
  Bytes bytes = all_bytes();
  const ValueView as_usual = decode(ProtocolId::binary, bytes, *schema().all, arena);
  Strictness strictness = Strictness::strict();
  strictness.unknown_enum = Reaction::keep;  // its `color` is 99
  const ValueView strict =
      decode(ProtocolId::binary, bytes, *schema().all, arena, {.strictness = strictness});
  CHECK(strict == as_usual);
  std::mt19937_64 random(11);
  for (int i = 0; i < 200; ++i) {
    bytes = random_bytes(schema().node->slot(), random, 6);
    CHECK(decode(ProtocolId::binary, bytes, *schema().node, arena,
                 {.strictness = Strictness::strict()}) ==
          decode(ProtocolId::binary, bytes, *schema().node, arena));
  }
}
