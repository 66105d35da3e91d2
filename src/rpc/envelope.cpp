#include "rpc/envelope.hpp"

namespace thrift::rpc {

namespace {

void append_u32(std::uint32_t n, Buffer& out) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::byte>(n >> shift & 0xff));
  }
}

}  // namespace

bool is_old_style(ProtocolId protocol, std::span<const std::byte> message) noexcept {
  return protocol == ProtocolId::binary && !message.empty() &&
         (message[0] & std::byte{0x80}) == std::byte{0};
}

void write_envelope(ProtocolId protocol, const MessageHeader& header, bool old_style, Buffer& out) {
  if (!old_style) return write_message_header(protocol, header, out);
  append_u32(static_cast<std::uint32_t>(header.name.size()), out);
  out.append(header.name);
  out.push_back(static_cast<std::byte>(header.type));
  append_u32(static_cast<std::uint32_t>(header.sequence_id), out);
}

}  // namespace thrift::rpc
