#pragma once

// TApplicationException on the wire: struct { 1: string message, 2: i32 type }.

#include <thriftpp/protocol/protocol.hpp>

namespace thrift::rpc {

struct ApplicationProblem {
  ApplicationErrorKind kind = ApplicationErrorKind::unknown;
  std::string message;
};

void write_application_exception(ProtocolId protocol, const ApplicationProblem& problem,
                                 Buffer& out);
// Throws ProtocolError.
[[nodiscard]] ApplicationProblem read_application_exception(ProtocolId protocol,
                                                            std::span<const std::byte> bytes);

}  // namespace thrift::rpc
