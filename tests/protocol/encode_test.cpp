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

TEST_CASE("encoding appends wherever the output ends, and however it has to grow") {
  Arena arena;
  const ValueView value = decode(ProtocolId::binary, all_bytes(), *schema().all, arena);
  const std::size_t size = all_bytes().size();
  for (const ProtocolId protocol : {ProtocolId::binary, ProtocolId::compact}) {
    const Bytes whole = to_bytes(encode(protocol, value));
    for (std::size_t before = 0; before < 300; ++before) {
      Buffer out(before + size / 2);
      out.append(std::string(before, 'b'));
      encode(protocol, value, out);
      REQUIRE(out.size() == before + whole.size());
      REQUIRE(std::equal(whole.begin(), whole.end(), out.data() + before));
      REQUIRE(out.size() <= out.capacity());
    }
    Buffer out = encode(protocol, value);
    const std::size_t capacity = out.capacity();
    for (int i = 0; i < 3; ++i) {
      out.clear();
      encode(protocol, value, out);
      CHECK(to_bytes(out) == whole);
      CHECK(out.capacity() == capacity);
    }
  }
}

TEST_CASE("strings of all sizes in one list make the output grow many times") {
  Wire w;
  w.list(string, 2000);
  for (std::size_t i = 0; i < 2000; ++i) w.string(std::string(i, static_cast<char>('a' + i % 26)));
  CHECK(again(w.bytes, schema().schema->type("list<string>")) == w.bytes);
}

TEST_CASE("what is longer than the protocols can say is a TypeError") {
  constexpr std::size_t size = 0x80000000;  // the bytes are not there, and not looked at
  const StringSlot text{"", size};
  const ListSlot list{nullptr, size, size};
  const thrift::Schema& s = *schema().schema;
  const ListSlot one_text{reinterpret_cast<std::byte*>(const_cast<StringSlot*>(&text)), 1, 1};
  std::vector<std::byte> record(schema().all->layout().size);
  const FieldLayout& field = schema().all->field("text").layout();
  set_bit(record.data(), field.bit);
  std::memcpy(record.data() + field.offset, &text, sizeof(text));
  for (const ProtocolId protocol : {ProtocolId::binary, ProtocolId::compact}) {
    for (const auto& [value, path] : {std::pair{ValueView(base_type(TypeKind::string), &text), ""},
                                      {ValueView(s.type("list<i8>"), &list), ""},
                                      {ValueView(s.type("set<uuid>"), &list), ""},
                                      {ValueView(s.type("map<i32, list<string>>"), &list), ""},
                                      {ValueView(s.type("list<string>"), &one_text), "[0]"},
                                      {ValueView(*schema().all, record.data()), "text"}}) {
      Buffer out;
      try {
        encode(protocol, value, out);
        FAIL("it encodes");
      } catch (const TypeError& e) {
        CHECK(e.path() == path);
        CHECK(e.problem().find("2147483648 is longer than the protocol can say") !=
              std::string::npos);
      }
      CHECK(out.empty());
    }
  }
}

