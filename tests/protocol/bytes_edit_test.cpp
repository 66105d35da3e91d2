// Changing bytes that are wrong or odd: what is said of them, and where.

#include <thriftpp/load/load.hpp>
#include <thriftpp/protocol/bytes_path.hpp>

#include "samples.hpp"

using namespace thrift;
using namespace samples;

namespace {

constexpr const char* idl_text = R"(
struct Inner { 1: required i32 n }
union Choice { 1: i32 number  2: string text  3: i8 tiny }
struct Root {
  1: optional bool flag
  2: optional i32 number
  3: optional list<i32> numbers
  4: optional list<string> texts
  5: optional set<Inner> inners
  6: optional list<Inner> list_of_inners
  7: optional map<i8, i8> small
}
)";

const Idl& idl() {
  static const Idl loaded = loads(idl_text);
  return loaded;
}

/// What is said of bytes that `change` cannot take.
std::string complaint(const auto& change) {
  try {
    (void)change();
  } catch (const ProtocolError& error) {
    return error.message();
  }
  return "none";
}

std::string on_insert(const Bytes& bytes, std::string_view type, std::string_view path,
                      const Literal& value, const DecodeOptions& options = {}) {
  const Exact exact(bytes);
  return complaint([&] {
    return insert(ProtocolId::binary, exact.span(), idl().type(type), path, value, options);
  });
}

}  // namespace

TEST_CASE("a whole list or set that is malformed cannot be inserted into") {
  using enum WireType;
  for (const char* type : {"list<i32>", "set<i32>"}) {
    CAPTURE(type);
    const std::string in = std::string("in `") + type;
    CHECK(on_insert({}, type, "", 5).find("offset 0 " + in + "`") != std::string::npos);
    CHECK(on_insert(Wire().list(i64, 1).i64(1).bytes, type, "", 5).find(in + "`") !=
          std::string::npos);
    CHECK(on_insert(Wire().list(i32, 2).i32(1).bytes, type, "", 5).find(in + "`") !=
          std::string::npos);
    CHECK(on_insert(Wire().list(i32, 1).i32(1).bytes, type, "", 5, {.max_depth = 0})
              .find("offset 0 " + in + "`") != std::string::npos);
    CHECK(to_bytes(insert(ProtocolId::binary, Wire().list(i32, 1).i32(1).bytes, idl().type(type),
                          "", 5)) == Wire().list(i32, 2).i32(1).i32(5).bytes);
  }
  const Bytes cut = Wire().list(string, 2).string("a").i32(7).bytes;
  CHECK(on_insert(cut, "list<string>", "", "b").find("`list<string>[1]`") != std::string::npos);
  for (const auto& [type, compact] :
       {std::pair{"list<i32>", Bytes{}}, std::pair{"set<i32>", Wire().i8(0x25).i8(2).bytes}}) {
    const Exact exact(compact);
    CHECK(complaint([&] {
            return insert(ProtocolId::compact, exact.span(), idl().type(type), "", 5);
          }).find(std::string("in `") + type) != std::string::npos);
  }
}

TEST_CASE("what is wrong with a list is told of the list, or of the element that is wrong") {
  using enum WireType;
  const Bytes lying = Wire().field(list, 3).list(i32, 127).bytes;
  CHECK(on_insert(lying, "Root", "numbers", 5).find("`Root.numbers`") != std::string::npos);
  CHECK(on_insert(lying, "Root", "numbers[0]", 5).find("`Root.numbers`") != std::string::npos);
  Wire texts;
  texts.field(list, 4).list(string, 4);
  for (int i = 0; i < 3; ++i) texts.string("a");
  texts.i32(100);
  CHECK(on_insert(texts.bytes, "Root", "texts", "b").find("`Root.texts[3]`") != std::string::npos);
  const Bytes inner = Wire()
                          .field(list, 6)
                          .list(struct_, 2)
                          .field(i32, 1)
                          .i32(1)
                          .stop()
                          .field(list, 9)
                          .list(i32, -1)
                          .stop()
                          .bytes;
  const Value whole(idl().type("Inner"), {{"n", 1}});
  const Exact exact(inner);
  CHECK(complaint([&] {
          return thrift::set(ProtocolId::binary, exact.span(), idl().type("Root"),
                             "list_of_inners[1]", whole);
        }).find("`Root.list_of_inners[1]`") != std::string::npos);
}

TEST_CASE("a bad element of a set that is inserted into is told where it lies") {
  using enum WireType;
  const Bytes odd = Wire()
                        .field(set, 5)
                        .list(struct_, 3)
                        .field(i32, 1)
                        .i32(1)
                        .stop()
                        .field(i8, 9)
                        .i8(1)
                        .stop()
                        .stop()
                        .stop()
                        .bytes;
  const Value whole(idl().type("Inner"), {{"n", 5}});
  const std::string said = on_insert(odd, "Root", "inners", whole);
  CHECK(said.find("required field `n` of `Inner` is missing") != std::string::npos);
  // As decoding the whole says it.
  CHECK(said == complaint([&] { return decode(ProtocolId::binary, odd, idl().type("Root")); }));
  const Bytes root = Wire().list(struct_, 1).stop().bytes;
  CHECK(on_insert(root, "set<Inner>", "", whole) ==
        complaint([&] { return decode(ProtocolId::binary, root, idl().type("set<Inner>")); }));
}

