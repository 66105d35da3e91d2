#include "rpc/acceptor.hpp"

namespace thrift::rpc {

Acceptor::Acceptor(ServerContext& context, std::vector<std::unique_ptr<IoThread>>& threads,
                   const Endpoint& endpoint)
    : AcceptLoop(threads.front()->events(), endpoint, context.connections,
                 context.options.max_connections),
      context_(context),
      threads_(threads),
      session_(context.session(endpoint)),
      name_(std::make_shared<const std::string>(AcceptLoop::endpoint().address())) {}

void Acceptor::take(transport::Socket socket) {
  threads_[next_thread_++ % threads_.size()]->post_add(std::move(socket), session_, name_);
}

void Acceptor::report(const std::string& problem) {
  context_.report(*name_, problem);
}

}  // namespace thrift::rpc
