#pragma once

// Large replies leave in chunks as they are made, by a worker that waits where the client is slow:
// the gateway never holds all of their text.

#include "gateway/serve.hpp"

namespace thrift::gateway {

// Whether the reply is worth it, and this client can take chunks.
[[nodiscard]] bool should_stream(const Exchange& exchange, const rpc::RawReply& reply) noexcept;

// Answers with the reply's result, which `part` is. The exchange is done later. False, with nothing
// changed, where too many replies are streamed already.
bool stream_result(HttpThread& thread, const ExchangePtr& exchange, rpc::RawReply& reply,
                   const ResultPart& part);

}  // namespace thrift::gateway
