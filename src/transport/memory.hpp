#pragma once

// memory://name: connections inside of one process. Each is a pair of connected sockets, so that
// clients and servers treat them as any other; what is special is only how the two sides meet, in a
// table of names.

#include <memory>
#include <optional>

#include "transport/socket.hpp"

namespace thrift::transport {

class MemoryListener {
 public:
  // Takes the name; throws TransportError (not_open) where somebody has it.
  explicit MemoryListener(const Endpoint& endpoint);
  MemoryListener(const MemoryListener&) = delete;
  MemoryListener& operator=(const MemoryListener&) = delete;
  // Gives the name back; connections that nobody accepted are closed.
  ~MemoryListener();

  // Readable while there is something to accept.
  [[nodiscard]] int fd() const noexcept;
  [[nodiscard]] std::optional<Socket> accept();

  struct Queue;

 private:
  std::string name_;
  std::shared_ptr<Queue> queue_;
};

[[nodiscard]] Socket connect_memory(const Endpoint& endpoint);

}  // namespace thrift::transport
