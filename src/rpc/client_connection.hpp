#pragma once

// One connection of a client, used by any number of calling threads and served by no thread of its
// own: whoever waits for a reply reads. One of the waiting threads leads, it reads for all and
// hands each reply to whom it belongs, by its sequence id; when it has its own it passes the lead
// on.

#include <condition_variable>
#include <mutex>
#include <vector>

#include "rpc/reply_stream.hpp"
#include "transport/socket.hpp"

namespace thrift::rpc {

class ClientConnection {
 public:
  ClientConnection(transport::Socket socket, const Endpoint& endpoint, const ClientFormat& format,
                   const Splitter::Limits& limits);

  struct Outgoing {
    std::span<const std::byte> message;  // in its frame
    const Headers* headers;              // for what carries it
  };

  // A call that waits for its reply; lives on the caller's stack.
  struct Waiter {
    explicit Waiter(std::int32_t id, std::string_view method, bool oneway = false)
        : sequence_id(id), method_name(method), is_oneway(oneway) {}
    const std::int32_t sequence_id;
    const std::string_view method_name;
    const bool is_oneway;
    std::condition_variable wake;
    bool done = false;      // with a reply, or without one where the connection broke
    bool answered = false;  // perhaps by nothing, where that is an answer (HTTP)
    Reply reply;
  };

  // Sends one whole message, and has `waiter` (unless nullptr) get the reply. Throws
  // TransportError: retryable where the peer cannot have got it whole. `untouched` tells whether
  // nothing was sent.
  void send(const Outgoing& outgoing, Waiter* waiter, std::string_view method,
            const transport::Deadline& deadline, bool& untouched);
  // Until the reply is there. Throws TransportError or ApplicationError; the waiter is forgotten
  // then. A oneway call that stays without a response for long is done as well.
  void wait(Waiter& waiter, const transport::Deadline& deadline);

  // How many calls run on this connection; nothing where no new one may use it: it is broken, a
  // call timed out on it, or the peer has closed it meanwhile.
  [[nodiscard]] std::optional<std::size_t> load();
  [[nodiscard]] bool is_usable() { return load().has_value(); }
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
  // No new call uses it; those that run on it go on.
  void retire();
  // Running calls fail.
  void close();

 private:
  void lead(std::unique_lock<std::mutex>& lock, Waiter& waiter,
            const transport::Deadline& deadline);
  // Reads what is there into input_; what is wrong with it, if anything. Called by the leader,
  // without the lock.
  std::optional<Problem> read();
  // Hands out the replies that are whole; where they make no sense, every call fails.
  void deliver_or_break();
  void deliver();
  void hand_over(Waiter& waiter, Reply reply);
  // Tells the peer what its bytes ask to be told at once, if nobody sends just now.
  void answer_peer(std::unique_lock<std::mutex>& lock);
  // May the caller send? HTTP wants one call after the other.
  [[nodiscard]] bool may_send() const noexcept;
  // Writes all of it; what went wrong, if anything.
  std::optional<Problem> write(std::span<const std::byte> bytes, std::size_t& sent,
                               const transport::Deadline& deadline);
  void break_all(Problem problem);
  void forget(Waiter& waiter) noexcept;
  // Throws what broke the connection, as the end of a call of `method`.
  [[noreturn]] void fail(std::string_view method) const;

  const Endpoint endpoint_;
  transport::Socket socket_;  // one thread writes, one reads, any may shut it down

  std::mutex mutex_;  // guards what follows, down to the empty line
  std::condition_variable may_write_;
  bool writing_ = false;
  bool reading_ = false;  // there is a leader
  bool retired_ = false;
  std::optional<Problem> broken_;
  std::vector<Waiter*> waiters_;
  std::vector<std::int32_t> abandoned_;  // calls that timed out: their replies are dropped

  const bool has_exchanges_;                     // HTTP
  std::unique_ptr<transport::Carrier> carrier_;  // writers wrap, the leader unwraps
  ReplyStream replies_;                          // the leader's
  Buffer to_say_;                                // see answer_peer()
  bool ended_ = false;  // the peer has closed, and that ended its last response
};

}  // namespace thrift::rpc
