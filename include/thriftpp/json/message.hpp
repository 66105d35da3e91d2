#pragma once

/// @file
/// Messages as plain JSON, one line each, and back. What `thriftpp decode --message` prints.
///
///     {"method":"getUser","type":"CALL","seqid":1,"args":{"userId":"1"}}
///     {"method":"getUser","type":"REPLY","seqid":1,"result":{"id":"1","name":"Ann","age":30}}
///     {"method":"getUser","type":"REPLY","seqid":1,"exception":{"missing":{"what":"user"}}}
///     {"method":"getUser","type":"EXCEPTION","seqid":1,"error":{"message":"no","type":6}}
///
/// `type` is CALL, REPLY, EXCEPTION or ONEWAY. `args` is an object of the arguments by name.
/// `result` is absent where the function returns nothing. `exception` is one that the function
/// declares, under its name in `throws`. `error` is Thrift's TApplicationException.
///
/// The envelope holds what the wire holds and nothing more, so that a stream of messages goes to
/// lines and back to the same bytes (where the value does; see text.hpp).
/// Threads: free functions, safe from several threads.

#include <thriftpp/json/read.hpp>
#include <thriftpp/protocol/message.hpp>

namespace thrift {

/// The message that `bytes` are, whole, as one line without its end. Of a multiplexed method,
/// "Service:method", the part behind the colon is looked up. Throws ProtocolError (offsets count
/// from the start of the message), and ApplicationError where the service has no such method.
[[nodiscard]] THRIFTPP_API std::string message_to_json(ProtocolId protocol,
                                                       std::span<const std::byte> bytes,
                                                       const Service& service,
                                                       const JsonOptions& json = {},
                                                       const DecodeOptions& decoding = {});

/// Appends the message that a line says. TypeError where it is not JSON or does not fit,
/// ApplicationError where the service has no such method.
THRIFTPP_API void message_from_json(std::string_view line, const Service& service,
                                    ProtocolId protocol, Buffer& out,
                                    const FromJsonOptions& json = {},
                                    const EncodeOptions& encoding = {});

/// What a call ends with, from an object that has one of the members `result`, `exception` and
/// `error` (none: nothing is returned): a value of `function.result()`, or the error, an
/// ApplicationError. TypeError where the text does not fit the function.
[[nodiscard]] THRIFTPP_API Result<Value> reply_from_json(JsonNode body, const Function& function,
                                                         const FromJsonOptions& options = {});

/// The inverse: `{"result": ...}`, `{"exception": {...}}`, or `{}` of a value of a function's
/// result.
[[nodiscard]] THRIFTPP_API std::string reply_to_json(ValueView result,
                                                     const JsonOptions& options = {});
/// `{"error":{"message":...,"type":...}}`
[[nodiscard]] THRIFTPP_API std::string reply_to_json(const ApplicationError& error,
                                                     const JsonOptions& options = {});

}  // namespace thrift
