#pragma once

// One connection for asynchronous calls, on the loop's thread. Calls that were added before it is
// open wait; then all of them are on their way at once, but where the transport has one call at a
// time (HTTP).

#include <deque>
#include <unordered_map>
#include <unordered_set>

#include "rpc/async_client.hpp"

namespace thrift::rpc {

class AsyncConnection : public std::enable_shared_from_this<AsyncConnection>,
                        private EventLoop::Watcher {
 public:
  using CallPtr = AsyncClient::CallPtr;

  AsyncConnection(std::shared_ptr<AsyncClient> client, std::size_t place);
  ~AsyncConnection() override;

  // Begins to connect, on a thread that lasts as long as that takes: resolvers, and handshakes.
  void open();
  // flush() sends what was added.
  void add(const CallPtr& call);
  void flush();
  // Its time is over: whether it was sent, if only in part.
  bool forget_late(const CallPtr& call);
  void close(const Problem& problem);
  void close_if_idle();

  [[nodiscard]] std::size_t place() const noexcept { return place_; }
  [[nodiscard]] bool is_usable() const noexcept { return !retired_ && state_ != State::closed; }
  // No call runs, and the peer has closed it, or says what nobody asked: the loop will hear of
  // that, but what is sent until then is lost.
  [[nodiscard]] bool is_stale() const noexcept {
    return state_ == State::open && load() == 0 && socket_.has_input();
  }
  [[nodiscard]] std::size_t load() const noexcept {
    return waiting_.size() + running_.size() + oneway_.size();
  }

 private:
  enum class State : std::uint8_t { connecting, open, closed };

  void on_ready(bool readable, bool writable) override;
  void opened(transport::Socket socket);
  void not_opened(const Failure& failure);
  void take_waiting();
  void append(const CallPtr& call);
  // What is wrong with the connection, if anything.
  std::optional<Problem> write();
  std::optional<Problem> read();
  void deliver();
  void retire();
  void watch();
  [[nodiscard]] const Endpoint& endpoint() const noexcept {
    return client_->endpoints()->endpoint(place_);
  }

  const std::shared_ptr<AsyncClient> client_;
  const std::size_t place_;
  State state_ = State::connecting;
  bool retired_ = false;  // no new calls
  bool ended_ = false;    // the peer sends no more
  std::thread connector_;
  transport::Socket socket_;
  const bool has_exchanges_;
  std::unique_ptr<transport::Carrier> carrier_;
  ReplyStream replies_;

  std::deque<CallPtr> waiting_;                        // nothing of them was appended to output_
  std::unordered_map<std::int32_t, CallPtr> running_;  // that get an answer
  std::deque<CallPtr> oneway_;                         // until they are sent
  std::unordered_set<std::int32_t> abandoned_;         // whose late replies are dropped
  Buffer output_;
  std::size_t done_ = 0;        // of output_
  std::uint64_t appended_ = 0;  // bytes in all
  std::uint64_t sent_ = 0;      // of them
};

}  // namespace thrift::rpc
