#pragma once

// Cuts a stream of bytes into messages.

#include <cstdint>
#include <optional>
#include <thriftpp/protocol/message.hpp>

namespace thrift::command {

/// Bytes are appended to `buffer()`; `next()` gives the whole messages one after the other. What it
/// gives lives until the buffer is touched again.
class MessageStream {
 public:
  /// Framed: each message has its length in front, in four bytes.
  MessageStream(ProtocolId protocol, bool framed) : framed_(framed), scanner_(protocol) {}

  struct Message {
    std::span<const std::byte> bytes;
    std::uint64_t offset;  ///< Of its first byte (framed: of its length) in the stream.
  };
  /// Throws ProtocolError where no message can begin so.
  [[nodiscard]] std::optional<Message> next();
  /// To be appended to. Drops the messages that were given.
  [[nodiscard]] Buffer& buffer();
  /// Where the next message begins, and how many bytes of it are there.
  [[nodiscard]] std::uint64_t offset() const noexcept { return dropped_ + begin_; }
  [[nodiscard]] std::size_t left() const noexcept { return buffer_.size() - begin_; }

 private:
  [[nodiscard]] std::size_t frame_size(std::span<const std::byte> bytes) const;

  bool framed_;
  MessageScanner scanner_;
  Buffer buffer_;
  std::size_t begin_ = 0;      // of the next message in the buffer
  std::uint64_t dropped_ = 0;  // bytes of the stream before the buffer
};

}  // namespace thrift::command
