#pragma once

// What the loop of decode_loop.hpp asks a protocol's Wire for. BinaryWire and CompactWire have the
// same static members; the first is the plainer one to read.

#include "protocol/decode_state.hpp"
#include "protocol/isa.hpp"

namespace thrift {
inline namespace THRIFTPP_ISA {
namespace {

using Place = const std::byte*;

[[nodiscard, gnu::always_inline]] inline std::size_t left(Place p, Place end) noexcept {
  return static_cast<std::size_t>(end - p);
}

/// A field's header on the long way.
struct FieldHeader {
  Place value;  ///< Where the value starts; nullptr where the header could not be read.
  std::int16_t id;
  std::uint8_t type;  ///< As the protocol numbers types; 0: the struct ends here.
};

/// A container's header. Nothing has been checked.
struct ContainerHeader {
  Place value;  ///< As above.
  std::uint64_t size;
  WireType key;  ///< Of maps.
  WireType element;
};

}  // namespace
}  // namespace THRIFTPP_ISA
}  // namespace thrift
