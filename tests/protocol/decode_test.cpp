#include "samples.hpp"

using namespace thrift;
using namespace samples;
using enum thrift::WireType;

namespace {

/// Decodes with strings that view the input, which lies in a block of exactly its size.
struct Decoding {
  explicit Decoding(const Bytes& bytes, const Type& type, DecodeOptions options = {})
      : exact(bytes),
        value((options.alias_input = true,
               decode(ProtocolId::binary, exact.span(), type, arena, options))) {}
  Exact exact;
  Arena arena;
  ValueView value;
};

template <class T>
std::vector<T> elements(const std::byte* cell) {
  const auto list = scalar<ListSlot>(cell);
  std::vector<T> all(list.size);
  std::memcpy(all.data(), list.data, list.size * sizeof(T));
  return all;
}

}  // namespace

TEST_CASE("every type decodes from bytes written by hand") {
  const Decoding d(all_bytes(), *schema().all);
  const ValueView v = d.value;
  CHECK(scalar<std::int32_t>(field(v, "negative_id")) == -7);
  CHECK(scalar<bool>(field(v, "flag")));
  CHECK(scalar<std::int8_t>(field(v, "tiny")) == -3);
  CHECK(scalar<std::int16_t>(field(v, "small")) == -300);
  CHECK(scalar<std::int32_t>(field(v, "number")) == 70000);
  CHECK(scalar<std::int64_t>(field(v, "big")) == 0x123456789abcdef0);
  CHECK(scalar<double>(field(v, "real")) == 1.5);
  CHECK(text(field(v, "text")) == "text");
  CHECK(text(field(v, "bytes")) == std::string("\0\xff", 2));
  CHECK(std::memcmp(field(v, "uuid"), "0123456789abcdef", 16) == 0);
  CHECK(scalar<std::int32_t>(field(v, "color")) == 99);
  const ValueView inner(*schema().inner, field(v, "inner"));
  CHECK(text(field(inner, "key")) == "k");
  CHECK(scalar<std::int64_t>(field(inner, "n")) == -2);
  const ValueView choice(*schema().choice, field(v, "choice"));
  CHECK(text(field(choice, "text")) == "chosen");
  CHECK(field(choice, "number") == nullptr);
  CHECK(elements<std::uint8_t>(field(v, "flags")) == std::vector<std::uint8_t>{1, 0, 1});
  CHECK(elements<std::int8_t>(field(v, "tinies")) == std::vector<std::int8_t>{5, -5});
  CHECK(elements<std::int16_t>(field(v, "smalls")) == std::vector<std::int16_t>{500, -500});
  CHECK(elements<std::int32_t>(field(v, "numbers")) == std::vector<std::int32_t>{1, -1, 1 << 30});
  CHECK(elements<std::int64_t>(field(v, "bigs")) == std::vector<std::int64_t>{1, -1});
  CHECK(elements<double>(field(v, "reals")) == std::vector<double>{2.0});
  const auto texts = elements<StringSlot>(field(v, "texts"));
  REQUIRE(texts.size() == 3);
  CHECK(texts[1].view().empty());
  CHECK(texts[2].view() == "ccc");
  CHECK(scalar<HashedSlot>(field(v, "uuids")).index == nullptr);
  CHECK(scalar<ListSlot>(field(v, "inners")).size == 2);
  const auto by_text = scalar<HashedSlot>(field(v, "by_text"));
  REQUIRE(by_text.size == 1);
  const SlotLayout& map = schema().all->field("by_text").type().slot();
  CHECK(text(by_text.data) == "x");
  const ValueView entry(*schema().inner, by_text.data + map.value_offset);
  CHECK(scalar<std::int64_t>(field(entry, "n")) == -2);
  CHECK(scalar<HashedSlot>(field(v, "by_number")).size == 2);
  CHECK(scalar<ListSlot>(field(v, "matrix")).size == 2);
  CHECK(scalar<ListSlot>(field(v, "empties")).size == 2);
  const ValueView self(*schema().all, field(v, "self"));
  CHECK_FALSE(scalar<bool>(field(self, "flag")));
  CHECK(field(self, "number") == nullptr);
}

