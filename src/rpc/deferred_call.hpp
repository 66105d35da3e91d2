#pragma once

// A call that is answered later, with all that it needs until then.

#include <thriftpp/rpc/deferred_call.hpp>

#include "rpc/call_origin.hpp"

namespace thrift::rpc {

struct Deferred {
  std::shared_ptr<const Dispatcher> dispatcher;  // keeps the schema too
  Buffer message;
  Dispatcher::Incoming incoming;  // views `message`
  MessageContext context;
  Headers request_headers;
  Arena arena;
  Buffer out;
  std::optional<CallOrigin> origin;
  std::unique_ptr<Call> call;  // uses what stands above
  Completion completion;       // empty: the rendezvous
  std::shared_ptr<Rendezvous> rendezvous;
  std::chrono::steady_clock::time_point begun;

  // Runs `step` as a handler, and sends what it answered.
  void answer(const std::function<void(Call&)>& step);
};

}  // namespace thrift::rpc
