#pragma once

// One thread that serves connections. Everything here belongs to that thread but what stands under
// "from any thread".

#include <atomic>
#include <thriftpp/rpc/server.hpp>
#include <unordered_set>

#include "rpc/conversation.hpp"
#include "rpc/loop_thread.hpp"
#include "rpc/worker_pool.hpp"
#include "transport/socket.hpp"

namespace thrift::rpc {

class Connection;

// What all threads of a running server share; immutable but for the counter.
struct ServerContext {
  std::shared_ptr<const Dispatcher> dispatcher;
  ServerOptions options;
  std::unique_ptr<WorkerPool> workers;  // nullptr where no handler blocks
  std::atomic<std::size_t> connections = 0;
  std::atomic<std::size_t> memory = 0;  // bytes that connections hold between two messages

  void report(std::string_view where, std::string_view error) const noexcept;
  // What an endpoint's connections may do. Throws TransportError (bad_args).
  [[nodiscard]] SessionOptions session(const Endpoint& endpoint) const;
};

class IoThread {
 public:
  explicit IoThread(ServerContext& context);
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;
  ~IoThread();

  // --- from any thread ---
  void start();
  // Serves the connection; `session` says what its endpoint allows, `name` is the endpoint's.
  void post_add(transport::Socket socket, const SessionOptions& session,
                std::shared_ptr<const std::string> name);
  void post_stop();
  void join() { loop_.join(); }
  [[nodiscard]] std::thread::id id() const noexcept { return loop_.id(); }
  [[nodiscard]] EventLoop& events() noexcept { return *loop_.events(); }
  // For those who may outlive the server.
  [[nodiscard]] std::weak_ptr<EventLoop> weak_events() const noexcept { return loop_.events(); }

  // --- for connections, on this thread ---
  [[nodiscard]] ServerContext& context() noexcept { return context_; }
  [[nodiscard]] bool stopping() const noexcept { return stopping_; }
  void remove(const std::shared_ptr<Connection>& connection);
  // Memory that all connections of the thread use in turn.
  [[nodiscard]] Buffer& input() noexcept { return input_; }
  [[nodiscard]] Buffer& output() noexcept { return output_; }
  [[nodiscard]] Arena& arena() noexcept { return arena_; }

 private:
  void add(transport::Socket socket, const SessionOptions& session,
           std::shared_ptr<const std::string> name);
  void stop();
  void stop_if_done();
  void schedule_sweep();
  void sweep();
  void cut_all();

  ServerContext& context_;
  LoopThread loop_;
  EventLoop::Alarm<IoThread> sweep_alarm_{*this, &IoThread::sweep};
  EventLoop::Alarm<IoThread> stop_alarm_{*this, &IoThread::cut_all};
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  bool stopping_ = false;
  Buffer input_;
  Buffer output_;
  Arena arena_;
};

}  // namespace thrift::rpc
