// The wire's bytes to JSON in one pass, held against the way through values: the same text, the
// same errors.

#include <doctest/doctest.h>

#include <thriftpp/json/transcode.hpp>
#include <thriftpp/load/load.hpp>

#include "json/random_value.hpp"
#include "support/cases.hpp"

using namespace thrift;

namespace {

/// A result, or the error in its place, to be compared.
template <class F>
std::string outcome(F f) {
  try {
    return f();
  } catch (const Error& e) {
    return std::string("error: ") + e.what();
  }
}

std::string direct(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                   const JsonOptions& json = {}, const DecodeOptions& decoding = {}) {
  return outcome([&] { return to_json(protocol, bytes, type, json, decoding); });
}

std::string through_value(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                          const JsonOptions& json = {}, const DecodeOptions& decoding = {}) {
  return outcome([&] {
    const Value value = decode(protocol, bytes, type, decoding);
    return to_json(value, json);
  });
}

/// Empty where both are the same, else where they part: such texts are long.
std::string difference(const std::string& a, const std::string& b) {
  if (a == b) return {};
  std::size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
  const std::size_t from = at < 60 ? 0 : at - 60;
  return "..." + a.substr(from, 100) + " but ..." + b.substr(from, 100);
}

std::vector<ProtocolId> protocols() {
  std::vector<ProtocolId> known;
  for (const ProtocolId protocol : {ProtocolId::binary, ProtocolId::compact, ProtocolId::json}) {
    try {
      (void)encode(protocol, Value(base_type(TypeKind::i32)));
      known.push_back(protocol);
    } catch (const Error&) {
      MESSAGE("skipped: ", to_string(protocol));
    }
  }
  return known;
}

JsonOptions options_of(std::size_t bits) {
  JsonOptions o;
  if (bits & 1) o.enums = JsonOptions::Enums::number;
  if (bits & 2) o.maps = JsonOptions::Maps::pairs;
  if (bits & 4) o.int64 = JsonOptions::Int64::string;
  if (bits & 8) o.binary = JsonOptions::Binary::text;
  if (bits & 16) o.defaults = JsonOptions::Defaults::write;
  if (bits & 32) o.indent = 2;
  return o;
}

Buffer bytes_of(std::initializer_list<int> bytes) {
  Buffer out;
  for (const int b : bytes) out.push_back(static_cast<std::byte>(b));
  return out;
}

}  // namespace

TEST_CASE("bytes become the text that their value becomes, whatever the options") {
  for (const ProtocolId protocol : protocols()) {
    for (std::uint32_t seed = 0; seed < test::cases(8); ++seed) {
      test::RandomValues random(seed);
      const SchemaPtr schema = random.schema();
      for (const StructType* const type : schema->program().structs()) {
        for (int i = 0; i < 3; ++i) {
          const Value value = random.value(*type);
          EncodeOptions encoding;
          if (random.chance(8)) encoding.field_order = EncodeOptions::FieldOrder::declared;
          const Buffer bytes = encode(protocol, value, encoding);
          for (int j = 0; j < 12; ++j) {
            const std::size_t bits = random.below(64);
            const JsonOptions json = options_of(bits);
            CAPTURE(seed);
            CAPTURE(bits);
            REQUIRE(difference(direct(protocol, bytes, *type, json), to_json(value, json)) == "");
          }
        }
      }
    }
  }
}

TEST_CASE("bare values become text as well as structs do") {
  for (const ProtocolId protocol : protocols()) {
    test::RandomValues random(7);
    const SchemaPtr schema = random.schema();
    for (const char* const name : {"bool",
                                   "i8",
                                   "i16",
                                   "i32",
                                   "i64",
                                   "double",
                                   "string",
                                   "binary",
                                   "uuid",
                                   "Color",
                                   "list<string>",
                                   "list<bool>",
                                   "list<i32>",
                                   "list<i64>",
                                   "list<double>",
                                   "set<i8>",
                                   "map<double, binary>",
                                   "map<string, list<Color>>",
                                   "map<bool, i8>",
                                   "map<i64, bool>",
                                   "map<Color, string>",
                                   "map<binary, double>",
                                   "map<uuid, i16>",
                                   "map<list<i32>, i64>",
                                   "set<map<uuid, i64>>",
                                   "list<list<list<bool>>>"}) {
      const Type& type = schema->type(name);
      for (std::size_t i = 0; i < 64; ++i) {
        const Value value = random.value(type);
        const Buffer bytes = encode(protocol, value);
        CAPTURE(name);
        REQUIRE(difference(direct(protocol, bytes, type, options_of(i)),
                           to_json(value, options_of(i))) == "");
      }
    }
  }
}

