#include "rpc/loop_thread.hpp"

#include <algorithm>

namespace thrift::rpc {

using std::chrono::milliseconds;

LoopThread::LoopThread(std::function<void(std::string_view)> report,
                       std::chrono::microseconds busy_poll)
    : report_(std::move(report)), events_(std::make_shared<EventLoop>(busy_poll)) {}

LoopThread::~LoopThread() {
  end();
}

void LoopThread::start() {
  thread_ = std::thread([this] { run(); });
  id_ = thread_.get_id();
}

void LoopThread::join() {
  if (thread_.joinable()) thread_.join();
}

void LoopThread::end() {
  join();
  events_->discard_tasks();
}

void LoopThread::run() {
  for (;;) {
    try {
      return events_->run();
    } catch (const std::exception& e) {
      report_(e.what());
    }
  }
}

std::optional<milliseconds> time_to_next_sweep(
    std::initializer_list<milliseconds> timeouts) noexcept {
  std::optional<milliseconds> shortest;
  for (const milliseconds time : timeouts) {
    if (time.count() > 0) shortest = std::min(shortest.value_or(time), time);
  }
  if (!shortest) return std::nullopt;
  return std::clamp(*shortest / 4, milliseconds(5), milliseconds(1000));
}

}  // namespace thrift::rpc
