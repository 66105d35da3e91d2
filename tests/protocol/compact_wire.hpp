#pragma once

// Builds compact's bytes by hand, as the protocol's documents say:
//     CompactWire().field(1, string).string("Ann").field(2, i32).i(30).stop().bytes

#include "samples.hpp"

namespace samples {

/// The types as compact numbers them.
enum class Compact : std::uint8_t {
  stop = 0,
  yes = 1,
  no = 2,
  i8 = 3,
  i16 = 4,
  i32 = 5,
  i64 = 6,
  real = 7,
  string = 8,
  list = 9,
  set = 10,
  map = 11,
  record = 12,
  uuid = 13,
};

struct CompactWire {
  Bytes bytes;
  CompactWire& byte(unsigned v) {
    bytes.push_back(static_cast<std::byte>(v));
    return *this;
  }
  CompactWire& varint(std::uint64_t v) {
    for (; v >= 0x80; v >>= 7) byte(static_cast<unsigned>(v & 0x7f) | 0x80);
    return byte(static_cast<unsigned>(v));
  }
  /// A number, folded.
  CompactWire& i(std::int64_t v) {
    return varint(static_cast<std::uint64_t>(v) << 1 ^ static_cast<std::uint64_t>(v >> 63));
  }
  CompactWire& real(double v) {
    std::uint64_t bits;
    std::memcpy(&bits, &v, sizeof(bits));
    for (int n = 0; n < 8; ++n) byte(static_cast<unsigned>(bits >> (8 * n) & 0xff));
    return *this;
  }
  CompactWire& raw(const Bytes& more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
    return *this;
  }
  CompactWire& string(std::string_view text) {
    varint(text.size());
    for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
    return *this;
  }
  /// A field whose id is `delta` (1 to 15) more than that of the field before.
  CompactWire& field(unsigned delta, Compact type) {
    return byte(delta << 4 | static_cast<unsigned>(type));
  }
  /// A field with an id of its own.
  CompactWire& long_field(std::int64_t id, Compact type) {
    return byte(static_cast<unsigned>(type)).i(id);
  }
  CompactWire& list(unsigned size, Compact element) {
    if (size < 15) return byte(size << 4 | static_cast<unsigned>(element));
    return long_list(size, element);
  }
  CompactWire& long_list(std::uint64_t size, Compact element) {
    return byte(0xf0U | static_cast<unsigned>(element)).varint(size);
  }
  CompactWire& map(std::uint64_t size, Compact key, Compact value) {
    varint(size);
    return byte(static_cast<unsigned>(key) << 4 | static_cast<unsigned>(value));
  }
  CompactWire& stop() { return byte(0); }
};

}  // namespace samples
