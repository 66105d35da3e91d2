// Compact, written by hand: the forms that peers use and those that they may use.

#include <sstream>
#include <thriftpp/protocol/bytes_path.hpp>

#include "compact_wire.hpp"

using namespace thrift;
using namespace samples;
using C = Compact;

namespace {

std::string decoded(const Bytes& bytes, const Type& type, const DecodeOptions& options = {}) {
  const Exact exact(bytes);
  Arena arena;
  std::ostringstream out;
  out << decode(ProtocolId::compact, exact.span(), type, arena, options);
  return out.str();
}

Failed failed(const Bytes& bytes, const Type& type, const DecodeOptions& options = {}) {
  return decode_error(bytes, type, options, ProtocolId::compact);
}

const Type& list_of(TypeKind kind) {
  return schema().schema->list_of(base_type(kind));
}

}  // namespace

TEST_CASE("compact decodes fields of every type") {
  const std::string id = "0123456789abcdef";
  CompactWire w;
  w.long_field(-1, C::i32).i(-7);
  w.field(2, C::yes);
  w.field(1, C::i8).byte(0xfd);
  w.field(1, C::i16).i(-300);
  w.field(1, C::i32).i(70000);
  w.field(1, C::i64).i(0x123456789abcdef0);
  w.field(1, C::real).real(1.5);
  w.field(1, C::string).string("text");
  w.field(1, C::string).string(std::string_view("\0\xff", 2));
  w.field(1, C::uuid).raw(Wire().raw(id).bytes);
  w.field(1, C::i32).i(2);
  w.field(1, C::record).field(1, C::string).string("k").field(1, C::i64).i(-2).stop();
  w.field(1, C::record).field(2, C::string).string("chosen").stop();
  w.field(1, C::list).list(3, C::yes).byte(1).byte(2).byte(0);
  w.field(1, C::list).list(2, C::i8).byte(5).byte(0xfb);
  w.field(1, C::list).list(2, C::i16).i(500).i(-500);
  w.field(1, C::list).list(3, C::i32).i(1).i(-1).i(1 << 30);
  w.field(1, C::list).list(2, C::i64).i(INT64_MAX).i(INT64_MIN);
  w.field(1, C::list).list(1, C::real).real(2);
  w.field(1, C::list).list(2, C::string).string("a").string("");
  w.field(1, C::set).list(1, C::uuid).raw(Wire().raw(id).bytes);
  w.field(1, C::list).list(1, C::record).field(1, C::string).string("in").stop();
  w.field(1, C::map).map(1, C::string, C::record).string("x");
  w.field(1, C::string).string("m").stop();
  w.field(1, C::map).map(1, C::i32, C::list).i(8).list(1, C::string).string("eight");
  w.field(1, C::set).list(1, C::string).string("s");
  w.long_field(1000, C::record).field(1, C::no).stop();
  CHECK(decoded(w.stop().bytes, *schema().all) ==
        R"({"negative_id":-7,"flag":true,"tiny":-3,"small":-300,"number":70000,)"
        R"("big":1311768467463790320,"real":1.5,"text":"text","bytes":"AP8=",)"
        R"("uuid":"30313233-3435-3637-3839-616263646566","color":"green",)"
        R"("inner":{"key":"k","n":-2},"choice":{"text":"chosen"},"flags":[true,false,false],)"
        R"("tinies":[5,-5],"smalls":[500,-500],"numbers":[1,-1,1073741824],)"
        R"("bigs":[9223372036854775807,-9223372036854775808],"reals":[2.0],"texts":["a",""],)"
        R"("uuids":["30313233-3435-3637-3839-616263646566"],"inners":[{"key":"in"}],)"
        R"("by_text":{"x":{"key":"m"}},"by_number":{"8":["eight"]},"tags":["s"],)"
        R"("self":{"flag":false}})");
}