TEST_CASE("cut and changed bytes give the same text or the same error as through values") {
  for (const ProtocolId protocol : protocols()) {
    for (std::uint32_t seed = 300; seed < 300 + test::cases(8); ++seed) {
      test::RandomValues random(seed);
      const SchemaPtr schema = random.schema();
      for (const StructType* const type : schema->program().structs()) {
        const Buffer bytes = encode(protocol, random.value(*type));
        for (int i = 0; i < 60; ++i) {
          Buffer odd(bytes.bytes());
          if (random.chance(4)) odd.truncate(random.below(odd.size() + 1));
          for (std::size_t n = odd.empty() ? 0 : random.below(3); n != 0; --n) {
            odd.data()[random.below(odd.size())] = static_cast<std::byte>(random.below(256));
          }
          DecodeOptions decoding;
          if (random.chance(2)) decoding.strictness = Strictness::strict();
          if (random.chance(4)) decoding.strictness = Strictness::like_apache();
          if (random.chance(4)) decoding.max_depth = 3;
          if (random.chance(4)) decoding.max_container = 2;
          if (random.chance(4)) decoding.max_string = 5;
          if (random.chance(4)) decoding.max_memory = random.below(2000) + 1;
          if (random.chance(4)) decoding.alias_input = true;
          if (random.chance(4)) decoding.keep_unknown_fields = true;
          const JsonOptions json = options_of(random.below(32));
          CAPTURE(seed);
          REQUIRE(difference(direct(protocol, odd, *type, json, decoding),
                             through_value(protocol, odd, *type, json, decoding)) == "");
        }
      }
    }
  }
}

TEST_CASE("fields out of order, given twice, unknown or of another type are as through values") {
  SchemaBuilder b;
  Program& program = b.add_program("p", "p.thrift");
  StructType& type = b.add_struct(program, "S", TypeKind::struct_);
  b.define(type, std::vector<FieldSpec>{{.id = 1, .name = "a", .type = base_type(TypeKind::i8)},
                                        {.id = 2, .name = "b", .type = base_type(TypeKind::i8)}});
  b.lay_out();
  const SchemaPtr schema = std::move(b).build();
  const auto text = [&](std::initializer_list<int> bytes) {
    return direct(ProtocolId::binary, bytes_of(bytes), type);
  };
  CHECK(text({3, 0, 1, 7, 3, 0, 2, 8, 0}) == R"({"a":7,"b":8})");
  CHECK(text({3, 0, 2, 8, 3, 0, 1, 7, 0}) == R"({"a":7,"b":8})");
  CHECK(text({3, 0, 1, 6, 3, 0, 1, 7, 0}) == R"({"a":7})");
  CHECK(text({3, 0, 9, 6, 3, 0, 1, 7, 0}) == R"({"a":7})");
  CHECK(text({6, 0, 1, 0, 6, 3, 0, 2, 7, 0}) == R"({"b":7})");
  CHECK(text({0}) == "{}");
  CHECK(text({}) == through_value(ProtocolId::binary, {}, type));
}

