// Changing bytes that are wrong or odd: what is said of them, and where.

#include <thriftpp/load/load.hpp>
#include <thriftpp/protocol/bytes_path.hpp>

#include "samples.hpp"

using namespace thrift;
using namespace samples;

namespace {

constexpr const char* idl_text = R"(
struct Inner { 1: required i32 n }
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
