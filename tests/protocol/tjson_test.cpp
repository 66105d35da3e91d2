// Apache's JSON: golden text, what readers have to put up with, limits, errors with their place,
// strictness, unknown fields. Bytes of Apache's runtimes are in tjson_capture_test.cpp.

#include <array>
#include <cmath>
#include <limits>
#include <thriftpp/protocol/message.hpp>
#include <thriftpp/value/text.hpp>

#include "samples.hpp"

using namespace thrift;
using namespace samples;

namespace {

constexpr auto json = ProtocolId::json;

Bytes as_bytes(std::string_view text) {
  return Wire().raw(text).bytes;
}

Value decode_text(std::string_view text, const Type& type, const DecodeOptions& options = {}) {
  const Exact exact(as_bytes(text));
  const Value value = decode(json, exact.span(), type, options);
  CHECK(skip(json, exact.span(), type.slot().wire) == text.size());
  return value;
}

std::string encode_text(const Value& value, const EncodeOptions& options = {}) {
  return std::string(encode(json, value, options).text());
}

/// Decodes and encodes.
std::string again(std::string_view text, const Type& type, const DecodeOptions& options = {}) {
  return encode_text(decode_text(text, type, options));
}

Failed text_error(std::string_view text, const Type& type, const DecodeOptions& options = {}) {
  const Exact exact(as_bytes(text));
  Arena arena;
  const Result<Decoded> decoded = try_decode_prefix(json, exact.span(), type, arena, options);
  REQUIRE_MESSAGE(!decoded.has_value(), text, " decodes");
  const auto* const detail = decoded.error().as<ProtocolErrorDetail>();
  REQUIRE(detail != nullptr);
  return {detail->kind, detail->offset, detail->path, detail->message};
}

const Type& type_of(TypeKind kind) {
  return base_type(kind);
}

const Type& field_type(std::string_view name) {
  return schema().all->field(name).type();
}

/// What Apache's C++ writes for all_bytes().
constexpr std::string_view all_text =
    R"({"-1":{"i32":-7},"1":{"tf":1},"2":{"i8":-3},"3":{"i16":-300},"4":{"i32":70000},)"
    R"("5":{"i64":1311768467463790320},"6":{"dbl":1.5},"7":{"str":"text"},"8":{"str":"AP8"},)"
    R"("9":{"uid":"30313233-3435-3637-3839-616263646566"},"10":{"i32":99},)"
    R"("11":{"rec":{"1":{"str":"k"},"2":{"i64":-2}}},"12":{"rec":{"2":{"str":"chosen"}}},)"
    R"("13":{"lst":["tf",3,1,0,1]},"14":{"lst":["i8",2,5,-5]},"15":{"lst":["i16",2,500,-500]},)"
    R"("16":{"lst":["i32",3,1,-1,1073741824]},"17":{"lst":["i64",2,1,-1]},)"
    R"("18":{"lst":["dbl",1,2]},"19":{"lst":["str",3,"a","","ccc"]},)"
    R"("20":{"set":["uid",1,"30313233-3435-3637-3839-616263646566"]},)"
    R"("21":{"lst":["rec",2,{"1":{"str":"k"},"2":{"i64":-2}},{"1":{"str":"k"},"2":{"i64":-2}}]},)"
    R"("22":{"map":["str","rec",1,{"x":{"1":{"str":"k"},"2":{"i64":-2}}}]},)"
    R"("23":{"map":["i32","lst",2,{"8":["str",1,"eight"],"9":["str",0]}]},)"
    R"("24":{"set":["str",2,"s","t"]},)"
    R"("25":{"map":["rec","tf",1,{{"1":{"str":"k"},"2":{"i64":-2}}:1}]},)"
    R"("26":{"lst":["lst",2,["dbl",1,1],["dbl",0]]},)"
    R"("27":{"map":["tf","uid",1,{"0":"30313233-3435-3637-3839-616263646566"}]},)"
    R"("28":{"lst":["rec",2,{},{}]},"1000":{"rec":{"1":{"tf":0}}}})";

}  // namespace

