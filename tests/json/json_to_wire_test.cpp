// JSON to the wire's bytes in one pass, held against the way through values: the same bytes, the
// same errors.

#include <doctest/doctest.h>

#include <random>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/json/transcode.hpp>
#include <thriftpp/load/load.hpp>

#include "json/random_value.hpp"
#include "support/cases.hpp"

using namespace thrift;

namespace {

template <class F>
std::string outcome(F f) {
  try {
    return f();
  } catch (const Error& e) {
    return std::string("error: ") + e.what();
  }
}

std::string direct(std::string_view text, const Type& type, ProtocolId protocol,
                   const FromJsonOptions& json = {}, const EncodeOptions& encoding = {}) {
  return outcome(
      [&] { return std::string(from_json(text, type, protocol, json, encoding).text()); });
}

std::string through_value(std::string_view text, const Type& type, ProtocolId protocol,
                          const FromJsonOptions& json = {}, const EncodeOptions& encoding = {}) {
  return outcome([&] {
    const Value value = from_json(text, type, json);
    return std::string(encode(protocol, value, encoding).text());
  });
}

/// Empty where both are the same.
std::string difference(const std::string& a, const std::string& b) {
  if (a == b) return {};
  return to_base64(a.substr(0, 200)) + " but " + to_base64(b.substr(0, 200));
}
std::string difference_as_text(const std::string& a, const std::string& b) {
  return a == b ? std::string() : a + " but " + b;
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
  if (bits & 16) o.indent = 2;
  return o;
}

}  // namespace

TEST_CASE("text becomes the bytes that its value becomes, whatever wrote it") {
  for (const ProtocolId protocol : protocols()) {
    for (std::uint32_t seed = 0; seed < test::cases(8); ++seed) {
      test::RandomValues random(seed);
      const SchemaPtr schema = random.schema();
      for (const StructType* const type : schema->program().structs()) {
        for (int i = 0; i < 3; ++i) {
          const Value value = random.value(*type);
          for (int j = 0; j < 6; ++j) {
            const JsonOptions written = options_of(random.below(32));
            const FromJsonOptions json{.binary = written.binary};
            const std::string text = to_json(value, written);
            CAPTURE(seed);
            CAPTURE(text);
            REQUIRE(difference(direct(text, *type, protocol, json),
                               through_value(text, *type, protocol, json)) == "");
            EncodeOptions encoding;
            encoding.write_unset_defaults = random.chance(2);
            if (random.chance(4)) encoding.field_order = EncodeOptions::FieldOrder::declared;
            const FromJsonOptions more{.binary = written.binary,
                                       .skip_unknown_fields = random.chance(2),
                                       .set_defaults = random.chance(2)};
            REQUIRE(difference(direct(text, *type, protocol, more, encoding),
                               through_value(text, *type, protocol, more, encoding)) == "");
          }
        }
      }
    }
  }
}

TEST_CASE("bare values become bytes as well as structs do") {
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
        const JsonOptions written = options_of(i);
        const std::string text = to_json(value, written);
        CAPTURE(name);
        CAPTURE(text);
        const FromJsonOptions json{.binary = written.binary};
        REQUIRE(difference(direct(text, type, protocol, json),
                           through_value(text, type, protocol, json)) == "");
      }
    }
  }
}

