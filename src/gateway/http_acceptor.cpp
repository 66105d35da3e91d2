#include "gateway/http_acceptor.hpp"

namespace thrift::gateway {

namespace {

// After accepting so many, others have their turn on the thread.
constexpr int at_once = 64;
// How long accepting pauses when descriptors or memory ran out.
constexpr std::chrono::milliseconds pause{50};

}  // namespace

HttpAcceptor::HttpAcceptor(Core& core, std::vector<std::unique_ptr<HttpThread>>& threads,
                           const Endpoint& endpoint)
    : core_(core), threads_(threads), listener_(std::make_unique<transport::Listener>(endpoint)) {}

HttpAcceptor::~HttpAcceptor() {
  HttpAcceptor::stop();
}

void HttpAcceptor::start() {
  try {
    events().watch(*this, listener_->fd(), true, false);
  } catch (const std::exception& e) {
    core_.log(std::string("cannot accept: ") + e.what());
    wait_a_while();
  }
}

void HttpAcceptor::stop() {
  events().forget(*this);
  events().cancel(*this);
  listener_.reset();
}

void HttpAcceptor::wait_a_while() {
  events().forget(*this);
  events().set(*this, rpc::EventLoop::Clock::now() + pause);
}

void HttpAcceptor::accept() {
  for (int i = 0; i < at_once; ++i) {
    int error = 0;
    std::optional<transport::Socket> socket = listener_->accept(error);
    if (error != 0) {
      core_.log("cannot accept: " + transport::error_text(error));
      return wait_a_while();
    }
    if (!socket) break;
    if (core_.connections.fetch_add(1, std::memory_order_relaxed) >=
        core_.options.max_connections) {
      core_.connections.fetch_sub(1, std::memory_order_relaxed);
      core_.log("connection refused: there are " + std::to_string(core_.options.max_connections) +
                " already");
      continue;  // the socket closes
    }
    core_.metrics.connections.fetch_add(1, std::memory_order_relaxed);
    core_.metrics.connections_total.fetch_add(1, std::memory_order_relaxed);
    threads_[next_thread_++ % threads_.size()]->post_add(std::move(*socket));
  }
}

}  // namespace thrift::gateway