TEST_CASE("a record with every type is written as Apache's JSON, and read again") {
  const Value value = decode(ProtocolId::binary, all_bytes(), *schema().all);
  CHECK(encode_text(value) == all_text);
  const Value read = decode_text(all_text, *schema().all);
  CHECK(read == value);
  CHECK(to_bytes(encode(ProtocolId::binary, read)) == all_bytes());
}

TEST_CASE("white space may stand between any two tokens of Apache's JSON") {
  std::string spaced = " \n";
  bool inside = false;
  for (const char c : all_text) {
    if (c == '"') {
      if (!inside) spaced += " \t";
      spaced += c;
      if (inside) spaced += "\r\n ";
      inside = !inside;
    } else if (!inside && std::string_view("{}[]:,").find(c) != std::string_view::npos) {
      spaced += std::string(" ") + c + "\n ";
    } else {
      spaced += c;
    }
  }
  const Exact exact(as_bytes(spaced));
  const Value value =
      decode(json, exact.span(), *schema().all, {.strictness = {.trailing_bytes = Reaction::keep}});
  CHECK(encode_text(value) == all_text);
}

TEST_CASE("doubles are written as printf's %.17g, and read back the same") {
  const Type& type = type_of(TypeKind::double_);
  std::mt19937_64 random(1);
  std::vector<double> values{0.0,
                             -0.0,
                             0.1,
                             1.0 / 3,
                             1e15,
                             1e16,
                             1e17,
                             1e21,
                             123456,
                             1e-4,
                             1e-5,
                             5e-324,
                             1e308,
                             0.5,
                             -2.25,
                             1e22,
                             9007199254740993.0,
                             1.7976931348623157e308};
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t bits = random();
    double any;
    std::memcpy(&any, &bits, sizeof(any));
    if (std::isfinite(any)) values.push_back(any);
    values.push_back(static_cast<double>(random() % 100000000) / 1000);
  }
  for (const double v : values) {
    std::array<char, 40> expected{};
    (void)std::snprintf(expected.data(), expected.size(), "%.17g", v);
    const Value value(type, v);
    const std::string text = encode_text(value);
    REQUIRE(text == expected.data());
    const double back = decode_text(text, type).as<double>();
    REQUIRE(std::memcmp(&back, &v, sizeof(v)) == 0);
  }
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(encode_text(Value(type, infinity)) == R"("Infinity")");
  CHECK(encode_text(Value(type, -infinity)) == R"("-Infinity")");
  CHECK(encode_text(Value(type, std::nan(""))) == R"("NaN")");
  CHECK(decode_text(R"("Infinity")", type).as<double>() == infinity);
  CHECK(decode_text(R"("-Infinity")", type).as<double>() == -infinity);
  CHECK(std::isnan(decode_text(R"("NaN")", type).as<double>()));
  // As Python's runtime and others write them.
  CHECK(decode_text("inf", type).as<double>() == infinity);
  CHECK(decode_text("-Infinity", type).as<double>() == -infinity);
  CHECK(std::isnan(decode_text("nan", type).as<double>()));
  CHECK(decode_text("1E3", type).as<double>() == 1000);
  CHECK(decode_text("\"-2.5e-1\"", type).as<double>() == -0.25);
  CHECK(decode_text("1e-400", type).as<double>() == 0);
  for (const char* const wrong : {"+1", ".5", "-.5", "x", "Inf", "\"x\"", "--1"}) {
    CAPTURE(wrong);
    CHECK(text_error(wrong, type).kind == ProtocolErrorKind::invalid_data);
  }
}

