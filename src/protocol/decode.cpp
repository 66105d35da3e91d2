#include <thriftpp/protocol/protocol.hpp>

#include "protocol/codec.hpp"
#include "protocol/decode_entry.hpp"

namespace thrift {
namespace {

/// Bytes that a decode of `input` bytes may take.
std::size_t memory_limit(std::size_t input, const DecodeOptions& options) noexcept {
  if (options.max_memory != 0) return options.max_memory;
  constexpr std::size_t base = std::size_t{64} * 1024;
  constexpr std::size_t factor = 64;
  return input > (SIZE_MAX - base) / factor ? SIZE_MAX : base + factor * input;
}

Failure too_large(std::size_t input, std::size_t limit) {
  return make_failure<ProtocolErrorDetail>(ProtocolErrorKind::size_limit,
                                           "an input of " + std::to_string(input) +
                                               " bytes takes more memory than the " +
                                               std::to_string(limit) + " bytes that it may",
                                           0, std::string());
}

}  // namespace

Result<Decoded> decode_prefix(ProtocolId protocol, std::span<const std::byte> bytes,
                              const Type& type, Arena& arena, const DecodeOptions& options,
                              InputMemory memory) {
  const Codec* const codec = find_codec(protocol);
  if (codec == nullptr) [[unlikely]]
    return no_codec(protocol);
  const std::size_t limit = memory_limit(bytes.size(), options);
  std::size_t left = limit;
  if (memory != InputMemory::foreign) {
    if (bytes.size() > left) [[unlikely]]
      return too_large(bytes.size(), limit);
    left -= bytes.size();
  }
  if (memory == InputMemory::to_copy && !bytes.empty()) {
    void* const copy = arena.try_allocate(bytes.size(), 1);
    if (copy == nullptr) [[unlikely]]
      return too_large(bytes.size(), limit);
    std::memcpy(copy, bytes.data(), bytes.size());
    bytes = {static_cast<const std::byte*>(copy), bytes.size()};
  }

  DecodeState state(bytes, options, arena, left);
  const SlotLayout& slot = type.slot();
  std::byte* const cell = state.allocate(slot.cell_size);
  const std::byte* const end =
      cell == nullptr ? state.out_of_memory(state.begin())
                      : codec->decode(state, state.begin(), cell, slot, options.max_depth);
  if (end == nullptr) [[unlikely]]
    return state.failure(type.name());
  return Decoded{ValueView(type, cell), static_cast<std::size_t>(end - state.begin())};
}

Result<Decoded> try_decode_prefix(ProtocolId protocol, std::span<const std::byte> bytes,
                                  const Type& type, Arena& arena, const DecodeOptions& options) {
  return decode_prefix(protocol, bytes, type, arena, options, input_memory(options));
}

ValueView decode_whole(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                       Arena& arena, const DecodeOptions& options, InputMemory memory) {
  Result<Decoded> decoded = decode_prefix(protocol, bytes, type, arena, options, memory);
  const auto [value, consumed] = decoded.value();
  if (consumed != bytes.size() && !options.allow_trailing_bytes) [[unlikely]] {
    throw ProtocolError(ProtocolErrorKind::trailing_bytes,
                        std::to_string(bytes.size() - consumed) + " bytes are left behind the `" +
                            std::string(type.name()) + "`",
                        consumed);
  }
  return value;
}

ValueView decode(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                 Arena& arena, const DecodeOptions& options) {
  return decode_whole(protocol, bytes, type, arena, options, input_memory(options));
}

std::size_t skip(ProtocolId protocol, std::span<const std::byte> bytes, WireType type,
                 const DecodeOptions& options) {
  DecodeState state(bytes, options);
  const std::byte* const end = codec(protocol).skip(state, state.begin(), type, options.max_depth);
  if (end == nullptr) state.failure({}).raise();
  return static_cast<std::size_t>(end - state.begin());
}

}  // namespace thrift
