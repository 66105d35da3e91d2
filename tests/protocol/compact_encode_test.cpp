// What compact writes: bytes by hand, a plain writer that goes by the value alone, and the payloads
// that Apache's generated code wrote.

#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <thriftpp/load/load.hpp>

#include "samples.hpp"

using namespace thrift;
using namespace samples;
using enum thrift::WireType;

namespace {

Value from_binary(const Bytes& bytes, const Type& type) {
  return decode(ProtocolId::binary, bytes, type,
                {.max_depth = 1000, .strictness = {.missing_required = Reaction::keep}});
}

Bytes compact(ValueView value, const EncodeOptions& options = {}) {
  return to_bytes(encode(ProtocolId::compact, value, options));
}
Bytes compact(const Value& value, const EncodeOptions& options = {}) {
  return compact(value.view(), options);
}

TypeError encode_error(const Value& value, const EncodeOptions& options = {}) {
  try {
    (void)compact(value, options);
  } catch (const TypeError& e) {
    return e;
  }
  FAIL("it encodes");
  throw 0;
}

// --- a plain writer ------------------------------------------------------------------------------

void put_varint(Bytes& out, std::uint64_t v) {
  for (; v >= 0x80; v >>= 7) out.push_back(static_cast<std::byte>(v | 0x80));
  out.push_back(static_cast<std::byte>(v));
}
void put_number(Bytes& out, std::int64_t v) {
  put_varint(out, (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63));
}
int code(WireType type) {
  switch (type) {
    case bool_: return 1;
    case i8: return 3;
    case i16: return 4;
    case i32: return 5;
    case i64: return 6;
    case double_: return 7;
    case string: return 8;
    case WireType::list: return 9;
    case WireType::set: return 10;
    case WireType::map: return 11;
    case struct_: return 12;
    case WireType::uuid: return 13;
    default: FAIL("no such type"); return 0;
  }
}
int code(const Type& type) {
  return code(type.slot().wire);
}

void put(Bytes& out, ValueView value) {
  const auto byte = [&](int b) { out.push_back(static_cast<std::byte>(b)); };
  switch (value.type().slot().op) {
    case SlotOp::void_: break;
    case SlotOp::bool_: byte(value.as<bool>() ? 1 : 2); break;
    case SlotOp::i8: byte(static_cast<int>(value.as<std::int64_t>())); break;
    case SlotOp::i16:
    case SlotOp::i32:
    case SlotOp::i64: put_number(out, value.as<std::int64_t>()); break;
    case SlotOp::double_: {
      auto bits = scalar<std::uint64_t>(value.cell());
      for (int i = 0; i < 8; ++i, bits >>= 8) byte(static_cast<int>(bits & 0xff));
      break;
    }
    case SlotOp::string: {
      const auto text = value.as<std::string_view>();
      put_varint(out, text.size());
      for (const char c : text) out.push_back(static_cast<std::byte>(c));
      break;
    }
    case SlotOp::uuid:
      for (const std::uint8_t b : value.as<Uuid>()) byte(b);
      break;
    case SlotOp::record: {
      std::vector<const Field*> fields;
      for (const Field& field : value.type().as_struct().fields()) {
        if (value.has(field)) fields.push_back(&field);
      }
      std::sort(fields.begin(), fields.end(),
                [](const Field* a, const Field* b) { return a->id() < b->id(); });
      int last = 0;
      for (const Field* field : fields) {
        const bool is_bool = field->type().kind() == TypeKind::bool_;
        const int type = is_bool && !value[*field].as<bool>() ? 2 : code(field->type());
        const int delta = field->id() - last;
        last = field->id();
        if (delta >= 1 && delta <= 15) {
          byte(delta << 4 | type);
        } else {
          byte(type);
          put_number(out, field->id());
        }
        if (!is_bool) put(out, value[*field]);
      }
      byte(0);
      break;
    }
    case SlotOp::list:
    case SlotOp::set: {
      const int type = code(*value.type().slot().element->type);
      const auto size = static_cast<int>(value.size());
      byte(std::min(size, 15) << 4 | type);
      if (size >= 15) put_varint(out, value.size());
      for (const ValueView element : value.as_list()) put(out, element);
      break;
    }
    case SlotOp::map: {
      put_varint(out, value.size());
      if (value.size() == 0) break;
      const SlotLayout& slot = value.type().slot();
      byte(code(*slot.key->type) << 4 | code(*slot.element->type));
      for (const auto [key, element] : value.as_map()) {
        put(out, key);
        put(out, element);
      }
      break;
    }
  }
}

Bytes plain(ValueView value) {
  Bytes out;
  put(out, value);
  return out;
}

}  // namespace

