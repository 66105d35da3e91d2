#include "message_stream.hpp"

#include <string>

namespace thrift::command {
namespace {

constexpr std::size_t max_message = std::size_t{100} * 1024 * 1024;  // bytes, as for MessageScanner
constexpr std::size_t length_bytes = 4;

}  // namespace

/// Bytes of the first frame, its length included; 0 where it is not whole.
std::size_t MessageStream::frame_size(std::span<const std::byte> bytes) const {
  if (bytes.size() < length_bytes) return 0;
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) {
    length = length << 8 | std::to_integer<std::size_t>(bytes[i]);
  }
  if (length > max_message) {
    throw ProtocolError(ProtocolErrorKind::size_limit,
                        "a frame of " + std::to_string(length) + " bytes; is the stream framed?",
                        offset());
  }
  return bytes.size() - length_bytes < length ? 0 : length + length_bytes;
}

std::optional<MessageStream::Message> MessageStream::next() {
  const std::span<const std::byte> rest = buffer_.bytes().subspan(begin_);
  if (rest.empty()) return std::nullopt;
  std::size_t size = 0;
  if (framed_) {
    size = frame_size(rest);
  } else {
    try {
      size = scanner_.scan(rest);
    } catch (const ProtocolError& error) {
      const auto* const detail = error.failure().as<ProtocolErrorDetail>();
      throw ProtocolError(error.kind(), detail->problem, error.offset() + offset(), error.path());
    }
  }
  if (size == 0) return std::nullopt;
  const Message message{rest.first(size).subspan(framed_ ? length_bytes : 0), offset()};
  begin_ += size;
  scanner_.reset();
  return message;
}

Buffer& MessageStream::buffer() {
  buffer_.consume(begin_);
  dropped_ += begin_;
  begin_ = 0;
  return buffer_;
}

}  // namespace thrift::command
