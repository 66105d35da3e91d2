// Decoding into Values: an arena of their own, handed over with what lies in it.

#include <algorithm>
#include <memory>
#include <thriftpp/protocol/protocol.hpp>

#include "protocol/decode_entry.hpp"

namespace thrift {
namespace {

/// The first block of an arena for `input` bytes: their copy, and records of about twice their
/// size, which is what most messages take, so that one allocation will do.
std::unique_ptr<Arena> new_arena(std::size_t input) {
  constexpr std::size_t least = 256;
  constexpr std::size_t most = std::size_t{64} << 20;
  return Arena::make(std::clamp(3 * std::min(input, most), least, most));
}

}  // namespace

Value decode(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
             const DecodeOptions& options) {
  auto arena = new_arena(bytes.size());
  std::byte* const cell = decode_whole(protocol, bytes, type, *arena, options);
  return Value::adopt(std::move(arena), type, cell);
}

Value decode(ProtocolId protocol, Buffer&& bytes, const Type& type, const DecodeOptions& options) {
  auto arena = new_arena(bytes.size());
  const std::span<const std::byte> input = arena->adopt(std::move(bytes));
  std::byte* const cell = decode_whole(protocol, input, type, *arena, options, InputMemory::owned);
  return Value::adopt(std::move(arena), type, cell);
}

}  // namespace thrift
