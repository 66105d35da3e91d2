#pragma once

// Where a server's calls come in: one endpoint that it listens on.

#include <thriftpp/transport/endpoint.hpp>

namespace thrift::rpc {

class Entrance {
 public:
  Entrance() = default;
  Entrance(const Entrance&) = delete;
  Entrance& operator=(const Entrance&) = delete;
  virtual ~Entrance() = default;

  // With the port that is really bound.
  [[nodiscard]] virtual const Endpoint& endpoint() const noexcept = 0;
  // On the server's first thread: begins to take what comes; stops and gives the endpoint up.
  virtual void start() = 0;
  virtual void stop() = 0;
};

}  // namespace thrift::rpc