TEST_CASE("any type may stand alone") {
  CHECK(scalar<std::int32_t>(
            Decoding(Wire().i32(-5).bytes, base_type(TypeKind::i32)).value.cell()) == -5);
  CHECK(text(Decoding(Wire().string("alone").bytes, base_type(TypeKind::string)).value.cell()) ==
        "alone");
  const Type& list_type = schema().schema->list_of(*schema().inner);
  const Decoding list_value(Wire().list(struct_, 1).field(string, 1).string("k").stop().bytes,
                            list_type);
  CHECK(scalar<ListSlot>(list_value.value.cell()).size == 1);
  const Decoding nothing({}, base_type(TypeKind::void_));
  CHECK(nothing.value.type().is_void());
}

TEST_CASE("a bool that is not 0 is stored as 1") {
  const Decoding d(Wire()
                       .field(bool_, 1)
                       .i8(0x40)
                       .field(WireType::list, 13)
                       .list(bool_, 2)
                       .i8(2)
                       .i8(0)
                       .stop()
                       .bytes,
                   *schema().all);
  CHECK(scalar<std::uint8_t>(field(d.value, "flag")) == 1);
  CHECK(elements<std::uint8_t>(field(d.value, "flags")) == std::vector<std::uint8_t>{1, 0});
}

TEST_CASE("of a field that comes twice the last wins") {
  const Decoding d(Wire()
                       .field(i32, 4)
                       .i32(1)
                       .field(i32, 4)
                       .i32(2)
                       .field(WireType::list, 16)
                       .list(i32, 2)
                       .i32(1)
                       .i32(2)
                       .field(WireType::list, 16)
                       .list(i32, 1)
                       .i32(3)
                       .stop()
                       .bytes,
                   *schema().all);
  CHECK(scalar<std::int32_t>(field(d.value, "number")) == 2);
  CHECK(elements<std::int32_t>(field(d.value, "numbers")) == std::vector<std::int32_t>{3});
}

TEST_CASE("a struct of millions of fields takes no more of the stack than one of few") {
  constexpr std::size_t count = 2'000'000;
  // Each of them comes again and again; some are unknown, some of another type.
  const Bytes once = Wire()
                         .field(i8, 2)
                         .i8(1)
                         .field(bool_, 1)
                         .i8(1)
                         .field(i8, 999)
                         .i8(2)
                         .field(string, 7)
                         .string("")
                         .field(i8, 4)
                         .i8(3)
                         .field(WireType::list, 14)
                         .list(i8, 0)
                         .bytes;
  Bytes bytes;
  for (std::size_t i = 0; i < count; i += 6) bytes.insert(bytes.end(), once.begin(), once.end());
  bytes.push_back(std::byte{0});
  const Decoding d(bytes, *schema().all);
  CHECK(scalar<std::int8_t>(field(d.value, "tiny")) == 1);
  const Decoding strict(bytes, *schema().all, {.strictness = {.unknown_enum = Reaction::error}});
  CHECK(strict.value == d.value);
}

TEST_CASE("of a union's members the last wins") {
  const Decoding d(Wire().field(i32, 1).i32(1).field(string, 2).string("last").stop().bytes,
                   *schema().choice);
  CHECK(field(d.value, "number") == nullptr);
  CHECK(text(field(d.value, "text")) == "last");
  const Decoding wide(
      Wire().field(i32, 1).i32(1).field(i32, 70).i32(70).field(i32, 69).i32(69).stop().bytes,
      *schema().wide_choice);
  CHECK(field(wide.value, "f1") == nullptr);
  CHECK(field(wide.value, "f70") == nullptr);
  CHECK(scalar<std::int32_t>(field(wide.value, "f69")) == 69);
}

TEST_CASE("a union without a member decodes, with none set") {
  const Decoding d(Wire().stop().bytes, *schema().choice);
  CHECK(field(d.value, "number") == nullptr);
  CHECK(field(d.value, "text") == nullptr);
}

TEST_CASE("a field whose wire type is not the schema's is skipped") {
  const Decoding d(Wire()
                       .field(i64, 4)
                       .i64(1)
                       .field(struct_, 7)
                       .field(i32, 1)
                       .i32(1)
                       .stop()
                       .field(i8, 2)
                       .i8(9)
                       .stop()
                       .bytes,
                   *schema().all);
  CHECK(field(d.value, "number") == nullptr);
  CHECK(field(d.value, "text") == nullptr);
  CHECK(scalar<std::int8_t>(field(d.value, "tiny")) == 9);
}

