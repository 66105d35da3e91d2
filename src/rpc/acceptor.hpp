#pragma once

// Accepts the connections of one endpoint, on the first thread of a server, and hands them out to
// all threads in turn.

#include <memory>

#include "rpc/entrance.hpp"
#include "rpc/io_thread.hpp"
#include "transport/listener.hpp"

namespace thrift::rpc {

class Acceptor final : public Entrance, private EventLoop::Watcher, private EventLoop::Timer {
 public:
  // Listens; throws TransportError.
  Acceptor(ServerContext& context, std::vector<std::unique_ptr<IoThread>>& threads,
           const Endpoint& endpoint);
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;
  ~Acceptor() override;

  [[nodiscard]] const Endpoint& endpoint() const noexcept override { return listener_->endpoint(); }
  void start() override;
  void stop() override;

 private:
  void on_ready(bool /*readable*/, bool /*writable*/) override { accept(); }
  void on_time() override { wait(); }
  void wait();
  void wait_a_while();
  void accept();
  [[nodiscard]] EventLoop& events() noexcept { return threads_.front()->events(); }

  ServerContext& context_;
  std::vector<std::unique_ptr<IoThread>>& threads_;
  std::unique_ptr<transport::Listener> listener_;
  SessionOptions session_;
  std::shared_ptr<const std::string> name_;  // of the endpoint, for reports
  std::size_t next_thread_ = 0;
};

}  // namespace thrift::rpc
