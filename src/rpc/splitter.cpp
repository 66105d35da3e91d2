#include "rpc/splitter.hpp"

namespace thrift::rpc {

using transport::CarrierError;
using transport::HeaderFrame;

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
  if (!format_.nested || length == 0) return Piece{4, length};
  if (length < 4 || first_word(bytes.subspan(4)) != length - 4) {
    throw ProtocolError(ProtocolErrorKind::invalid_data, "a frame that holds no other frame", 4);
  }
  return Piece{8, length - 4};
}

std::size_t Splitter::missing(std::size_t have) const noexcept {
  if (format_.framing != Framing::buffered && have < 4) return 4 - have;
  return frame_ > have ? frame_ - have : 1;
}

HeaderFrame::Protocol header_protocol(ProtocolId protocol) noexcept {
  switch (protocol) {
    case ProtocolId::binary: break;
    case ProtocolId::compact: return HeaderFrame::compact;
    case ProtocolId::json: return HeaderFrame::json;
  }
  return HeaderFrame::binary;
}

Opened open_header_frame(std::span<const std::byte> piece, std::size_t limit, Buffer& unpacked) {
  Opened out;
  if (piece.size() >= 4 && first_word(piece) >> 16 != transport::header_magic) {
    const std::optional<ProtocolId> protocol = protocol_of(piece);
    if (!protocol) throw CarrierError("a frame with neither a header nor a message");
    out.protocol = *protocol;
    out.message = piece;
    return out;
  }
  out.frame = transport::read_header_frame(piece, limit, unpacked, out.message);
  switch (out.frame->protocol) {
    case HeaderFrame::binary: out.protocol = ProtocolId::binary; break;
    case HeaderFrame::compact: out.protocol = ProtocolId::compact; break;
    case HeaderFrame::json: out.protocol = ProtocolId::json; break;
    default:
      throw CarrierError("a frame in protocol " + std::to_string(out.frame->protocol) +
                         ", which nobody here knows");
  }
  return out;
}

void write_framed(const HeaderFrame& frame, bool nested, std::span<const std::byte> message,
                  Buffer& out) {
  const std::size_t outer = out.size();
  if (nested) (void)begin_frame(out);
  const std::size_t inner = begin_frame(out);
  try {
    transport::write_header_frame(frame, message, out);
  } catch (...) {
    out.truncate(outer);
    throw;
  }
  end_frame(out, inner);
  if (nested) end_frame(out, outer);
}

}  // namespace thrift::rpc