TEST_CASE("unknown fields of every type are skipped") {
  Wire w;
  w.field(struct_, 500).raw(all_bytes());
  w.field(i8, 2).i8(9);
  w.field(map, 501).map(string, struct_, 1).string("k").raw(all_bytes());
  w.field(map, 502).map(static_cast<WireType>(99), static_cast<WireType>(98), 0);
  w.field(WireType::list, 503).list(static_cast<WireType>(99), 0);
  w.stop();
  const Decoding d(w.bytes, *schema().all);
  CHECK(scalar<std::int8_t>(field(d.value, "tiny")) == 9);
  CHECK_FALSE(test_bit(d.value.cell(), schema().all->layout().unknown_bit));
}

TEST_CASE("structs with more than 64 fields keep all of their bits") {
  Wire w;
  for (int i = 1; i <= 70; ++i) w.field(i32, i).i32(i * 10);
  const Bytes bytes = w.stop().bytes;
  const Decoding d(bytes, *schema().wide);
  for (int i = 1; i <= 70; ++i) {
    CHECK(scalar<std::int32_t>(field(d.value, "f" + std::to_string(i))) == i * 10);
  }
  const Decoding few(
      Wire().field(i32, 1).i32(1).field(i32, 69).i32(2).field(i32, 70).i32(3).stop().bytes,
      *schema().wide);
  CHECK(field(few.value, "f2") == nullptr);
  CHECK(field(few.value, "f68") == nullptr);
}

TEST_CASE("a missing required field is told by its path") {
  const Failed e = decode_error(Wire()
                                    .field(WireType::list, 21)
                                    .list(struct_, 2)
                                    .field(string, 1)
                                    .string("k")
                                    .stop()
                                    .field(i64, 2)
                                    .i64(1)
                                    .stop()
                                    .stop()
                                    .bytes,
                                *schema().all);
  CHECK(e.kind == ProtocolErrorKind::missing_field);
  CHECK(e.path == "All.inners[1].key");
  CHECK(e.offset == 28);
  CHECK(e.message ==
        "required field `key` of `Inner` is missing at offset 28 in "
        "`All.inners[1].key`");
  const Failed wide =
      decode_error(Wire().field(i32, 1).i32(1).field(i32, 69).i32(1).stop().bytes, *schema().wide);
  CHECK(wide.path == "Wide.f70");
  const Decoding allowed(Wire().stop().bytes, *schema().inner,
                         {.strictness = {.missing_required = Reaction::keep}});
  CHECK(field(allowed.value, "key") == nullptr);
  const Decoding wide_allowed(Wire().stop().bytes, *schema().wide,
                              {.strictness = {.missing_required = Reaction::keep}});
  CHECK(field(wide_allowed.value, "f70") == nullptr);
}

TEST_CASE("elements of another type than the schema's are an error where that is asked for") {
  const DecodeOptions options{.strictness = {.element_type = Reaction::error}};
  const Failed e = decode_error(Wire().field(WireType::list, 16).list(i64, 1).i64(1).stop().bytes,
                                *schema().all, options);
  CHECK(e.kind == ProtocolErrorKind::invalid_data);
  CHECK(e.path == "All.numbers");
  CHECK(e.offset == 3);
  CHECK(e.message.find("the elements of `list<i32>` are i64 (10) on the wire, not i32") == 0);
  const Failed key =
      decode_error(Wire().field(map, 22).map(i32, struct_, 1).i32(1).stop().stop().bytes,
                   *schema().all, options);
  CHECK(key.message.find("the keys of `map<string, Inner>` are i32 (8) on the wire, not string") ==
        0);
  const Failed value =
      decode_error(Wire().field(map, 22).map(string, i32, 1).string("k").i32(1).stop().bytes,
                   *schema().all, options);
  CHECK(value.offset == 3);
  const Decoding empty(
      Wire().field(WireType::list, 16).list(i64, 0).field(map, 22).map(stop, i8, 0).stop().bytes,
      *schema().all, options);
  CHECK(scalar<ListSlot>(field(empty.value, "numbers")).size == 0);
  CHECK(scalar<ListSlot>(field(empty.value, "by_text")).size == 0);
}