TEST_CASE("cut and changed text gives the same bytes or the same error as through values") {
  static constexpr std::string_view pieces[] = {"\"",
                                                "\\",
                                                "{",
                                                "}",
                                                "[",
                                                "]",
                                                ",",
                                                ":",
                                                "0",
                                                "-",
                                                "1e400",
                                                "1e-400",
                                                " ",
                                                "\n",
                                                "null",
                                                "true",
                                                "\\u00e9",
                                                "\\ud800",
                                                "\\/",
                                                "\x01",
                                                "\xff",
                                                "\xc3\xa9",
                                                "f0",
                                                "f1",
                                                "\"f1\":1,",
                                                "99999999999",
                                                "1.5",
                                                "-0",
                                                "NaN",
                                                "\"\"",
                                                "{}",
                                                "[]",
                                                "\xef\xbb\xbf",
                                                "\"f2\":null,",
                                                "\"x\":{\"y\":[1,{}]},",
                                                "{\"base64\":\"AA==\"}",
                                                "RED"};
  for (const ProtocolId protocol : protocols()) {
    for (std::uint32_t seed = 300; seed < 300 + test::cases(10); ++seed) {
      test::RandomValues random(seed);
      const SchemaPtr schema = random.schema();
      for (const StructType* const type : schema->program().structs()) {
        const JsonOptions written = options_of(random.below(32));
        const std::string text = to_json(random.value(*type), written);
        for (int i = 0; i < 60; ++i) {
          std::string odd = text;
          if (random.chance(6)) odd.resize(random.below(odd.size() + 1));
          for (std::size_t n = random.below(4); n != 0 && !odd.empty(); --n) {
            const std::size_t at = random.below(odd.size());
            if (random.chance(3)) {
              odd[at] = static_cast<char>(random.below(256));
            } else if (random.chance(3)) {
              odd.erase(at, 1 + random.below(3));
            } else {
              odd.insert(at, pieces[random.below(std::size(pieces))]);
            }
          }
          FromJsonOptions json{.binary = written.binary,
                               .skip_unknown_fields = random.chance(2),
                               .set_defaults = random.chance(3)};
          if (random.chance(8)) json.max_memory = random.below(20000) + 1;
          EncodeOptions encoding;
          if (random.chance(8)) encoding.max_depth = 3;
          CAPTURE(seed);
          CAPTURE(odd);
          REQUIRE(difference_as_text(direct(odd, *type, protocol, json, encoding),
                                     through_value(odd, *type, protocol, json, encoding)) == "");
        }
      }
    }
  }
}

