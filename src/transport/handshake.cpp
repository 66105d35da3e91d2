#include "transport/handshake.hpp"

#include "transport/carrier.hpp"
#include "transport/sasl.hpp"
#include "transport/websocket.hpp"

namespace thrift::transport {

namespace {

// Whatever comes, at least a byte.
void read_some(Socket& socket, std::size_t size, Buffer& into, const Endpoint& endpoint,
               const Deadline& deadline) {
  for (;;) {
    const IoResult result = socket.read_some({into.prepare(size), size});
    if (result.status == IoStatus::ok) return into.commit(result.size);
    if (result.status == IoStatus::closed) {
      fail(TransportErrorKind::not_open, endpoint,
           "the peer closed the connection during the handshake", true);
    }
    if (result.status == IoStatus::failed) {
      fail(TransportErrorKind::not_open, endpoint, socket.error_text(result.error), true);
    }
    if (!socket.wait(Socket::For::reading, deadline)) {
      fail(TransportErrorKind::timed_out, endpoint, "no handshake within " + deadline.text(), true);
    }
  }
}

void upgrade(Socket& socket, const Endpoint& endpoint, const Deadline& deadline) {
  const std::string key = make_websocket_key();
  Buffer bytes;
  write_upgrade_request(host_field(endpoint), endpoint.path, key, bytes);
  write_all(socket, bytes, endpoint, deadline);
  bytes.clear();
  constexpr std::size_t limit = 16 * 1024;
  try {
    do {
      if (bytes.size() > limit) throw CarrierError("an HTTP header without an end");
      read_some(socket, 1024, bytes, endpoint, deadline);
    } while (!read_upgrade_response(bytes, websocket_accept(key)));
  } catch (const CarrierError& e) {
    fail(TransportErrorKind::not_open, endpoint, std::string("no WebSocket: ") + e.what(), true);
  }
}

}  // namespace

void write_all(Socket& socket, std::span<const std::byte> bytes, const Endpoint& endpoint,
               const Deadline& deadline) {
  while (!bytes.empty()) {
    const IoResult result = socket.write_some(bytes);
    if (result.status == IoStatus::ok) {
      bytes = bytes.subspan(result.size);
    } else if (result.status != IoStatus::would_block) {
      fail(TransportErrorKind::not_open, endpoint, socket.error_text(result.error), true);
    } else if (!socket.wait(Socket::For::writing, deadline)) {
      fail(TransportErrorKind::timed_out, endpoint, "no handshake within " + deadline.text(), true);
    }
  }
}

void read_exactly(Socket& socket, std::size_t size, Buffer& into, const Endpoint& endpoint,
                  const Deadline& deadline) {
  const std::size_t end = into.size() + size;
  while (into.size() < end) read_some(socket, end - into.size(), into, endpoint, deadline);
}

std::string host_field(const Endpoint& endpoint) {
  using Scheme = Endpoint::Scheme;
  if (endpoint.is_unix()) return "localhost";  // as everybody says it where there is no host
  std::string host =
      endpoint.host.find(':') == std::string::npos ? endpoint.host : '[' + endpoint.host + ']';
  const bool is_secure = endpoint.scheme == Scheme::https || endpoint.scheme == Scheme::wss;
  if (endpoint.port != (is_secure ? 443 : 80)) host += ':' + std::to_string(endpoint.port);
  return host;
}

void open_session(Socket& socket, const Endpoint& endpoint, std::string_view password,
                  const Deadline& deadline) {
  if (endpoint.scheme == Endpoint::Scheme::ws || endpoint.scheme == Endpoint::Scheme::wss) {
    upgrade(socket, endpoint, deadline);
  }
  if (endpoint.sasl_plain) authenticate_client(socket, endpoint, password, deadline);
}

}  // namespace thrift::transport
