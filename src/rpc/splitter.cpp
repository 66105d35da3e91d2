#include "rpc/splitter.hpp"

namespace thrift::rpc {

Splitter::Splitter(const WireFormat& format, const Limits& limits)
    : format_(format), limits_(limits), scanner_(format.protocol, limits.max_message) {}

std::optional<Splitter::Piece> Splitter::next(std::span<const std::byte> bytes) {
  frame_ = 0;
  if (format_.framing == Framing::buffered) {
    if (bytes.empty()) return std::nullopt;
    const std::size_t size = scanner_.scan(bytes);
    if (size == 0) return std::nullopt;
    scanner_.reset();
    return Piece{0, size};
  }
  if (bytes.size() < 4) return std::nullopt;
  const std::uint32_t length = first_word(bytes);
  if (length > limits_.max_frame) {
    std::string text = "frame of " + std::to_string(length) + " bytes is over the limit of " +
                       std::to_string(limits_.max_frame);
    if (const std::string_view what = looks_like(length); !what.empty()) {
      text.append("; it looks like ").append(what);
    }
    throw ProtocolError(ProtocolErrorKind::size_limit, std::move(text), 0);
  }
  frame_ = 4 + std::size_t{length};
  if (bytes.size() < frame_) return std::nullopt;
  return Piece{4, length};
}

std::size_t Splitter::missing(std::size_t have) const noexcept {
  if (format_.framing == Framing::framed && have < 4) return 4 - have;
  return frame_ > have ? frame_ - have : 1;
}

}  // namespace thrift::rpc
