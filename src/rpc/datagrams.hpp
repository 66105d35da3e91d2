#pragma once

// The datagrams of one UDP endpoint, on the first thread of a server: each is a message, or
// several, of its own. Only oneway calls are taken: where a datagram comes from is easily forged,
// and the answer to a lie would go to somebody else.

#include "rpc/entrance.hpp"
#include "rpc/io_thread.hpp"

namespace thrift::rpc {

class Datagrams final : public Entrance, private EventLoop::Watcher, private Conversation::Host {
 public:
  // Binds; throws TransportError.
  Datagrams(ServerContext& context, IoThread& thread, const Endpoint& endpoint);
  ~Datagrams() override;

  [[nodiscard]] const Endpoint& endpoint() const noexcept override { return endpoint_; }
  void start() override;
  void stop() override;

 private:
  void on_ready(bool readable, bool writable) override;
  void take(std::span<const std::byte> bytes);
  [[nodiscard]] Completion completion() override;
  [[nodiscard]] bool has_workers() const noexcept override { return context_.workers != nullptr; }
  [[nodiscard]] std::size_t max_in_flight() const noexcept override;
  void run(std::unique_ptr<Conversation::Job> job) override;

  // Jobs that workers have; they may outlive this.
  struct NoReply final : Deferral {
    [[nodiscard]] Completion completion() override;
    std::atomic<std::size_t> running = 0;
  };

  ServerContext& context_;
  IoThread& thread_;
  Endpoint endpoint_;
  SessionOptions session_;
  std::string name_;
  transport::Descriptor socket_;
  std::shared_ptr<NoReply> jobs_ = std::make_shared<NoReply>();
};

}  // namespace thrift::rpc
