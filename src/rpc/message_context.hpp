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
  const Headers* kept_headers = nullptr;        // of a deferred call, instead of the carrier's

  [[nodiscard]] const Headers& request_headers() const noexcept {
    static const Headers none;
    if (frame) return frame->headers;
    if (kept_headers != nullptr) return *kept_headers;
    return carrier != nullptr ? carrier->headers() : none;
  }
};

}  // namespace thrift::rpc
