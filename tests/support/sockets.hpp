#pragma once

// Plain sockets, to be peers that do not behave. Everything blocks, but for ten seconds at most.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

// Containers often have no IPv6, not even its loopback address.
inline bool has_ipv6() {
  const int fd = ::socket(AF_INET6, SOCK_STREAM, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  const bool bound =
      fd >= 0 && ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (fd >= 0) ::close(fd);
  return bound;
}

/// Whether the server on a port of 127.0.0.1 has closed all its connections and each client's
/// system knows it: what the server counts says neither.
inline bool are_closed_by_server(std::uint16_t port) {
  std::ifstream table("/proc/net/tcp");
  std::string line;
  std::getline(table, line);  // the heading
  while (std::getline(table, line)) {
    // number: address:PORT address:PORT STATE ..., in hexadecimal
    std::istringstream words(line);
    std::string number;
    std::string own;
    std::string peer;
    std::string state;
    words >> number >> own >> peer >> state;
    const auto has_port = [&](const std::string& address) {
      return std::stoul(address.substr(address.find(':') + 1), nullptr, 16) == port;
    };
    constexpr const char* established = "01";
    if (state == established && (has_port(own) || has_port(peer))) return false;
  }
  return true;
}

class RawSocket {
 public:
  explicit RawSocket(int fd) : fd_(fd) {
    if (fd < 0) throw std::runtime_error("no socket");
    const timeval time{10, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  RawSocket& operator=(RawSocket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;
  ~RawSocket() {
    if (fd_ >= 0) ::close(fd_);
  }

  static RawSocket unconnected() { return RawSocket(::socket(AF_INET, SOCK_STREAM, 0)); }
  void connect_to(std::uint16_t port) const {
    sockaddr_in address = loopback(port);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }
  static RawSocket connect(std::uint16_t port) {
    RawSocket out = unconnected();
    out.connect_to(port);
    return out;
  }
  static RawSocket listen() {
    RawSocket out = unconnected();
    sockaddr_in address = loopback(0);
    if (::bind(out.fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(out.fd_, 16) != 0) {
      throw std::runtime_error("cannot listen");
    }
    return out;
  }
  [[nodiscard]] std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }
  [[nodiscard]] RawSocket accept() const { return RawSocket(::accept(fd_, nullptr, nullptr)); }

  /// False where the peer is gone.
  bool send(std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return true;
  }
  /// Exactly `n` bytes, or fewer where the peer closed.
  [[nodiscard]] std::vector<std::byte> receive(std::size_t n) const {
    std::vector<std::byte> out(n);
    std::size_t got = 0;
    while (got < n) {
      const ssize_t more = ::recv(fd_, out.data() + got, n - got, 0);
      if (more <= 0) break;
      got += static_cast<std::size_t>(more);
    }
    out.resize(got);
    return out;
  }
  /// Everything until the peer closes.
  [[nodiscard]] std::vector<std::byte> receive_all() const {
    std::vector<std::byte> out;
    for (;;) {
      const std::vector<std::byte> more = receive(1);
      if (more.empty()) return out;
      out.insert(out.end(), more.begin(), more.end());
    }
  }
  /// Whether the peer closes without sending anything more.
  [[nodiscard]] bool is_closed_by_peer() const { return receive(1).empty(); }
  void finish_sending() const { ::shutdown(fd_, SHUT_WR); }
  /// The next close() sends a reset.
  void reset_on_close() const {
    const linger hard{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  int fd_;
};

inline std::span<const std::byte> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

}  // namespace test
