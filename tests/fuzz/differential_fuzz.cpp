// Bytes through everything that reads them: the codec, a plain reader of tokens, skip, transcoding.
// All have to agree: whether there is a value, which, and how long it is.

#include <support/reference_protocols.hpp>
#include <thriftpp/protocol/transcode.hpp>

#include "codec_fuzz.hpp"

using namespace thrift;
using codec_fuzz::require;

namespace {

const reference::Binary plain_binary("binary");
const reference::Compact plain_compact("compact");

/// The value at the start of the bytes, or nothing.
std::optional<Decoded> read_plainly(const Protocol& protocol, std::span<const std::byte> bytes,
                                    const Type& type, Arena& arena, const DecodeOptions& options) {
  try {
    return protocol.decode_prefix(bytes, type, arena, options);
  } catch (const ProtocolError&) {
    return std::nullopt;
  }
}

std::size_t skip_plainly(const Protocol& protocol, std::span<const std::byte> bytes,
                         WireType type) {
  try {
    return protocol.skip(bytes, type, {});
  } catch (const ProtocolError&) {
    return SIZE_MAX;
  }
}

/// Through the other protocol and back it is the same value.
void check_transcoding(ProtocolId from, ProtocolId to, std::span<const std::byte> bytes,
                       const Type& type, ValueView value) {
  Buffer there, back;
  transcode(from, bytes, to, type, there);
  transcode(to, there, from, type, back);
  DecodeOptions options{.max_memory = std::size_t{1} << 26};
  options.strictness.missing_required = Reaction::keep;
  const Value again = decode(from, back, type, options);
  require(again == value, "a value survives the way to another protocol and back");
}

void check(ProtocolId id, const Protocol& plain, std::span<const std::byte> bytes, const Type& type,
           DecodeOptions options) {
  const WireType wire = type.slot().wire;
  require(codec_fuzz::skipped(id, bytes, wire) == skip_plainly(plain, bytes, wire),
          "both skips find the same end");
  Arena arena, other_arena;
  options.max_memory = std::size_t{1} << 24;  // how much each takes is its own affair
  const auto fast = try_decode_prefix(id, bytes, type, arena, options);
  const auto slow = read_plainly(plain, bytes, type, other_arena, options);
  require(fast.has_value() == slow.has_value(), "both decode it or neither does");
  if (!fast) return;
  require(fast->consumed == slow->consumed, "both find the same end");
  require(fast->value == slow->value, "both find the same value");
  require(codec_fuzz::skipped(id, bytes, wire) == fast->consumed, "skip finds the same end");
  for (const ProtocolId to : {ProtocolId::binary, ProtocolId::compact, ProtocolId::json}) {
    if (to != id) check_transcoding(id, to, bytes.first(fast->consumed), type, fast->value);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const unsigned choice = data[0];
  const std::span bytes(reinterpret_cast<const std::byte*>(data) + 2, size - 2);
  DecodeOptions options;
  if ((choice & 16) != 0) options.strictness.missing_required = Reaction::keep;
  // Read by the schema, elements could be of a type that does not exist, or as long as no skip
  // says.
  options.strictness.element_type = Reaction::error;
  if ((choice & 64) != 0) options.strictness.field_type = Reaction::error;
  const Type& type = *codec_fuzz::types().all[choice % 8];
  if ((choice & 8) != 0) {
    check(ProtocolId::compact, plain_compact, bytes, type, options);
  } else {
    check(ProtocolId::binary, plain_binary, bytes, type, options);
  }
  return 0;
}