TEST_CASE("compact: every type as a field") {
  const std::string id = "0123456789abcdef";
  const Bytes inner = Wire().i8(0x18).i8(1).raw("k").i8(0x16).i8(3).stop().bytes;
  Wire w;
  w.i8(0x05).i8(1).i8(13);                // id -1 in the long form, -7
  w.i8(0x21);                             // id 1, two further on: true
  w.i8(0x13).i8(-3);                      // i8 is no varint
  w.i8(0x14).i8(0xd7).i8(0x04);           // -300
  w.i8(0x15).i8(0xe0).i8(0xc5).i8(0x08);  // 70000
  w.i8(0x16);                             // 0x123456789abcdef0 twice, seven bits at a time
  for (const int b : {0xe0, 0xfb, 0xe6, 0xab, 0x93, 0x9e, 0xab, 0xb4, 0x24}) w.i8(b);
  w.i8(0x17).i32(0).i16(0).i8(0xf8).i8(0x3f);  // 1.5, little endian
  w.i8(0x18).i8(4).raw("text");
  w.i8(0x18).i8(2).raw(std::string_view("\0\xff", 2));
  w.i8(0x1d).raw(id);
  w.i8(0x15).i8(0xc6).i8(0x01);  // enum 99
  w.i8(0x1c).raw(inner);
  w.i8(0x1c).i8(0x28).i8(6).raw("chosen").stop();
  w.i8(0x19).i8(0x31).i8(1).i8(2).i8(1);  // bools as elements: 1 and 2
  w.i8(0x19).i8(0x23).i8(5).i8(-5);
  w.i8(0x19).i8(0x24).i8(0xe8).i8(0x07).i8(0xe7).i8(0x07);
  w.i8(0x19).i8(0x35).i8(2).i8(1).raw(Wire().i8(0x80).i8(0x80).i8(0x80).i8(0x80).i8(0x08).bytes);
  w.i8(0x19).i8(0x26).i8(2).i8(1);
  w.i8(0x19).i8(0x17).i32(0).i16(0).i8(0).i8(0x40);  // 2.0
  w.i8(0x19).i8(0x38).i8(1).raw("a").i8(0).i8(3).raw("ccc");
  w.i8(0x1a).i8(0x1d).raw(id);
  w.i8(0x19).i8(0x2c).raw(inner).raw(inner);
  w.i8(0x1b).i8(1).i8(0x8c).i8(1).raw("x").raw(inner);
  w.i8(0x1b).i8(2).i8(0x59).i8(16).i8(0x18).i8(5).raw("eight").i8(18).i8(0x08);
  w.i8(0x1a).i8(0x28).i8(1).raw("s").i8(1).raw("t");
  w.i8(0x1b).i8(1).i8(0xc1).raw(inner).i8(1);
  w.i8(0x19).i8(0x29).i8(0x17).i32(0).i16(0).i8(0xf0).i8(0x3f).i8(0x07);
  w.i8(0x1b).i8(1).i8(0x1d).i8(2).raw(id);
  w.i8(0x19).i8(0x2c).stop().stop();
  w.i8(0x0c).i8(0xd0).i8(0x0f).i8(0x12).stop();  // id 1000 in the long form; in it false
  w.stop();
  CHECK(compact(from_binary(all_bytes(), *schema().all)) == w.bytes);
}

TEST_CASE("compact: a bool far from the field before has its value in the long form") {
  const auto define = [](std::int16_t id) {
    SchemaBuilder b;
    StructType& type = b.add_struct(b.add_program("p", "p.thrift"), "S", TypeKind::struct_);
    b.define(type, {FieldSpec{.id = id, .name = "b", .type = base_type(TypeKind::bool_)}});
    b.lay_out();
    return std::pair{std::move(b).build(), &type};
  };
  for (const auto& [id, true_header, false_header] :
       {std::tuple{15, Wire().i8(0xf1), Wire().i8(0xf2)},
        {16, Wire().i8(0x01).i8(32), Wire().i8(0x02).i8(32)},
        {0, Wire().i8(0x01).i8(0), Wire().i8(0x02).i8(0)},
        {-1, Wire().i8(0x01).i8(1), Wire().i8(0x02).i8(1)},
        {32767, Wire().i8(0x01).i8(0xfe).i8(0xff).i8(0x03),
         Wire().i8(0x02).i8(0xfe).i8(0xff).i8(0x03)},
        {-32768, Wire().i8(0x01).i8(0xff).i8(0xff).i8(0x03),
         Wire().i8(0x02).i8(0xff).i8(0xff).i8(0x03)}}) {
    CAPTURE(id);
    const auto [made, type] = define(static_cast<std::int16_t>(id));
    const auto bytes = [&](int value) {
      return compact(from_binary(Wire().field(bool_, id).i8(value).stop().bytes, *type));
    };
    CHECK(bytes(1) == Wire(true_header).stop().bytes);
    CHECK(bytes(0) == Wire(false_header).stop().bytes);
  }
}

