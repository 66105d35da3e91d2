#include "transport/listener.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "transport/address.hpp"

namespace thrift::transport {

namespace {

Descriptor new_socket(int family, int type = SOCK_STREAM) {
  return Descriptor(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

std::uint16_t bound_port(int fd) {
  Address bound;
  bound.size = sizeof bound.storage;
  ::getsockname(fd, bound.data(), &bound.size);
  if (bound.family() == AF_INET6) {
    sockaddr_in6 in6;
    std::memcpy(&in6, &bound.storage, sizeof in6);
    return ntohs(in6.sin6_port);
  }
  sockaddr_in in;
  std::memcpy(&in, &bound.storage, sizeof in);
  return ntohs(in.sin_port);
}

// Bound to the first address of the endpoint that can be; which gets the port.
Descriptor bind_socket(Endpoint& endpoint, int type) {
  int error = 0;
  for (const Address& address : resolve(endpoint, Purpose::listen, Deadline{})) {
    Descriptor socket = new_socket(address.family(), type);
    if (!socket) {
      error = errno;
      continue;
    }
    const int on = 1;
    const int off = 0;
    // Of datagrams every socket that is bound to an address may get some: nobody shares one.
    if (type == SOCK_STREAM) ::setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address.family() == AF_INET6) {
      const int* const only = endpoint.host.empty() || endpoint.host == "::" ? &off : &on;
      ::setsockopt(socket.fd(), IPPROTO_IPV6, IPV6_V6ONLY, only, sizeof *only);
    }
    if (::bind(socket.fd(), address.data(), address.size) != 0) {
      error = errno;
      continue;
    }
    endpoint.port = bound_port(socket.fd());
    return socket;
  }
  fail_to_open(endpoint, "cannot listen", error);
}

// Whether the file is a socket on which nobody listens any more.
bool is_left_over(const Endpoint& endpoint, const Address& address) {
  struct stat info = {};
  if (::lstat(endpoint.socket_name().c_str(), &info) != 0 || !S_ISSOCK(info.st_mode)) return false;
  const Descriptor probe = new_socket(AF_UNIX);
  return probe && ::connect(probe.fd(), address.data(), address.size) != 0 && errno == ECONNREFUSED;
}

}  // namespace

Descriptor bind_datagrams(Endpoint& endpoint) {
  return bind_socket(endpoint, SOCK_DGRAM);
}

Listener::Listener(const Endpoint& endpoint) : endpoint_(endpoint) {
  if (has_tls(endpoint)) tls_ = std::make_unique<TlsContext>(endpoint, TlsContext::Side::server);
  if (endpoint.scheme == Endpoint::Scheme::memory) {
    memory_ = std::make_unique<MemoryListener>(endpoint);
    return;
  }
  if (endpoint.is_unix()) {
    bind_unix();
  } else {
    bind();
  }
  // The kernel cuts this down to its own limit (net.core.somaxconn).
  if (::listen(socket_.fd(), 4096) != 0) fail_to_open(endpoint_, "cannot listen", errno);
}

Listener::~Listener() {
  if (owns_file_) ::unlink(endpoint_.socket_name().c_str());
}

void Listener::bind() {
  socket_ = bind_socket(endpoint_, SOCK_STREAM);
}

void Listener::bind_unix() {
  const Address address = resolve(endpoint_, Purpose::listen, Deadline{}).front();
  socket_ = new_socket(AF_UNIX);
  if (!socket_) fail_to_open(endpoint_, "cannot listen", errno);
  int error = ::bind(socket_.fd(), address.data(), address.size) == 0 ? 0 : errno;
  if (error == EADDRINUSE && !endpoint_.abstract && is_left_over(endpoint_, address)) {
    ::unlink(endpoint_.socket_name().c_str());
    error = ::bind(socket_.fd(), address.data(), address.size) == 0 ? 0 : errno;
  }
  if (error != 0) fail_to_open(endpoint_, "cannot listen", error);
  owns_file_ = !endpoint_.abstract;
}

std::optional<Socket> Listener::accept(int& error) noexcept {
  error = 0;
  if (memory_) return memory_->accept();
  for (;;) {
    const int fd = ::accept4(socket_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      Socket socket(fd);
      if (!endpoint_.is_unix()) set_no_delay(fd);
      if (tls_) {
        try {
          socket.secure(tls_->attach(fd));
        } catch (const std::bad_alloc&) {
          error = ENOMEM;
          return std::nullopt;
        }
      }
      return socket;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) error = errno;
    return std::nullopt;
  }
}

}  // namespace thrift::transport