TEST_CASE("integers are read up to their limits and no further") {
  const Type& i64 = type_of(TypeKind::i64);
  const Type& i8 = type_of(TypeKind::i8);
  CHECK(decode_text("9223372036854775807", i64).as<std::int64_t>() == INT64_MAX);
  CHECK(decode_text("-9223372036854775808", i64).as<std::int64_t>() == INT64_MIN);
  CHECK(decode_text("-0", i64).as<std::int64_t>() == 0);
  CHECK(decode_text("1234567890123456", i64).as<std::int64_t>() == 1234567890123456);
  CHECK(decode_text("12345678", i64).as<std::int64_t>() == 12345678);
  CHECK(decode_text("\"-12\"", i64).as<std::int64_t>() == -12);
  for (const char* const wrong : {"9223372036854775808", "-9223372036854775809",
                                  "99999999999999999999", "123456789012345678901234567890"}) {
    CAPTURE(wrong);
    const Failed e = text_error(wrong, i64, {.strictness = Strictness::strict()});
    CHECK(e.kind == ProtocolErrorKind::invalid_data);
    CHECK(e.message.find("more than 64 bits") != std::string::npos);
  }
  // Too large for the type: a matter of strictness (tjson_strictness_test.cpp).
  CHECK(decode_text("300", i8).as<std::int8_t>() == 44);
  CHECK(decode_text("70000", i8).as<std::int8_t>() == -1);
  const Type& i16 = type_of(TypeKind::i16);
  CHECK(decode_text("70000", i16).as<std::int16_t>() == INT16_MAX);
  const Type& i32 = type_of(TypeKind::i32);
  CHECK(decode_text("4294967296", i32).as<std::int32_t>() == INT32_MAX);
  CHECK(decode_text("-99999999999", i32).as<std::int32_t>() == INT32_MIN);
  const Failed e = text_error("300", i8, {.strictness = Strictness::strict()});
  CHECK(e.message.find("does not fit into 8 bits") != std::string::npos);
  CHECK(decode_text("true", type_of(TypeKind::bool_)).as<bool>());
  CHECK_FALSE(decode_text("false", type_of(TypeKind::bool_)).as<bool>());
  CHECK_FALSE(decode_text("0", type_of(TypeKind::bool_)).as<bool>());
  CHECK(decode_text("12", type_of(TypeKind::bool_)).as<bool>());
}

TEST_CASE("strings are escaped as Apache's C++ escapes them") {
  const Type& type = type_of(TypeKind::string);
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  const std::string text = encode_text(Value(type, all));
  CHECK(text ==
        "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e"
        "\\u000f\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a"
        "\\u001b\\u001c\\u001d\\u001e\\u001f !\\\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQ"
        "RSTUVWXYZ[\\\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\x7f\"");
  CHECK(decode_text(text, type).as<std::string>() == all);
  // Of every length, with the special character at every place.
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      std::string plain(size, 'x');
      if (at < size) plain[at] = '"';
      std::string expected = "\"" + plain + "\"";
      if (at < size) expected.insert(at + 1, "\\");
      REQUIRE(encode_text(Value(type, plain)) == expected);
      REQUIRE(decode_text(expected, type).as<std::string>() == plain);
    }
  }
}

