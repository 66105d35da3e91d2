#pragma once

// What comes along with a message on the server's side, and goes along with its reply.

#include <optional>

#include "rpc/splitter.hpp"

namespace thrift::rpc {

struct MessageContext {
  WireFormat format;  // of the connection; `protocol` is the message's own
  std::optional<transport::HeaderFrame> frame{};
  const transport::Carrier* carrier = nullptr;  // that has headers
  Headers reply{};                              // what the handler wants to be sent along

  [[nodiscard]] const Headers& request_headers() const noexcept {
    static const Headers none;
    if (frame) return frame->headers;
    return carrier != nullptr ? carrier->headers() : none;
  }
};

}  // namespace thrift::rpc
