#pragma once

// A call that nobody's thread waits for.

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <thriftpp/rpc/client.hpp>

#include "rpc/retry.hpp"

namespace thrift::rpc {

class AsyncConnection;

// A reply as the peer sent it: who wants no values has it as bytes.
struct RawReply {
  ProtocolId protocol = ProtocolId::binary;
  bool is_exception = false;        // a TApplicationException, else the function's result
  Buffer bytes;                     // that it lies in
  std::span<const std::byte> body;  // the struct; empty: an answer without a message
  Headers headers;
};

struct AsyncCall {
  AsyncCall(const Function& called, SchemaPtr its_schema, std::int32_t id, CallOptions call_options,
            const RetryPlan& retries)
      : function(called),
        schema(std::move(its_schema)),
        sequence_id(id),
        options(std::move(call_options)),
        plan(retries),
        message(256) {}

  const Function& function;
  const SchemaPtr schema;
  const std::int32_t sequence_id;
  const CallOptions options;
  RetryPlan plan;
  Buffer message;  // whole, in its frame
  transport::Deadline deadline{};
  // One of the two; it is called once, on the loop's thread.
  std::function<void(Result<Value>)> done;
  std::function<void(Result<RawReply>)> done_raw;

  // --- of the loop's thread ---
  using Times = std::multimap<transport::Clock::time_point, std::shared_ptr<AsyncCall>>;
  std::shared_ptr<AsyncConnection> connection;  // that it is on
  std::optional<Times::iterator> time;          // where it waits for its time
  std::uint64_t begin = 0;                      // its place in the connection's output
  std::uint64_t end = 0;                        // 0: it is not there yet
};

}  // namespace thrift::rpc
