#pragma once

// Accepts the clients of one endpoint, on the first thread, and hands them out to all in turn.

#include <memory>
#include <vector>

#include "gateway/http_thread.hpp"
#include "rpc/accept_loop.hpp"

namespace thrift::gateway {

class HttpAcceptor final : public rpc::AcceptLoop {
 public:
  // Listens; throws TransportError.
  HttpAcceptor(Core& core, std::vector<std::unique_ptr<HttpThread>>& threads,
               const Endpoint& endpoint);

 private:
  void take(transport::Socket socket) override;
  void report(const std::string& problem) override { core_.log(problem); }

  Core& core_;
  std::vector<std::unique_ptr<HttpThread>>& threads_;
  std::size_t next_thread_ = 0;
};

}  // namespace thrift::gateway
