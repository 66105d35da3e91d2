// Looking into bytes and changing them, against the same done with values.

#include <sstream>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/protocol/bytes_path.hpp>
#include <thriftpp/value/text.hpp>

#include "samples.hpp"

using namespace thrift;
using namespace samples;

namespace {

bool is_implemented(ProtocolId protocol) {
  const Value yes(base_type(TypeKind::bool_), true);
  try {
    (void)encode(protocol, yes);
    return true;
  } catch (const ProtocolError&) {
    return false;
  }
}

std::vector<ProtocolId> protocols() {
  std::vector<ProtocolId> out{ProtocolId::binary};
  if (is_implemented(ProtocolId::compact)) out.push_back(ProtocolId::compact);
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// A key as a path has it, or nothing where a path cannot say it.
std::optional<std::string> key_text(ValueView key) {
  switch (key.type().kind()) {
    case TypeKind::bool_: return key.as<bool>() ? "{true}" : "{false}";
    case TypeKind::string: return "{" + quoted(key.as<std::string_view>()) + "}";
    case TypeKind::i32: return "{" + std::to_string(key.as<std::int32_t>()) + "}";
    default: return std::nullopt;
  }
}

struct Place {
  std::string path;
  ValueView value;
};

/// Every place below a value, outermost first.
void list_places(ValueView value, const std::string& path, std::vector<Place>& out) {
  out.push_back({path, value});
  switch (value.type().slot().op) {
    case SlotOp::record:
      for (const auto [field, member] : value.fields()) {
        list_places(member, path + (path.empty() ? "" : ".") + std::string(field.name()), out);
      }
      break;
    case SlotOp::list:
    case SlotOp::set: {
      std::size_t i = 0;
      for (const ValueView element : value.as_list()) {
        list_places(element, path + "[" + std::to_string(i++) + "]", out);
      }
      break;
    }
    case SlotOp::map:
      for (const auto [key, element] : value.as_map()) {
        const auto text = key_text(key);
        if (text && value.find(key)->cell() == element.cell()) {  // not a shadowed one
          list_places(element, path + *text, out);
        }
      }
      break;
    default: break;
  }
}

std::vector<Place> places(const Value& value) {
  std::vector<Place> out;
  list_places(value.view(), "", out);
  return out;
}

Value random_value(const Type& type, std::mt19937_64& random, int depth = 4) {
  return decode(ProtocolId::binary, random_bytes(type.slot(), random, depth), type);
}

Value all_value() {
  return decode(ProtocolId::binary, all_bytes(), *schema().all);
}

std::string json_of(const Value& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

}  // namespace

TEST_CASE("every place of random values is found in their bytes") {
  std::mt19937_64 random(11);
  for (int i = 0; i < 60; ++i) {
    const Value value = i == 0 ? all_value() : random_value(*schema().all, random, 4);
    for (const ProtocolId protocol : protocols()) {
      const Buffer encoded = encode(protocol, value);
      const Exact bytes(to_bytes(encoded));
      for (const Place& place : places(value)) {
        CAPTURE(place.path);
        const auto found = find(protocol, bytes.span(), *schema().all, place.path);
        REQUIRE(found.has_value());
        REQUIRE(&found->type() == &place.value.type());
        REQUIRE(found->decode() == place.value);
        Arena arena;
        REQUIRE(found->decode(arena) == place.value);
        REQUIRE(found->bytes().data() == bytes.span().data() + found->offset());
        if (found->in_header()) {
          REQUIRE(protocol == ProtocolId::compact);
          REQUIRE(found->bytes().empty());
        } else {
          REQUIRE(to_bytes(encode(protocol, place.value)) ==
                  Bytes(found->bytes().begin(), found->bytes().end()));
        }
      }
    }
  }
}

TEST_CASE("what is not there is not found") {
  const Value value = all_value();
  const StructType& all = *schema().all;
  for (const ProtocolId protocol : protocols()) {
    const Buffer bytes = encode(protocol, value);
    for (const char* path :
         {"self.self", "self.self.number", "inners[2]", "inners[2].key", "by_text{\"y\"}",
          "by_text{\"y\"}.key", "by_number{7}", "choice.number", "matrix[1][0]", "by_flag{true}",
          "texts[99999999999]"}) {
      CAPTURE(path);
      CHECK_FALSE(find(protocol, bytes, all, path).has_value());
    }
    CHECK(find(protocol, bytes, all, "")->bytes().size() == bytes.size());
    CHECK(find(protocol, bytes, all, "text")->as<std::string_view>() == "text");
    CHECK(find(protocol, bytes, all, "flag")->as<bool>());
    CHECK_FALSE(find(protocol, bytes, all, "self.flag")->as<bool>());
    CHECK(find(protocol, bytes, all, "small")->as<std::int64_t>() == -300);
    CHECK(find(protocol, bytes, all, "big")->as<std::int64_t>() == 0x123456789abcdef0);
    CHECK(find(protocol, bytes, all, "real")->as<double>() == 1.5);
    CHECK(find(protocol, bytes, all, "color")->as<std::int32_t>() == 99);
    CHECK(find(protocol, bytes, all, "flags[0]")->as<bool>());
    CHECK_FALSE(find(protocol, bytes, all, "flags[1]")->as<bool>());
    CHECK(find(protocol, bytes, all, "numbers")->as<std::vector<std::int32_t>>() ==
          std::vector<std::int32_t>{1, -1, 1 << 30});
    CHECK_THROWS_AS((void)find(protocol, bytes, all, "number")->as<std::int16_t>(), TypeError);
    CHECK_THROWS_AS((void)find(protocol, bytes, all, "numbers")->as<std::span<const int>>(),
                    TypeError);
  }
}

TEST_CASE("paths that do not fit the type are refused with what would") {
  const StructType& all = *schema().all;
  const auto refusal = [&](std::string_view path) -> std::string {
    try {
      const CompiledPath compiled(all, path);
    } catch (const TypeError& error) {
      return error.message();
    }
    return "none";
  };
  CHECK(refusal("inner.keys").find("did you mean `key`?") != std::string::npos);
  CHECK(refusal("inner[0]").starts_with("path `inner[0]`: "));
  CHECK(refusal("number.x").find("has no fields") != std::string::npos);
  CHECK(refusal("inners{\"a\"}").find("has no keys") != std::string::npos);
  CHECK(refusal("by_number{\"a\"}") != "none");
  for (const char* path : {"inner..key", "inner.", "inners[", "inners[]", "inners[x]", "inners[1",
                           "inners[0]key", "by_text{", "inners[99999999999999999999999]"}) {
    CAPTURE(path);
    CHECK(refusal(path) != "none");
  }
  CHECK(refusal("inners[3].key") == "none");
  CHECK(&CompiledPath(all, "inners[3].key").type() == &base_type(TypeKind::string));
}

TEST_CASE("iterating over bytes gives each field, element and entry once") {
  std::mt19937_64 random(12);
  for (int i = 0; i < 40; ++i) {
    const Value value = i == 0 ? all_value() : random_value(*schema().all, random, 4);
    for (const ProtocolId protocol : protocols()) {
      const Exact bytes(to_bytes(encode(protocol, value)));
      for (const Place& place : places(value)) {
        CAPTURE(place.path);
        const WireValue at = *find(protocol, bytes.span(), *schema().all, place.path);
        const ValueView view = place.value;
        if (view.type().is_struct()) {
          std::size_t seen = 0;
          std::size_t size = 1;  // the stop
          for (const WireField& field : at.fields()) {
            REQUIRE(field.field != nullptr);
            REQUIRE(field.id == field.field->id());
            REQUIRE(view.has(*field.field));
            REQUIRE(field.value.decode() == view[*field.field]);
            REQUIRE(field.value.bytes().data() + field.value.bytes().size() ==
                    field.bytes.data() + field.bytes.size());
            size += field.bytes.size();
            ++seen;
          }
          REQUIRE(seen == view.size());
          REQUIRE(size == at.bytes().size());
        } else if (view.type().kind() == TypeKind::map) {
          REQUIRE(at.size() == view.size());
          std::size_t seen = 0;
          for (const auto& [key, element] : at.entries()) {
            REQUIRE(key.decode().type().kind() == key.type().kind());
            ++seen;
          }
          REQUIRE(seen == view.size());
        } else if (view.type().is_container()) {
          REQUIRE(at.size() == view.size());
          std::size_t n = 0;
          for (const WireValue& element : at.elements()) REQUIRE(element.decode() == view[n++]);
          REQUIRE(n == view.size());
        } else {
          REQUIRE_THROWS_AS((void)at.fields(), TypeError);
          REQUIRE_THROWS_AS((void)at.elements(), TypeError);
          REQUIRE_THROWS_AS((void)at.entries(), TypeError);
          REQUIRE_THROWS_AS((void)at.size(), TypeError);
        }
      }
    }
  }
}

TEST_CASE("setting a place of bytes is decoding, assigning and encoding") {
  std::mt19937_64 random(13);
  for (int i = 0; i < 60; ++i) {
    const Value value = i == 0 ? all_value() : random_value(*schema().all, random, 4);
    for (const Place& place : places(value)) {
      if (random() % 4 != 0) continue;
      CAPTURE(place.path);
      const Value replacement = random_value(place.value.type(), random, 2);
      Value expected = value;
      if (place.path.empty()) {
        expected = replacement;
      } else {
        expected.ref().path(place.path) = replacement;
      }
      for (const ProtocolId protocol : protocols()) {
        const Exact bytes(to_bytes(encode(protocol, value)));
        const Buffer changed =
            thrift::set(protocol, bytes.span(), *schema().all, place.path, replacement);
        CAPTURE(json_of(expected));
        REQUIRE(to_bytes(changed) == to_bytes(encode(protocol, expected)));
      }
    }
  }
}

TEST_CASE("fields that are not set are added where they belong") {
  std::mt19937_64 random(14);
  for (int i = 0; i < 60; ++i) {
    const Value value = random_value(*schema().all, random, 3);
    for (const Field& field : schema().all->fields()) {
      CAPTURE(field.name());
      const Value added = random_value(field.type(), random, 2);
      Value expected = value;
      expected.ref()[field] = added;
      Value without = value;
      without.ref().unset(field.name());
      for (const ProtocolId protocol : protocols()) {
        const Exact bytes(to_bytes(encode(protocol, value)));
        const Bytes with =
            to_bytes(thrift::set(protocol, bytes.span(), *schema().all, field.name(), added));
        REQUIRE(with == to_bytes(encode(protocol, expected)));
        REQUIRE(to_bytes(erase(protocol, bytes.span(), *schema().all, field.name())) ==
                to_bytes(encode(protocol, without)));
        REQUIRE(to_bytes(erase(protocol, with, *schema().all, field.name())) ==
                to_bytes(encode(protocol, without)));
      }
    }
  }
}

TEST_CASE("elements and entries are inserted and erased, and sizes follow") {
  const StructType& all = *schema().all;
  for (const ProtocolId protocol : protocols()) {
    Buffer bytes = encode(protocol, Value(all));
    // A list that grows past the sizes that compact writes in one byte, and shrinks again.
    std::vector<std::string> wanted;
    std::mt19937_64 random(15);
    const auto check = [&] {
      const Value value = decode(protocol, bytes, all);
      REQUIRE(value["texts"].as<std::vector<std::string>>() == wanted);
      REQUIRE(to_bytes(encode(protocol, value)) == to_bytes(bytes));
    };
    for (int i = 0; i < 300; ++i) {
      const std::string text = "text" + std::to_string(i);
      if (wanted.empty()) {
        bytes = insert(protocol, bytes, all, "texts", text);
        wanted.push_back(text);
      } else {
        const std::size_t at = random() % (wanted.size() + 1);
        bytes = insert(protocol, bytes, all, "texts[" + std::to_string(at) + "]", text);
        wanted.insert(wanted.begin() + static_cast<std::ptrdiff_t>(at), text);
      }
      check();
    }
    while (!wanted.empty()) {
      const std::size_t at = random() % wanted.size();
      bytes = erase(protocol, bytes, all, "texts[" + std::to_string(at) + "]");
      wanted.erase(wanted.begin() + static_cast<std::ptrdiff_t>(at));
      check();
    }
    // An empty list may name any type; one element makes it right.
    bytes = insert(protocol, bytes, all, "texts", "a");
    wanted = {"a"};
    check();
    CHECK_THROWS_AS((void)insert(protocol, bytes, all, "texts[2]", "x"), TypeError);
    CHECK_THROWS_AS((void)thrift::set(protocol, bytes, all, "texts[1]", "x"), TypeError);
    CHECK(to_bytes(erase(protocol, bytes, all, "texts[1]")) == to_bytes(bytes));

    // Sets take an element once.
    bytes = encode(protocol, Value(all));
    for (const char* tag : {"a", "b", "a", "c", "b"}) {
      bytes = insert(protocol, bytes, all, "tags", tag);
    }
    CHECK(decode(protocol, bytes, all)["tags"].as<std::vector<std::string>>() ==
          std::vector<std::string>{"a", "b", "c"});

    // Maps: from empty (which has no types in compact) to many and back.
    bytes = thrift::set(protocol, encode(protocol, Value(all)), all, "by_number",
                        std::map<int, std::vector<std::string>>{});
    for (int i = 0; i < 200; ++i) {
      bytes = thrift::set(protocol, bytes, all, "by_number{" + std::to_string(i * i) + "}",
                          std::vector<std::string>{std::to_string(i)});
    }
    bytes = insert(protocol, bytes, all, "by_number{4}", std::vector<std::string>{"two", "2"});
    bytes = insert(protocol, bytes, all, "by_number{9}[1]", "drei");
    bytes = insert(protocol, bytes, all, "by_number{16}[0]", "vier");
    const Value value = decode(protocol, bytes, all);
    CHECK(value["by_number"].size() == 200);
    CHECK(value["by_number"][4].as<std::vector<std::string>>() ==
          std::vector<std::string>{"two", "2"});
    CHECK(value["by_number"][9].as<std::vector<std::string>>() ==
          std::vector<std::string>{"3", "drei"});
    CHECK(value["by_number"][16].as<std::vector<std::string>>() ==
          std::vector<std::string>{"vier", "4"});
    CHECK(to_bytes(encode(protocol, value)) == to_bytes(bytes));
    for (int i = 0; i < 200; ++i) {
      bytes = erase(protocol, bytes, all, "by_number{" + std::to_string(i * i) + "}");
    }
    Value empty(all);
    empty["by_number"] = std::map<int, std::vector<std::string>>{};
    CHECK(to_bytes(bytes) == to_bytes(encode(protocol, empty)));
    CHECK_THROWS_AS((void)thrift::set(protocol, bytes, all, "by_text{\"x\"}.n", 1), TypeError);
    CHECK_THROWS_AS((void)thrift::set(protocol, bytes, all, "inner.n", 1), TypeError);
    CHECK_THROWS_AS((void)thrift::set(protocol, bytes, all, "tiny", 1000), TypeError);
    CHECK_THROWS_AS((void)erase(protocol, bytes, all, ""), TypeError);
    CHECK(to_bytes(erase(protocol, bytes, all, "inner.n")) == to_bytes(bytes));
  }
}

TEST_CASE("required fields and members of unions are not erased, but replaced") {
  const StructType& all = *schema().all;
  for (const ProtocolId protocol : protocols()) {
    const Buffer bytes = encode(protocol, all_value());
    CHECK_THROWS_WITH_AS((void)erase(protocol, bytes, all, "inner.key"),
                         "All.inner.key: a required field stays", TypeError);
    CHECK_THROWS_AS((void)erase(protocol, bytes, all, "choice.text"), TypeError);
    const Buffer chosen = thrift::set(protocol, bytes, all, "choice.number", 5);
    const Value value = decode(protocol, chosen, all);
    CHECK(value["choice"].member()->name() == "number");
    Value expected = all_value();
    expected["choice"]["number"] = 5;
    CHECK(to_bytes(chosen) == to_bytes(encode(protocol, expected)));
  }
}

TEST_CASE("unknown and odd bytes beside a change stay as they are") {
  using enum WireType;
  const StructType& all = *schema().all;
  // A field nobody knows, one of a wrong type, fields out of order, one that comes twice.
  const Bytes before =
      Wire().field(list, 500).list(struct_, 1).stop().field(string, 4).string("x").bytes;
  const Bytes between = Wire().field(i64, 501).i64(9).bytes;
  const Bytes number = Wire().field(i32, 4).i32(1).bytes;
  const Bytes text = Wire().field(string, 7).string("old").bytes;
  const Bytes odd = Wire().raw(before).raw(text).raw(between).raw(number).raw(text).stop().bytes;
  const Bytes changed = to_bytes(thrift::set(ProtocolId::binary, odd, all, "text", "new"));
  CHECK(changed ==
        Wire().raw(before).field(string, 7).string("new").raw(between).raw(number).stop().bytes);
  CHECK(to_bytes(erase(ProtocolId::binary, odd, all, "text")) ==
        Wire().raw(before).raw(between).raw(number).stop().bytes);
  CHECK(to_bytes(erase(ProtocolId::binary, odd, all, "number")) ==
        Wire().raw(before).raw(text).raw(between).raw(text).stop().bytes);
  CHECK(find(ProtocolId::binary, odd, all, "number")->as<std::int32_t>() == 1);
  std::vector<std::pair<int, bool>> seen;
  for (const WireField& field : WireValue(ProtocolId::binary, odd, all).fields()) {
    seen.emplace_back(field.id, field.field != nullptr);
    if (field.field == nullptr) CHECK(field.value.type().is_void());
  }
  CHECK(seen == std::vector<std::pair<int, bool>>{
                    {500, false}, {4, false}, {7, true}, {501, false}, {4, true}, {7, true}});
}

TEST_CASE("compact headers are repaired, and only those that have to be") {
  using enum WireType;
  if (!is_implemented(ProtocolId::compact)) return;
  constexpr auto compact = ProtocolId::compact;
  const StructType& all = *schema().all;
  // 1: true  4: i32 1 (padded)  5: i64 2, its id written out  7: "a"  40: unknown bool  41: unknown
  const Bytes odd = Wire()
                        .i8(0x11)
                        .i8(0x35)
                        .i8(0x82)
                        .i8(0x00)
                        .i8(0x06)
                        .i8(0x0a)
                        .i8(0x04)
                        .i8(0x28)
                        .i8(1)
                        .raw("a")
                        .i8(0x02)
                        .i8(0x50)
                        .i8(0x15)
                        .i8(0x80)
                        .i8(0x80)
                        .i8(0x00)
                        .stop()
                        .bytes;
  CHECK(to_bytes(erase(compact, odd, all, "flag")) == Wire()
                                                          .i8(0x45)
                                                          .i8(0x82)
                                                          .i8(0x00)
                                                          .i8(0x06)
                                                          .i8(0x0a)
                                                          .i8(0x04)
                                                          .i8(0x28)
                                                          .i8(1)
                                                          .raw("a")
                                                          .i8(0x02)
                                                          .i8(0x50)
                                                          .i8(0x15)
                                                          .i8(0x80)
                                                          .i8(0x80)
                                                          .i8(0x00)
                                                          .stop()
                                                          .bytes);
  CHECK(to_bytes(thrift::set(compact, odd, all, "flag", false)) == Wire()
                                                                       .i8(0x12)
                                                                       .i8(0x35)
                                                                       .i8(0x82)
                                                                       .i8(0x00)
                                                                       .i8(0x06)
                                                                       .i8(0x0a)
                                                                       .i8(0x04)
                                                                       .i8(0x28)
                                                                       .i8(1)
                                                                       .raw("a")
                                                                       .i8(0x02)
                                                                       .i8(0x50)
                                                                       .i8(0x15)
                                                                       .i8(0x80)
                                                                       .i8(0x80)
                                                                       .i8(0x00)
                                                                       .stop()
                                                                       .bytes);
  CHECK(to_bytes(erase(compact, odd, all, "big")) == Wire()
                                                         .i8(0x11)
                                                         .i8(0x35)
                                                         .i8(0x82)
                                                         .i8(0x00)
                                                         .i8(0x38)
                                                         .i8(1)
                                                         .raw("a")
                                                         .i8(0x02)
                                                         .i8(0x50)
                                                         .i8(0x15)
                                                         .i8(0x80)
                                                         .i8(0x80)
                                                         .i8(0x00)
                                                         .stop()
                                                         .bytes);
  // A field between 7 and 40: the id of 40 is written out, so that it stays.
  CHECK(to_bytes(thrift::set(compact, odd, all, "color", 1)) == Wire()
                                                                    .i8(0x11)
                                                                    .i8(0x35)
                                                                    .i8(0x82)
                                                                    .i8(0x00)
                                                                    .i8(0x06)
                                                                    .i8(0x0a)
                                                                    .i8(0x04)
                                                                    .i8(0x28)
                                                                    .i8(1)
                                                                    .raw("a")
                                                                    .i8(0x35)
                                                                    .i8(2)
                                                                    .i8(0x02)
                                                                    .i8(0x50)
                                                                    .i8(0x15)
                                                                    .i8(0x80)
                                                                    .i8(0x80)
                                                                    .i8(0x00)
                                                                    .stop()
                                                                    .bytes);
  CHECK(find(compact, odd, all, "number")->as<std::int32_t>() == 1);
  const auto flag = find(compact, odd, all, "flag");
  CHECK(flag->in_header() == true);
  CHECK(flag->decode() == Value(base_type(TypeKind::bool_), true));
}

TEST_CASE("looking into bytes has the limits of decoding, and tells where it fails") {
  using enum WireType;
  const StructType& all = *schema().all;
  const auto failure = [&](const Bytes& bytes, std::string_view path,
                           const DecodeOptions& options = {}) -> std::string {
    const Exact exact(bytes);
    try {
      (void)find(ProtocolId::binary, exact.span(), all, path, options);
    } catch (const ProtocolError& error) {
      return error.message();
    }
    return "none";
  };
  const Bytes cut = Wire().field(struct_, 11).field(string, 1).i32(100).raw("abc").bytes;
  CHECK(failure(cut, "inner.key").find("offset 6 in `All.inner.key`") != std::string::npos);
  CHECK(failure(cut, "inner.n").find("offset 6 in `All.inner.key`") != std::string::npos);
  CHECK(failure(cut, "number").find("offset 6 in `All.inner.key`") != std::string::npos);
  const Bytes in_list = Wire()
                            .field(list, 21)
                            .list(struct_, 2)
                            .field(string, 1)
                            .string("k")
                            .stop()
                            .field(string, 1)
                            .i32(-1)
                            .stop()
                            .bytes;
  CHECK(failure(in_list, "inners[0].key") == "none");
  CHECK(failure(in_list, "inners[1].key").find("`All.inners[1].key`") != std::string::npos);
  CHECK(failure(in_list, "number").find("`All.inners[1].key`") != std::string::npos);
  const Bytes text = Wire().field(string, 7).string("0123456789").stop().bytes;
  CHECK(failure(text, "text", {.max_string = 10}) == "none");
  CHECK(failure(text, "text", {.max_string = 9}) != "none");
  CHECK(failure(text, "number", {.max_string = 9}) != "none");
  const Bytes three = Wire().field(list, 16).list(i32, 3).i32(1).i32(2).i32(3).stop().bytes;
  CHECK(failure(three, "numbers[1]", {.max_container = 3}) == "none");
  CHECK(failure(three, "numbers[1]", {.max_container = 2}) != "none");
  CHECK(failure(three, "number", {.max_container = 2}) != "none");
  Wire deep;
  for (int i = 0; i < 10; ++i) deep.field(struct_, 1000);
  for (int i = 0; i < 11; ++i) deep.stop();
  CHECK(failure(deep.bytes, "number", {.max_depth = 11}) == "none");
  CHECK(failure(deep.bytes, "number", {.max_depth = 10}).find("nested deeper") !=
        std::string::npos);
  CHECK(failure(deep.bytes, "self.self", {.max_depth = 2}) != "none");
  // Elements of another type than the schema's.
  const Bytes other = Wire().field(list, 16).list(i64, 1).i64(5).stop().bytes;
  CHECK(failure(other, "numbers[0]", {.strictness = Strictness::strict()}).find("are i64") !=
        std::string::npos);
  CHECK(find(ProtocolId::binary, other, all, "numbers[0]")->as<std::int32_t>() == 0);
  CHECK_FALSE(find(ProtocolId::binary, other, all, "numbers[0]",
                   {.strictness = {.element_type = Reaction::skip}}));
  CHECK_THROWS_AS((void)thrift::set(ProtocolId::binary, other, all, "numbers[0]", 1),
                  ProtocolError);
  CHECK_THROWS_AS((void)find(ProtocolId::json, text, all, "text"), ProtocolError);
  const auto tried = try_find(ProtocolId::json, text, CompiledPath(all, "text"));
  REQUIRE_FALSE(tried);
  CHECK(tried.error().as<ProtocolErrorDetail>()->kind == ProtocolErrorKind::not_implemented);
}

TEST_CASE("damaged bytes give a value, nothing or an error, and are never read past their end") {
  const StructType& all = *schema().all;
  std::vector<CompiledPath> paths;
  for (const char* path :
       {"", "self.flag", "number", "flag", "inners[1].key", "by_text{\"x\"}.n", "by_number{9}",
        "by_flag{false}", "matrix[0][0]", "texts[2]", "bigs[1]", "choice.text", "uuids[0]"}) {
    paths.emplace_back(all, path);
  }
  const auto try_all = [&](ProtocolId protocol, const Bytes& bytes) {
    const Exact exact(bytes);
    for (const CompiledPath& path : paths) {
      const auto found = try_find(protocol, exact.span(), path);
      if (found && *found) {
        const std::span<const std::byte> part = (*found)->bytes();
        REQUIRE((*found)->offset() + part.size() <= bytes.size());
      }
      try {
        (void)erase(protocol, exact.span(), path);
      } catch (const Error&) {
      }
      try {
        (void)thrift::set(protocol, exact.span(), path, Value(path.type()));
      } catch (const Error&) {
      }
    }
    try {
      for (const WireField& field : WireValue(protocol, exact.span(), all).fields()) {
        if (field.field == nullptr) continue;
        if (field.field->type().kind() == TypeKind::list) {
          for (const WireValue& element : field.value.elements()) (void)element.bytes();
        }
      }
    } catch (const Error&) {
    }
  };
  for (const ProtocolId protocol : protocols()) {
    const Bytes whole = to_bytes(encode(protocol, all_value()));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      try_all(protocol, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
      Bytes flipped = whole;
      flipped[size] ^= std::byte{0xff};
      try_all(protocol, flipped);
      flipped[size] ^= std::byte{0xff ^ 0x01};
      try_all(protocol, flipped);
    }
  }
}

TEST_CASE("a container whose header names a type that does not exist is as decoding takes it") {
  using enum WireType;
  const StructType& all = *schema().all;
  const auto nonsense = static_cast<WireType>(43);
  const Bytes odd = Wire()
                        .field(list, 19)
                        .list(nonsense, 1)
                        .string("a")
                        .field(map, 23)
                        .map(nonsense, list, 1)
                        .i32(8)
                        .list(string, 1)
                        .string("b")
                        .field(i32, 4)
                        .i32(5)
                        .stop()
                        .bytes;
  const Value value = decode(ProtocolId::binary, odd, all);
  for (const char* path : {"number", "texts[0]", "by_number{8}[0]"}) {
    CAPTURE(path);
    const auto found = find(ProtocolId::binary, odd, all, path);
    REQUIRE(found.has_value());
    CHECK(found->decode() == value.view().path(path));
  }
  // Compact: 19: list of one element of code 14  23: map of keys of code 15
  const Bytes compact = Wire()
                            .i8(0x09)
                            .i8(0x26)
                            .i8(0x1e)
                            .i8(1)
                            .raw("a")
                            .i8(0x4b)
                            .i8(1)
                            .i8(0xf9)
                            .i8(0x10)
                            .i8(0x18)
                            .i8(1)
                            .raw("b")
                            .i8(0x05)
                            .i8(0x08)
                            .i8(0x0a)
                            .stop()
                            .bytes;
  const Value from_compact = decode(ProtocolId::compact, compact, all);
  for (const char* path : {"number", "texts[0]", "by_number{8}[0]"}) {
    CAPTURE(path);
    const auto found = find(ProtocolId::compact, compact, all, path);
    REQUIRE(found.has_value());
    CHECK(found->decode() == from_compact.view().path(path));
  }
  const DecodeOptions strict{.strictness = Strictness::strict()};
  CHECK_THROWS_AS((void)find(ProtocolId::binary, odd, all, "number", strict), ProtocolError);
  CHECK_THROWS_AS((void)find(ProtocolId::compact, compact, all, "number", strict), ProtocolError);
}
