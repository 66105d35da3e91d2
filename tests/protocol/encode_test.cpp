#include "samples.hpp"

using namespace thrift;
using namespace samples;
using enum thrift::WireType;

namespace {

/// Decodes and encodes again.
Bytes again(const Bytes& bytes, const Type& type, const DecodeOptions& options = {},
            const EncodeOptions& encode_options = {}) {
  Arena arena;
  const ValueView value = decode(ProtocolId::binary, bytes, type, arena, options);
  return to_bytes(encode(ProtocolId::binary, value, encode_options));
}

/// The TypeError of encoding what `bytes` decode to.
TypeError encode_error(const Bytes& bytes, const Type& type, const EncodeOptions& options = {}) {
  try {
    (void)again(bytes, type,
                {.max_depth = 1000, .strictness = {.missing_required = Reaction::keep}}, options);
  } catch (const TypeError& e) {
    return e;
  }
  FAIL("it encodes");
  throw 0;
}

}  // namespace

TEST_CASE("what was decoded encodes to the same bytes") {
  CHECK(again(all_bytes(), *schema().all) == all_bytes());
  for (const unsigned seed : {1U, 2U, 3U}) {
    std::mt19937_64 random(seed);
    for (int i = 0; i < 200; ++i) {
      for (const StructType* type :
           {schema().all, schema().wide, schema().choice, schema().wide_choice, schema().node}) {
        const Bytes bytes = random_bytes(type->slot(), random, 5);
        CAPTURE(type->name());
        REQUIRE(again(bytes, *type) == bytes);
        REQUIRE(skip(ProtocolId::binary, bytes, struct_) == bytes.size());
      }
    }
  }
}

TEST_CASE("bare values of every kind encode to the same bytes") {
  const thrift::Schema& s = *schema().schema;
  std::mt19937_64 random(4);
  for (const std::string_view name :
       {"bool", "i8", "i16", "i32", "i64", "double", "string", "binary", "uuid", "Color",
        "list<Inner>", "set<i64>", "map<string, map<i16, Choice>>", "list<uuid>", "set<bool>",
        "map<uuid, list<i8>>", "list<list<list<i16>>>", "map<bool, double>", "list<map<i8, i8>>"}) {
    const Type& type = s.type(name);
    for (int i = 0; i < 50; ++i) {
      const Bytes bytes = random_bytes(type.slot(), random, 5);
      CAPTURE(name);
      REQUIRE(again(bytes, type) == bytes);
      REQUIRE(skip(ProtocolId::binary, bytes, type.slot().wire) == bytes.size());
    }
  }
  CHECK(encode(ProtocolId::binary, ValueView()).empty());
}

TEST_CASE("strings of every length up to a few hundred are copied whole") {
  for (std::size_t size = 0; size < 300; ++size) {
    std::string content(size, '\0');
    for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 7 + size);
    const Bytes bytes = Wire().string(content).bytes;
    REQUIRE(again(bytes, base_type(TypeKind::string)) == bytes);
  }
}

TEST_CASE("fields are written by rising id") {
  const Bytes mixed =
      Wire().field(string, 7).string("t").field(i8, 2).i8(1).field(i32, -1).i32(5).stop().bytes;
  const Bytes sorted =
      Wire().field(i32, -1).i32(5).field(i8, 2).i8(1).field(string, 7).string("t").stop().bytes;
  CHECK(again(mixed, *schema().all) == sorted);
}

TEST_CASE("encoding appends") {
  Buffer out;
  out.append(std::string_view("head"));
  Arena arena;
  const Bytes bytes = all_bytes();
  encode(ProtocolId::binary, decode(ProtocolId::binary, bytes, *schema().all, arena), out);
  CHECK(to_bytes(out) == Wire().raw("head").raw(bytes).bytes);
}

TEST_CASE("an unset required field is a TypeError with its path, and nothing is written") {
  const Bytes bytes = Wire()
                          .field(WireType::list, 21)
                          .list(struct_, 2)
                          .field(string, 1)
                          .string("k")
                          .stop()
                          .stop()
                          .stop()
                          .bytes;
  const TypeError e = encode_error(bytes, *schema().all);
  CHECK(e.path() == "inners[1].key");
  CHECK(e.message() == "inners[1].key: required field of `Inner` is not set");
  CHECK(encode_error(Wire().stop().bytes, *schema().wide).path() == "f1");
  CHECK(encode_error(Wire().field(i32, 1).i32(1).field(i32, 69).i32(1).stop().bytes, *schema().wide)
            .path() == "f70");

  Buffer out;
  out.append(std::string_view("kept"));
  Arena arena;
  const ValueView value = decode(ProtocolId::binary, bytes, *schema().all, arena,
                                 {.strictness = {.missing_required = Reaction::keep}});
  CHECK_THROWS_AS(encode(ProtocolId::binary, value, out), TypeError);
  CHECK(out.text() == "kept");
}

