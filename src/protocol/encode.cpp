#include <thriftpp/protocol/protocol.hpp>

#include "protocol/codec.hpp"

namespace thrift {

void encode(ProtocolId protocol, ValueView value, Buffer& out, const EncodeOptions& options) {
  const Codec& with = codec(protocol);
  EncodeState state(out, options);
  const SlotLayout& slot = value.type().slot();
  const std::byte* const end = with.encode(state, state.start(), value.cell(), slot);
  if (end == nullptr) [[unlikely]]
    state.failure(slot).raise();
  state.finish(end);
}

Buffer encode(ProtocolId protocol, ValueView value, const EncodeOptions& options) {
  Buffer out;
  encode(protocol, value, out, options);
  return out;
}

}  // namespace thrift
