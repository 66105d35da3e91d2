#pragma once

// One thread of a gateway: its clients' connections, and its own connections to the upstreams.
// Everything belongs to that thread but what stands under "from any thread".

#include <unordered_set>

#include "gateway/core.hpp"
#include "gateway/exchange.hpp"
#include "rpc/loop_thread.hpp"
#include "transport/socket.hpp"

namespace thrift::gateway {

class HttpConnection;

class HttpThread {
 public:
  explicit HttpThread(Core& core);
  HttpThread(const HttpThread&) = delete;
  HttpThread& operator=(const HttpThread&) = delete;
  ~HttpThread();

  // --- from any thread ---
  void start();
  void post_add(transport::Socket socket);
  void post_snapshot(std::shared_ptr<const Snapshot> snapshot);
  // Idle connections close, the others when they have answered.
  void post_drain();
  void join() { loop_.join(); }
  [[nodiscard]] rpc::EventLoop& events() noexcept { return *loop_.events(); }
  [[nodiscard]] std::thread::id id() const noexcept { return loop_.id(); }

  // --- for connections and requests, on this thread ---
  [[nodiscard]] Core& core() noexcept { return core_; }
  [[nodiscard]] const std::shared_ptr<const Snapshot>& snapshot() const noexcept {
    return snapshot_;
  }
  [[nodiscard]] rpc::AsyncClient& client(std::size_t upstream) { return *clients_[upstream]; }
  [[nodiscard]] std::int32_t next_sequence_id() noexcept {
    sequence_id_ = sequence_id_ == INT32_MAX ? 1 : sequence_id_ + 1;
    return sequence_id_;
  }
  void remove(const std::shared_ptr<HttpConnection>& connection);
  [[nodiscard]] bool draining() const noexcept { return draining_; }
  // Memory that all requests use in turn.
  [[nodiscard]] Buffer& scratch() noexcept { return scratch_; }
  [[nodiscard]] Buffer& input() noexcept { return input_; }
  // A worker does something that comes back to this thread, which waits for it before it ends.
  void begin_job() noexcept { ++jobs_; }
  void end_job() noexcept { --jobs_; }
  // A new id for a request.
  [[nodiscard]] std::string make_id();

 private:
  void add(transport::Socket socket);
  void drain();
  void cut_all();
  void stop_if_done();
  void stop_when_idle();
  void schedule_sweep();
  void sweep();

  Core& core_;
  rpc::LoopThread loop_;
  rpc::EventLoop::Alarm<HttpThread> sweep_alarm_{*this, &HttpThread::sweep};
  rpc::EventLoop::Alarm<HttpThread> cut_alarm_{*this, &HttpThread::cut_all};
  rpc::EventLoop::Alarm<HttpThread> idle_alarm_{*this, &HttpThread::stop_when_idle};
  std::shared_ptr<const Snapshot> snapshot_;
  std::vector<std::shared_ptr<rpc::AsyncClient>> clients_;  // by upstream
  std::unordered_set<std::shared_ptr<HttpConnection>> connections_;
  std::int32_t sequence_id_ = 0;
  bool draining_ = false;
  bool closing_clients_ = false;
  std::size_t jobs_ = 0;
  Buffer scratch_;
  Buffer input_;
  std::uint64_t id_prefix_;
  std::uint64_t next_id_ = 0;
};

}  // namespace thrift::gateway
