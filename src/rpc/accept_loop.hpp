#pragma once

// Accepts the connections of one endpoint, on the loop of one thread. Who derives from it says how
// many there may be, and where they go.

#include <atomic>
#include <memory>
#include <string>

#include "rpc/event_loop.hpp"
#include "transport/listener.hpp"

namespace thrift::rpc {

class AcceptLoop : private EventLoop::Watcher, private EventLoop::Timer {
 public:
  AcceptLoop(const AcceptLoop&) = delete;
  AcceptLoop& operator=(const AcceptLoop&) = delete;
  ~AcceptLoop() override { stop(); }

  // With the port that is really bound.
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return listener_->endpoint(); }
  // On the loop's thread: begins to accept; gives the endpoint up.
  void start();
  void stop();

 protected:
  // Listens; throws TransportError. `open` counts connections, of which there may be `most`: each
  // that is accepted is added, and taken off again by whom it was given.
  AcceptLoop(EventLoop& events, const Endpoint& endpoint, std::atomic<std::size_t>& open,
             std::size_t most);

 private:
  virtual void take(transport::Socket socket) = 0;
  virtual void report(const std::string& problem) = 0;

  void on_ready(bool /*readable*/, bool /*writable*/) override { accept(); }
  void on_time() override { start(); }
  void wait_a_while();
  void accept();

  EventLoop& events_;
  std::unique_ptr<transport::Listener> listener_;
  std::atomic<std::size_t>& open_;
  const std::size_t most_;
};

}  // namespace thrift::rpc