TEST_CASE("members in any order, given twice, null, escaped or unknown are as through values") {
  const Idl idl = loads(R"(
    enum Color { RED = 1, GREEN = 7 }
    union Choice { 1: i32 number; 2: string text }
    struct S {
      1: bool yes;
      2: required i32 a = 5;
      3: optional string name = "n";
      4: i64 big = 9;
      20: Color color;
      21: set<i32> numbers;
      22: map<string, i32> counts;
      23: list<S> children;
      24: double real;
      25: uuid id;
      26: binary bytes;
      27: Choice choice;
      28: bool last = 1;
    })");
  const Type& type = idl.type("S");
  static constexpr std::string_view texts[] = {
      R"({"a":1})",
      R"({"a":1,"yes":true})",
      R"({"last":false,"name":"x","a":-1,"yes":false,"big":3})",
      R"({"last":true,"children":[{"name":"x","a":1},{"yes":true,"a":2},{}],"a":3,"yes":true})",
      R"({})",
      R"({"yes":null,"a":null})",
      R"({"a":1,"a":2})",
      R"({"a":null,"a":2})",
      R"({"\u0061":1,"n\u0061me":"\ud83d\ude00\n"})",
      R"({"a":1,"name":"\ud83d"})",
      R"({"a":1,"b":2})",
      R"({"a":1,"nmae":2})",
      R"({"a":1.0})",
      R"({"a":01})",
      R"({"a":-0})",
      R"({"a":2147483648})",
      R"({"a":1,"big":9223372036854775807})",
      R"({"a":1,"big":9223372036854775808})",
      R"({"a":1,"big":-9223372036854775808})",
      R"({"a":1,"big":"007"})",
      R"({"a":1,"big":"-9223372036854775808"})",
      R"({"a":1,"big":"1 "})",
      R"({"a":1,"color":"GREEN"})",
      R"({"a":1,"color":"GREN"})",
      R"({"a":1,"color":3})",
      R"({"a":1,"color":"3"})",
      R"({"a":1,"numbers":[1,2,3,1]})",
      R"({"a":1,"numbers":[1,2,3]})",
      R"({"a":1,"counts":{"x":1,"y":2,"x":3}})",
      R"({"a":1,"counts":[["x",1],["y",2],["x",3]]})",
      R"({"a":1,"counts":[["x",1],["y",2]]})",
      R"({"a":1,"counts":[["x",1,2]]})",
      R"({"a":1,"counts":[["x"]]})",
      R"({"a":1,"real":1e308})",
      R"({"a":1,"real":1e309})",
      R"({"a":1,"real":1e-999})",
      R"({"a":1,"real":-0})",
      R"({"a":1,"real":18446744073709551616})",
      R"({"a":1,"real":"-Infinity"})",
      R"({"a":1,"real":"infinity"})",
      R"({"a":1,"real":0.1234567890123456789012345678901234567890})",
      R"({"a":1,"id":"5e2ab188-1726-4e75-a04f-1ed9a6a89c4c"})",
      R"({"a":1,"id":"{5E2AB188-1726-4E75-A04F-1ED9A6A89C4C}"})",
      R"({"a":1,"id":"5e2ab188"})",
      R"({"a":1,"bytes":"+\/8="})",
      R"({"a":1,"bytes":"+/8"})",
      R"({"a":1,"bytes":"+/9="})",
      R"({"a":1,"bytes":{"base64":"AA=="}})",
      R"({"a":1,"name":{"base64":"/w=="}})",
      R"({"a":1,"name":{"base64":"/w==","x":1}})",
      R"({"a":1,"choice":{"number":1}})",
      R"({"a":1,"choice":{"number":1,"text":"x"}})",
      R"({"a":1,"choice":{"number":null,"text":"x"}})",
      R"({"a":1,"choice":{}})",
      R"({"a":1,"yes":tru})",
      R"({"a":1,"yes":true1})",
      R"({"a":1,"yes":true,})",
      R"({"a":1 "yes":true})",
      R"({"a" 1})",
      R"({"a":1}x)",
      R"({"a":1}{})",
      R"( { "a" : 1 , "name" : "x" , "numbers" : [ 1 , 2 ] } )",
      R"([{"a":1}])",
      R"("a")",
      "",
      " ",
      "{",
      "\xef\xbb\xbf{\"a\":1}",
      "{\"a\":1,\"name\":\"\xff\"}",
      "{\"a\":1,\"name\":\"\x01\"}",
      R"({"a":1,"unknown":[1,2,{"x":"\ud800"}]})",
      R"({"a":1,"unknown":[1,2,{"x":"\n"},1e999]})",
      R"({"a":1,"unknown":[1,2,{"x":"\n"},null,true,false,-1.5e3,{},[]]})",
      R"({"unknown":nul,"a":1})",
      R"({"unknown":[1,],"a":1})",
      R"({"unk\qnown":1,"a":1})",
      R"({"unk\u006eown":1,"a":1})",
  };
  for (const ProtocolId protocol : protocols()) {
    for (const std::string_view text : texts) {
      for (const bool skip : {false, true}) {
        for (const bool set_defaults : {false, true}) {
          const FromJsonOptions json{.skip_unknown_fields = skip, .set_defaults = set_defaults};
          CAPTURE(text);
          CHECK(difference_as_text(direct(text, type, protocol, json),
                                   through_value(text, type, protocol, json)) == "");
        }
      }
    }
  }
}