TEST_CASE("compact: the empty map is one byte, and long containers count in a varint") {
  const thrift::Schema& s = *schema().schema;
  CHECK(compact(from_binary(Wire().map(string, struct_, 0).bytes, s.type("map<string, Inner>"))) ==
        Wire().i8(0).bytes);
  const Type& list = s.type("list<bool>");
  for (const int size : {0, 1, 14, 15, 127, 128, 20000}) {
    CAPTURE(size);
    Bytes expected;
    if (size < 15) {
      expected = Wire().i8(size << 4 | 1).bytes;
    } else {
      expected = Wire().i8(0xf1).bytes;
      put_varint(expected, static_cast<std::uint64_t>(size));
    }
    Wire binary;
    binary.list(bool_, size);
    for (int i = 0; i < size; ++i) {
      binary.i8(i % 3 == 0 ? 1 : 0);
      expected.push_back(std::byte{i % 3 == 0 ? std::uint8_t{1} : std::uint8_t{2}});
    }
    CHECK(compact(from_binary(binary.bytes, list)) == expected);
  }
}

TEST_CASE("compact: numbers of every size, alone and in lists") {
  const thrift::Schema& s = *schema().schema;
  Wire small, medium, large;
  std::int64_t n16 = 0, n32 = 0, n64 = 0;
  const auto check_alone = [&](const Bytes& binary, std::string_view type, std::int64_t number) {
    Bytes expected;
    put_number(expected, number);
    REQUIRE(compact(from_binary(binary, s.type(type))) == expected);
  };
  for (int bit = 0; bit < 64; ++bit) {
    for (const std::int64_t off : {-1, 0, 1}) {
      for (const bool minus : {false, true}) {
        // wraps around at the top, which is where the extremes are
        const std::uint64_t bits = (std::uint64_t{1} << bit) + static_cast<std::uint64_t>(off);
        const auto number = static_cast<std::int64_t>(minus ? 0 - bits : bits);
        large.i64(number), ++n64;
        check_alone(Wire().i64(number).bytes, "i64", number);
        if (number >= INT32_MIN && number <= INT32_MAX) {
          medium.i32(number), ++n32;
          check_alone(Wire().i32(number).bytes, "i32", number);
        }
        if (number >= INT16_MIN && number <= INT16_MAX) {
          small.i16(static_cast<int>(number)), ++n16;
          check_alone(Wire().i16(static_cast<int>(number)).bytes, "i16", number);
        }
      }
    }
  }
  for (const auto& [wire, type, name, n] : {std::tuple{&small, i16, "list<i16>", n16},
                                            {&medium, i32, "list<i32>", n32},
                                            {&large, i64, "list<i64>", n64}}) {
    CAPTURE(name);
    const Value value = from_binary(Wire().list(type, n).raw(wire->bytes).bytes, s.type(name));
    CHECK(n > 90);
    CHECK(compact(value) == plain(value));
  }
}

TEST_CASE("compact: random values are what the plain writer makes of them") {
  for (const unsigned seed : {1U, 2U, 3U}) {
    std::mt19937_64 random(seed);
    for (int i = 0; i < 200; ++i) {
      for (const StructType* type :
           {schema().all, schema().wide, schema().choice, schema().wide_choice, schema().node}) {
        const Value value = from_binary(random_bytes(type->slot(), random, 5), *type);
        CAPTURE(type->name());
        REQUIRE(compact(value) == plain(value));
      }
    }
  }
  const thrift::Schema& s = *schema().schema;
  std::mt19937_64 random(4);
  for (const std::string_view name :
       {"bool", "i8", "i16", "i32", "i64", "double", "string", "binary", "uuid", "Color",
        "list<Inner>", "set<i64>", "map<string, map<i16, Choice>>", "list<uuid>", "set<bool>",
        "map<uuid, list<i8>>", "list<list<list<i16>>>", "map<bool, double>", "list<map<i8, i8>>"}) {
    const Type& type = s.type(name);
    for (int i = 0; i < 50; ++i) {
      const Value value = from_binary(random_bytes(type.slot(), random, 5), type);
      CAPTURE(name);
      REQUIRE(compact(value) == plain(value));
    }
  }
}

