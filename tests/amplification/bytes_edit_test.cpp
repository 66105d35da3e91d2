// Changing a place of bytes takes the memory of what comes out, and nothing for each field, element
// or entry that is passed or that goes. What comes out lies in a Buffer, which is not counted here
// (heap.hpp); all that is beside it is.

#include <doctest/doctest.h>

#include <thriftpp/load/load.hpp>
#include <thriftpp/protocol/bytes_path.hpp>

#include "heap.hpp"
#include "tokens.hpp"

using namespace thrift;

namespace {

const Idl& idl() {
  static const Idl loaded = loads(R"(
    union Choice { 1: bool flag; 2: i32 number; 3: i8 tiny }
    struct Root {
      1: optional bool flag
      2: optional i32 number
      3: optional map<i8, i8> small
      4: optional Choice choice
      5: optional i8 tiny
    }
  )");
  return loaded;
}

struct Shape {
  const char* name;
  const char* type;
  void (*write)(amplification::Tokens& t, std::uint32_t n);
  std::vector<const char*> paths;
};

void write_field(amplification::Tokens& t, WireType type, int id) {
  t.field(type, id);
  t.number(type, 1);
  t.end_field();
}

void unknown_fields(amplification::Tokens& t, std::uint32_t n) {
  t.begin_struct();
  for (std::uint32_t i = 0; i < n; ++i)
    write_field(t, WireType::bool_, 100 + static_cast<int>(i % 20'000));
  t.end_struct();
}

void same_field(amplification::Tokens& t, std::uint32_t n) {
  t.begin_struct();
  for (std::uint32_t i = 0; i < n; ++i) write_field(t, WireType::bool_, 1);
  t.end_struct();
}

void two_fields_in_turn(amplification::Tokens& t, std::uint32_t n) {
  t.begin_struct();
  for (std::uint32_t i = 0; i < n; ++i) {
    write_field(t, WireType::bool_, 1);
    write_field(t, WireType::i8, 5);
  }
  t.end_struct();
}

void members_in_turn(amplification::Tokens& t, std::uint32_t n) {
  t.begin_struct();
  for (std::uint32_t i = 0; i < n; ++i) {
    write_field(t, WireType::i8, 3);
    write_field(t, WireType::i8, 9);
  }
  t.end_struct();
}

void same_keys(amplification::Tokens& t, std::uint32_t n) {
  t.map(WireType::i8, WireType::i8, n);
  for (std::uint32_t i = 0; i < n; ++i) {
    t.number(WireType::i8, 7);
    t.number(WireType::i8, 1);
  }
  t.end_map();
}

void keys_in_turn(amplification::Tokens& t, std::uint32_t n) {
  t.map(WireType::i8, WireType::i8, 2 * n);
  for (std::uint32_t i = 0; i < 2 * n; ++i) {
    t.number(WireType::i8, i % 2 == 0 ? 7 : 8);
    t.number(WireType::i8, 1);
  }
  t.end_map();
}

}  // namespace

TEST_CASE("what is passed or taken away when bytes are changed takes no memory") {
  const Shape shapes[] = {
      {"unknown fields", "Root", unknown_fields, {"flag", "number", "tiny"}},
      {"one field, again and again", "Root", same_field, {"flag", "number"}},
      {"two fields in turn", "Root", two_fields_in_turn, {"flag", "number", "tiny"}},
      {"members of a union in turn", "Choice", members_in_turn, {"flag", "tiny"}},
      {"one key, again and again", "map<i8, i8>", same_keys, {"{7}", "{8}"}},
      {"two keys in turn", "map<i8, i8>", keys_in_turn, {"{7}", "{8}", "{9}"}},
  };
  for (const Shape& shape : shapes) {
    for (const ProtocolId protocol : {ProtocolId::binary, ProtocolId::compact}) {
      amplification::Binary binary;
      amplification::Compact compact;
      const bool is_binary = protocol == ProtocolId::binary;
      amplification::Tokens& tokens =
          is_binary ? static_cast<amplification::Tokens&>(binary) : compact;
      shape.write(tokens, 100'000);
      const auto bytes = std::as_bytes(std::span(tokens.bytes));
      for (const char* text : shape.paths) {
        CAPTURE(shape.name);
        CAPTURE(to_string(protocol));
        CAPTURE(text);
        const CompiledPath path(idl().type(shape.type), text);
        const Value value(path.type());
        {
          const amplification::HeapPeak heap;
          const Buffer changed = set(protocol, bytes, path, value);
          CHECK(heap.bytes() <= 16384);
          CHECK(find(protocol, changed, path)->decode() == value);
          CHECK(changed.capacity() <= 2 * bytes.size() + 1024);
        }
        if (path.root().is_union()) continue;
        const amplification::HeapPeak heap;
        const Buffer changed = erase(protocol, bytes, path);
        CHECK(heap.bytes() <= 16384);
        CHECK_FALSE(find(protocol, changed, path).has_value());
        CHECK(changed.capacity() <= 2 * bytes.size() + 1024);
      }
    }
  }
}
