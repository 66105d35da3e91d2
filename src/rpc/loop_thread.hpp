#pragma once

// A thread of connections: it runs an event loop until that is stopped.

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>

#include "rpc/event_loop.hpp"

namespace thrift::rpc {

class LoopThread {
 public:
  // `report` is told what the loop throws, on this thread: memory ran out where no connection is to
  // blame. The loop goes on. `busy_poll` as EventLoop's.
  explicit LoopThread(std::function<void(std::string_view)> report,
                      std::chrono::microseconds busy_poll);
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;
  ~LoopThread();

  void start();
  // Waits for the thread; the loop must have been stopped, or be about to be.
  void join();
  // Waits, and lets go of what was posted too late: it may hold connections, which use the loop.
  void end();

  [[nodiscard]] std::thread::id id() const noexcept { return id_; }
  [[nodiscard]] const std::shared_ptr<EventLoop>& events() const noexcept { return events_; }

 private:
  void run();

  const std::function<void(std::string_view)> report_;
  const std::shared_ptr<EventLoop> events_;
  std::thread thread_;
  std::thread::id id_;
};

// After what time to look again for connections that are late, where 0 is no time-out; nothing
// where there is none. One look at all of them now and then is cheaper than a timer for each that
// is set anew with every call.
[[nodiscard]] std::optional<std::chrono::milliseconds> time_to_next_sweep(
    std::initializer_list<std::chrono::milliseconds> timeouts) noexcept;

}  // namespace thrift::rpc