TEST_CASE("compact: what cannot be written is a TypeError with its path, and nothing is written") {
  const Value missing = from_binary(Wire()
                                        .field(string, 7)
                                        .string(std::string(100'000, 'x'))
                                        .field(WireType::list, 21)
                                        .list(struct_, 2)
                                        .field(string, 1)
                                        .string("k")
                                        .stop()
                                        .stop()
                                        .stop()
                                        .bytes,
                                    *schema().all);
  CHECK(encode_error(missing).path() == "inners[1].key");
  Buffer out;
  out.append(std::string_view("kept"));
  CHECK_THROWS_AS(encode(ProtocolId::compact, missing, out), TypeError);
  CHECK(out.text() == "kept");
  const TypeError e =
      encode_error(from_binary(Wire().field(struct_, 12).stop().stop().bytes, *schema().all));
  CHECK(e.path() == "choice");
  CHECK(e.problem() == "union `Choice` has no member");
}

TEST_CASE("compact: encoding stops at its depth limit") {
  const auto nested = [](int levels) {
    Wire w;
    for (int i = 1; i < levels; ++i) w.field(struct_, 1);
    for (int i = 0; i < levels; ++i) w.stop();
    return from_binary(w.bytes, *schema().node);
  };
  CHECK(compact(nested(64)).size() == 127);
  CHECK(compact(nested(65), {.max_depth = 65}).size() == 129);
  CHECK(encode_error(nested(65)).problem() == "nested deeper than 64 levels");
}

TEST_CASE("compact: the payloads that Apache's generated code wrote") {
  const std::string folder = THRIFTPP_SHARED_DIR "/bench/";
  if (!std::ifstream(folder + "user.thrift")) {
    std::cout << "skipped: compact payloads (no ../shared)\n";
    return;
  }
  const auto read = [&](const std::string& name) {
    std::ifstream file(folder + name, std::ios::binary);
    return Wire().raw(std::string{std::istreambuf_iterator<char>(file), {}}).bytes;
  };
  for (const auto& [name, type] : {std::pair<std::string, std::string>{"user", "User"},
                                   {"biz", "Order"},
                                   {"jaeger", "Batch"},
                                   {"parquet", "FileMetaData"},
                                   {"num", "Big"}}) {
    CAPTURE(name);
    const Idl idl = load(folder + name + ".thrift");
    const Value value = from_binary(read(name + ".binary"), idl.type(type));
    CHECK(compact(value) == read(name + ".compact"));
  }
}

TEST_CASE("what an IDL with fewer fields keeps is written back bit for bit, in both protocols") {
  SchemaBuilder b;
  Program& p = b.add_program("p", "p.thrift");
  StructType& some = b.add_struct(p, "Some", TypeKind::struct_);
  StructType& none = b.add_struct(p, "None", TypeKind::struct_);
  const auto optional = [](std::int16_t id, std::string_view name, const Type& type) {
    return FieldSpec{.id = id, .name = name, .type = type, .requiredness = Requiredness::optional};
  };
  b.define(none, {});
  b.define(some, {optional(2, "tiny", base_type(TypeKind::i8)),
                  optional(7, "text", base_type(TypeKind::string)), optional(11, "inner", none),
                  optional(21, "inners", b.list_of(none)), optional(1000, "self", some)});
  b.lay_out();
  const SchemaPtr keep_alive = std::move(b).build();
  std::mt19937_64 random(5);
  for (int i = 0; i < 300; ++i) {
    const Value value = from_binary(random_bytes(schema().all->slot(), random, 4), *schema().all);
    for (const ProtocolId protocol : {ProtocolId::binary, ProtocolId::compact}) {
      const Bytes bytes = to_bytes(encode(protocol, value));
      for (const StructType* type : {&some, &none}) {
        CAPTURE(type->name());
        const Value kept = decode(protocol, bytes, *type, {.keep_unknown_fields = true});
        REQUIRE(to_bytes(encode(protocol, kept)) == bytes);
        const Value copy = kept;
        REQUIRE(to_bytes(encode(protocol, copy)) == bytes);
      }
    }
  }
}