TEST_CASE("many keys are told apart, and deep, wide and long text is as through values") {
  std::vector<std::pair<std::string, std::string>> cases;
  std::string many = "{";
  for (int i = 0; i < 3000; ++i) many += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
  cases.emplace_back("map<string, i32>", many + "}");
  cases.emplace_back("map<string, i32>", many + ",\"k77\":2}");
  std::string numbers = "[";
  for (int i = 0; i < 20'000; ++i) numbers += (i == 0 ? "" : ",") + std::to_string(i * 17 - 1000);
  cases.emplace_back("list<i32>", numbers + "]");
  cases.emplace_back("set<i64>", numbers + "]");
  cases.emplace_back("set<i64>", numbers + ",-1000]");
  cases.emplace_back("list<string>",
                     "[\"" + std::string(100'000, 'x') + "\",\"" + std::string(3000, '\t') + "\"]");
  cases.emplace_back("list<string>",
                     "[\"" + std::string(100'000, 'x') + "\\n" + std::string(100, 'y') + "\"]");
  // Of many keys without a pattern some meet in one place of any table.
  std::mt19937_64 random(1);
  std::string keys;
  for (int i = 0; i < 20'000; ++i) {
    keys += (i == 0 ? "" : ",") + std::to_string(static_cast<std::int64_t>(random()));
  }
  cases.emplace_back("set<i64>", "[" + keys + "]");
  cases.emplace_back("set<i64>", "[" + keys + "," + keys + "]");
  std::string nested_type;
  std::string nested;
  std::string closing;
  for (int i = 0; i < 64; ++i) {
    nested_type = "list<" + (i == 0 ? "i8" : nested_type) + ">";
    nested += '[';
    closing += ']';
    if (i > 58 || i < 3) {
      cases.emplace_back(nested_type, nested + closing);
      cases.emplace_back(nested_type, nested + "1" + closing);
    }
  }
  SchemaBuilder b;
  b.add_program("p", "p.thrift");
  b.lay_out();
  const SchemaPtr schema = std::move(b).build();
  const Idl idl = loads("struct Node { 1: Node next; 2: map<i32, Node> nodes }");
  const Type& node = idl.type("Node");
  for (const ProtocolId protocol : protocols()) {
    for (const std::size_t depth :
         std::vector<std::size_t>{30, 31, 32, 33, 62, 63, 64, 65, 66, 67, 200, 100'000}) {
      std::string chain;
      std::string maps;
      std::string unknown = R"({"x":)";
      for (std::size_t i = 0; i < depth; ++i) {
        chain += R"({"next":)";
        maps += R"({"nodes":[[7,)";
        unknown += '[';
      }
      chain += "{}" + std::string(depth, '}');
      maps += "{}";
      for (std::size_t i = 0; i < depth; ++i) maps += "]]}";
      unknown += std::string(depth, ']') + '}';
      const FromJsonOptions json{.skip_unknown_fields = true};
      for (const std::string& text : {chain, maps, unknown}) {
        CAPTURE(depth);
        CHECK(difference(direct(text, node, protocol, json),
                         through_value(text, node, protocol, json)) == "");
      }
    }
    for (const auto& [name, text] : cases) {
      const Type& type = schema->type(name);
      CAPTURE(name);
      CHECK(difference(direct(text, type, protocol), through_value(text, type, protocol)) == "");
    }
  }
}

TEST_CASE("bytes are appended, and what stood there stays where the text is wrong") {
  Buffer out;
  out.append(std::string_view("x"));
  const Type& type = base_type(TypeKind::i8);
  from_json("7", type, ProtocolId::binary, out);
  CHECK(out.text() == "x\x07");
  CHECK_THROWS_AS(from_json("700", type, ProtocolId::binary, out), TypeError);
  CHECK(out.text() == "x\x07");
}

TEST_CASE("defaults that are filled in take memory, as they do in values") {
  const Idl idl = loads("struct D { 1: required string s = \"" + std::string(100, 'x') +
                        "\"; 2: binary b = \"" + std::string(100, 'y') + "\" }");
  std::string text = "[{}";
  for (int i = 1; i < 20'000; ++i) text += ",{}";
  text += ']';
  const Type& type = idl.type("list<D>");
  for (const ProtocolId protocol : protocols()) {
    for (const bool set_defaults : {false, true}) {
      for (const std::size_t most : {0U, 1'000'000U, 3'000'000U, 6'000'000U, 20'000'000U}) {
        const FromJsonOptions json{.set_defaults = set_defaults, .max_memory = most};
        CAPTURE(most);
        CHECK(difference(direct(text, type, protocol, json),
                         through_value(text, type, protocol, json)) == "");
      }
    }
    CHECK(direct(text, type, protocol).find("bytes of memory") != std::string::npos);
    // Only written, these are in no value.
    const EncodeOptions encoding{.write_unset_defaults = true};
    const FromJsonOptions json{.max_memory = 3'000'000};
    const std::string named = R"([{"s":"a"},{"s":"b","b":"AA=="}])";
    CHECK(difference(direct(named, type, protocol, json, encoding),
                     through_value(named, type, protocol, json, encoding)) == "");
  }
}
