#pragma once

// WebSocket (RFC 6455) as a carrier, by wslay: payloads are messages, binary ones but for JSON's,
// which are text, as Apache's C++ server has it. Either kind is read.

#include <memory>
#include <string>

#include "transport/carrier.hpp"

namespace thrift::transport {

enum class WebSocketSide : bool { client, server };
// For what follows the handshake, which is HTTP's.
[[nodiscard]] std::unique_ptr<Carrier> make_websocket(WebSocketSide side);

// A random Sec-WebSocket-Key, and the Sec-WebSocket-Accept that answers one.
[[nodiscard]] std::string make_websocket_key();
[[nodiscard]] std::string websocket_accept(std::string_view key);

}  // namespace thrift::transport
