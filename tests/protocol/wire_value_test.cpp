// Single values that lie as bytes: what reading them takes is what decoding them takes.

#include <thriftpp/load/load.hpp>
#include <thriftpp/protocol/bytes_path.hpp>

#include "samples.hpp"

using namespace thrift;
using namespace samples;

namespace {

const Idl& idl() {
  static const Idl loaded = loads(R"(
    enum Color { RED = 1 }
    struct Root {
      1: optional i16 small
      2: optional i32 number
      3: optional Color color
      4: optional string text
      5: optional binary raw
    }
    struct Empty {}
  )");
  return loaded;
}

std::string complaint(const auto& read) {
  try {
    (void)read();
  } catch (const ProtocolError& error) {
    return error.message();
  }
  return "none";
}

}  // namespace

TEST_CASE("a scalar that strictness refuses is refused by as, as by decode") {
  using enum WireType;
  const Bytes binary = Wire()
                           .field(i32, 3)
                           .i32(7)
                           .field(string, 4)
                           .string("\xff")
                           .field(string, 5)
                           .string("\xff")
                           .stop()
                           .bytes;
  // 1: i16, more than 16 bits  2: i32, more than 32 bits  3: an enum, the same
  const Bytes compact = Wire()
                            .i8(0x14)
                            .raw("\x80\x80\x08")
                            .i8(0x15)
                            .raw("\x80\x80\x80\x80\x20")
                            .i8(0x15)
                            .raw("\x82\x80\x80\x80\x20")
                            .stop()
                            .bytes;
  const auto at = [](ProtocolId protocol, const Bytes& bytes, std::string_view path,
                     const Strictness& strictness) {
    return *find(protocol, bytes, idl().type("Root"), path, {.strictness = strictness});
  };
  struct Odd {
    ProtocolId protocol;
    std::string_view path;
    Reaction Strictness::* kind;
    std::string_view said;
  };
  for (const Odd& odd :
       {Odd{ProtocolId::binary, "color", &Strictness::unknown_enum, "no value 7 at offset 3"},
        Odd{ProtocolId::binary, "text", &Strictness::invalid_utf8, "not UTF-8 at offset 10"},
        Odd{ProtocolId::compact, "small", &Strictness::varint_overflow, "16 bits at offset 1"},
        Odd{ProtocolId::compact, "number", &Strictness::varint_overflow, "32 bits at offset 5"},
        Odd{ProtocolId::compact, "color", &Strictness::varint_overflow, "32 bits at offset 11"}}) {
    CAPTURE(odd.path);
    const Bytes& bytes = odd.protocol == ProtocolId::binary ? binary : compact;
    for (const Reaction reaction : {Reaction::error, Reaction::skip, Reaction::keep}) {
      Strictness strictness;
      strictness.*odd.kind = reaction;
      const WireValue value = at(odd.protocol, bytes, odd.path, strictness);
      const std::string from_decode = complaint([&] { return value.decode(); });
      const bool is_text = odd.path == "text";
      CHECK(from_decode == complaint([&] {
              return is_text ? value.as<std::string>() : std::to_string(value.as<std::int64_t>());
            }));
      CHECK((from_decode == "none") == (reaction == Reaction::keep));
      if (reaction == Reaction::error) CHECK(from_decode.find(odd.said) != std::string::npos);
    }
  }
  // What is as it should be is read as ever; a string_view views the input.
  const Bytes fine = Wire().field(i32, 3).i32(1).field(string, 4).string("text").stop().bytes;
  const Strictness strict = Strictness::strict();
  CHECK(at(ProtocolId::binary, fine, "color", strict).as<int>() == 1);
  const auto text = at(ProtocolId::binary, fine, "text", strict).as<std::string_view>();
  CHECK(text == "text");
  CHECK(static_cast<const void*>(text.data()) == fine.data() + 14);
  CHECK(at(ProtocolId::binary, binary, "raw", strict).as<std::string_view>() == "\xff");
}

TEST_CASE(
    "a bool in the header of an unknown field can be read, and decodes as unknown fields do") {
  // 1: true  2: false  3: i32 1
  const Bytes bytes = Wire().i8(0x11).i8(0x12).i8(0x15).i8(2).stop().bytes;
  std::vector<bool> bools;
  for (const WireField& field :
       WireValue(ProtocolId::compact, bytes, idl().type("Empty")).fields()) {
    CAPTURE(field.id);
    CHECK(field.field == nullptr);
    CHECK(field.value.type().is_void());
    if (field.value.in_header()) {
      bools.push_back(field.value.as<bool>());
    } else {
      CHECK_THROWS_AS((void)field.value.as<int>(), TypeError);
    }
    CHECK(field.value.decode().type().is_void());
    Arena arena;
    CHECK(field.value.decode(arena).type().is_void());
  }
  CHECK(bools == std::vector<bool>{true, false});
}