TEST_CASE("every escape that JSON has is read") {
  const Type& type = type_of(TypeKind::string);
  CHECK(decode_text(R"("\"\\\/\b\f\n\r\t")", type).as<std::string>() == "\"\\/\b\f\n\r\t");
  CHECK(decode_text(R"("\u00e9\u00E9\u20ac\u0000")", type).as<std::string>() ==
        std::string("\xc3\xa9\xc3\xa9\xe2\x82\xac\0", 8));
  CHECK(decode_text(R"("a\ud83d\uDE00b")", type).as<std::string>() ==
        "a\xf0\x9f\x98\x80"
        "b");
  CHECK(text_error(R"("\ud83d")", type).kind == ProtocolErrorKind::invalid_data);
  CHECK(text_error(R"("\ud83dabcdefgh")", type).kind == ProtocolErrorKind::invalid_data);
  CHECK(text_error(R"("\ud83d\n      ")", type).kind == ProtocolErrorKind::invalid_data);
  CHECK(text_error(R"("\ud83d\ud83d")", type).kind == ProtocolErrorKind::invalid_data);
  CHECK(text_error(R"("\ude00")", type).kind == ProtocolErrorKind::invalid_data);
  CHECK(text_error(R"("\u12g4")", type).kind == ProtocolErrorKind::invalid_data);
  CHECK(text_error(R"("\x")", type).offset == 1);
  CHECK(text_error(R"("\u12)", type).kind == ProtocolErrorKind::truncated);
  CHECK(text_error(R"("\ud83d\u)", type).kind == ProtocolErrorKind::truncated);
}

TEST_CASE("base64 is written without padding and read with and without it") {
  const Type& type = type_of(TypeKind::binary);
  std::string bytes;
  for (int i = 0; i < 70; ++i) {
    const Value value(type, bytes);
    const std::string text = encode_text(value);
    CHECK(text.find('=') == std::string::npos);
    CHECK(decode_text(text, type) == value);
    std::string padded = text.substr(0, text.size() - 1);
    while ((padded.size() - 1) % 4 != 0) padded += '=';
    CHECK(decode_text(padded + "\"", type) == value);
    bytes += static_cast<char>(i * 37 + 200);
  }
  CHECK(decode_text(R"("\/\/8\u003d")", type).as<std::string>() == "\xff\xff");
  for (const char* const wrong : {R"("A")", R"("A===")", R"("AA=A")", R"("A-A")", R"("AAAA=")"}) {
    CAPTURE(wrong);
    CHECK(text_error(wrong, type).message.find("base64") != std::string::npos);
  }
}

TEST_CASE("keys of maps are quoted where they are numbers, and plain where they are not text") {
  SchemaBuilder b;
  const Type& i64 = type_of(TypeKind::i64);
  const Type& doubles = b.map_of(type_of(TypeKind::double_), i64);
  const Type& lists = b.map_of(b.list_of(i64), i64);
  const Type& maps = b.map_of(b.map_of(i64, i64), i64);
  const Type& binaries = b.map_of(type_of(TypeKind::binary), i64);
  b.lay_out();
  const SchemaPtr owner = std::move(b).build();
  for (const auto& [type, text] : std::initializer_list<std::pair<const Type*, const char*>>{
           {&doubles, R"(["dbl","i64",2,{"0.5":1,"NaN":2}])"},
           {&lists, R"(["lst","i64",1,{["i64",2,1,2]:7}])"},
           {&maps, R"(["map","i64",1,{["i64","i64",1,{"1":2}]:3}])"},
           {&binaries, R"(["str","i64",1,{"AP8":3}])"},
           {&doubles, R"(["dbl","i64",0,{}])"}}) {
    CAPTURE(text);
    CHECK(again(text, *type) == text);
  }
  CHECK(again(R"(["dbl","i64",1,{0.5:1}])", doubles) == R"(["dbl","i64",1,{"0.5":1}])");
  // An empty map's types mean nothing, as in the other protocols.
  CHECK(again(R"(["str","str",0,{}])", doubles) == R"(["dbl","i64",0,{}])");
}

TEST_CASE("what is wrong in Apache's JSON is told with its place") {
  const Type& all = *schema().all;
  struct Case {
    std::string_view text;
    std::uint64_t offset;
    std::string_view path;
    std::string_view message;
  };
  for (const Case& c : std::initializer_list<Case>{
           {R"({"4":{"i32":x}})", 12, "All.number", "an integer is wanted here, not `x`"},
           {R"({"7":{"str":7}})", 12, "All.text", "a string is wanted here, not `7`"},
           {R"({"4":{"i33":1}})", 7, "All", "there is no type `i33`"},
           {R"({"4":{"dxx":1}})", 7, "All", "there is no type `dxx`"},
           {R"({"99999":{"i32":1}})", 1, "All", "there is no field id 99999"},
           {R"({4:{"i32":1}})", 1, "All", "a field's id in quotes is wanted here, not `4`"},
           {R"({"4":{"i32":1]})", 13, "All.number", "`}` is wanted here, not `]`"},
           {R"({"4":{"i32":1}x)", 14, "All.number", "`,` or `}` is wanted here, not `x`"},
           {R"({"16":{"lst":["i32",3,1,2]}})", 25, "All.numbers", "`,` is wanted here, not `]`"},
           {R"({"16":{"lst":["i32",1,1,2]}})", 23, "All.numbers", "`]` is wanted here, not `,`"},
           {R"({"16":{"lst":["i32",2,1,"a"]}})", 25, "All.numbers[1]",
            "an integer is wanted here, not `a`"},
           {R"({"22":{"map":["str","rec",1,{"x":{"2":{"i64":1}}}]}})", 47, "All.by_text{\"x\"}.key",
            "required field `key` of `Inner` is missing"},
           {R"({"9":{"uid":"123"}})", 13, "All.uuid", "a uuid of 36 characters is wanted here"}}) {
    CAPTURE(c.text);
    const Failed e = text_error(c.text, all);
    CHECK(e.offset == c.offset);
    CHECK(e.path == c.path);
    CHECK(e.message.find(c.message) != std::string::npos);
  }
}

TEST_CASE("Apache's JSON has limits of depth, strings, containers and memory") {
  const Type& node = *schema().node;
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 1; i < depth; ++i) text += R"({"1":{"rec":)";
    text += "{}";
    for (int i = 1; i < depth; ++i) text += "}}";
    return text;
  };
  CHECK(again(nested(64), node) == nested(64));
  CHECK(text_error(nested(65), node).kind == ProtocolErrorKind::depth_limit);
  CHECK_THROWS_AS((void)skip(json, as_bytes(nested(65)), WireType::struct_), ProtocolError);

  const Type& string = type_of(TypeKind::string);
  CHECK(decode_text("\"1234\"", string, {.max_string = 4}).size() == 4);
  CHECK(text_error("\"12345\"", string, {.max_string = 4}).kind == ProtocolErrorKind::size_limit);
  CHECK(decode_text(R"("123\u0034")", string, {.max_string = 4}).size() == 4);
  const Type& binary = type_of(TypeKind::binary);
  CHECK(decode_text("\"AAAA\"", binary, {.max_string = 3}).size() == 3);
  CHECK(text_error("\"AAAAAA\"", binary, {.max_string = 3}).kind == ProtocolErrorKind::size_limit);

  const Type& numbers = field_type("numbers");
  CHECK(decode_text(R"(["i32",2,1,2])", numbers, {.max_container = 2}).size() == 2);
  CHECK(text_error(R"(["i32",2,1,2])", numbers, {.max_container = 1}).kind ==
        ProtocolErrorKind::size_limit);
  CHECK(text_error(R"(["i32",-1])", numbers).kind == ProtocolErrorKind::negative_size);
  CHECK(text_error(R"(["i32",1000000000,1])", numbers).kind == ProtocolErrorKind::truncated);
  CHECK(text_error(R"(["i32",99999999999,1])", numbers).kind == ProtocolErrorKind::size_limit);

  // Small text, large records: the budget says no.
  std::string many = R"({"28":{"lst":["rec",100000)";
  for (int i = 0; i < 100000; ++i) many += ",{}";
  many += "]}}";
  CHECK(text_error(many, *schema().all, {.max_memory = 500000}).kind ==
        ProtocolErrorKind::size_limit);
  CHECK(decode_text(many, *schema().all)["empties"].size() == 100000);
}

