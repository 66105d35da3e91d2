#pragma once

// The steps that all decode functions share.

#include <thriftpp/protocol/protocol.hpp>

namespace thrift {

/// How the input comes to lie where the value's strings may view it.
enum class InputMemory : std::uint8_t {
  to_copy,  ///< It is copied into the arena first.
  owned,    ///< The arena owns it already.
  foreign,  ///< Somebody else keeps it alive, and its bytes do not count as the value's.
};

[[nodiscard]] inline InputMemory input_memory(const DecodeOptions& options) noexcept {
  return options.alias_input ? InputMemory::foreign : InputMemory::to_copy;
}

/// The value at the start of `bytes`.
[[nodiscard]] Result<Decoded> decode_prefix(ProtocolId protocol, std::span<const std::byte> bytes,
                                            const Type& type, Arena& arena,
                                            const DecodeOptions& options, InputMemory memory);
/// The value that `bytes` are, whole. Throws.
[[nodiscard]] ValueView decode_whole(ProtocolId protocol, std::span<const std::byte> bytes,
                                     const Type& type, Arena& arena, const DecodeOptions& options,
                                     InputMemory memory);

}  // namespace thrift
