#pragma once

// A call that nobody's thread waits for.

#include <functional>
#include <map>
#include <memory>
#include <thriftpp/rpc/client.hpp>

#include "rpc/retry.hpp"

namespace thrift::rpc {

class AsyncConnection;

struct AsyncCall {
  AsyncCall(const Function& called, SchemaPtr its_schema, std::int32_t id,
            const CallOptions& call_options, const RetryPlan& retries)
      : function(called),
        schema(std::move(its_schema)),
        sequence_id(id),
        options(call_options),
        plan(retries),
        message(256) {}

  const Function& function;
  const SchemaPtr schema;
  const std::int32_t sequence_id;
  const CallOptions options;
  RetryPlan plan;
  Buffer message;  // whole, in its frame
  transport::Deadline deadline{};
  std::function<void(Result<Value>)> done;

  // --- of the loop's thread ---
  using Times = std::multimap<transport::Clock::time_point, std::shared_ptr<AsyncCall>>;
  std::shared_ptr<AsyncConnection> connection;  // that it is on
  std::optional<Times::iterator> time;          // where it waits for its time
  std::uint64_t begin = 0;                      // its place in the connection's output
  std::uint64_t end = 0;                        // 0: it is not there yet
};

}  // namespace thrift::rpc