TEST_CASE("fields are written as declared where asked") {
  SchemaBuilder b;
  Program& p = b.add_program("p", "p.thrift");
  StructType& inner = b.add_struct(p, "Inner", TypeKind::struct_);
  StructType& type = b.add_struct(p, "S", TypeKind::struct_);
  StructType& wide = b.add_struct(p, "Wide", TypeKind::struct_);
  const Type& i8 = base_type(TypeKind::i8);
  b.define(inner,
           {FieldSpec{.id = 2, .name = "b", .type = i8}, {.id = 1, .name = "a", .type = i8}});
  b.define(type, {FieldSpec{.id = 30, .name = "z", .type = base_type(TypeKind::bool_)},
                  {.id = 1, .name = "inner", .type = inner},
                  {.id = 20, .name = "unset", .type = i8},
                  {.id = 3, .name = "list", .type = b.list_of(inner)},
                  {.id = 2, .name = "text", .type = base_type(TypeKind::string)}});
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) names.push_back("f" + std::to_string(i));
  std::vector<FieldSpec> many;
  for (int i = 99; i >= 0; --i) {
    many.push_back({.id = static_cast<std::int16_t>(i + 1),
                    .name = names[static_cast<std::size_t>(i)],
                    .type = i8});
  }
  b.define(wide, many);
  b.lay_out();
  const SchemaPtr keep = std::move(b).build();
  const EncodeOptions declared{.field_order = EncodeOptions::FieldOrder::declared};

  const Bytes in = Wire().field(WireType::i8, 2).i8(7).field(WireType::i8, 1).i8(8).stop().bytes;
  const Bytes bytes = Wire()
                          .field(bool_, 30)
                          .i8(1)
                          .field(struct_, 1)
                          .raw(in)
                          .field(WireType::list, 3)
                          .list(struct_, 1)
                          .raw(in)
                          .field(string, 2)
                          .string("t")
                          .stop()
                          .bytes;
  CHECK(again(bytes, type, {}, declared) == bytes);
  CHECK(again(bytes, type) != bytes);
  Wire w;
  for (int i = 99; i >= 0; i -= 3) w.field(WireType::i8, i + 1).i8(i);
  CHECK(again(w.stop().bytes, wide, {}, declared) == w.bytes);

  Arena arena;
  const Bytes compact = to_bytes(
      encode(ProtocolId::compact, decode(ProtocolId::binary, bytes, type, arena), declared));
  const Bytes compact_in = Wire().i8(0x23).i8(7).i8(0x03).i8(2).i8(8).stop().bytes;
  CHECK(compact == Wire()
                       .i8(0x01)
                       .i8(60)
                       .i8(0x0c)
                       .i8(2)
                       .raw(compact_in)
                       .i8(0x29)
                       .i8(0x1c)
                       .raw(compact_in)
                       .i8(0x08)
                       .i8(4)
                       .i8(1)
                       .raw("t")
                       .stop()
                       .bytes);
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

TEST_CASE("unknown fields stay where Apache's runtimes wrote them: by id, among the known ones") {
  const Bytes bytes = Wire()
                          .field(i64, -5)
                          .i64(1)
                          .field(i32, -1)
                          .i32(2)
                          .field(string, 0)
                          .string("unknown")
                          .field(bool_, 1)
                          .i8(1)
                          .field(struct_, 11)
                          .field(i8, 0)
                          .i8(3)
                          .field(string, 1)
                          .string("k")
                          .field(bool_, 7)
                          .i8(0)
                          .stop()
                          .field(bool_, 500)
                          .i8(1)
                          .field(bool_, 500)
                          .i8(0)
                          .field(struct_, 1000)
                          .field(bool_, 1)
                          .i8(0)
                          .stop()
                          .field(WireType::list, 32767)
                          .list(i8, 1)
                          .i8(9)
                          .stop()
                          .bytes;
  const DecodeOptions keep{.keep_unknown_fields = true};
  CHECK(again(bytes, *schema().all, keep) == bytes);
  const Value copied = Value(decode(ProtocolId::binary, bytes, *schema().all, keep));
  const Value copy_of_copy = copied;
  CHECK(to_bytes(encode(ProtocolId::binary, copy_of_copy)) == bytes);
  CHECK(copy_of_copy == copied);
  int kept = 0;
  for (const UnknownField* f = copied.view().unknown_fields(); f != nullptr; f = f->next) ++kept;
  CHECK(kept == 5);
  // Compact cannot say what binary said.
  Arena arena;
  const ValueView value = decode(ProtocolId::binary, bytes, *schema().all, arena, keep);
  const ValueView without = decode(ProtocolId::binary, bytes, *schema().all, arena);
  CHECK(to_bytes(encode(ProtocolId::compact, value)) ==
        to_bytes(encode(ProtocolId::compact, without)));
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
