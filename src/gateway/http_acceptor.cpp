#include "gateway/http_acceptor.hpp"

namespace thrift::gateway {

HttpAcceptor::HttpAcceptor(Core& core, std::vector<std::unique_ptr<HttpThread>>& threads,
                           const Endpoint& endpoint)
    : AcceptLoop(threads.front()->events(), endpoint, core.metrics.connections,
                 core.options.max_connections),
      core_(core),
      threads_(threads) {}

void HttpAcceptor::take(transport::Socket socket) {
  core_.metrics.connections_total.fetch_add(1, std::memory_order_relaxed);
  threads_[next_thread_++ % threads_.size()]->post_add(std::move(socket));
}

}  // namespace thrift::gateway