TEST_CASE("unknown fields of Apache's JSON are kept on request and written back") {
  const Type& inner = *schema().inner;
  const std::string_view text =
      R"({"1":{"str":"k"},"7":{"lst":["rec",1,{"1":{"tf":1}}]},"8":{"str":"\u00e9\/"}})";
  CHECK(again(text, inner) == R"({"1":{"str":"k"}})");
  CHECK(again(text, inner, {.keep_unknown_fields = true}) == text);
  CHECK(again(R"({ "7" : {"i32": 5 } , "1":{"str":"k"} , "8":{ "i32":6} })", inner,
              {.keep_unknown_fields = true}) == R"({"1":{"str":"k"},"7":{"i32":5},"8":{"i32":6}})");
  // They are text of this protocol, and go into no other.
  const Value value = decode_text(text, inner, {.keep_unknown_fields = true});
  CHECK(to_bytes(encode(ProtocolId::binary, value)) ==
        Wire().field(WireType::string, 1).string("k").stop().bytes);
}

TEST_CASE("strictness decides about oddities in Apache's JSON") {
  const Type& all = *schema().all;
  const auto with = [](auto set) {
    DecodeOptions options;
    set(options.strictness);
    return options;
  };
  struct Case {
    std::string_view text;
    Reaction Strictness::* oddity;
    std::string_view kept;
    std::string_view skipped;
  };
  for (const Case& c : std::initializer_list<Case>{
           {R"({"16":{"lst":["i64",1,7]},"1":{"tf":1}})", &Strictness::element_type,
            R"({"1":{"tf":1},"16":{"lst":["i32",1,7]}})", R"({"1":{"tf":1}})"},
           {R"({"10":{"i32":5},"1":{"tf":1}})", &Strictness::unknown_enum,
            R"({"1":{"tf":1},"10":{"i32":5}})", R"({"1":{"tf":1}})"},
           {"{\"7\":{\"str\":\"\xff\"},\"1\":{\"tf\":1}}", &Strictness::invalid_utf8,
            "{\"1\":{\"tf\":1},\"7\":{\"str\":\"\xff\"}}", R"({"1":{"tf":1}})"},
           {R"({"1":{"tf":0},"1":{"tf":1}})", &Strictness::duplicate_field, R"({"1":{"tf":1}})",
            R"({"1":{"tf":0}})"},
           {R"({"2":{"i8":257},"1":{"tf":1}})", &Strictness::varint_overflow,
            R"({"1":{"tf":1},"2":{"i8":1}})", R"({"1":{"tf":1}})"},
           {R"({"12":{"rec":{"1":{"i32":5},"2":{"str":"x"}}},"1":{"tf":1}})",
            &Strictness::union_members, R"({"1":{"tf":1},"12":{"rec":{"2":{"str":"x"}}}})",
            R"({"1":{"tf":1}})"},
           {R"({"3":{"i32":5},"1":{"tf":1}})", &Strictness::field_type,
            R"({"1":{"tf":1},"3":{"i32":5}})", R"({"1":{"tf":1}})"}}) {
    CAPTURE(c.text);
    CHECK(again(c.text, all, with([&](Strictness& s) { s.*c.oddity = Reaction::keep; })) == c.kept);
    CHECK(again(c.text, all, with([&](Strictness& s) { s.*c.oddity = Reaction::skip; })) ==
          c.skipped);
    const Failed e =
        text_error(c.text, all, with([&](Strictness& s) { s.*c.oddity = Reaction::error; }));
    CHECK(e.kind == ProtocolErrorKind::invalid_data);
  }
  CHECK(text_error("{}", *schema().inner).kind == ProtocolErrorKind::missing_field);
  CHECK(decode_text("{}", *schema().inner,
                    with([](Strictness& s) { s.missing_required = Reaction::keep; }))
            .has("key") == false);
}

