#pragma once

// SASL PLAIN as Apache's TSaslTransport has it, which Hive and others speak:
//
//     negotiation   u8 status, i32 length, bytes       START "PLAIN", then the response
//     afterwards    i32 length, bytes                  messages, each in a frame
//
// The response is "authorization identity NUL user NUL password" (RFC 4616).

#include <functional>
#include <memory>

#include "transport/carrier.hpp"
#include "transport/socket.hpp"

namespace thrift::transport {

using Authenticate = std::function<bool(std::string_view user, std::string_view password)>;

// The server's side. Its headers hold the name of who was let in, as "sasl-user".
[[nodiscard]] std::unique_ptr<Carrier> make_sasl_server(Authenticate authenticate);

// The client's negotiation, whole. Throws TransportError: bad_args where the server refuses.
void authenticate_client(Socket& socket, const Endpoint& endpoint, std::string_view password,
                         const Deadline& deadline);

}  // namespace thrift::transport
