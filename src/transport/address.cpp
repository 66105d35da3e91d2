#include "transport/address.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>

#include <condition_variable>
#include <cstddef>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

#include "transport/socket.hpp"

namespace thrift::transport {

namespace {

struct LookedUp {
  int error = 0;  // of getaddrinfo
  std::vector<Address> addresses;
};

LookedUp look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  LookedUp out;
  out.error = ::getaddrinfo(host.empty() ? nullptr : host.c_str(), std::to_string(port).c_str(),
                            &hints, &list);
  if (out.error != 0) return out;
  for (const addrinfo* a = list; a != nullptr; a = a->ai_next) {
    if (a->ai_addrlen > sizeof(sockaddr_storage)) continue;
    Address& address = out.addresses.emplace_back();
    std::memcpy(&address.storage, a->ai_addr, a->ai_addrlen);
    address.size = a->ai_addrlen;
  }
  ::freeaddrinfo(list);
  return out;
}

// "localhost" has one meaning (RFC 6761, 6.3), which a bare system without /etc/hosts does not
// know.
LookedUp loopback(std::uint16_t port) {
  LookedUp out = look_up("127.0.0.1", port, AI_NUMERICHOST);
  for (Address& address : look_up("::1", port, AI_NUMERICHOST).addresses) {
    out.addresses.push_back(address);
  }
  return out;
}

// Nothing where the deadline passed; the thread then ends by itself, whenever the resolver returns.
std::optional<LookedUp> look_up_until(const Endpoint& endpoint, const Deadline& deadline) {
  struct Shared {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<LookedUp> result;
  };
  const auto shared = std::make_shared<Shared>();
  std::thread([shared, host = endpoint.host, port = endpoint.port] {
    LookedUp result = look_up(host, port, AI_ADDRCONFIG);
    const std::lock_guard lock(shared->mutex);
    shared->result = std::move(result);
    shared->done.notify_all();
  }).detach();
  std::unique_lock lock(shared->mutex);
  shared->done.wait_until(lock, deadline.at, [&] { return shared->result.has_value(); });
  return std::move(shared->result);
}

Address unix_address(const Endpoint& endpoint) {
  const std::string& name = endpoint.socket_name();
  Address address;
  sockaddr_un un{};
  un.sun_family = AF_UNIX;
  // A file's name ends with a zero byte, an abstract one begins with one; 108 bytes are all.
  if (name.size() + 1 > sizeof un.sun_path) {
    fail(TransportErrorKind::bad_args, endpoint,
         "the name of a UNIX socket has at most " + std::to_string(sizeof un.sun_path - 1) +
             " bytes, this one " + std::to_string(name.size()));
  }
  std::memcpy(un.sun_path + (endpoint.abstract ? 1 : 0), name.data(), name.size());
  std::memcpy(&address.storage, &un, sizeof un);
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  return address;
}

Address any_address(std::uint16_t port) {
  Address address;
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  in6.sin6_addr = in6addr_any;
  in6.sin6_port = htons(port);
  std::memcpy(&address.storage, &in6, sizeof in6);
  address.size = sizeof in6;
  return address;
}

Address any_ipv4_address(std::uint16_t port) {
  Address address;
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(INADDR_ANY);
  in.sin_port = htons(port);
  std::memcpy(&address.storage, &in, sizeof in);
  address.size = sizeof in;
  return address;
}

}  // namespace

std::vector<Address> resolve(const Endpoint& endpoint, Purpose purpose, const Deadline& deadline) {
  if (endpoint.is_unix()) return {unix_address(endpoint)};
  if (endpoint.scheme == Endpoint::Scheme::memory) {
    fail(TransportErrorKind::bad_args, endpoint, "`memory` has no address");
  }
  if (endpoint.host.empty()) {
    if (purpose == Purpose::connect) {
      fail(TransportErrorKind::bad_args, endpoint, "no host to connect to");
    }
    // IPv6's "any" takes IPv4 too; machines without IPv6 have the second.
    return {any_address(endpoint.port), any_ipv4_address(endpoint.port)};
  }
  if (purpose == Purpose::connect && endpoint.port == 0) {
    fail(TransportErrorKind::bad_args, endpoint, "no port to connect to");
  }
  // The names below "localhost" are nobody else's either; the system is asked for "localhost" only,
  // so that who changed it in /etc/hosts gets what stands there.
  if (endpoint.host.ends_with(".localhost")) return loopback(endpoint.port).addresses;
  LookedUp found = look_up(endpoint.host, endpoint.port, AI_NUMERICHOST);
  if (found.error == EAI_NONAME) {
    std::optional<LookedUp> by_name = look_up_until(endpoint, deadline);
    if (!by_name) {
      fail(TransportErrorKind::timed_out, endpoint,
           "could not look the host up within " + deadline.text(), true);
    }
    found = std::move(*by_name);
  }
  if (found.error != 0 && endpoint.host == "localhost") found = loopback(endpoint.port);
  if (found.error != 0 || found.addresses.empty()) {
    std::string text = found.error != 0 ? ::gai_strerror(found.error) : "no address";
    if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
      text[0] = static_cast<char>(text[0] - 'A' + 'a');
    }
    fail(TransportErrorKind::not_open, endpoint,
         "cannot look up the host `" + endpoint.host + "`: " + text, true);
  }
  return std::move(found.addresses);
}

void set_no_delay(int fd) noexcept {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace thrift::transport