TEST_CASE("unset defaults are written as JSON on request") {
  const Value value = decode_text(R"({"1":{"i32":1}})", *schema().defaults);
  CHECK(encode_text(value) == R"({"1":{"i32":1}})");
  CHECK(encode_text(value, {.write_unset_defaults = true}) ==
        R"({"1":{"i32":1},"2":{"i32":7},"4":{"rec":{"1":{"str":"dflt"}}}})");
  CHECK_THROWS_AS(encode_text(Value(*schema().choice)), TypeError);
  CHECK_THROWS_AS(encode_text(Value(*schema().inner)), TypeError);
}

TEST_CASE("random values go through JSON and come back") {
  std::mt19937_64 random(8);
  for (const StructType* type :
       {schema().all, schema().wide, schema().choice, schema().wide_choice, schema().node}) {
    for (int i = 0; i < 60; ++i) {
      const Value value = decode(ProtocolId::binary, random_bytes(type->slot(), random), *type);
      const std::string text = encode_text(value);
      const Value read = decode_text(text, *type);
      REQUIRE(read == value);
      REQUIRE(encode_text(read) == text);
    }
  }
}

namespace {

/// Whatever comes out: what decodes is as long as skip says, and encodes to text that decodes to
/// the same text.
void check_whatever(const Bytes& bytes, const Type& type, bool keep) {
  const Exact exact(bytes);
  DecodeOptions options{
      .max_memory = 64 * bytes.size() + 4096, .keep_unknown_fields = keep, .alias_input = true};
  // Where the header of a container lies, skip believes it and decoding the schema.
  options.strictness.element_type = Reaction::error;
  Arena arena;
  const auto decoded = try_decode_prefix(json, exact.span(), type, arena, options);
  if (!decoded) {
    REQUIRE(decoded.error().as<ProtocolErrorDetail>()->offset <= bytes.size());
    return;
  }
  REQUIRE(skip(json, exact.span(), type.slot().wire) == decoded->consumed);
  Buffer once;
  try {
    encode(json, decoded->value, once);
  } catch (const TypeError&) {
    return;  // a union that has lost its member
  }
  const ValueView second =
      decode(json, once.bytes(), type, arena, {.keep_unknown_fields = keep, .alias_input = true});
  REQUIRE(to_bytes(encode(json, second)) == to_bytes(once));
}

void check_hostile_text(std::string_view text, const Type& type) {
  const Bytes bytes = as_bytes(text);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    const Failed e = text_error(text.substr(0, size), type);
    REQUIRE(e.kind == ProtocolErrorKind::truncated);
    CHECK_THROWS_AS((void)skip(json, std::span(bytes).first(size), type.slot().wire),
                    ProtocolError);
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes flipped = bytes;
    for (const unsigned flip : {0xffU, 0x80U, 0x01U, 0x02U, 0x0cU, 0x20U}) {
      flipped[i] = bytes[i] ^ static_cast<std::byte>(flip);
      check_whatever(flipped, type, flip == 2);
    }
  }
}

}  // namespace

