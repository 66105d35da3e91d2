#pragma once

// Where a call on the server's side comes from, and how its reply finds back if it comes later.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "rpc/dispatcher.hpp"
#include "rpc/message_context.hpp"

namespace thrift::rpc {

// A call that was run elsewhere has ended.
struct Finished {
  std::int32_t sequence_id = 0;
  Buffer reply;         // in its frame; empty: there is none
  Headers headers;      // for what carries it
  bool failed = false;  // for lack of memory: the caller is told nothing
};
// Brings it back to the connection, from any thread; does nothing where that is gone.
using Completion = std::function<void(Finished)>;

// What Call::defer needs to know. Lives on the stack while the handler runs.
struct CallOrigin {
  const Dispatcher& dispatcher;  // whose method it is
  const Dispatcher::Incoming& incoming;
  MessageContext* context;  // may be nullptr
  Deferral* deferral;       // of the connection; nullptr: the caller waits for the reply
  std::shared_ptr<struct Rendezvous> rendezvous{};  // set by defer() then
  std::chrono::steady_clock::time_point begun{};    // where somebody wants to know
};

// Who can take replies that come later.
class Deferral {
 public:
  Deferral() = default;
  Deferral(const Deferral&) = delete;
  Deferral& operator=(const Deferral&) = delete;
  // On the thread that the handler runs on.
  [[nodiscard]] virtual Completion completion() = 0;

 protected:
  virtual ~Deferral() = default;
};

// Where a thread waits for a reply that another one makes.
struct Rendezvous {
  std::mutex mutex;
  std::condition_variable ready;
  bool done = false;
  Buffer reply;  // without a frame

  void put(Buffer bytes) {
    const std::lock_guard lock(mutex);
    reply = std::move(bytes);
    done = true;
    ready.notify_one();
  }
  [[nodiscard]] Buffer take() {
    std::unique_lock lock(mutex);
    ready.wait(lock, [&] { return done; });
    return std::move(reply);
  }
};

}  // namespace thrift::rpc