TEST_CASE("a field that comes behind those with larger ids is replaced where it stands") {
  using enum WireType;
  const Type& root = idl().type("Root");
  const Bytes flag = Wire().field(bool_, 1).i8(1).bytes;
  const Bytes small = Wire().field(map, 7).map(i8, i8, 0).bytes;
  const auto number = [](int n) { return Wire().field(i32, 2).i32(n).bytes; };
  const Bytes odd =
      Wire().raw(small).raw(flag).raw(small).raw(number(1)).raw(small).raw(number(2)).stop().bytes;
  CHECK(to_bytes(thrift::set(ProtocolId::binary, odd, root, "number", 5)) ==
        Wire().raw(small).raw(flag).raw(small).raw(number(5)).raw(small).stop().bytes);
  // Compact: 9: true  1: false, its id written out  3: i8 unknown  2: i32 1, written out  4: true
  const Bytes compact = Wire()
                            .i8(0x91)
                            .i8(0x02)
                            .i8(0x02)
                            .i8(0x23)
                            .i8(7)
                            .i8(0x05)
                            .i8(0x04)
                            .i8(0x02)
                            .i8(0x21)
                            .stop()
                            .bytes;
  CHECK(to_bytes(thrift::set(ProtocolId::compact, compact, root, "number", 5)) == Wire()
                                                                                      .i8(0x91)
                                                                                      .i8(0x02)
                                                                                      .i8(0x02)
                                                                                      .i8(0x23)
                                                                                      .i8(7)
                                                                                      .i8(0x05)
                                                                                      .i8(0x04)
                                                                                      .i8(0x0a)
                                                                                      .i8(0x21)
                                                                                      .stop()
                                                                                      .bytes);
  CHECK(to_bytes(erase(ProtocolId::compact, compact, root, "number")) ==
        Wire().i8(0x91).i8(0x02).i8(0x02).i8(0x23).i8(7).i8(0x11).stop().bytes);
}

TEST_CASE("of a union with several members the one that is set stays alone, where it stands") {
  using enum WireType;
  const Type& choice = idl().type("Choice");
  const Bytes unknown = Wire().field(i8, 9).i8(7).bytes;
  const Bytes text = Wire().field(string, 2).string("a").bytes;
  const Bytes tiny = Wire().field(i8, 3).i8(1).bytes;
  const auto number = [](int n) { return Wire().field(i32, 1).i32(n).bytes; };
  const auto after = [&](const Wire& bytes) {
    return to_bytes(thrift::set(ProtocolId::binary, bytes.bytes, choice, "number", 5));
  };
  CHECK(after(Wire().raw(text).raw(unknown).raw(tiny).raw(number(1)).raw(text).stop()) ==
        Wire().raw(unknown).raw(number(5)).stop().bytes);
  CHECK(after(Wire().raw(number(1)).raw(unknown).raw(tiny).raw(number(2)).stop()) ==
        Wire().raw(number(5)).raw(unknown).stop().bytes);
  CHECK(after(Wire().raw(text).raw(unknown).raw(tiny).stop()) ==
        Wire().raw(number(5)).raw(unknown).stop().bytes);
  // Compact: 2: "a"  3: i8  9: unknown  1: i32 1, written out  10: unknown
  const Bytes compact = Wire()
                            .i8(0x28)
                            .i8(1)
                            .raw("a")
                            .i8(0x13)
                            .i8(1)
                            .i8(0x63)
                            .i8(7)
                            .i8(0x05)
                            .i8(0x02)
                            .i8(0x02)
                            .i8(0x93)
                            .i8(8)
                            .stop()
                            .bytes;
  CHECK(to_bytes(thrift::set(ProtocolId::compact, compact, choice, "number", 5)) ==
        Wire().i8(0x93).i8(7).i8(0x05).i8(0x02).i8(0x0a).i8(0x93).i8(8).stop().bytes);
}

TEST_CASE("of a map's key that comes several times all entries are erased, and the last is set") {
  using enum WireType;
  const Type& type = idl().type("map<i8, i8>");
  const Bytes odd = Wire().map(i8, i8, 4).i8(7).i8(1).i8(8).i8(2).i8(7).i8(3).i8(7).i8(4).bytes;
  CHECK(to_bytes(erase(ProtocolId::binary, odd, type, "{7}")) ==
        Wire().map(i8, i8, 1).i8(8).i8(2).bytes);
  CHECK(to_bytes(thrift::set(ProtocolId::binary, odd, type, "{7}", 9)) ==
        Wire().map(i8, i8, 4).i8(7).i8(1).i8(8).i8(2).i8(7).i8(3).i8(7).i8(9).bytes);
}
