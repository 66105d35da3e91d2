#pragma once

// The server's side of one connection without its socket, as `Session`, but for an event loop that
// shares memory between connections and has worker threads: it says what it wants to happen next.

#include <thriftpp/rpc/session.hpp>

#include "rpc/dispatcher.hpp"
#include "rpc/splitter.hpp"

namespace thrift::rpc {

class Conversation {
 public:
  // What is to be done once `out` has been sent.
  enum class Next : std::uint8_t {
    read,    // wait for bytes
    resume,  // there are messages left: `out` is large enough to be sent first
    run,     // take_job(), run it elsewhere, and finish() it here; until then do not read
    close,   // the peer makes no sense
  };
  // A call for another thread, with memory of its own.
  struct Job {
    std::shared_ptr<const Dispatcher> dispatcher;
    Buffer message;
    Dispatcher::Incoming incoming;  // views `message`
    Framing framing;
    Buffer reply;

    void run();
  };

  Conversation(std::shared_ptr<const Dispatcher> dispatcher, const SessionOptions& options,
               bool has_workers);

  // Bytes that arrived; they are not needed afterwards. `arena` is scratch memory.
  Next receive(std::span<const std::byte> bytes, Arena& arena, Buffer& out);
  // As above without a copy, for when a message is not whole: read into `space`, then tell how
  // much.
  [[nodiscard]] std::span<std::byte> space();
  Next received(std::size_t n, Arena& arena, Buffer& out);
  Next resume(Arena& arena, Buffer& out);

  [[nodiscard]] std::unique_ptr<Job> take_job() noexcept { return std::move(job_); }
  Next finish(const Job& job, Arena& arena, Buffer& out);

  // Bytes of a message that is not whole, or of messages still to be answered.
  [[nodiscard]] bool has_input() const noexcept { return !input_.empty(); }
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

 private:
  // Answers what is whole in `bytes`; `used` is how much that was.
  Next advance(std::span<const std::byte> bytes, std::size_t& used, Arena& arena, Buffer& out);
  // False where more bytes are needed to tell, or nothing will help.
  bool find_format(std::span<const std::byte> bytes);
  Next answer(std::span<const std::byte> message, Arena& arena, Buffer& out);
  Next advance_input(Arena& arena, Buffer& out);

  std::shared_ptr<const Dispatcher> dispatcher_;
  SessionOptions options_;
  bool has_workers_;
  std::optional<Splitter> splitter_;  // once it is known how the client speaks
  Buffer input_;
  std::unique_ptr<Job> job_;
  std::string problem_;
};

// The reply in its frame, if it has one; false where there is none to send.
bool run_framed(const Dispatcher& dispatcher, const Dispatcher::Incoming& incoming, Framing framing,
                Arena& arena, Buffer& out);

}  // namespace thrift::rpc
