#include "rpc/accept_loop.hpp"

namespace thrift::rpc {

namespace {

// After accepting so many, others have their turn on the thread.
constexpr int at_once = 64;
// How long accepting pauses when descriptors or memory ran out.
constexpr std::chrono::milliseconds pause{50};

}  // namespace

AcceptLoop::AcceptLoop(EventLoop& events, const Endpoint& endpoint, std::atomic<std::size_t>& open,
                       std::size_t most)
    : events_(events),
      listener_(std::make_unique<transport::Listener>(endpoint)),
      open_(open),
      most_(most) {}

void AcceptLoop::start() {
  try {
    events_.watch(*this, listener_->fd(), true, false);
  } catch (const std::exception& e) {
    report(std::string("cannot accept: ") + e.what());
    wait_a_while();
  }
}

void AcceptLoop::stop() {
  events_.forget(*this);
  events_.cancel(*this);
  listener_.reset();
}

void AcceptLoop::wait_a_while() {
  events_.forget(*this);
  events_.set(*this, EventLoop::Clock::now() + pause);
}

void AcceptLoop::accept() {
  for (int i = 0; i < at_once; ++i) {
    int error = 0;
    std::optional<transport::Socket> socket = listener_->accept(error);
    if (error != 0) {
      report("cannot accept: " + transport::error_text(error));
      return wait_a_while();
    }
    if (!socket) break;
    if (open_.fetch_add(1, std::memory_order_relaxed) >= most_) {
      open_.fetch_sub(1, std::memory_order_relaxed);
      report("connection refused: there are " + std::to_string(most_) + " already");
      continue;  // the socket closes
    }
    take(std::move(*socket));
  }
}

}  // namespace thrift::rpc
