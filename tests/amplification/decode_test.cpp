// Small messages that want much memory: whatever they claim, decoding takes no more than the budget
// that protocol.hpp documents, 64 KiB and 64 times the input, and neither does a budget of one's
// own give way. What is counted is what the arena hands out and takes from the system, and
// everything that is on the heap meanwhile (heap.hpp).

#include <doctest/doctest.h>

#include <thriftpp/load/load.hpp>
#include <thriftpp/protocol/protocol.hpp>
#include <thriftpp/schema/struct_type.hpp>

#include "heap.hpp"
#include "tokens.hpp"

using namespace thrift;
using amplification::Tokens;

namespace {

constexpr std::string_view idl_text = R"(
struct Empty {}
struct Tiny { 1: optional bool a }
struct Node { 1: optional Node next; 2: optional list<Node> children; 3: optional map<i8, Node> named }
struct Wide {
  1: optional string a; 2: optional string b; 3: optional string c; 4: optional string d;
  5: optional list<i64> e; 6: optional list<i64> f; 7: optional list<i64> g; 8: optional list<i64> h;
  9: optional map<i64, i64> i; 10: optional map<i64, i64> j; 11: optional map<i64, i64> k;
  12: optional Wide l; 13: optional Node m; 14: optional double n; 15: optional double o;
  16: optional i64 p; 17: optional i64 q; 18: optional i64 r; 19: optional i64 s; 20: optional i64 t
}
union Choice { 1: Wide wide; 2: bool flag; 3: list<Wide> wides }
struct Record {
  1: optional Wide wide; 2: optional list<Wide> wides; 3: optional Choice choice;
  4: optional list<list<bool>> lists; 5: optional set<bool> flags
}
)";

/// `n` times the smallest element, whatever that is. `claimed` is the size in the header.
struct Attack {
  std::string_view name;
  std::string_view type;
  void (*write)(Tokens& t, std::uint32_t n);
};

void repeat(std::uint32_t n, const auto& write) {
  while (n-- > 0) write();
}

constexpr auto boolean = WireType::bool_;
constexpr auto i8 = WireType::i8;
constexpr auto i32 = WireType::i32;
constexpr auto i64 = WireType::i64;
constexpr auto string = WireType::string;
constexpr auto record = WireType::struct_;
constexpr auto a_list = WireType::list;
constexpr auto a_set = WireType::set;
constexpr auto a_map = WireType::map;

void empty_struct(Tokens& t) {
  t.begin_struct();
  t.end_struct();
}

void empty_structs(Tokens& t, std::uint32_t n) {
  t.list(record, n);
  repeat(n, [&] { empty_struct(t); });
  t.end_list();
}

void map_of_structs(Tokens& t, std::uint32_t n) {
  t.map(i8, record, n);
  repeat(n, [&] {
    t.number(i8, 1);
    empty_struct(t);
  });
  t.end_map();
}

void map_of_struct_keys(Tokens& t, std::uint32_t n) {
  t.map(record, boolean, n);
  repeat(n, [&] {
    empty_struct(t);
    t.number(boolean, 1);
  });
  t.end_map();
}

void booleans(Tokens& t, std::uint32_t n) {
  t.list(boolean, n);
  repeat(n, [&] { t.number(boolean, 1); });
  t.end_list();
}

void longs(Tokens& t, std::uint32_t n) {
  t.list(i64, n);
  repeat(n, [&] { t.number(i64, 0); });
  t.end_list();
}

void empty_strings(Tokens& t, std::uint32_t n) {
  t.list(string, n);
  repeat(n, [&] { t.string(""); });
  t.end_list();
}

void empty_lists(Tokens& t, std::uint32_t n) {
  t.list(a_list, n);
  repeat(n, [&] {
    t.list(boolean, 0);
    t.end_list();
  });
  t.end_list();
}

void empty_sets(Tokens& t, std::uint32_t n) {
  t.list(a_set, n);
  repeat(n, [&] {
    t.list(boolean, 0);
    t.end_list();
  });
  t.end_list();
}

void empty_maps(Tokens& t, std::uint32_t n) {
  t.list(a_map, n);
  repeat(n, [&] {
    t.map(i8, i8, 0);
    t.end_map();
  });
  t.end_list();
}

void nested_nodes(Tokens& t, std::uint32_t n) {
  repeat(n, [&] {
    t.begin_struct();
    t.field(record, 1);
  });
  empty_struct(t);
  repeat(n, [&] {
    t.end_field();
    t.end_struct();
  });
}

/// Chains as deep as is allowed, one beside the other.
void nested_children(Tokens& t, std::uint32_t n) {
  t.begin_struct();
  t.field(a_list, 2);
  t.list(record, n / 50 + 1);
  repeat(n / 50 + 1, [&] { nested_nodes(t, 50); });
  t.end_list();
  t.end_field();
  t.end_struct();
}