TEST_CASE("compact reads long forms where short ones would do") {
  const Type& numbers = list_of(TypeKind::i32);
  CHECK(decoded(CompactWire().long_list(2, C::i32).i(1).i(2).bytes, numbers) == "[1,2]");
  CHECK(decoded(CompactWire().long_list(0, C::i32).bytes, numbers) == "[]");
  CHECK(decoded(CompactWire().list(0, C::map).bytes, numbers) == "[]");
  CHECK(decoded(CompactWire().byte(0xf5).byte(0x81).byte(0x80).byte(0).i(3).bytes, numbers) ==
        "[3]");
  // Padded numbers and ids, and an id of its own where a difference would do.
  CHECK(decoded(CompactWire().byte(5).byte(0x88).byte(0x80).byte(0).byte(0x82).byte(0).stop().bytes,
                *schema().all) == R"({"number":1})");
  CHECK(decoded(CompactWire().raw(Bytes(9, std::byte{0x80})).byte(0).bytes,
                base_type(TypeKind::i64)) == "0");
  CHECK(decoded(CompactWire()
                    .long_field(4, C::i32)
                    .i(1)
                    .long_field(2, C::i8)
                    .byte(7)
                    .field(1, C::i16)
                    .i(9)
                    .stop()
                    .bytes,
                *schema().all) == R"({"tiny":7,"small":9,"number":1})");
}

TEST_CASE("compact reads bools of lists under either type, and only 1 as true") {
  const Type& bools = list_of(TypeKind::bool_);
  for (const C type : {C::yes, C::no}) {
    CHECK(decoded(CompactWire().list(4, type).byte(1).byte(2).byte(0).byte(7).bytes, bools) ==
          "[true,false,false,false]");
  }
  CHECK(decoded(CompactWire().byte(1).bytes, base_type(TypeKind::bool_)) == "true");
  CHECK(decoded(CompactWire().byte(2).bytes, base_type(TypeKind::bool_)) == "false");
}

TEST_CASE("an empty map of compact has no types") {
  CHECK(decoded(CompactWire().field(15, C::i8).byte(1).field(7, C::map).byte(0).stop().bytes,
                *schema().all) == R"({"by_text":{}})");
  CHECK(failed(CompactWire().byte(1).bytes,
               schema().schema->map_of(base_type(TypeKind::i8), base_type(TypeKind::i8)))
            .kind == ProtocolErrorKind::truncated);
}

TEST_CASE("compact skips unknown fields of every type, and counts on from their ids") {
  CompactWire w;
  w.long_field(500, C::yes);
  w.field(1, C::i16).i(300);
  w.field(1, C::record).field(3, C::list).list(2, C::map).byte(0);
  w.map(1, C::i8, C::yes).byte(7).byte(1).stop();
  w.field(15, C::real).real(2);
  w.field(1, C::uuid).raw(Bytes(16));
  w.field(1, C::set).list(2, C::no).byte(1).byte(1);
  w.long_field(0, C::no);     // in the table, but no field
  w.field(2, C::i8).byte(9);  // 2
  w.field(15, C::i64).i(1);   // 17, of another type than the schema's
  w.field(15, C::i64).i(1);   // 32, behind the table's end
  w.long_field(3, C::i16).i(5);
  CHECK(decoded(w.stop().bytes, *schema().all) == R"({"tiny":9,"small":5})");
}

TEST_CASE("kept unknown fields of compact have their ids and types apart") {
  const Bytes bytes = CompactWire().long_field(500, C::yes).field(1, C::i16).i(300).stop().bytes;
  Arena arena;
  const ValueView v =
      decode(ProtocolId::compact, bytes, *schema().all, arena, {.keep_unknown_fields = true});
  const UnknownField* const first = v.unknown_fields();
  REQUIRE(first != nullptr);
  CHECK(first->id == 500);
  CHECK(first->type == 1);
  CHECK(first->size == 0);
  REQUIRE(first->next != nullptr);
  CHECK(first->next->id == 501);
  CHECK(first->next->size == 2);
  CHECK(first->next->next == nullptr);
}

TEST_CASE("ids of compact wrap around at 16 bits, as Apache's do") {
  CHECK(decoded(CompactWire().long_field(32760, C::yes).field(15, C::yes).stop().bytes,
                *schema().empty) == "{}");
}

