#pragma once

// Threads for handlers that block.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace thrift::rpc {

class WorkerPool {
 public:
  explicit WorkerPool(unsigned threads);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();  // finishes what was submitted

  // From any thread. The queue has no limit of its own: a connection submits one job at a time.
  void submit(std::function<void()> job);
  // Finishes what was submitted, and joins the threads.
  void stop();
  [[nodiscard]] bool is_own_thread() const noexcept;

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
  std::vector<std::thread::id> ids_;
};

}  // namespace thrift::rpc
