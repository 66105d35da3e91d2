// Decoding into Values: an arena of their own, handed over with what lies in it.

#include <algorithm>
#include <memory>

#include "protocol/decode_entry.hpp"

namespace thrift {
namespace {

/// The first block of an arena for `input` bytes: their copy, and records of about twice their
/// size, which is what most messages take, so that one allocation will do.
std::unique_ptr<Arena> new_arena(std::size_t input) {
  constexpr std::size_t least = 256;
  constexpr std::size_t most = std::size_t{64} << 20;
  return std::make_unique<Arena>(std::clamp(3 * std::min(input, most), least, most));
}

Value adopt(std::unique_ptr<Arena> arena, ValueView value) {
  // The cell lies in the arena that is handed over with it: whoever gets that may write.
  auto* const cell = const_cast<std::byte*>(value.cell());
  return Value::adopt(std::move(arena), value.type(), cell);
}

}  // namespace

Value decode(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
             const DecodeOptions& options) {
  auto arena = new_arena(bytes.size());
  const ValueView value =
      decode_whole(protocol, bytes, type, *arena, options, input_memory(options));
  return adopt(std::move(arena), value);
}

Value decode(ProtocolId protocol, Buffer&& bytes, const Type& type, const DecodeOptions& options) {
  auto arena = new_arena(bytes.size());
  const std::span<const std::byte> input = arena->adopt(std::move(bytes));
  const ValueView value = decode_whole(protocol, input, type, *arena, options, InputMemory::owned);
  return adopt(std::move(arena), value);
}

}  // namespace thrift
