#pragma once

// Cuts a stream of bytes into messages. Both sides of a connection use it.

#include <thriftpp/protocol/message.hpp>

#include "rpc/wire_format.hpp"
#include "transport/header_frame.hpp"

namespace thrift::rpc {

class Splitter {
 public:
  struct Limits {
    std::size_t max_frame = default_max_frame;
    std::size_t max_message = default_max_message;
  };
  struct Piece {
    std::size_t start;  // where the message begins: behind its frame's length
    std::size_t size;   // may be 0 with frames
    [[nodiscard]] std::size_t end() const noexcept { return start + size; }
  };

  Splitter(const WireFormat& format, const Limits& limits);

  // The first message in `bytes`, or nothing while it is not whole. `bytes` begin where the piece
  // before ended, and while nothing was found may only grow. Throws ProtocolError where they cannot
  // be messages.
  [[nodiscard]] std::optional<Piece> next(std::span<const std::byte> bytes);
  // How many bytes the message at hand is known to lack behind the `have` that are there; at least
  // 1. Not to be trusted with memory: the peer may lie.
  [[nodiscard]] std::size_t missing(std::size_t have) const noexcept;

  [[nodiscard]] const WireFormat& format() const noexcept { return format_; }
  [[nodiscard]] const Limits& limits() const noexcept { return limits_; }

 private:
  WireFormat format_;
  Limits limits_;
  MessageScanner scanner_;
  std::size_t frame_ = 0;  // size of the frame at hand with its length, where known
};

// A piece of a connection with Framing::header, opened.
struct Opened {
  ProtocolId protocol = ProtocolId::binary;
  std::optional<transport::HeaderFrame> frame;  // nothing where it was a plain frame after all
  std::span<const std::byte> message;           // in the piece, or in `unpacked`
};
// Throws ProtocolError or CarrierError.
[[nodiscard]] Opened open_header_frame(std::span<const std::byte> piece, std::size_t limit,
                                       Buffer& unpacked);
// Appends `message` as a frame like `frame`, in its own length, and in one more where `nested`.
void write_framed(const transport::HeaderFrame& frame, bool nested,
                  std::span<const std::byte> message, Buffer& out);
[[nodiscard]] transport::HeaderFrame::Protocol header_protocol(ProtocolId protocol) noexcept;

}  // namespace thrift::rpc
