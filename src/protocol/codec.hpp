#pragma once

// A protocol, as what the public functions call: one indirect call per value, never per field.

#include "protocol/decode_state.hpp"
#include "protocol/encode_state.hpp"

namespace thrift {

struct Codec {
  /// The value of type `slot` at `p`, into `cell`; where it ends, or nullptr.
  const std::byte* (*decode)(DecodeState& state, const std::byte* p, std::byte* cell,
                             const SlotLayout& slot, std::uint32_t depth);
  /// Where the value of that wire type at `p` ends, or nullptr.
  const std::byte* (*skip)(DecodeState& state, const std::byte* p, WireType type,
                           std::uint32_t depth);
  /// Writes the value at `p`; where it ends, or nullptr.
  std::byte* (*encode)(EncodeState& state, std::byte* p, const std::byte* cell,
                       const SlotLayout& slot);
};

/// The codec of a protocol, or nullptr where there is none.
[[nodiscard]] const Codec* find_codec(ProtocolId protocol) noexcept;
/// Whether codecs are those for any processor, or (at first) the fastest that this one can run; see
/// isa.hpp. For measuring the one against the other; the environment's THRIFTPP_ISA=portable
/// decides for a whole process.
THRIFTPP_API void use_portable_codecs(bool portable) noexcept;
/// The error for a protocol that has no codec.
[[nodiscard]] Failure no_codec(ProtocolId protocol);
/// As find_codec, but throws no_codec.
[[nodiscard]] const Codec& codec(ProtocolId protocol);

}  // namespace thrift