TEST_CASE("wire types that Thrift does not have are an error") {
  const Failed e =
      decode_error(Wire().field(static_cast<WireType>(17), 4).i32(1).stop().bytes, *schema().all);
  CHECK(e.kind == ProtocolErrorKind::invalid_data);
  CHECK(e.message == "there is no wire type 17 at offset 0 in `All`");
  CHECK(decode_error(Wire().field(void_, 4).stop().bytes, *schema().all).kind ==
        ProtocolErrorKind::invalid_data);
  // A list of two billion voids would take no byte at all.
  CHECK(decode_error(Wire().field(WireType::list, 500).list(void_, 0x7fffffff).stop().bytes,
                     *schema().all)
            .kind == ProtocolErrorKind::invalid_data);
}

TEST_CASE("paths name fields, elements and keys") {
  const Failed key = decode_error(Wire()
                                      .field(struct_, 1000)
                                      .field(map, 22)
                                      .map(string, struct_, 1)
                                      .string("a \"b\"")
                                      .field(string, 1)
                                      .i32(100)
                                      .stop()
                                      .stop()
                                      .stop()
                                      .bytes,
                                  *schema().all);
  CHECK(key.path == "All.self.by_text{\"a \\\"b\\\"\"}.key");
  const Failed number = decode_error(Wire()
                                         .field(map, 23)
                                         .map(i32, WireType::list, 1)
                                         .i32(-8)
                                         .list(string, 2)
                                         .string("a")
                                         .i32(-1)
                                         .stop()
                                         .bytes,
                                     *schema().all);
  CHECK(number.path == "All.by_number{-8}[1]");
  CHECK(number.kind == ProtocolErrorKind::negative_size);
  const Type& list_type = schema().schema->list_of(*schema().inner);
  CHECK(decode_error(Wire().list(struct_, 1).field(string, 1).i32(9).bytes, list_type).path ==
        "list<Inner>[0].key");
}

TEST_CASE("sizes that lie are found before anything is allocated") {
  const Type& strings = schema().schema->list_of(base_type(TypeKind::string));
  const Type& longs = schema().schema->list_of(base_type(TypeKind::i64));
  const Type& structs = schema().schema->list_of(*schema().empty);
  const DecodeOptions roomy{.max_memory = std::size_t{1} << 40};
  CHECK(decode_error(Wire().list(string, 0x7fffffff).string("a").bytes, strings, roomy).kind ==
        ProtocolErrorKind::truncated);
  CHECK(decode_error(Wire().list(i64, 2).i64(1).i32(1).bytes, longs, roomy).kind ==
        ProtocolErrorKind::truncated);
  CHECK(decode_error(Wire().list(struct_, 0x7fffffff).stop().bytes, structs, roomy).kind ==
        ProtocolErrorKind::truncated);
  CHECK(decode_error(Wire().list(i64, -1).bytes, longs).kind == ProtocolErrorKind::negative_size);
  CHECK(decode_error(Wire().i32(-1).raw("abc").bytes, base_type(TypeKind::string)).kind ==
        ProtocolErrorKind::negative_size);
  CHECK(decode_error(Wire().i32(4).raw("abc").bytes, base_type(TypeKind::string)).kind ==
        ProtocolErrorKind::truncated);
}