TEST_CASE("compact that cannot be read is an error") {
  const Failed endless = failed(Bytes(12, std::byte{0x80}), base_type(TypeKind::i64));
  CHECK(endless.kind == ProtocolErrorKind::invalid_data);
  CHECK(endless.message.find("takes more than 10 bytes") != std::string::npos);
  const Bytes padding(30);
  CHECK(failed(CompactWire().field(5, C::i64).raw(Bytes(12, std::byte{0xff})).raw(padding).bytes,
               *schema().all)
            .path == "All.big");
  for (const unsigned type : {14U, 15U}) {
    const Failed e = failed(CompactWire().byte(4U << 4 | type).stop().bytes, *schema().all);
    CHECK(e.message == "there is no wire type " + std::to_string(type) + " at offset 0 in `All`");
  }
  for (const unsigned stop : {0x10U, 0xf0U}) {  // its low half says so, as to Apache's runtimes
    CHECK(decoded(CompactWire().byte(stop).bytes, *schema().empty) == "{}");
  }
  CHECK(failed(CompactWire().varint(0x80000000).bytes, base_type(TypeKind::string)).kind ==
        ProtocolErrorKind::negative_size);
  CHECK(failed(CompactWire().varint(0xffffffffff).bytes, base_type(TypeKind::string)).kind ==
        ProtocolErrorKind::size_limit);
  const DecodeOptions roomy{.max_memory = std::size_t{1} << 40};
  CHECK(
      failed(CompactWire().long_list(0x7fffffff, C::i8).byte(1).bytes, list_of(TypeKind::i8), roomy)
          .kind == ProtocolErrorKind::truncated);
  CHECK(failed(CompactWire().map(0x7fffffff, C::i8, C::i8).bytes,
               schema().schema->map_of(base_type(TypeKind::i8), base_type(TypeKind::i8)), roomy)
            .kind == ProtocolErrorKind::truncated);
}

TEST_CASE("of sizes beyond all limits decoding, skipping and finding say the same") {
  const auto error_of = [](auto&& read) {
    try {
      read();
    } catch (const ProtocolError& e) {
      return e.message().substr(0, e.message().find(" at offset"));
    }
    return std::string("nothing");
  };
  const StructType& all = *schema().all;
  for (const std::uint64_t size : {std::uint64_t{0x7fffffff}, std::uint64_t{0xffffffff},
                                   std::uint64_t{0x100000000}, std::uint64_t{0xffffffffff}}) {
    for (const Bytes& bytes : {CompactWire().field(7, C::string).varint(size).bytes,
                               CompactWire().field(14, C::list).byte(0xf3).varint(size).bytes}) {
      CAPTURE(size);
      const std::string whole = failed(bytes, all).message;
      const std::string expected = whole.substr(0, whole.find(" at offset"));
      CHECK(error_of([&] { (void)skip(ProtocolId::compact, bytes, WireType::struct_); }) ==
            expected);
      // Past the field, and into it.
      CHECK(error_of([&] { (void)find(ProtocolId::compact, bytes, all, "self"); }) == expected);
      CHECK(error_of([&] {
              (void)find(ProtocolId::compact, bytes, all,
                         bytes[0] == std::byte{0x78} ? "text" : "tinies[0]");
            }) == expected);
    }
  }
}

TEST_CASE("limits hold in compact") {
  const Bytes five = CompactWire().string("12345").bytes;
  const Type& text_type = base_type(TypeKind::string);
  CHECK(decoded(five, text_type, {.max_string = 5}) == "\"12345\"");
  CHECK(failed(five, text_type, {.max_string = 4}).kind == ProtocolErrorKind::size_limit);
  const Bytes three = CompactWire().list(3, C::i8).byte(1).byte(2).byte(3).bytes;
  CHECK(decoded(three, list_of(TypeKind::i8), {.max_container = 3}) == "[1,2,3]");
  CHECK(failed(three, list_of(TypeKind::i8), {.max_container = 2}).kind ==
        ProtocolErrorKind::size_limit);
  const auto nested = [](int levels) {
    CompactWire w;
    for (int i = 1; i < levels; ++i) w.field(1, C::record);
    for (int i = 0; i < levels; ++i) w.stop();
    return w.bytes;
  };
  CHECK_NOTHROW((void)decoded(nested(64), *schema().node));
  CHECK(failed(nested(65), *schema().node).kind == ProtocolErrorKind::depth_limit);
  CHECK(failed(nested(65), *schema().empty).kind == ProtocolErrorKind::depth_limit);
}
