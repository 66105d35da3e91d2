#pragma once

// What decoding into an arena and decoding into a Value share.

#include "protocol/decode_state.hpp"

namespace thrift {

/// The cell of the value that `bytes` are, whole. Throws.
[[nodiscard]] std::byte* decode_whole(ProtocolId protocol, std::span<const std::byte> bytes,
                                      const Type& type, Arena& arena, const DecodeOptions& options,
                                      InputMemory memory);
/// As above; the options say whether the input is copied.
[[nodiscard]] std::byte* decode_whole(ProtocolId protocol, std::span<const std::byte> bytes,
                                      const Type& type, Arena& arena, const DecodeOptions& options);

}  // namespace thrift