TEST_CASE("truncated and flipped JSON gives a value or an error") {
  check_hostile_text(all_text, *schema().all);
  check_hostile_text(R"({"1":{"str":"\ud83d\ude00\n"},"2":{"i64":12345678901234567}})",
                     *schema().inner);
  std::mt19937_64 random(9);
  for (const StructType* type : {schema().wide, schema().choice, schema().node}) {
    const Value value = decode(ProtocolId::binary, random_bytes(type->slot(), random), *type);
    check_hostile_text(encode_text(value), *type);
  }
}

TEST_CASE("messages in JSON are read and written") {
  Buffer out;
  write_message_header(json, {"say\"", MessageType::oneway, -7}, out);
  CHECK(out.text() == R"([1,"say\"",4,-7,)");
  out.clear();
  write_message_header(json, {"say", MessageType::reply, 2147483647}, out);
  out.append("{}");
  write_message_end(json, out);
  CHECK(out.text() == R"([1,"say",2,2147483647,{}])");
  const ReadHeader read = read_message_header(json, out);
  CHECK(read.header.name == "say");
  CHECK(read.header.type == MessageType::reply);
  CHECK(read.header.sequence_id == 2147483647);
  const auto body = message_body(json, out, read);
  CHECK(Bytes(body.begin(), body.end()) == as_bytes("{}"));

  const Bytes spaced = as_bytes(" [ 1 , \"a:b\" , 1 , -5 , { } ] \n");
  const ReadHeader loose = read_message_header(json, spaced);
  CHECK(loose.header.name == "a:b");
  CHECK(loose.header.sequence_id == -5);
  const auto inner = message_body(json, spaced, loose);
  CHECK(skip(json, inner, WireType::struct_) == 4);  // ` { }`

  const auto error = [](std::string_view text) {
    const Bytes bytes = as_bytes(text);
    const auto result = try_read_message_header(json, bytes);
    REQUIRE_MESSAGE(!result, text);
    return result.error().as<ProtocolErrorDetail>()->kind;
  };
  CHECK(error(R"([2,"x",1,0,{}])") == ProtocolErrorKind::bad_version);
  CHECK(error(R"([1,"x",5,0,{}])") == ProtocolErrorKind::invalid_data);
  CHECK(error(R"([1,"x",257,0,{}])") == ProtocolErrorKind::invalid_data);
  CHECK(error(R"([1,"\u0041",1,0,{}])") == ProtocolErrorKind::invalid_data);
  CHECK(error(R"([1,"x",1,99999999999,{}])") == ProtocolErrorKind::invalid_data);
  CHECK(error(R"([1,"x",1,2147483648,{}])") == ProtocolErrorKind::invalid_data);
  CHECK(error(R"([1,"x",1,-2147483649,{}])") == ProtocolErrorKind::invalid_data);
  CHECK(error("\x80\x01") == ProtocolErrorKind::invalid_data);
  CHECK(error("[1,\"" + std::string(5000, 'x') + "\",1,0,") == ProtocolErrorKind::size_limit);
  const std::string whole = R"([1,"name",1,12345,)";
  for (std::size_t n = 0; n < whole.size(); ++n) {
    CHECK(error(whole.substr(0, n)) == ProtocolErrorKind::truncated);
  }
  const ReadHeader header = read_message_header(json, as_bytes(whole));
  CHECK(try_message_body(json, as_bytes(whole + "{}"), header)
            .error()
            .as<ProtocolErrorDetail>()
            ->kind == ProtocolErrorKind::invalid_data);
}

