#pragma once

// One connection of a server: a socket, and a Conversation that tells what to do with it.
// It belongs to its IoThread.
//
//     read -> answer all that is whole -> write -> read ...
//
// One read may bring many messages; all replies leave with one write. There is no reading while
// replies wait to be taken, or as many calls run elsewhere as may: a peer that floods fills its own
// buffers.

#include <memory>

#include "rpc/io_thread.hpp"

namespace thrift::rpc {

class Connection final : public std::enable_shared_from_this<Connection>,
                         private EventLoop::Watcher,
                         private Conversation::Host {
 public:
  Connection(IoThread& thread, transport::Socket socket, const SessionOptions& session,
             std::shared_ptr<const std::string> name);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() override;

  void start();
  // Answers what has arrived whole, then closes.
  void stop();
  // Closes now; what a worker does for it is dropped when it is done.
  void cut(std::string_view why);
  [[nodiscard]] bool is_late(transport::Clock::time_point now) const noexcept;
  [[nodiscard]] std::string_view lateness() const noexcept;

 private:
  enum class Phase : std::uint8_t { reading, writing, waiting, closed };

  void wait_to_read();
  void wait_to_write();
  void wait_for_calls();
  void on_ready(bool readable, bool writable) override;
  // --- as the conversation's host ---
  [[nodiscard]] Completion completion() override;
  [[nodiscard]] bool has_workers() const noexcept override;
  [[nodiscard]] std::size_t max_in_flight() const noexcept override;
  void run(std::unique_ptr<Conversation::Job> job) override;

  void on_readable();
  void on_writable();
  // Does what the conversation wants: sends `out`, and goes on from there.
  void go_on(Conversation::Next next);
  enum class Sent : std::uint8_t { all, partly, failed };
  Sent send(Buffer& out);
  void finish(Finished& finished);
  // Counts what the connection holds; whether the server has so much memory to give.
  bool count_memory() noexcept;
  void close(std::string_view why = {});
  void enter(Phase phase);
  template <class F>
  void guarded(F step);  // an exception costs this connection and no other

  IoThread& thread_;
  transport::Socket socket_;
  Conversation conversation_;
  std::shared_ptr<const std::string> name_;
  Phase phase_ = Phase::reading;
  bool in_message_ = false;
  bool in_header_ = false;              // of that message
  bool ended_ = false;                  // the peer sends no more
  transport::Clock::time_point since_;  // of the phase, or of the message being read
  Buffer unsent_;
  std::size_t sent_ = 0;    // of unsent_
  std::size_t memory_ = 0;  // as it was counted
  Conversation::Next after_sending_ = Conversation::Next::read;
};

}  // namespace thrift::rpc
