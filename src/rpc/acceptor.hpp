#pragma once

// Accepts the connections of one endpoint, on the first thread of a server, and hands them out to
// all threads in turn.

#include <asio/posix/stream_descriptor.hpp>
#include <memory>

#include "rpc/io_thread.hpp"
#include "transport/listener.hpp"

namespace thrift::rpc {

class Acceptor : public std::enable_shared_from_this<Acceptor> {
 public:
  // Listens; throws TransportError.
  Acceptor(ServerContext& context, std::vector<std::unique_ptr<IoThread>>& threads,
           const Endpoint& endpoint);
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;
  ~Acceptor();

  [[nodiscard]] const Endpoint& endpoint() const noexcept { return listener_->endpoint(); }
  // On the first thread: begins to accept; stops and gives the endpoint up.
  void start();
  void stop();

 private:
  void wait();
  void wait_a_while();
  void accept();

  ServerContext& context_;
  std::vector<std::unique_ptr<IoThread>>& threads_;
  std::unique_ptr<transport::Listener> listener_;
  SessionOptions session_;
  std::shared_ptr<const std::string> name_;  // of the endpoint, for reports
  asio::posix::stream_descriptor readiness_;
  asio::steady_timer timer_;
  std::size_t next_thread_ = 0;
};

}  // namespace thrift::rpc
