#pragma once

// Bytes to requests, without a socket: the syntax of HTTP/1.1, chunks, keep-alive and limits.

#include <memory>
#include <optional>
#include <span>

#include "gateway/request.hpp"

namespace thrift::gateway {

struct RequestLimits {
  std::size_t header = 16 * 1024;            // bytes, the request line included
  std::size_t body = std::size_t{16} << 20;  // bytes, decoded
  std::size_t fields = 128;
};

class RequestParser {
 public:
  explicit RequestParser(const RequestLimits& limits);
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;
  ~RequestParser();

  struct Taken {
    std::size_t used = 0;  // from the front; the others are to be given again, with more
    bool whole = false;    // a request is in `out`
    // The request cannot be: the status that says why. Nothing more is read of the connection.
    int status = 0;
    std::string problem{};
  };
  // `out` is the same until a request is whole.
  [[nodiscard]] Taken parse(std::span<const std::byte> bytes, Request& out);

  // A request has begun that is not whole; not even its header.
  [[nodiscard]] bool in_message() const noexcept;
  [[nodiscard]] bool in_header() const noexcept;
  // The client waits for "100 Continue" before it sends the body. True once for a request.
  [[nodiscard]] bool wants_continue() noexcept;

 private:
  class Parser;
  RequestLimits limits_;
  std::unique_ptr<Parser> parser_;  // keeps its memory
};

}  // namespace thrift::gateway
