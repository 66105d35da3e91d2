#pragma once

// What all copies of a Client share: its service, its endpoints, and the connections to them.

#include <atomic>

#include "rpc/async_client.hpp"
#include "rpc/client_pool.hpp"
#include "rpc/retry.hpp"

namespace thrift::rpc {

// Where the endpoint wants a password and the options have none: the environment's.
[[nodiscard]] ClientOptions with_password(ClientOptions options, const Endpoint& endpoint);

class ClientCore {
 public:
  ClientCore(SchemaPtr schema, std::string_view service, std::vector<Endpoint> endpoints,
             const ClientOptions& options);
  ClientCore(const ClientCore&) = delete;
  ClientCore& operator=(const ClientCore&) = delete;
  ~ClientCore();

  [[nodiscard]] const Service& service() const noexcept { return service_; }
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoints_->endpoint(0); }

  // `arguments` is a struct of the function's arguments, or one of the same structure.
  Value call(const Function& function, ValueView arguments, const CallOptions& options);
  // The same call for another thread to make; checked and encoded.
  [[nodiscard]] std::shared_ptr<AsyncCall> prepare(const Function& function, ValueView arguments,
                                                   const CallOptions& options);
  void start(std::shared_ptr<AsyncCall> call);
  void connect();
  void close();

 private:
  [[nodiscard]] transport::Deadline deadline_of(const CallOptions& options) const;
  [[nodiscard]] bool is_idempotent(const Function& function, const CallOptions& options) const;
  Value call_once(const Function& function, const Buffer& message, std::int32_t id,
                  const CallOptions& options, const transport::Deadline& deadline);
  // Sends; on another connection, should the one at hand turn out to be dead. `waiter` is nullptr
  // where no reply comes.
  ClientPool::ConnectionPtr send(const Function& function,
                                 const ClientConnection::Outgoing& message,
                                 ClientConnection::Waiter* waiter,
                                 const transport::Deadline& deadline);

  SchemaPtr schema_;
  const Service& service_;
  ClientOptions options_;
  const std::shared_ptr<const CallCodec> codec_;
  const std::shared_ptr<EndpointSet> endpoints_;
  ClientPool pool_;
  std::atomic<std::int32_t> next_id_ = 1;

  std::mutex async_mutex_;
  std::shared_ptr<AsyncClient> async_;  // once somebody wants it
};

}  // namespace thrift::rpc
