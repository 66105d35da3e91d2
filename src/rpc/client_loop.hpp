#pragma once

// The thread that serves the asynchronous calls of all clients of the process. It begins with the
// first client that needs it and ends with the last.

#include <memory>
#include <thread>

#include "rpc/event_loop.hpp"

namespace thrift::rpc {

class ClientLoop {
 public:
  [[nodiscard]] static std::shared_ptr<ClientLoop> get();

  ClientLoop();
  ClientLoop(const ClientLoop&) = delete;
  ClientLoop& operator=(const ClientLoop&) = delete;
  ~ClientLoop();

  [[nodiscard]] EventLoop& events() noexcept { return *events_; }

 private:
  std::shared_ptr<EventLoop> events_;  // the thread's too: it may outlive this by a moment
  std::thread thread_;
};

}  // namespace thrift::rpc
