#pragma once

// A protocol, as what the public functions call: one indirect call per value, never per field.

#include <array>
#include <atomic>

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

/// The codecs as compiled for one instruction set (see isa.hpp), by ProtocolId.
using CodecTable = std::array<Codec, 3>;

/// The table in use; nullptr before its first use.
extern constinit std::atomic<const CodecTable*> codec_table;
/// Chooses it: the fastest that this processor can run, or, where the environment says
/// THRIFTPP_ISA=portable, that for any processor.
[[gnu::cold]] const CodecTable* choose_codec_table() noexcept;
/// Whether codecs are those for any processor, or the fastest. For measuring the one against the
/// other.
THRIFTPP_API void use_portable_codecs(bool portable) noexcept;

/// The error for a protocol that has no codec.
[[nodiscard]] Failure no_codec(ProtocolId protocol);

[[nodiscard, gnu::always_inline]] inline const CodecTable& codecs() noexcept {
  const CodecTable* const table = codec_table.load(std::memory_order_relaxed);
  return table == nullptr ? *choose_codec_table() : *table;
}
/// The codec of a protocol, or nullptr where there is none.
[[nodiscard]] inline const Codec* find_codec(ProtocolId protocol) noexcept {
  const auto at = static_cast<std::size_t>(protocol);
  return at < std::tuple_size_v<CodecTable> ? &codecs()[at] : nullptr;
}
/// As find_codec, but throws no_codec.
[[nodiscard]] inline const Codec& codec(ProtocolId protocol) {
  const auto at = static_cast<std::size_t>(protocol);
  if (at >= std::tuple_size_v<CodecTable>) [[unlikely]]
    no_codec(protocol).raise();
  return codecs()[at];
}

}  // namespace thrift
