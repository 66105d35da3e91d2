#include "transport/socket.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "transport/address.hpp"
#include "transport/handshake.hpp"
#include "transport/memory.hpp"
#include "transport/tls.hpp"

namespace thrift::transport {

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

namespace {

IoResult failed_with(int error) noexcept {
  if (error == EAGAIN || error == EWOULDBLOCK) return {IoStatus::would_block};
  return {IoStatus::failed, 0, error};
}

}  // namespace

Socket::Socket() noexcept = default;
Socket::Socket(int fd) noexcept : Descriptor(fd) {}
Socket::Socket(Socket&& other) noexcept = default;
Socket& Socket::operator=(Socket&& other) noexcept {
  Descriptor::operator=(std::move(other));  // swaps
  tls_.swap(other.tls_);  // NOLINT(bugprone-use-after-move): its base alone was moved
  return *this;
}
Socket::~Socket() {
  if (tls_) tls_->close();
}

void Socket::secure(std::unique_ptr<Tls> tls) noexcept {
  tls_ = std::move(tls);
}

IoResult Socket::read_some(std::span<std::byte> into) noexcept {
  if (tls_) return tls_->read_some(into);
  for (;;) {
    const ssize_t n = ::recv(fd(), into.data(), into.size(), MSG_DONTWAIT);
    if (n > 0) return {IoStatus::ok, static_cast<std::size_t>(n)};
    if (n == 0) return {IoStatus::closed};
    if (errno != EINTR) return failed_with(errno);
  }
}

IoResult Socket::write_some(std::span<const std::byte> bytes) noexcept {
  if (tls_) return tls_->write_some(bytes);
  for (;;) {
    const ssize_t n = ::send(fd(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n >= 0) return {IoStatus::ok, static_cast<std::size_t>(n)};
    if (errno != EINTR) return failed_with(errno);
  }
}

bool Socket::wait(For what, const Deadline& deadline) const noexcept {
  if (what == For::reading && has_pending()) return true;
  pollfd entry{fd(), static_cast<short>(what == For::reading ? POLLIN : POLLOUT), 0};
  for (;;) {
    const int n = ::poll(&entry, 1, deadline.poll_time());
    if (n > 0) return true;
    if (n == 0 && deadline.passed()) return false;
    if (n < 0 && errno != EINTR) return true;  // let the read or write report it
  }
}

bool Socket::has_input() const noexcept {
  if (tls_) return tls_->has_input();
  std::byte byte;
  const ssize_t n = ::recv(fd(), &byte, 1, MSG_DONTWAIT | MSG_PEEK);
  return n >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

bool Socket::has_pending() const noexcept {
  return tls_ && tls_->has_pending();
}

bool Socket::in_handshake() const noexcept {
  return tls_ && tls_->in_handshake();
}

void Socket::shut_down() noexcept {
  if (tls_) tls_->close();
  ::shutdown(fd(), SHUT_RDWR);
}

std::string Socket::error_text(int error) const {
  std::string text = tls_ ? tls_->problem() : std::string();
  return text.empty() ? transport::error_text(error) : text;
}

std::string error_text(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z' && !(text.size() > 1 && text[1] < 'a')) {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

void fail(TransportErrorKind kind, const Endpoint& endpoint, std::string problem, bool retryable) {
  throw TransportError(kind, endpoint.address(), std::move(problem), retryable);
}

void fail_to_open(const Endpoint& endpoint, std::string_view doing, int error) {
  std::string text = error_text(error);
  if (!doing.empty()) text = std::string(doing) + ": " + text;
  fail(TransportErrorKind::not_open, endpoint, std::move(text), true);
}

namespace {

// A socket that connects to itself: the system gave it the port that it connects to, where nobody
// listens. Possible on the loopback interface with ports of the ephemeral range.
bool is_own_peer(int fd) {
  Address own;
  Address peer;
  own.size = peer.size = sizeof own.storage;
  if (::getsockname(fd, own.data(), &own.size) != 0) return false;
  if (::getpeername(fd, peer.data(), &peer.size) != 0) return false;
  return own.size == peer.size && std::memcmp(&own.storage, &peer.storage, own.size) == 0;
}

// The errno of the attempt; ETIMEDOUT with `late` set where the deadline passed.
int connect_tcp(Socket& socket, const Address& address, const Deadline& deadline, bool& late) {
  socket = Socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return errno;
  if (::connect(socket.fd(), address.data(), address.size) != 0) {
    if (errno != EINPROGRESS && errno != EINTR) return errno;
    if (!socket.wait(Socket::For::writing, deadline)) {
      late = true;
      return ETIMEDOUT;
    }
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return error;
  }
  if (is_own_peer(socket.fd())) return ECONNREFUSED;
  set_no_delay(socket.fd());
  return 0;
}

// Nobody is asked: the peer is only the one that datagrams go to.
int connect_udp(Socket& socket, const Address& address) {
  socket = Socket(::socket(address.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return errno;
  return ::connect(socket.fd(), address.data(), address.size) == 0 ? 0 : errno;
}

// A UNIX socket's connect never waits but for room in the listener's queue, and that it does only
// where the socket blocks; SO_SNDTIMEO bounds it.
int connect_unix(Socket& socket, const Address& address, const Deadline& deadline, bool& late) {
  socket = Socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return errno;
  for (;;) {
    const int left = deadline.poll_time();
    timeval time{};
    if (left >= 0) {
      time.tv_sec = left / 1000;
      time.tv_usec = left % 1000 * 1000 + (left == 0 ? 1 : 0);  // 0 would be for ever
    }
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
    if (::connect(socket.fd(), address.data(), address.size) == 0) return 0;
    if (errno == EAGAIN && deadline.passed()) {
      late = true;
      return ETIMEDOUT;
    }
    if (errno != EINTR && errno != EAGAIN) return errno;
  }
}

Socket connect_plain(const Endpoint& endpoint, const Deadline& deadline) {
  if (endpoint.scheme == Endpoint::Scheme::memory) return connect_memory(endpoint);
  const std::vector<Address> addresses = resolve(endpoint, Purpose::connect, deadline);
  int error = 0;
  bool late = false;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    Socket socket;
    // Of several addresses none may use up the time of those behind it.
    Deadline share = deadline;
    if (!deadline.is_never() && i + 1 < addresses.size()) {
      const auto now = Clock::now();
      share.at = now + (deadline.at - now) / static_cast<int>(addresses.size() - i);
    }
    const bool is_unix = endpoint.is_unix();
    late = false;
    error = endpoint.scheme == Endpoint::Scheme::udp ? connect_udp(socket, addresses[i])
            : is_unix ? connect_unix(socket, addresses[i], share, late)
                      : connect_tcp(socket, addresses[i], share, late);
    if (error == 0) return socket;
  }
  if (late) {
    fail(TransportErrorKind::timed_out, endpoint, "could not connect within " + deadline.text(),
         true);
  }
  fail_to_open(endpoint, {}, error);
}

// The client's side of the handshake, whole.
void shake_hands(Tls& tls, const Socket& socket, const Endpoint& endpoint,
                 const Deadline& deadline) {
  for (;;) {
    bool wants_write = false;
    const IoResult result = tls.shake_hands(wants_write);
    switch (result.status) {
      case IoStatus::ok: return;
      case IoStatus::would_block: break;
      case IoStatus::closed:
        fail(TransportErrorKind::not_open, endpoint,
             "TLS: the peer closed the connection during the handshake", true);
      case IoStatus::failed: {
        std::string text = tls.problem();
        if (text.empty()) text = "TLS: " + error_text(result.error);
        fail(TransportErrorKind::not_open, endpoint, std::move(text), true);
      }
    }
    if (!socket.wait(wants_write ? Socket::For::writing : Socket::For::reading, deadline)) {
      fail(TransportErrorKind::timed_out, endpoint, "no TLS handshake within " + deadline.text(),
           true);
    }
  }
}

}  // namespace

Socket connect(const Endpoint& endpoint, const TlsContext* tls, std::string_view password,
               const Deadline& deadline) {
  Socket socket = connect_plain(endpoint, deadline);
  if (tls != nullptr) {
    std::unique_ptr<Tls> session = tls->attach(socket.fd());
    shake_hands(*session, socket, endpoint, deadline);
    socket.secure(std::move(session));
  }
  open_session(socket, endpoint, password, deadline);
  return socket;
}

}  // namespace thrift::transport
