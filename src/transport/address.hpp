#pragma once

// Endpoints as the system's socket addresses.

#include <sys/socket.h>

#include <thriftpp/transport/endpoint.hpp>
#include <vector>

#include "transport/deadline.hpp"

namespace thrift::transport {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] sockaddr* data() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] const sockaddr* data() const noexcept {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
  [[nodiscard]] int family() const noexcept { return storage.ss_family; }
};

enum class Purpose : bool { connect, listen };

// The addresses of a tcp or unix endpoint, in the order in which they are to be tried; never empty.
// Throws TransportError. Only names (not addresses) are looked up, on a thread of their own,
// because the system's resolver cannot be told a deadline.
[[nodiscard]] std::vector<Address> resolve(const Endpoint& endpoint, Purpose purpose,
                                           const Deadline& deadline);

// Small messages leave at once. Of no effect where the socket is no TCP socket.
void set_no_delay(int fd) noexcept;

}  // namespace thrift::transport
