// What Apache's JSON leaves out, keeps or refuses where the other protocols have another way to say
// it: values that have come before, numbers that no type holds.

#include <cmath>
#include <limits>
#include <sstream>

#include "samples.hpp"

using namespace thrift;
using namespace samples;

namespace {

constexpr auto json = ProtocolId::json;

/// The value, or what decoding fails with.
std::string outcome(ProtocolId protocol, const Bytes& bytes, const Type& type,
                    const Strictness& strictness) {
  const Exact exact(bytes);
  Arena arena;
  const auto decoded =
      try_decode_prefix(protocol, exact.span(), type, arena, {.strictness = strictness});
  std::ostringstream out;
  if (!decoded) return std::string(decoded.error().as<ProtocolErrorDetail>()->message);
  CHECK(decoded->consumed == bytes.size());
  out << decoded->value;
  return out.str();
}

Strictness with(Reaction Strictness::* oddity, Reaction reaction) {
  Strictness strictness;
  strictness.*oddity = reaction;
  return strictness;
}

std::string read(std::string_view text, const Type& type, Reaction overflow = Reaction::keep) {
  return outcome(json, Wire().raw(text).bytes, type, with(&Strictness::varint_overflow, overflow));
}

}  // namespace

TEST_CASE("what JSON leaves out leaves what came before it, as in binary") {
  using enum WireType;
  SchemaBuilder b;
  Program& p = b.add_program("t", "t.thrift");
  EnumType& e = b.add_enum(p, "E");
  b.define(e, {{.name = "A", .number = 1}});
  StructType& nested = b.add_struct(p, "Nested", TypeKind::union_);
  b.define(nested, {{.id = 1, .name = "n", .type = base_type(TypeKind::i32)}});
  const auto fields = [&](StructType& type) {
    b.define(type, {{.id = 1, .name = "x", .type = base_type(TypeKind::string)},
                    {.id = 2, .name = "en", .type = e},
                    {.id = 3, .name = "list", .type = b.list_of(base_type(TypeKind::i32))},
                    {.id = 4, .name = "map", .type = b.map_of(e, e)},
                    {.id = 5, .name = "nested", .type = nested}});
  };
  StructType& s = b.add_struct(p, "S", TypeKind::struct_);
  StructType& u = b.add_struct(p, "U", TypeKind::union_);
  fields(s);
  fields(u);
  b.lay_out();
  const SchemaPtr built = std::move(b).build();

  Strictness skip = with(&Strictness::unknown_enum, Reaction::skip);
  skip.element_type = skip.union_members = skip.invalid_utf8 = Reaction::skip;
  struct Case {
    std::string_view text;
    Bytes binary;
    const Type& type;
    std::string_view expected;
  };
  for (const Case& c : std::initializer_list<Case>{
           {R"({"2":{"i32":1},"2":{"i32":9}})",
            Wire().field(i32, 2).i32(1).field(i32, 2).i32(9).stop().bytes, s, R"({"en":"A"})"},
           {R"({"1":{"str":"5"},"2":{"i32":9}})",
            Wire().field(string, 1).string("5").field(i32, 2).i32(9).stop().bytes, u,
            R"({"x":"5"})"},
           {"{\"1\":{\"str\":\"5\"},\"1\":{\"str\":\"\xff\"}}",
            Wire().field(string, 1).string("5").field(string, 1).string("\xff").stop().bytes, u,
            R"({"x":"5"})"},
           {R"({"3":{"lst":["i32",1,7]},"3":{"lst":["i64",1,8]}})",
            Wire()
                .field(list, 3)
                .list(i32, 1)
                .i32(7)
                .field(list, 3)
                .list(i64, 1)
                .i64(8)
                .stop()
                .bytes,
            s, R"({"list":[7]})"},
           {R"({"1":{"str":"5"},"3":{"lst":["i64",1,8]}})",
            Wire().field(string, 1).string("5").field(list, 3).list(i64, 1).i64(8).stop().bytes, u,
            R"({"x":"5"})"},
           {R"({"1":{"str":"5"},"4":{"map":["i64","i32",1,{"8":1}]}})",
            Wire()
                .field(string, 1)
                .string("5")
                .field(map, 4)
                .map(i64, i32, 1)
                .i64(8)
                .i32(1)
                .stop()
                .bytes,
            u, R"({"x":"5"})"},
           {R"({"5":{"rec":{"1":{"i32":4}}},"5":{"rec":{}}})",
            Wire()
                .field(struct_, 5)
                .field(i32, 1)
                .i32(4)
                .stop()
                .field(struct_, 5)
                .stop()
                .stop()
                .bytes,
            s, R"({"nested":{"n":4}})"},
           {R"({"1":{"str":"5"},"5":{"rec":{}}})",
            Wire().field(string, 1).string("5").field(struct_, 5).stop().stop().bytes, u,
            R"({"x":"5"})"},
           // A member that comes twice is no second one.
           {R"({"1":{"str":"5"},"1":{"str":"6"}})",
            Wire().field(string, 1).string("5").field(string, 1).string("6").stop().bytes, u,
            R"({"x":"6"})"},
       }) {
    CAPTURE(c.text);
    CHECK(outcome(ProtocolId::binary, c.binary, c.type, skip) == c.expected);
    CHECK(outcome(json, Wire().raw(c.text).bytes, c.type, skip) == c.expected);
  }
  // A key that has been left out is in no path.
  const std::string error =
      outcome(json, Wire().raw(R"({"4":{"map":["i32","i32",2,{"9":1,"8":"x"}]}})").bytes, s, skip);
  CHECK_MESSAGE(error.find("`S.map`") != std::string::npos, error);
}

