#pragma once

// Accepts the connections of one endpoint, on the first thread of a server, and hands them out to
// all threads in turn.

#include <memory>

#include "rpc/accept_loop.hpp"
#include "rpc/entrance.hpp"
#include "rpc/io_thread.hpp"

namespace thrift::rpc {

class Acceptor final : public Entrance, private AcceptLoop {
 public:
  // Listens; throws TransportError.
  Acceptor(ServerContext& context, std::vector<std::unique_ptr<IoThread>>& threads,
           const Endpoint& endpoint);

  [[nodiscard]] const Endpoint& endpoint() const noexcept override {
    return AcceptLoop::endpoint();
  }
  void start() override { AcceptLoop::start(); }
  void stop() override { AcceptLoop::stop(); }

 private:
  void take(transport::Socket socket) override;
  void report(const std::string& problem) override;

  ServerContext& context_;
  std::vector<std::unique_ptr<IoThread>>& threads_;
  SessionOptions session_;
  std::shared_ptr<const std::string> name_;  // of the endpoint, for reports
  std::size_t next_thread_ = 0;
};

}  // namespace thrift::rpc
