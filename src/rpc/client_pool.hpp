#pragma once

// The connections of a client's calling threads: up to so many to each endpoint.

#include "rpc/call_codec.hpp"
#include "rpc/client_connection.hpp"
#include "rpc/endpoint_set.hpp"

namespace thrift::rpc {

// Safe from several threads.
class ClientPool {
 public:
  using ConnectionPtr = std::shared_ptr<ClientConnection>;

  ClientPool(EndpointSet& endpoints, const CallCodec& codec, const ClientOptions& options);

  // A connection to that endpoint: one that no call runs on, else a new one while there is room,
  // which `fresh` tells, else the one with the fewest calls. Throws TransportError.
  [[nodiscard]] ConnectionPtr acquire(std::size_t place, const transport::Deadline& deadline,
                                      bool& fresh);
  // The connection is perhaps no good any more.
  void drop(const ConnectionPtr& connection);
  // Running calls fail.
  void close();

 private:
  struct Slot {
    ConnectionPtr connection;
    bool connecting = false;
  };
  ConnectionPtr connect(std::size_t place, const transport::Deadline& deadline) const;

  EndpointSet& endpoints_;
  const CallCodec& codec_;
  const transport::milliseconds connect_timeout_;
  const std::size_t per_endpoint_;
  const std::string password_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable connected_;
  std::vector<Slot> slots_;  // per_endpoint_ for the first endpoint, then the second's ...
};

}  // namespace thrift::rpc