TEST_CASE("an integer in JSON beyond 64 bits is the nearest one, left out or an error") {
  const Type& i64 = base_type(TypeKind::i64);
  for (const std::string digits :
       {"9223372036854775808", "99999999999999999999", "123456789012345678901234567890"}) {
    CAPTURE(digits);
    CHECK(read(digits, i64) == "9223372036854775807");
    CHECK(read("\"" + digits + "\"", i64) == "9223372036854775807");
    CHECK(read("-" + digits + "1", i64) == "-9223372036854775808");
    CHECK(read(digits, base_type(TypeKind::i32)) == "2147483647");
    CHECK(read("-" + digits + "1", base_type(TypeKind::i16)) == "-32768");
    CHECK(read(digits, base_type(TypeKind::i8)) == "-1");  // the low bits of the nearest i16
    CHECK(read(digits, i64, Reaction::error).find("more than 64 bits") != std::string::npos);
    const Type& numbers = schema().schema->list_of(i64);
    const std::string list = "[\"i64\",3,1," + digits + ",-2]";
    CHECK(read(list, numbers) == "[1,9223372036854775807,-2]");
    CHECK(read(list, numbers, Reaction::skip) == "[1,-2]");
    CHECK(read(list, numbers, Reaction::error).find("[1]") != std::string::npos);
    const std::string twice = R"({"5":{"i64":3},"5":{"i64":)" + digits + "}}";
    CHECK(read(twice, *schema().all, Reaction::skip) == R"({"big":3})");
    // Of a field that is passed over, too.
    const std::string unknown = R"({"999":{"i64":)" + digits + R"(},"1":{"tf":1}})";
    CHECK(read(unknown, *schema().all) == R"({"flag":true})");
    CHECK(skip(json, Wire().raw(digits).bytes, WireType::i64) == digits.size());
  }
  CHECK(read("00000000000000000000000000007", i64) == "7");
  for (const std::string_view wrong : {"-", "\"99999999999999999999", "\"99999999999999999999x\"",
                                       "--99999999999999999999", "+99999999999999999999"}) {
    CAPTURE(wrong);
    const std::string error = read(wrong, i64);
    CHECK_MESSAGE((error.find("wanted") != std::string::npos), error);
  }
}

TEST_CASE("a double in JSON beyond what one can be is the largest one, left out or an error") {
  const Type& type = base_type(TypeKind::double_);
  const std::string long_one(5000, '9');
  for (const std::string& digits :
       {std::string("1e400"), std::string("\"1e999\""), std::string("12.5E+99999999999999999999"),
        long_one, long_one + "e-3"}) {
    CAPTURE(digits);
    CHECK(std::stod(read(digits, type)) == std::numeric_limits<double>::max());
    CHECK(read(digits, type, Reaction::error).find("beyond") != std::string::npos);
    const std::string field = R"({"6":{"dbl":1.5},"6":{"dbl":)" + digits + "}}";
    CHECK(read(field, *schema().all, Reaction::skip) == R"({"real":1.5})");
    CHECK(skip(json, Wire().raw(digits).bytes, WireType::double_) == digits.size());
  }
  CHECK(std::stod(read("-1e999", type)) == std::numeric_limits<double>::lowest());
  // Too small ones are the nearest, whatever the strictness.
  for (const std::string& digits :
       {std::string("1e-400"), std::string("1e-5000"), std::string("1e-99999999999999999999"),
        "0." + std::string(6000, '0') + "1", "0." + std::string(6000, '0') + "1e500"}) {
    CAPTURE(digits);
    CHECK(std::stod(read(digits, type, Reaction::error)) == 0);
    CHECK(read("-" + digits, type, Reaction::error).front() == '-');
  }
}
