#include "rpc/acceptor.hpp"

namespace thrift::rpc {

namespace {

// After accepting so many, others have their turn on the thread.
constexpr int at_once = 64;
// How long accepting pauses when descriptors or memory ran out.
constexpr std::chrono::milliseconds pause{50};

}  // namespace

Acceptor::Acceptor(ServerContext& context, std::vector<std::unique_ptr<IoThread>>& threads,
                   const Endpoint& endpoint)
    : context_(context),
      threads_(threads),
      listener_(std::make_unique<transport::Listener>(endpoint)),
      session_(context.session(endpoint)),
      name_(std::make_shared<const std::string>(listener_->endpoint().address())) {}

Acceptor::~Acceptor() {
  Acceptor::stop();
}

void Acceptor::start() {
  wait();
}

void Acceptor::stop() {
  events().forget(*this);
  events().cancel(*this);
  listener_.reset();
}

void Acceptor::wait() {
  try {
    events().watch(*this, listener_->fd(), true, false);
  } catch (const std::exception& e) {
    context_.report(*name_, std::string("cannot accept: ") + e.what());
    wait_a_while();
  }
}

void Acceptor::wait_a_while() {
  events().forget(*this);
  events().set(*this, EventLoop::Clock::now() + pause);
}

void Acceptor::accept() {
  for (int i = 0; i < at_once; ++i) {
    int error = 0;
    std::optional<transport::Socket> socket = listener_->accept(error);
    if (error != 0) {
      context_.report(*name_, "cannot accept: " + transport::error_text(error));
      return wait_a_while();
    }
    if (!socket) break;
    if (context_.connections.fetch_add(1, std::memory_order_relaxed) >=
        context_.options.max_connections) {
      context_.connections.fetch_sub(1, std::memory_order_relaxed);
      context_.report(*name_, "connection refused: there are " +
                                  std::to_string(context_.options.max_connections) + " already");
      continue;  // the socket closes
    }
    threads_[next_thread_++ % threads_.size()]->post_add(std::move(*socket), session_, name_);
  }
}

}  // namespace thrift::rpc
