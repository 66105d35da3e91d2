#pragma once

// The server's side of one connection without its socket, as `Session`, but for an event loop that
// shares memory between connections and has worker threads: it says what it wants to happen next.
//
//     bytes -> [carrier: HTTP, zlib] -> splitter -> message -> dispatcher -> reply
//
// Both the carrier and the splitter are chosen by the first bytes.
//
// Calls that are run elsewhere (by workers) or answered later (deferred) come back by finish().
// Meanwhile the conversation goes on where clients can tell replies apart: framed and header
// messages, whose sequence ids differ. Else it waits, and all is answered in the order in which it
// came.

#include "rpc/call_origin.hpp"

namespace thrift::rpc {

class Conversation {
 public:
  // What is to be done once `out` has been sent.
  enum class Next : std::uint8_t {
    read,    // wait for bytes
    resume,  // there are messages left: `out` is large enough to be sent first
    wait,    // for finish(); until then do not read
    close,   // the peer makes no sense, or wants it so
  };
  // A call for another thread, with memory of its own.
  struct Job {
    std::shared_ptr<const Dispatcher> dispatcher;
    Buffer message;
    Dispatcher::Incoming incoming;  // views `message`
    MessageContext context;

    // Nothing where it was deferred, and comes back by itself.
    [[nodiscard]] std::optional<Finished> run(Deferral& deferral);
  };
  // Who runs jobs, and brings back deferred calls.
  class Host : public Deferral {
   public:
    [[nodiscard]] virtual bool has_workers() const noexcept = 0;
    virtual void run(std::unique_ptr<Job> job) = 0;
    // At once, of one connection; 0: everything waits for its turn.
    [[nodiscard]] virtual std::size_t max_in_flight() const noexcept = 0;
  };

  // Without a host, which must live as long, everything is run and answered at once.
  Conversation(std::shared_ptr<const Dispatcher> dispatcher, SessionOptions options, Host* host);

  // Bytes that arrived; they are not needed afterwards. `arena` is scratch memory.
  Next receive(std::span<const std::byte> bytes, Arena& arena, Buffer& out);
  // As above without a copy, for when a message is not whole: read into `space`, then tell how
  // much.
  [[nodiscard]] bool wants_space() const noexcept { return !carrier_ && !input_.empty(); }
  [[nodiscard]] std::span<std::byte> space();
  Next received(std::size_t n, Arena& arena, Buffer& out);
  Next resume(Arena& arena, Buffer& out);

  // A call has ended elsewhere: what it has to say is appended; resume() then goes on.
  void complete(Finished& finished, Buffer& out);
  Next finish(Finished& finished, Arena& arena, Buffer& out) {
    complete(finished, out);
    return resume(arena, out);
  }
  // Calls that have not come back.
  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_.size(); }

  // Whether a message has begun that is not whole, or there are some still to be answered.
  [[nodiscard]] bool in_message() const noexcept;
  // Whether not even its size is known.
  [[nodiscard]] bool in_header() const noexcept;
  // Bytes of memory that it holds between two calls of these functions.
  [[nodiscard]] std::size_t memory() const noexcept {
    return input_.capacity() + payload_.capacity() + replies_.capacity() + in_flight_bytes_;
  }
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
  // False where the call has to wait for others first, and is to be given again.
  bool answer(Bytes message, Arena& arena, Buffer& out);
  // Notes a call that will come back.
  void begin_call(std::int32_t sequence_id, std::size_t bytes);
  [[nodiscard]] bool may_overlap() const noexcept;
  [[nodiscard]] Next closing() const noexcept {
    return in_flight_.empty() ? Next::close : Next::wait;
  }
  Next fail(std::string problem, Buffer& out);

  std::shared_ptr<const Dispatcher> dispatcher_;
  SessionOptions options_;
  Host* host_;
  bool knows_carriage_ = false;
  std::unique_ptr<transport::Carrier> carrier_;
  std::optional<Splitter> splitter_;  // once it is known how the client speaks
  Buffer input_;
  struct InFlight {
    std::int32_t sequence_id;
    std::size_t bytes;
  };
  std::vector<InFlight> in_flight_;
  std::size_t in_flight_bytes_ = 0;
  std::string problem_;
  Buffer unpacked_;  // a message that came compressed

  // With a carrier:
  bool answering_ = false;  // the payload at hand
  Buffer payload_;
  Buffer replies_;
  Headers reply_headers_;
};

// Runs the call and appends the reply as the context's format wants it, if there is one to send.
Dispatcher::Outcome run_framed(const Dispatcher::Incoming& incoming, MessageContext& context,
                               Deferral* deferral, Arena& arena, Buffer& out);
// Appends a reply that is there already, likewise.
void frame_reply(const Dispatcher::Incoming& incoming, MessageContext& context,
                 std::span<const std::byte> reply, Buffer& out);

}  // namespace thrift::rpc