TEST_CASE("limits hold at the limit and not one past it") {
  const Type& string_type = base_type(TypeKind::string);
  const Bytes five = Wire().string("12345").bytes;
  CHECK(text(Decoding(five, string_type, {.max_string = 5}).value.cell()) == "12345");
  CHECK(decode_error(five, string_type, {.max_string = 4}).kind == ProtocolErrorKind::size_limit);

  const Type& numbers = schema().schema->list_of(base_type(TypeKind::i8));
  const Bytes three = Wire().list(i8, 3).raw("abc").bytes;
  CHECK(scalar<ListSlot>(Decoding(three, numbers, {.max_container = 3}).value.cell()).size == 3);
  CHECK(decode_error(three, numbers, {.max_container = 2}).kind == ProtocolErrorKind::size_limit);
  const Type& map_type = schema().schema->map_of(base_type(TypeKind::i8), base_type(TypeKind::i8));
  const Bytes entries = Wire().map(i8, i8, 3).raw("abcdef").bytes;
  CHECK(scalar<ListSlot>(Decoding(entries, map_type, {.max_container = 3}).value.cell()).size == 3);
  CHECK(decode_error(entries, map_type, {.max_container = 2}).kind ==
        ProtocolErrorKind::size_limit);

  const auto nested = [](int levels) {  // that many structs
    Wire w;
    for (int i = 1; i < levels; ++i) w.field(struct_, 1);
    for (int i = 0; i < levels; ++i) w.stop();
    return w.bytes;
  };
  CHECK_NOTHROW(Decoding(nested(64), *schema().node));
  const Failed deep = decode_error(nested(65), *schema().node);
  CHECK(deep.kind == ProtocolErrorKind::depth_limit);
  CHECK(deep.offset == 64 * 3);
  CHECK_NOTHROW(Decoding(nested(65), *schema().node, {.max_depth = 65}));
  CHECK_NOTHROW(Decoding(nested(1), *schema().node, {.max_depth = 1}));
  CHECK(decode_error(nested(1), *schema().node, {.max_depth = 0}).kind ==
        ProtocolErrorKind::depth_limit);
}

TEST_CASE("skipping stops at the same depth as decoding") {
  const auto nested = [](int unknown_levels) {
    Wire w;
    for (int i = 0; i < unknown_levels; ++i) w.field(struct_, 900);
    for (int i = 0; i <= unknown_levels; ++i) w.stop();
    return w.bytes;
  };
  CHECK_NOTHROW(Decoding(nested(63), *schema().empty));
  CHECK(decode_error(nested(64), *schema().empty).kind == ProtocolErrorKind::depth_limit);
  const auto lists = [](int levels) {
    Wire w;
    for (int i = 1; i < levels; ++i) w.list(WireType::list, 1);
    return w.list(i8, 0).bytes;
  };
  CHECK(skip(ProtocolId::binary, lists(64), WireType::list) == lists(64).size());
  CHECK_THROWS_AS((void)skip(ProtocolId::binary, lists(65), WireType::list), ProtocolError);
}

TEST_CASE("a million empty structs do not cost a hundred megabytes unless allowed") {
  constexpr int count = 1'000'000;
  Wire w;
  w.list(struct_, count);
  w.bytes.resize(w.bytes.size() + count);
  const Type& wide_list = schema().schema->list_of(*schema().all);
  REQUIRE(wide_list.slot().entry_size > 100);
  Arena arena;
  const auto refused = try_decode_prefix(ProtocolId::binary, w.bytes, wide_list, arena);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().as<ProtocolErrorDetail>()->kind == ProtocolErrorKind::size_limit);
  CHECK(arena.reserved() < 5'000'000);
  const auto allowed = try_decode_prefix(ProtocolId::binary, w.bytes, wide_list, arena,
                                         {.max_memory = std::size_t{1} << 30});
  REQUIRE(allowed.has_value());
  CHECK(scalar<ListSlot>(allowed->value.cell()).size == count);
}

TEST_CASE("the memory budget counts the copy of the input, records and containers") {
  const Bytes bytes = all_bytes();
  Arena arena;
  std::size_t low = 1, high = 65536;  // the smallest budget that does
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    arena.reset();
    const bool fits =
        try_decode_prefix(ProtocolId::binary, bytes, *schema().all, arena, {.max_memory = middle})
            .has_value();
    (fits ? high : low) = fits ? middle : middle + 1;
  }
  CHECK(low > bytes.size() + 2 * schema().all->layout().size);
  arena.reset();
  CHECK(try_decode_prefix(ProtocolId::binary, bytes, *schema().all, arena,
                          {.max_memory = low - bytes.size(), .alias_input = true})
            .has_value());
  CHECK(decode_error(bytes, *schema().all, {.max_memory = low - 1}).kind ==
        ProtocolErrorKind::size_limit);
  CHECK(decode_error(bytes, *schema().all, {.max_memory = 1}).kind ==
        ProtocolErrorKind::size_limit);
}

