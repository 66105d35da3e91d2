#pragma once

// The server's side of one connection without its socket, as `Session`, but for an event loop that
// shares memory between connections and has worker threads: it says what it wants to happen next.
//
//     bytes -> [carrier: HTTP, zlib] -> splitter -> message -> dispatcher -> reply
//
// Both the carrier and the splitter are chosen by the first bytes.

#include "rpc/dispatcher.hpp"
#include "rpc/message_context.hpp"

namespace thrift::rpc {

class Conversation {
 public:
  // What is to be done once `out` has been sent.
  enum class Next : std::uint8_t {
    read,    // wait for bytes
    resume,  // there are messages left: `out` is large enough to be sent first
    run,     // take_job(), run it elsewhere, and finish() it here; until then do not read
    close,   // the peer makes no sense, or wants it so
  };
  // A call for another thread, with memory of its own.
  struct Job {
    std::shared_ptr<const Dispatcher> dispatcher;
    Buffer message;
    Dispatcher::Incoming incoming;  // views `message`
    MessageContext context;
    Buffer reply;
    bool failed = false;  // for lack of memory

    void run();
  };

  Conversation(std::shared_ptr<const Dispatcher> dispatcher, const SessionOptions& options,
               bool has_workers);

  // Bytes that arrived; they are not needed afterwards. `arena` is scratch memory.
  Next receive(std::span<const std::byte> bytes, Arena& arena, Buffer& out);
  // As above without a copy, for when a message is not whole: read into `space`, then tell how
  // much.
  [[nodiscard]] bool wants_space() const noexcept { return !carrier_ && !input_.empty(); }
  [[nodiscard]] std::span<std::byte> space();
  Next received(std::size_t n, Arena& arena, Buffer& out);
  Next resume(Arena& arena, Buffer& out);

  [[nodiscard]] std::unique_ptr<Job> take_job() noexcept { return std::move(job_); }
  Next finish(Job& job, Arena& arena, Buffer& out);

  // Whether a message has begun that is not whole, or there are some still to be answered.
  [[nodiscard]] bool in_message() const noexcept;
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

 private:
  using Bytes = std::span<const std::byte>;
  // Answers what is whole in `bytes`; `used` is how much that was.
  Next advance(Bytes bytes, std::size_t& used, Arena& arena, Buffer& out);
  Next advance_carried(Bytes bytes, std::size_t& used, Arena& arena, Buffer& out);
  Next advance_messages(Bytes bytes, std::size_t& used, Arena& arena, Buffer& out);
  Next advance_input(Arena& arena, Buffer& out);
  // Answers the payload at hand and wraps the replies up.
  Next answer_payload(Arena& arena, Buffer& out);
  // False where more bytes are needed to tell, or nothing will help.
  bool find_carriage(Bytes bytes);
  bool find_format(Bytes bytes);
  Next answer(Bytes message, Arena& arena, Buffer& out);
  Next fail(std::string problem, Buffer& out);

  std::shared_ptr<const Dispatcher> dispatcher_;
  SessionOptions options_;
  bool has_workers_;
  bool knows_carriage_ = false;
  std::unique_ptr<transport::Carrier> carrier_;
  std::optional<Splitter> splitter_;  // once it is known how the client speaks
  Buffer input_;
  std::unique_ptr<Job> job_;
  std::string problem_;
  Buffer unpacked_;  // a message that came compressed

  // With a carrier:
  bool answering_ = false;  // the payload at hand
  Buffer payload_;
  Buffer replies_;
  Headers reply_headers_;
};

// Runs the call and appends the reply as the context's format wants it; false where there is none
// to send.
bool run_framed(const Dispatcher::Incoming& incoming, MessageContext& context, Arena& arena,
                Buffer& out);

}  // namespace thrift::rpc
