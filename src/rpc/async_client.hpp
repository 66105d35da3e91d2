#pragma once

// A client's asynchronous calls: which connection each goes to, when it is too late, and whether it
// is tried again. Everything happens on the loop's thread but what stands under "any thread".

#include "rpc/async_call.hpp"
#include "rpc/call_codec.hpp"
#include "rpc/endpoint_set.hpp"
#include "rpc/event_loop.hpp"

namespace thrift::rpc {

class AsyncClient : public std::enable_shared_from_this<AsyncClient>, private EventLoop::Timer {
 public:
  using CallPtr = std::shared_ptr<AsyncCall>;

  // Everything happens on the thread that runs `loop`, which must run until is_idle().
  AsyncClient(std::shared_ptr<EventLoop> loop, std::shared_ptr<EndpointSet> endpoints,
              std::shared_ptr<const CallCodec> codec, ClientOptions options);
  ~AsyncClient() override;

  // --- any thread ---
  void start(CallPtr call);
  // Running calls fail.
  void close();
  // No more calls come: its connections close when those that run have ended.
  void retire();

  // --- on the loop's thread ---
  // As start(), without a detour; the message leaves after what the loop does now.
  void start_here(const CallPtr& call);
  // No call runs, and nobody connects.
  [[nodiscard]] bool is_idle() const noexcept { return deadlines_.empty() && connecting_ == 0; }

  // --- for its connections ---
  [[nodiscard]] EventLoop& events() noexcept { return *loop_; }
  void began_to_connect() noexcept { ++connecting_; }
  void connected() noexcept { --connecting_; }
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
  void begin(const CallPtr& call);
  void dispatch(const CallPtr& call);
  void flush();
  void finish(const CallPtr& call, Result<Value> result);
  void finish(const CallPtr& call, RawReply reply);
  void fail(const CallPtr& call, Failure failure);
  // Takes the call out of all that waits; false where it has ended before.
  bool end(const CallPtr& call);
  void watch_time();
  [[nodiscard]] std::shared_ptr<AsyncConnection> connection_to(std::size_t place);

  const std::shared_ptr<EventLoop> loop_;
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
  unsigned connecting_ = 0;  // connections that have a thread for it
};

}  // namespace thrift::rpc
