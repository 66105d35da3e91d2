#pragma once

// From an upstream's reply to the response's status, fields and body.

#include <thriftpp/json/transcode.hpp>

#include "gateway/problem.hpp"
#include "gateway/routes.hpp"
#include "rpc/async_call.hpp"

namespace thrift::gateway {

// What of a route's function decides how its replies are answered, looked up once.
struct ReplyPlan {
  int status = 200;                           // of results
  std::optional<ResponseShape> result_shape;  // of annotated routes
  struct Exception {
    const Field* field;
    int status;
    std::optional<ResponseShape> shape;
  };
  std::vector<Exception> exceptions;
};
// Of exceptions by name, or by qualified name.
using ExceptionStatuses = std::vector<std::pair<std::string, int>>;
[[nodiscard]] std::optional<int> mapped_status(const Field& exception,
                                               const ExceptionStatuses& statuses);
// All that the IDL says of an exception's status comes after `statuses`.
[[nodiscard]] ReplyPlan make_reply_plan(const Route& route, const ExceptionStatuses& statuses);

struct Answer {
  int status = 200;
  std::string_view exception;  // the name of the one that was raised
  Headers headers;
};

// The struct of a reply, taken apart: which field it has, and that one's bytes.
struct ResultPart {
  const Field* field = nullptr;  // nullptr: none, as of functions that return nothing
  std::span<const std::byte> bytes;
  std::optional<bool> in_header;  // a bool of compact, without bytes
};
// Throws ProtocolError.
[[nodiscard]] ResultPart split_result(ProtocolId protocol, std::span<const std::byte> body,
                                      const Function& function);

// Appends the body. Throws ProtocolError and ApplicationError for what the upstream did wrong.
[[nodiscard]] Answer answer_reply(const Route& route, const ReplyPlan& plan,
                                  const rpc::RawReply& reply, const JsonOptions& json, Buffer& out);

}  // namespace thrift::gateway