/// The same field, again and again: the last one counts, but each has taken its memory.
void same_field(Tokens& t, std::uint32_t n) {
  t.begin_struct();
  repeat(n, [&] {
    t.field(record, 1);
    empty_struct(t);
    t.end_field();
  });
  t.end_struct();
}

void same_list_field(Tokens& t, std::uint32_t n) {
  t.begin_struct();
  repeat(n / 4, [&] {
    t.field(a_list, 2);
    empty_structs(t, 4);
    t.end_field();
  });
  t.end_struct();
}

/// Fields that the schema does not have, in all structs of a list.
void unknown_fields(Tokens& t, std::uint32_t n) {
  t.list(record, n);
  repeat(n, [&] {
    t.begin_struct();
    t.field(i8, 300);
    t.number(i8, 1);
    t.end_field();
    t.end_struct();
  });
  t.end_list();
}

/// Unknown and known fields in turn, so that no two unknown ones stand side by side.
void scattered_unknown_fields(Tokens& t, std::uint32_t n) {
  t.begin_struct();
  repeat(n, [&] {
    t.field(i8, 300);
    t.number(i8, 1);
    t.end_field();
    t.field(boolean, 1);
    t.number(boolean, 1);
    t.end_field();
  });
  t.end_struct();
}

void choices(Tokens& t, std::uint32_t n) {
  t.list(record, n);
  repeat(n, [&] {
    t.begin_struct();
    t.field(record, 1);
    empty_struct(t);
    t.end_field();
    t.end_struct();
  });
  t.end_list();
}

/// A set's elements are all the same: nothing is gained by dropping them later.
void same_elements(Tokens& t, std::uint32_t n) {
  t.list(i32, n);
  repeat(n, [&] { t.number(i32, 7); });
  t.end_list();
}

constexpr Attack attacks[] = {
    {"empty structs", "list<Empty>", empty_structs},
    {"wide structs without fields", "list<Wide>", empty_structs},
    {"a map of wide structs", "map<i8, Wide>", map_of_structs},
    {"a map with wide structs as keys", "map<Wide, bool>", map_of_struct_keys},
    {"unions without a member", "list<Choice>", empty_structs},
    {"unions of empty wide structs", "list<Choice>", choices},
    {"bools", "list<bool>", booleans},
    {"a set of bools", "set<bool>", booleans},
    {"a set of one number", "set<i32>", same_elements},
    {"small numbers", "list<i64>", longs},
    {"empty strings", "list<string>", empty_strings},
    {"a set of empty strings", "set<string>", empty_strings},
    {"empty lists", "list<list<bool>>", empty_lists},
    {"empty sets", "list<set<bool>>", empty_sets},
    {"empty maps", "list<map<i8, i8>>", empty_maps},
    {"chains of structs", "Node", nested_children},
    {"a chain too deep", "Node", nested_nodes},
    {"the same field again and again", "Record", same_field},
    {"the same list again and again", "Record", same_list_field},
    {"unknown fields", "list<Wide>", unknown_fields},
    {"unknown fields between known ones", "Tiny", scattered_unknown_fields},
};

std::string write(ProtocolId protocol, const auto& tell) {
  const auto to = [&](Tokens&& tokens) {
    tell(tokens);
    return std::move(tokens.bytes);
  };
  switch (protocol) {
    case ProtocolId::binary: return to(amplification::Binary());
    case ProtocolId::compact: return to(amplification::Compact());
    case ProtocolId::json: break;
  }
  return to(amplification::Json());
}

const Idl& idl() {
  static const Idl loaded = loads(idl_text);
  return loaded;
}

/// Decodes, and checks what that took against `budget`; the error's kind, or nothing.
std::optional<ProtocolErrorKind> decode_within(std::size_t budget, ProtocolId protocol,
                                               std::string_view text, const Type& type,
                                               const DecodeOptions& options) {
  const auto bytes = std::as_bytes(std::span(text));
  std::optional<ProtocolErrorKind> kind;
  const amplification::HeapPeak heap;
  Arena arena;
  const auto decoded = try_decode_prefix(protocol, bytes, type, arena, options);
  if (!decoded) kind = decoded.error().as<ProtocolErrorDetail>()->kind;
  CHECK(arena.used() <= budget + 64);  // what aligning the pieces of a block leaves
  // Blocks double, and the end of one is wasted where the next thing does not fit.
  CHECK(arena.reserved() <= 3 * budget + 4096);
  // Besides: the error's text, the levels that are open.
  CHECK(heap.bytes() <= 16384);
  return kind;
}

