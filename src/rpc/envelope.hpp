#pragma once

// The envelope of messages, old style included.

#include <thriftpp/protocol/message.hpp>

namespace thrift::rpc {

// Whether a message that begins so has no version word: binary, and its first byte that of a name's
// length, which is never negative.
[[nodiscard]] bool is_old_style(ProtocolId protocol, std::span<const std::byte> message) noexcept;

// As write_message_header, or the old form: name, type, sequence id.
void write_envelope(ProtocolId protocol, const MessageHeader& header, bool old_style, Buffer& out);

}  // namespace thrift::rpc
