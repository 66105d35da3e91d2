#pragma once

// Apache's JSON protocol (TJSONProtocol), which is not plain JSON: fields go by id, and every value
// says its type, so that it can be read without an IDL.
//
//     struct               {"ID":{"TYPE":VALUE},...}
//     list set             ["TYPE",SIZE,VALUE,...]
//     map                  ["TYPE OF KEYS","TYPE OF VALUES",SIZE,{KEY:VALUE,...}]
//     bool                 1 or 0
//     i8 i16 i32 i64 enum  a number
//     double               a number of 17 digits, or "NaN", "Infinity", "-Infinity"
//     string, uuid         a string         binary   a string, base64 without padding
//     TYPE                 tf i8 i16 i32 i64 dbl str rec map lst set uid
//
// Keys of maps are strings: numbers stand in quotes there. Structs and containers as keys are
// written as they are, which is not JSON any more; Apache's C++ writes and reads them so, and so do
// we.
//
// What is written is what Apache's C++ writes, byte for byte. Reading takes more than its readers
// do: white space, padding in base64, `\/`, hexadecimal digits of either case, negative ids,
// numbers with or without quotes, `true` and `false`. Names of types have to match in full.

#include <array>
#include <bit>
#include <string_view>
#include <thriftpp/protocol/protocol.hpp>

#include "protocol/decode_state.hpp"
#include "protocol/encode_state.hpp"

namespace thrift::tjson {

/// The value of type `slot` that starts at `p`, into `cell`; where it ends, or nullptr.
[[nodiscard]] const std::byte* decode(DecodeState& state, const std::byte* p, std::byte* cell,
                                      const SlotLayout& slot, std::uint32_t depth);

/// Where the value of wire type `type` at `p` ends, or nullptr. Never allocates.
[[nodiscard]] const std::byte* skip(DecodeState& state, const std::byte* p, WireType type,
                                    std::uint32_t depth);

/// Writes the value at `p`; where it ends, or nullptr.
[[nodiscard]] std::byte* encode(EncodeState& state, std::byte* p, const std::byte* cell,
                                const SlotLayout& slot);

/// By the code of the wire type; empty where there is none.
inline constexpr std::array<std::string_view, 17> type_names{
    "", "",    "tf",  "i8",  "dbl", "",    "i16", "",   "i32",
    "", "i64", "str", "rec", "map", "set", "lst", "uid"};

[[nodiscard]] constexpr std::string_view type_name(WireType type) noexcept {
  const auto code = static_cast<std::size_t>(type);
  return code < type_names.size() ? type_names[code] : std::string_view();
}

/// A few characters as a number, to compare or write them at once.
template <std::size_t room>
struct Characters {
  static_assert(room == 8 || room == 16);
  std::array<char, room> text{};
  std::uint32_t size = 0;

  constexpr void append(std::string_view more) noexcept {
    for (const char c : more) text[size++] = c;
  }
};

/// A type in front of its value: `"i64":`.
inline constexpr std::array<Characters<8>, 17> type_tags = [] {
  std::array<Characters<8>, 17> tags;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (type_names[i].empty()) continue;
    tags[i].append("\"");
    tags[i].append(type_names[i]);
    tags[i].append("\":");
  }
  return tags;
}();

/// What stands between a field's id and its value: `":{"i64":`.
inline constexpr std::array<Characters<16>, 17> field_tags = [] {
  std::array<Characters<16>, 17> tags;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    tags[i].append("\":{\"");
    tags[i].append(type_names[i]);
    tags[i].append("\":");
  }
  return tags;
}();

/// The fewest bytes that a value of a wire type takes in a container, with the comma or bracket
/// behind it; 0 where there is none such.
[[nodiscard]] constexpr std::uint32_t least_size(WireType type) noexcept {
  using enum WireType;
  switch (type) {
    case bool_:
    case i8:
    case i16:
    case i32:
    case i64:
    case double_: return 2;
    case string:
    case struct_: return 3;
    case list:
    case set: return 9;
    case map: return 17;
    case uuid: return 39;
    default: return 0;
  }
}

}  // namespace thrift::tjson
