#pragma once

// What a client and its server say to each other before the first message, where there is anything
// beyond TLS: SASL, and WebSocket's upgrade from HTTP. All of it waits for the deadline at most,
// and throws TransportError, with which no call has run.

#include <thriftpp/base/buffer.hpp>

#include "transport/socket.hpp"

namespace thrift::transport {

void open_session(Socket& socket, const Endpoint& endpoint, std::string_view password,
                  const Deadline& deadline);

void write_all(Socket& socket, std::span<const std::byte> bytes, const Endpoint& endpoint,
               const Deadline& deadline);
// Appends `size` bytes.
void read_exactly(Socket& socket, std::size_t size, Buffer& into, const Endpoint& endpoint,
                  const Deadline& deadline);

// As HTTP's Host field says it.
[[nodiscard]] std::string host_field(const Endpoint& endpoint);

}  // namespace thrift::transport
