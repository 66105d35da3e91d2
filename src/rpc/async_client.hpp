#pragma once

// A client's asynchronous calls: which connection each goes to, when it is too late, and whether it
// is tried again. Everything happens on the loop's thread but what stands under "any thread".

#include "rpc/async_call.hpp"
#include "rpc/call_codec.hpp"
#include "rpc/client_loop.hpp"
#include "rpc/endpoint_set.hpp"

namespace thrift::rpc {

class AsyncClient : public std::enable_shared_from_this<AsyncClient>, private EventLoop::Timer {
 public:
  using CallPtr = std::shared_ptr<AsyncCall>;

  AsyncClient(std::shared_ptr<EndpointSet> endpoints, std::shared_ptr<const CallCodec> codec,
              const ClientOptions& options);
  ~AsyncClient() override;

  // --- any thread ---
  void start(CallPtr call);
  // Running calls fail.
  void close();
  // No more calls come: its connections close when those that run have ended.
  void retire();

  // --- for its connections ---
  [[nodiscard]] EventLoop& events() noexcept { return loop_->events(); }
  [[nodiscard]] const std::shared_ptr<ClientLoop>& loop() const noexcept { return loop_; }
  [[nodiscard]] const CallCodec& codec() const noexcept { return *codec_; }
  [[nodiscard]] const std::shared_ptr<EndpointSet>& endpoints() const noexcept {
    return endpoints_;
  }
  [[nodiscard]] const ClientOptions& options() const noexcept { return options_; }
  // The call has an answer, or none is to come; it was not sent, or has failed.
  void succeeded(const CallPtr& call, Reply reply, const Endpoint& peer, bool& strange);
  void failed(const CallPtr& call, const Failure& failure);
  void send_elsewhere(const CallPtr& call) { dispatch(call); }
  void remove(const std::shared_ptr<AsyncConnection>& connection);
  // The call is late after so long, if not before.
  void hurry(const CallPtr& call, transport::milliseconds time);

 private:
  void on_time() override;
  void take_new();
  void dispatch(const CallPtr& call);
  void flush();
  void finish(const CallPtr& call, Result<Value> result);
  void watch_time();
  [[nodiscard]] std::shared_ptr<AsyncConnection> connection_to(std::size_t place);

  const std::shared_ptr<ClientLoop> loop_;
  const std::shared_ptr<EndpointSet> endpoints_;
  const std::shared_ptr<const CallCodec> codec_;
  const ClientOptions options_;

  std::mutex mutex_;
  std::vector<CallPtr> new_;  // guarded by it

  AsyncCall::Times deadlines_;                                   // of all running calls
  std::multimap<transport::Clock::time_point, CallPtr> pauses_;  // calls that are tried again then
  std::vector<std::shared_ptr<AsyncConnection>> connections_;
  std::vector<std::shared_ptr<AsyncConnection>> unflushed_;  // calls were added to them
  std::shared_ptr<AsyncClient> busy_;  // itself, while calls run: they may outlive the Client
  bool retired_ = false;
};

}  // namespace thrift::rpc
