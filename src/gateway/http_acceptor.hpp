#pragma once

// Accepts the clients of one endpoint, on the first thread, and hands them out to all in turn.

#include <memory>
#include <vector>

#include "gateway/http_thread.hpp"
#include "transport/listener.hpp"

namespace thrift::gateway {

class HttpAcceptor final : private rpc::EventLoop::Watcher, private rpc::EventLoop::Timer {
 public:
  // Listens; throws TransportError.
  HttpAcceptor(Core& core, std::vector<std::unique_ptr<HttpThread>>& threads,
               const Endpoint& endpoint);
  HttpAcceptor(const HttpAcceptor&) = delete;
  HttpAcceptor& operator=(const HttpAcceptor&) = delete;
  ~HttpAcceptor() override;

  [[nodiscard]] const Endpoint& endpoint() const noexcept { return listener_->endpoint(); }
  // On the first thread.
  void start();
  void stop();

 private:
  void on_ready(bool /*readable*/, bool /*writable*/) override { accept(); }
  void on_time() override { start(); }
  void accept();
  void wait_a_while();
  [[nodiscard]] rpc::EventLoop& events() noexcept { return threads_.front()->events(); }

  Core& core_;
  std::vector<std::unique_ptr<HttpThread>>& threads_;
  std::unique_ptr<transport::Listener> listener_;
  std::size_t next_thread_ = 0;
};

}  // namespace thrift::gateway