TEST_CASE("text is appended, and what stood there stays where bytes are wrong") {
  const Type& type = base_type(TypeKind::string);
  const Buffer good = encode(ProtocolId::binary, Value(type, "a\"b"));
  Buffer out;
  out.append(std::string_view("x"));
  to_json(ProtocolId::binary, good, type, out);
  CHECK(out.text() == R"(x"a\"b")");
  std::string text = "y";
  to_json(ProtocolId::binary, good, type, text);
  CHECK(text == R"(y"a\"b")");
  CHECK_THROWS_AS(to_json(ProtocolId::binary, good.bytes().first(5), type, out), ProtocolError);
  CHECK(out.text() == R"(x"a\"b")");
}

TEST_CASE("long text goes to a sink in pieces, and nothing does where bytes are wrong") {
  test::RandomValues random(11);
  const SchemaPtr schema = random.schema();
  for (const char* const name : {"list<string>", "list<double>", "map<i64, list<bool>>"}) {
    const Type& type = schema->type(name);
    Buffer bytes;
    std::uint32_t entries = 0;
    Buffer body;
    while (body.size() < 600'000) {
      const Value value = random.value(type);
      const Buffer part = encode(ProtocolId::binary, value);
      const std::size_t header = type.kind() == TypeKind::map ? 6 : 5;
      body.append(part.bytes().subspan(header));
      entries += static_cast<std::uint32_t>(value.size());
    }
    bytes.append(encode(ProtocolId::binary, random.value(type))
                     .bytes()
                     .first(type.kind() == TypeKind::map ? 2 : 1));
    if (type.kind() == TypeKind::map) {
      bytes.data()[0] = std::byte{10};
      bytes.data()[1] = std::byte{15};
    } else {
      bytes.data()[0] = static_cast<std::byte>(type.as_container().element().slot().wire);
    }
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.push_back(static_cast<std::byte>(entries >> shift));
    }
    bytes.append(body);

    std::string text;
    std::size_t largest = 0;
    FunctionSink sink([&](std::span<const std::byte> piece) {
      CHECK_FALSE(piece.empty());
      largest = std::max(largest, piece.size());
      text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    });
    to_json(ProtocolId::binary, bytes, type, sink);
    CAPTURE(name);
    const bool same = text == through_value(ProtocolId::binary, bytes, type);
    CHECK(same);
    CHECK(largest < 2 * sink_piece);
    text.clear();
    CHECK_THROWS_AS(to_json(ProtocolId::binary, bytes.bytes().first(bytes.size() - 1), type, sink),
                    ProtocolError);
    CHECK(text.empty());
  }
}

TEST_CASE("defaults that are written may be as deep as in values, wherever they stand") {
  std::string text = "struct S0 { 1: i32 x = 1 }\n";
  for (int i = 1; i <= 64; ++i) {
    text += "struct S" + std::to_string(i) + " { 1: S" + std::to_string(i - 1) + " s = {} }\n";
  }
  const Idl idl = loads(text + R"(
    struct W { 1: optional W w; 2: S40 s = {} }
    struct L { 1: optional L w; 2: map<string, list<list<S20>>> s = {"a": [[], [{}]]} }
    struct B { 1: optional B w; 2: S64 s = {} }
    union U { 1: i32 a = 5; 2: string b }
  )");
  const JsonOptions json{.defaults = JsonOptions::Defaults::write};
  Value choice(idl.type("U"));
  choice["b"] = "x";
  for (const ProtocolId protocol : protocols()) {
    CHECK(direct(protocol, encode(protocol, choice), idl.type("U"), json) == R"({"b":"x"})");
    for (const std::string_view name : {"W", "L", "B"}) {
      const Type& type = idl.type(name);
      Value value(type);
      for (std::size_t depth = 0; depth < 60; ++depth) {
        const Buffer bytes = encode(protocol, value);
        CAPTURE(name);
        CAPTURE(depth);
        CHECK(difference(direct(protocol, bytes, type, json),
                         through_value(protocol, bytes, type, json)) == "");
        // What is wrong with the bytes is told first.
        const auto part = bytes.bytes().first(bytes.size() - 1);
        CHECK(difference(direct(protocol, part, type, json),
                         through_value(protocol, part, type, json)) == "");
        Value outer(type);
        outer["w"] = value;
        value = outer;
      }
    }
  }
}
