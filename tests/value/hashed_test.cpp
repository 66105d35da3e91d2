// Sets and maps whose keys and values hold sets and maps again, and keys that strangers choose.

#include <array>
#include <cstring>
#include <string>

#include "sample.hpp"

using namespace thrift;

namespace {

/// struct Node { 1: i32 n  2: set<Node> nodes  3: map<string, Node> named  4: map<Node, Node> pairs
/// }
struct Nodes {
  Nodes() {
    SchemaBuilder b;
    Program& p = b.add_program("node", "node.thrift");
    StructType& made = b.add_struct(p, "Node", TypeKind::struct_);
    b.define(made, {sample::field(1, "n", base_type(TypeKind::i32)),
                    sample::field(2, "nodes", b.set_of(made)),
                    sample::field(3, "named", b.map_of(base_type(TypeKind::string), made)),
                    sample::field(4, "pairs", b.map_of(made, made))});
    b.lay_out();
    schema = std::move(b).build();
    type = &schema->struct_type("Node");
  }
  [[nodiscard]] Value leaf(int n) const { return {*type, {{"n", n}}}; }
  SchemaPtr schema;
  const StructType* type;
};

constexpr int levels = 30;  // two of the 64 that there may be, each

/// Each level holds the one below and a leaf, in either order.
Value nested(const Nodes& nodes, std::string_view field, int innermost, bool turned) {
  Value v = nodes.leaf(innermost);
  for (int level = 0; level < levels; ++level) {
    const Value leaf = nodes.leaf(-level);
    Value around(*nodes.type);
    for (const bool is_deep : {!turned, turned}) {
      const Value& one = is_deep ? v : leaf;
      if (field == "nodes") {
        around["nodes"].insert(one);
      } else if (field == "named") {
        around["named"].insert(is_deep ? "deep" : "leaf", one);
      } else {
        around["pairs"].insert(one, leaf);
      }
    }
    v = std::move(around);
  }
  return v;
}

}  // namespace

TEST_CASE("sets and maps within sets and maps are compared and hashed in one walk") {
  // What a level did twice would take 2^30 times as long here.
  const Nodes nodes;
  for (const char* field : {"nodes", "named", "pairs"}) {
    CAPTURE(field);
    const Value v = nested(nodes, field, 1, false);
    const Value turned = nested(nodes, field, 1, true);
    CHECK(v == nested(nodes, field, 1, false));
    CHECK(v == turned);
    CHECK(v.hash() == turned.hash());
    CHECK(v != nested(nodes, field, 2, false));
    CHECK(v != nested(nodes, field, 2, true));
    CHECK(v.hash() != nested(nodes, field, 2, false).hash());
  }
}

TEST_CASE("sets of sets are equal in any order, and not where one member differs") {
  const Nodes nodes;
  const auto made = [&](std::initializer_list<int> numbers, int odd) {
    Value v(*nodes.type);
    for (const int n : numbers) {
      Value member(*nodes.type);
      member["nodes"].insert(nodes.leaf(n));
      member["nodes"].insert(nodes.leaf(n == 3 ? odd : n + 100));
      v["nodes"].insert(member);
    }
    return v;
  };
  const Value v = made({1, 2, 3, 4}, 7);
  CHECK(v == made({4, 3, 2, 1}, 7));
  CHECK(v.hash() == made({3, 1, 4, 2}, 7).hash());
  CHECK(v != made({4, 3, 2, 1}, 8));
  CHECK(v != made({1, 2, 3}, 7));
  CHECK(v != made({1, 2, 3, 5}, 7));
  Value up(*nodes.type);
  Value down(*nodes.type);
  for (int i = 0; i < 40; ++i) {
    up["named"].insert(std::to_string(i), nodes.leaf(i));
    down["named"].insert(std::to_string(39 - i), nodes.leaf(39 - i));
    up["pairs"].insert(nodes.leaf(i), nodes.leaf(-i));
    down["pairs"].insert(nodes.leaf(39 - i), nodes.leaf(i - 39));
  }
  CHECK(up == down);
  CHECK(up.hash() == down.hash());
  down["pairs"].insert(nodes.leaf(20), nodes.leaf(21));
  CHECK(up != down);
}

TEST_CASE("strings that collide in the standard library's hash do not in ours") {
  // MurmurHash64A, with a multiplier that all know: two words that differ in the highest bit after
  // their own step undo each other.
  constexpr std::uint64_t multiplier = 0xc6a4a7935bd1e995U;
  const auto inverse = [](std::uint64_t n) {
    std::uint64_t x = n;
    for (int i = 0; i < 6; ++i) x *= 2 - n * x;
    return x;
  };
  const auto step = [](std::uint64_t k) {
    k *= multiplier;
    return (k ^ k >> 47) * multiplier;
  };
  const auto back = [&](std::uint64_t k) {
    k *= inverse(multiplier);
    return (k ^ k >> 47) * inverse(multiplier);
  };
  const auto text = [](std::array<std::uint64_t, 2> words) {
    return std::string(reinterpret_cast<const char*>(words.data()), sizeof(words));
  };
  const auto turned = [&](std::uint64_t k) { return back(step(k) ^ std::uint64_t{1} << 63); };
  const std::string a = text({0x0123456789abcdef, 0xfedcba9876543210});
  const std::string b = text({turned(0x0123456789abcdef), turned(0xfedcba9876543210)});
  REQUIRE(a != b);
#ifdef __GLIBCXX__
  REQUIRE(std::hash<std::string>()(a) == std::hash<std::string>()(b));
#endif
  const auto hash = [](std::string_view bytes) {
    return Value(base_type(TypeKind::binary), bytes).hash();
  };
  CHECK(hash(a) != hash(b));
  CHECK(hash(a) == hash(std::string(a)));
  CHECK(hash("") != hash(std::string_view("\0", 1)));
  CHECK(hash("0123456789abcdef") != hash("0123456789abcde"));
}

TEST_CASE("uuids whose halves undo each other do not collide") {
  // What spreads a number's bits is no secret; only what goes into it is.
  const auto spread = [](std::uint64_t h) {
    h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9U;
    h = (h ^ h >> 27) * 0x94d049bb133111ebU;
    return h ^ h >> 31;
  };
  const auto hash = [&](std::uint64_t half) {
    const std::array<std::uint64_t, 2> halves{spread(half), half};
    Uuid uuid;
    std::memcpy(&uuid, halves.data(), sizeof(uuid));
    return Value(base_type(TypeKind::uuid), uuid).hash();
  };
  CHECK(hash(1) != hash(2));
  CHECK(hash(2) != hash(3));
}