TEST_CASE("an arena's own budget is an error, not a crash") {
  Arena arena;
  arena.set_budget(100);
  const auto refused = try_decode_prefix(ProtocolId::binary, all_bytes(), *schema().all, arena);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().as<ProtocolErrorDetail>()->kind == ProtocolErrorKind::size_limit);
}

TEST_CASE("trailing bytes are an error unless allowed") {
  const Bytes bytes = Wire().i32(1).raw("rest").bytes;
  Arena arena;
  const Type& type = base_type(TypeKind::i32);
  try {
    (void)decode(ProtocolId::binary, bytes, type, arena);
    FAIL("it decodes");
  } catch (const ProtocolError& e) {
    CHECK(e.kind() == ProtocolErrorKind::trailing_bytes);
    CHECK(e.offset() == 4);
  }
  CHECK_NOTHROW((void)decode(ProtocolId::binary, bytes, type, arena,
                             {.strictness = {.trailing_bytes = Reaction::skip}}));
  CHECK(try_decode_prefix(ProtocolId::binary, bytes, type, arena)->consumed == 4);
}

TEST_CASE("strings view the copy in the arena, or the input where asked") {
  Bytes bytes = Wire().string("before").bytes;
  const Type& type = base_type(TypeKind::string);
  Arena arena;
  const ValueView copied = decode(ProtocolId::binary, bytes, type, arena);
  const ValueView aliased = decode(ProtocolId::binary, bytes, type, arena, {.alias_input = true});
  bytes[4] = std::byte{'B'};
  CHECK(text(copied.cell()) == "before");
  CHECK(text(aliased.cell()) == "Before");
}

TEST_CASE("protocols that are not there say so") {
  Arena arena;
  for (const ProtocolId protocol : {static_cast<ProtocolId>(9)}) {
    const auto decoded = try_decode_prefix(protocol, {}, base_type(TypeKind::i32), arena);
    REQUIRE_FALSE(decoded.has_value());
    CHECK(decoded.error().as<ProtocolErrorDetail>()->kind == ProtocolErrorKind::not_implemented);
    Buffer out;
    CHECK_THROWS_AS(encode(protocol, ValueView(), out), ProtocolError);
    CHECK_THROWS_AS((void)skip(protocol, {}, i32), ProtocolError);
  }
}

TEST_CASE("a decoded Value owns its bytes") {
  Bytes bytes = all_bytes();
  const Value copied = decode(ProtocolId::binary, bytes, *schema().all);
  Buffer buffer{std::span<const std::byte>(bytes)};
  const std::byte* const at = buffer.data();
  const Value taken = decode(ProtocolId::binary, std::move(buffer), *schema().all);
  const char* const text = scalar<StringSlot>(field(taken, "text")).data;
  CHECK(reinterpret_cast<const std::byte*>(text) > at);  // viewed where it lay, not copied
  CHECK(reinterpret_cast<const std::byte*>(text) < at + bytes.size());
  std::fill(bytes.begin(), bytes.end(), std::byte{0x55});
  CHECK(copied == taken);
  CHECK(to_bytes(encode(ProtocolId::binary, copied)) == all_bytes());
  CHECK_THROWS_AS((void)decode(ProtocolId::binary, Buffer(), *schema().all), ProtocolError);
}

TEST_CASE("a taken-over buffer counts with its content, not with its capacity") {
  Buffer roomy(10'000'000);
  roomy.append(std::span<const std::byte>(Wire().i32(5).bytes));
  CHECK(decode(ProtocolId::binary, std::move(roomy), base_type(TypeKind::i32)).as<int>() == 5);
}

TEST_CASE("values of unions, sets and maps read as what was on the wire") {
  const Value v = decode(ProtocolId::binary, all_bytes(), *schema().all);
  CHECK(v["choice"].member()->name() == "text");
  CHECK(v["by_text"]["x"]["n"].as<std::int64_t>() == -2);
  CHECK(v["by_number"][8][0].as<std::string>() == "eight");
  CHECK(v["tags"].size() == 2);
  CHECK_FALSE(v["self"]["number"].as<int>() != 0);
}