TEST_CASE("the end of a message in JSON is found in pieces of any size") {
  const std::string first = R"([1,"say",1,1,{"1":{"str":"a]}\"\\"},"2":{"lst":["rec",1,{}]}}])";
  const Bytes stream = as_bytes(first + R"( [1,"x",1,2,{}])");
  for (std::size_t piece = 1; piece < 80; ++piece) {
    MessageScanner scanner(json);
    std::size_t found = 0;
    std::size_t given = 0;
    while (found == 0 && given < stream.size()) {
      given = std::min(given + piece, stream.size());
      found = scanner.scan(std::span(stream).first(given));
    }
    CHECK(found == first.size());
    scanner.reset();
    CHECK(scanner.scan(std::span(stream).subspan(found)) == stream.size() - found);
  }
  const auto refuses = [](std::string_view text, std::size_t max_size, ProtocolErrorKind kind) {
    const Bytes bytes = as_bytes(text);
    try {
      (void)MessageScanner(json, max_size, 4).scan(bytes);
    } catch (const ProtocolError& e) {
      return e.kind() == kind;
    }
    return false;
  };
  CHECK(refuses("x", 100, ProtocolErrorKind::invalid_data));
  CHECK(refuses("[2,", 100, ProtocolErrorKind::invalid_data) == false);
  CHECK(refuses("[2,\"x\"", 100, ProtocolErrorKind::bad_version));
  CHECK(refuses(R"([1,"x",1,1,{"1":{"str":"aaaaaaaaaaaaaaaaaaaaa)", 30,
                ProtocolErrorKind::size_limit));
  CHECK(refuses(R"([1,"x",1,1,{]])", 100, ProtocolErrorKind::invalid_data));
  // The escape is wrong where more follows; where nothing does, the header is not whole.
  CHECK(refuses(R"([1,"x\u"]"",)", 100, ProtocolErrorKind::invalid_data));
  CHECK(refuses(R"([1,"x\u"])", 100, ProtocolErrorKind::invalid_data));
  CHECK(refuses(R"([1,"x",1,1,{[[[[[[[[[[[[)", 100, ProtocolErrorKind::depth_limit));
}