std::size_t default_budget(std::string_view bytes) {
  return 65536 + 64 * bytes.size();
}

const std::array all_protocols{ProtocolId::binary, ProtocolId::compact, ProtocolId::json};

}  // namespace

TEST_CASE("no small message takes more memory than the documented budget") {
  for (const Attack& attack : attacks) {
    const Type& type = idl().type(attack.type);
    for (const ProtocolId protocol : all_protocols) {
      for (const std::uint32_t n : {1U, 60U, 900U, 100'000U}) {
        CAPTURE(attack.name);
        CAPTURE(to_string(protocol));
        CAPTURE(n);
        const std::string bytes = write(protocol, [&](Tokens& t) { attack.write(t, n); });
        for (const bool keep : {false, true}) {
          for (const bool alias : {false, true}) {
            const DecodeOptions options{.keep_unknown_fields = keep, .alias_input = alias};
            const auto kind = decode_within(default_budget(bytes), protocol, bytes, type, options);
            if (kind) CAPTURE(static_cast<int>(*kind));
            const bool is_limit = !kind || *kind == ProtocolErrorKind::size_limit ||
                                  *kind == ProtocolErrorKind::depth_limit;
            CHECK(is_limit);
            if (n == 1) CHECK_FALSE(kind.has_value());
          }
        }
      }
    }
  }
}

TEST_CASE("a budget of one's own holds, and what is honest fits into a larger one") {
  constexpr std::size_t mine = 20'000;
  for (const Attack& attack : attacks) {
    if (attack.name == "a chain too deep") continue;
    const Type& type = idl().type(attack.type);
    for (const ProtocolId protocol : all_protocols) {
      CAPTURE(attack.name);
      CAPTURE(to_string(protocol));
      const std::string bytes = write(protocol, [&](Tokens& t) { attack.write(t, 900); });
      for (const bool alias : {false, true}) {
        decode_within(mine, protocol, bytes, type, {.max_memory = mine, .alias_input = alias});
      }
      const std::size_t large = std::size_t{1} << 30;
      const auto kind = decode_within(large, protocol, bytes, type, {.max_memory = large});
      CHECK_FALSE(kind.has_value());
    }
  }
}

TEST_CASE("a size that is only claimed takes no memory") {
  const auto claim = [](WireType element) {
    return [element](Tokens& t) { t.list(element, 0x7fffffff); };
  };
  const std::pair<const char*, WireType> types[] = {{"list<bool>", boolean},
                                                    {"set<bool>", boolean},
                                                    {"list<i8>", i8},
                                                    {"list<i64>", i64},
                                                    {"list<double>", WireType::double_},
                                                    {"list<string>", string},
                                                    {"list<Empty>", record},
                                                    {"list<Wide>", record},
                                                    {"list<list<bool>>", a_list},
                                                    {"list<map<i8, i8>>", a_map},
                                                    {"list<uuid>", WireType::uuid},
                                                    {"set<string>", string},
                                                    {"list<set<bool>>", a_set}};
  const DecodeOptions roomy{.max_memory = std::size_t{1} << 40};
  for (const auto& [type, element] : types) {
    for (const ProtocolId protocol : all_protocols) {
      CAPTURE(type);
      CAPTURE(to_string(protocol));
      const std::string bytes = write(protocol, claim(element));
      CHECK(decode_within(4096, protocol, bytes, idl().type(type), roomy).has_value());
      const amplification::HeapPeak heap;
      CHECK_THROWS_AS(
          (void)skip(protocol, std::as_bytes(std::span(bytes)), idl().type(type).slot().wire),
          ProtocolError);
      CHECK(heap.bytes() <= 16384);
    }
  }
  for (const ProtocolId protocol : all_protocols) {
    const std::string bytes = write(protocol, [](Tokens& t) { t.map(i8, record, 0x7fffffff); });
    CHECK(decode_within(4096, protocol, bytes, idl().type("map<i8, Wide>"), roomy).has_value());
  }
}

TEST_CASE("the levels of a value that is too deep are not built") {
  for (const ProtocolId protocol : all_protocols) {
    CAPTURE(to_string(protocol));
    const auto nested = [&](std::uint32_t n) {
      return write(protocol, [n](Tokens& t) { nested_nodes(t, n); });
    };
    const Type& node = idl().type("Node");
    CHECK_FALSE(decode_within(100'000, protocol, nested(63), node, {}).has_value());
    CHECK(decode_within(100'000, protocol, nested(64), node, {}) == ProtocolErrorKind::depth_limit);
    const std::string deep = nested(1'000'000);
    CHECK(decode_within(2 * deep.size(), protocol, deep, node, {}) ==
          ProtocolErrorKind::depth_limit);
  }
}
