#pragma once

// What all copies of a Client share: its service, its endpoint, and the connection at hand.

#include <atomic>
#include <thriftpp/rpc/client.hpp>

#include "rpc/client_connection.hpp"
#include "transport/tls.hpp"

namespace thrift::rpc {

class ClientCore {
 public:
  ClientCore(SchemaPtr schema, std::string_view service, std::string_view url,
             const ClientOptions& options);

  [[nodiscard]] const Service& service() const noexcept { return service_; }
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }

  // `arguments` is a struct of the function's arguments, or one of the same structure.
  Value call(const Function& function, ValueView arguments, const CallOptions& options);
  void connect();
  void close();

 private:
  using ConnectionPtr = std::shared_ptr<ClientConnection>;

  // The one at hand, or a new one, which `fresh` tells. Throws TransportError.
  ConnectionPtr acquire(const transport::Deadline& deadline, bool& fresh);
  // The connection is no good any more.
  void drop(const ConnectionPtr& connection);
  void encode_call(const Function& function, ValueView arguments, std::int32_t sequence_id,
                   const Headers& headers, Buffer& out) const;
  void encode_message(const Function& function, ValueView arguments, std::int32_t sequence_id,
                      Buffer& out) const;
  void check_frame(const Function& function, std::size_t size) const;
  // Sends; on another connection, should the one at hand turn out to be dead. `waiter` is nullptr
  // where no reply comes.
  ConnectionPtr send(const Function& function, const ClientConnection::Outgoing& message,
                     ClientConnection::Waiter* waiter, const transport::Deadline& deadline);
  Value read_reply(const Function& function, ClientConnection& connection,
                   ClientConnection::Waiter& waiter) const;
  [[nodiscard]] transport::Deadline deadline_of(const CallOptions& options) const;

  SchemaPtr schema_;
  const Service& service_;
  Endpoint endpoint_;
  ClientOptions options_;
  ClientFormat format_;
  std::unique_ptr<const transport::TlsContext> tls_;  // where the scheme has TLS
  std::atomic<std::int32_t> next_id_ = 1;

  std::mutex mutex_;  // guards what follows
  std::condition_variable connected_;
  bool connecting_ = false;
  ConnectionPtr current_;
};

}  // namespace thrift::rpc