TEST_CASE("a failure after the output has grown leaves what was there") {
  Buffer out;
  out.append(std::string_view("kept"));
  const std::string large(100'000, 'x');
  Arena arena;
  const Bytes bytes = Wire().field(string, 7).string(large).field(struct_, 11).stop().stop().bytes;
  const ValueView value = decode(ProtocolId::binary, bytes, *schema().all, arena,
                                 {.strictness = {.missing_required = Reaction::keep}});
  CHECK_THROWS_AS(encode(ProtocolId::binary, value, out), TypeError);
  CHECK(out.text() == "kept");
}

TEST_CASE("a union without a member is a TypeError with its path") {
  const TypeError e = encode_error(Wire().field(struct_, 12).stop().stop().bytes, *schema().all);
  CHECK(e.path() == "choice");
  CHECK(e.problem() == "union `Choice` has no member");
  CHECK(encode_error(Wire().stop().bytes, *schema().wide_choice).path().empty());
}

TEST_CASE("errors in maps name the key") {
  const TypeError e = encode_error(
      Wire().field(map, 22).map(string, struct_, 1).string("x").stop().stop().bytes, *schema().all);
  CHECK(e.path() == "by_text{\"x\"}.key");
}

TEST_CASE("encoding stops at its depth limit") {
  const auto nested = [](int levels) {
    Wire w;
    for (int i = 1; i < levels; ++i) w.field(struct_, 1);
    for (int i = 0; i < levels; ++i) w.stop();
    return w.bytes;
  };
  const DecodeOptions deep{.max_depth = 100};
  CHECK(again(nested(64), *schema().node, deep) == nested(64));
  CHECK(again(nested(65), *schema().node, deep, {.max_depth = 65}) == nested(65));
  const TypeError e = encode_error(nested(65), *schema().node);
  CHECK(e.problem() == "nested deeper than 64 levels");
  CHECK(e.path().substr(0, 9) == "next.next");
}

TEST_CASE("unset fields with a default are written where asked, of default requiredness only") {
  const Bytes nothing = Wire().stop().bytes;
  CHECK(again(nothing, *schema().defaults) == nothing);
  const Bytes with_defaults = Wire()
                                  .field(i32, 2)
                                  .i32(7)
                                  .field(struct_, 4)
                                  .field(string, 1)
                                  .string("dflt")
                                  .stop()
                                  .stop()
                                  .bytes;
  CHECK(again(nothing, *schema().defaults, {}, {.write_unset_defaults = true}) == with_defaults);
  const Bytes set = Wire()
                        .field(i32, 2)
                        .i32(1)
                        .field(i32, 3)
                        .i32(2)
                        .field(struct_, 4)
                        .field(string, 1)
                        .string("mine")
                        .stop()
                        .stop()
                        .bytes;
  CHECK(again(set, *schema().defaults, {}, {.write_unset_defaults = true}) == set);
}

TEST_CASE("unknown fields are kept on request and written back bit for bit") {
  const Bytes first = Wire().field(i64, 600).i64(1).bytes;
  const Bytes second = Wire().field(struct_, 601).raw(all_bytes()).bytes;
  const Bytes third = Wire().field(map, -600).map(i8, i8, 1).i8(1).i8(2).bytes;
  const Bytes known = Wire().field(i32, 4).i32(4).bytes;
  const Bytes other_type = Wire().field(i32, 7).i32(7).bytes;  // `text` as a number
  const DecodeOptions keep{.keep_unknown_fields = true};

  // side by side, and with known fields in between
  CHECK(again(Wire().raw(first).raw(second).raw(known).stop().bytes, *schema().all, keep) ==
        Wire().raw(known).raw(first).raw(second).stop().bytes);
  const Bytes scattered =
      Wire().raw(first).raw(known).raw(second).raw(known).raw(third).raw(other_type).stop().bytes;
  const Bytes gathered =
      Wire().raw(known).raw(first).raw(second).raw(third).raw(other_type).stop().bytes;
  CHECK(again(scattered, *schema().all, keep) == gathered);
  CHECK(again(scattered, *schema().all) == Wire().raw(known).stop().bytes);
  // in nested records, in records with many fields, in structs without fields of their own
  const Bytes nested =
      Wire().field(WireType::list, 28).list(struct_, 2).raw(first).stop().stop().stop().bytes;
  CHECK(again(nested, *schema().all, keep) == nested);
  Wire wide;
  for (const int id : {1, 69, 70}) wide.field(i32, id).i32(id);
  wide.raw(first).stop();
  CHECK(again(wide.bytes, *schema().wide, keep) == wide.bytes);
}

TEST_CASE("a union whose member is unknown is written back, where it was kept") {
  const Bytes unknown = Wire().field(i64, 9).i64(1).stop().bytes;
  CHECK(again(unknown, *schema().choice, {.keep_unknown_fields = true}) == unknown);
  CHECK(encode_error(unknown, *schema().choice).problem() == "union `Choice` has no member");
  const Bytes wide = Wire().field(i64, 900).i64(1).stop().bytes;
  CHECK(again(wide, *schema().wide_choice, {.keep_unknown_fields = true}) == wide);
}

TEST_CASE("many scattered unknown fields stay inside the budget") {
  Wire w;
  for (int i = 0; i < 20000; ++i) w.field(i8, 500).i8(i).field(i8, 2).i8(i);
  const Bytes bytes = w.stop().bytes;
  Arena arena;
  const ValueView value = decode(ProtocolId::binary, bytes, *schema().all, arena,
                                 {.max_memory = 6 * bytes.size(), .keep_unknown_fields = true});
  CHECK(encode(ProtocolId::binary, value).size() == 20000 * 4 + 4 + 1);
}
