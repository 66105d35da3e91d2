#pragma once

// Servers that are written by hand, to do what ours do not.

#include <functional>
#include <thread>

#include "rpc/messages.hpp"
#include "support/sockets.hpp"

namespace test {

/// A server by hand: `serve` has each connection in turn, until it returns false.
class Peer {
 public:
  explicit Peer(std::function<bool(RawSocket&, int)> serve)
      : listener_(RawSocket::listen()), thread_([this, serve = std::move(serve)] {
          for (int i = 0;; ++i) {
            RawSocket connection = listener_.accept();
            if (!serve(connection, i)) return;
          }
        }) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() { thread_.join(); }
  [[nodiscard]] std::uint16_t port() const { return listener_.port(); }
  [[nodiscard]] std::string url(std::string_view query = {}) const {
    return "tcp://127.0.0.1:" + std::to_string(listener_.port()) + std::string(query);
  }
  [[nodiscard]] thrift::Client client(std::string_view query = {}) const {
    return {schema(), "Users", url(query)};
  }

 private:
  RawSocket listener_;
  std::thread thread_;
};

/// Reads a whole framed request; its sequence id.
inline std::int32_t read_request(const RawSocket& socket) {
  const std::vector<std::byte> head = socket.receive(4);
  if (head.size() < 4) return -1;
  const std::size_t size =
      std::to_integer<std::size_t>(head[2]) << 8 | std::to_integer<std::size_t>(head[3]);
  const std::vector<std::byte> message = socket.receive(size);
  return thrift::read_message_header(thrift::ProtocolId::binary, message).header.sequence_id;
}

}  // namespace test
