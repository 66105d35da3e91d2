#include <thriftpp/protocol/protocol.hpp>

#include "protocol/codec.hpp"
#include "protocol/decode_entry.hpp"

namespace thrift {
namespace {

/// The value at the start of the input, into a new cell; where it ends, or nullptr.
[[gnu::always_inline]] inline const std::byte* decode_root(const Codec& codec, DecodeState& state,
                                                           std::span<const std::byte> bytes,
                                                           const Type& type, InputMemory memory,
                                                           std::byte*& cell) {
  const SlotLayout& slot = type.slot();
  cell = state.start(bytes, memory, slot.cell_size);
  if (cell == nullptr) [[unlikely]]
    return state.out_of_memory(state.begin());
  return codec.decode(state, state.begin(), cell, slot, state.max_depth());
}

InputMemory input_memory(const DecodeOptions& options) noexcept {
  return options.alias_input ? InputMemory::foreign : InputMemory::to_copy;
}

/// What is wrong with bytes that `state` could not decode. Input that was copied or taken over is
/// read a little beyond its end (DecodeState::fast_end): what fails there may be told of bytes that
/// nobody sent. So the error is that of reading once more, exactly. It is then the same, however
/// the input was held.
[[gnu::cold, gnu::noinline]] Failure explain(ProtocolId protocol, const DecodeState& state,
                                             const Type& type) {
  Failure failure = state.failure(type.name());
  // Where a limit was met, reading once more would take as much again.
  const bool limited = state.failure_kind() == ProtocolErrorKind::size_limit;
  if (state.is_exact() || limited) return failure;
  Arena arena;
  DecodeState exact(state.options(), arena);
  std::byte* cell = nullptr;
  const bool fails = decode_root(codec(protocol), exact, {state.begin(), state.end()}, type,
                                 InputMemory::foreign, cell) == nullptr;
  return fails ? exact.failure(type.name()) : failure;
}

[[gnu::cold]] void throw_trailing(std::size_t count, const Type& type, std::size_t offset) {
  throw ProtocolError(ProtocolErrorKind::trailing_bytes,
                      std::to_string(count) + (count == 1 ? " byte is" : " bytes are") +
                          " left behind the `" + std::string(type.name()) + "`",
                      offset);
}

[[gnu::always_inline]] inline std::byte* decode_into(ProtocolId protocol,
                                                     std::span<const std::byte> bytes,
                                                     const Type& type, Arena& arena,
                                                     const DecodeOptions& options,
                                                     InputMemory memory) {
  const Codec& found = codec(protocol);
  DecodeState state(options, arena);
  std::byte* cell = nullptr;
  const std::byte* const end = decode_root(found, state, bytes, type, memory, cell);
  if (end == nullptr) [[unlikely]]
    explain(protocol, state, type).raise();
  if (end != state.end() && options.strictness.trailing_bytes == Reaction::error) [[unlikely]] {
    throw_trailing(static_cast<std::size_t>(state.end() - end), type,
                   static_cast<std::size_t>(end - state.begin()));
  }
  return cell;
}

}  // namespace

std::byte* decode_whole(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                        Arena& arena, const DecodeOptions& options, InputMemory memory) {
  return decode_into(protocol, bytes, type, arena, options, memory);
}

std::byte* decode_whole(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                        Arena& arena, const DecodeOptions& options) {
  return decode_whole(protocol, bytes, type, arena, options, input_memory(options));
}

ValueView decode(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                 Arena& arena, const DecodeOptions& options) {
  return {type, decode_into(protocol, bytes, type, arena, options, input_memory(options))};
}

Result<Decoded> try_decode_prefix(ProtocolId protocol, std::span<const std::byte> bytes,
                                  const Type& type, Arena& arena, const DecodeOptions& options) {
  const Codec* const codec = find_codec(protocol);
  if (codec == nullptr) [[unlikely]]
    return no_codec(protocol);
  DecodeState state(options, arena);
  std::byte* cell = nullptr;
  const std::byte* const end = decode_root(*codec, state, bytes, type, input_memory(options), cell);
  if (end == nullptr) [[unlikely]]
    return explain(protocol, state, type);
  return Decoded{ValueView(type, cell), static_cast<std::size_t>(end - state.begin())};
}

std::size_t skip(ProtocolId protocol, std::span<const std::byte> bytes, WireType type,
                 const DecodeOptions& options) {
  DecodeState state(bytes, options);
  const std::byte* const end = codec(protocol).skip(state, state.begin(), type, state.max_depth());
  if (end == nullptr) state.failure({}).raise();
  return static_cast<std::size_t>(end - state.begin());
}

}  // namespace thrift
