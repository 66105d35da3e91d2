#pragma once

// What the protocol's tests share: a schema that uses every type, bytes written by hand as the
// protocol's documents say, values of random content, and reading values back.

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <thriftpp/protocol/protocol.hpp>
#include <thriftpp/schema/schema_builder.hpp>
#include <vector>

namespace samples {

using Bytes = std::vector<std::byte>;

/// Builds bytes by hand: `Wire().i8(11).i16(2).string("Ann").bytes`.
struct Wire {
  Bytes bytes;
  Wire& i8(int v) { return number(static_cast<std::uint64_t>(v), 1); }
  Wire& i16(int v) { return number(static_cast<std::uint64_t>(v), 2); }
  Wire& i32(std::int64_t v) { return number(static_cast<std::uint64_t>(v), 4); }
  Wire& i64(std::int64_t v) { return number(static_cast<std::uint64_t>(v), 8); }
  Wire& raw(std::string_view text) {
    for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
    return *this;
  }
  Wire& raw(const Bytes& more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
    return *this;
  }
  Wire& string(std::string_view text) {
    return i32(static_cast<std::int64_t>(text.size())).raw(text);
  }
  /// A field's header.
  Wire& field(thrift::WireType type, int id) { return i8(static_cast<int>(type)).i16(id); }
  Wire& list(thrift::WireType element, std::int64_t size) {
    return i8(static_cast<int>(element)).i32(size);
  }
  Wire& map(thrift::WireType key, thrift::WireType value, std::int64_t size) {
    return i8(static_cast<int>(key)).i8(static_cast<int>(value)).i32(size);
  }
  Wire& stop() { return i8(0); }

 private:
  Wire& number(std::uint64_t v, int size) {
    while (size-- > 0) bytes.push_back(static_cast<std::byte>(v >> (8 * size) & 0xff));
    return *this;
  }
};

/// struct All { every type as a field, every container, itself } and a few that tests need.
struct Schema {
  Schema();
  thrift::SchemaPtr schema;
  const thrift::StructType* all = nullptr;
  const thrift::StructType* inner = nullptr;   // 1: required string key  2: optional i64 n
  const thrift::StructType* choice = nullptr;  // union: 1: i32 number 2: string text 3: Inner inner
  const thrift::StructType* empty = nullptr;   // no fields
  const thrift::StructType* node = nullptr;    // 1: Node next  2: list<Node> children
  const thrift::StructType* wide = nullptr;    // 70 fields: 1 and 69, 70 required, i32
  const thrift::StructType* wide_choice = nullptr;  // union of 70 i32
  // 1: i32 plain  2: i32 with_default = 7  3: optional i32 optional_default = 7  4: Inner inner =
  // ...
  const thrift::StructType* defaults = nullptr;
};

/// The one schema of the tests.
const Schema& schema();

/// A record of All with every field set.
Bytes all_bytes();

/// A random value's bytes: what is generated follows the schema, so that it decodes.
Bytes random_bytes(const thrift::SlotLayout& slot, std::mt19937_64& random, int depth = 4);

/// Decodes from a heap block of exactly that size, so that a sanitizer sees a read past its end.
struct Exact {
  explicit Exact(const Bytes& bytes) : memory(new std::byte[bytes.size()]), size(bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), memory.get());
  }
  [[nodiscard]] std::span<const std::byte> span() const { return {memory.get(), size}; }
  std::unique_ptr<std::byte[]> memory;
  std::size_t size;
};

inline Bytes to_bytes(const thrift::Buffer& buffer) {
  return {buffer.data(), buffer.data() + buffer.size()};
}

/// The cell of a set field, or nullptr where it is not set; of a struct its record.
const std::byte* field(thrift::ValueView record, std::string_view name);

template <class T>
T scalar(const std::byte* cell) {
  REQUIRE(cell != nullptr);
  T v;
  std::memcpy(&v, cell, sizeof(v));
  return v;
}
inline std::string text(const std::byte* cell) {
  return std::string(scalar<thrift::StringSlot>(cell).view());
}

/// What decoding fails with.
struct Failed {
  thrift::ProtocolErrorKind kind;
  std::uint64_t offset;
  std::string path;
  std::string message;
};
Failed decode_error(const Bytes& bytes, const thrift::Type& type,
                    const thrift::DecodeOptions& options = {},
                    thrift::ProtocolId protocol = thrift::ProtocolId::binary);

/// Checks that all prefixes of a value are refused, and that each of its bytes may be flipped: a
/// value or an error, within the budget, without a read past the end. (hostile_test.cpp)
void check_hostile(const Bytes& bytes, const thrift::Type& type,
                   thrift::ProtocolId protocol = thrift::ProtocolId::binary);

}  // namespace samples
