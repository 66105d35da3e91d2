#pragma once

// Going through bytes without building anything: what finding, changing and iterating share.
//
// A protocol's `Wire` (binary_walk.hpp, compact_walk.hpp) reads headers and writes them, and skips
// values as the schema says what they are. It goes by the schema rather than by the wire alone
// because that is what decoding does: where a list's header names another type than the schema,
// Strictness::element_type decides what its elements are. Fields that the schema does not have, and
// such that come with another wire type than its, are skipped by what they say of themselves.
//
// Places and failures are those of decode_state.hpp. `depth` is how many levels may still follow.

#include <cstdint>

#include "protocol/decode_state.hpp"

namespace thrift {

using Place = const std::byte*;

struct FieldHeader {
  std::int16_t id = 0;
  WireType type = WireType::stop;  // stop: the struct ends here
  bool has_value = true;           // false: a bool that the header holds
  bool value = false;              // that bool
};

struct ContainerHeader {
  std::uint32_t size = 0;
  WireType key = WireType::stop;  // of a map
  WireType element = WireType::stop;
};

[[nodiscard]] inline std::size_t bytes_between(Place p, Place end) noexcept {
  return static_cast<std::size_t>(end - p);
}

/// The elements of a container are not of the schema's type. Decides by Strictness::element_type:
/// with `keep` sets the types in `header` to the schema's. False: nullptr is to be returned.
[[gnu::cold]] bool take_odd_container(DecodeState& state, Place p, const SlotLayout& slot,
                                      ContainerHeader& header, bool& left_out);

/// Whether a header is what the schema says.
[[nodiscard]] inline bool is_as_declared(const ContainerHeader& header,
                                         const SlotLayout& slot) noexcept {
  return header.element == slot.element->wire &&
         (slot.key == nullptr || header.key == slot.key->wire);
}

}  // namespace thrift
