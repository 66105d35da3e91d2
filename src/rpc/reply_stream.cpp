#include "rpc/reply_stream.hpp"

#include <algorithm>

namespace thrift::rpc {

namespace {

constexpr std::size_t usual_read = 4096;
// Memory that a peer gets for having announced a large reply, before its bytes are there.
constexpr std::size_t trusted_reply = 1024 * 1024;

}  // namespace

ReplyStream::ReplyStream(const ClientFormat& format, const Splitter::Limits& limits,
                         transport::Carrier* carrier)
    : splitter_(format.wire, limits), carrier_(carrier) {}

std::span<std::byte> ReplyStream::space() {
  Buffer& into = carrier_ != nullptr ? raw_ : input_;
  const std::size_t wanted = splitter_.missing(input_.size());
  const std::size_t n = std::clamp(wanted, usual_read, std::max(trusted_reply, input_.size()));
  return {into.prepare(n), n};
}

bool ReplyStream::end() {
  ended_ = carrier_ != nullptr && carrier_->end(input_);
  return ended_;
}

bool ReplyStream::in_reply() const noexcept {
  return !input_.empty() || !raw_.empty() || (carrier_ != nullptr && carrier_->in_message());
}

ReplyStream::Next ReplyStream::next(Reply& reply, std::int32_t& sequence_id, Buffer& out) {
  if (carrier_ != nullptr) return next_carried(reply, sequence_id, out);
  if (used_ == 0) check_framing();
  return next_message(reply, sequence_id) ? Next::message : Next::nothing;
}

ReplyStream::Next ReplyStream::next_carried(Reply& reply, std::int32_t& sequence_id, Buffer& out) {
  if (ended_) {
    ended_ = false;
    return next_exchange(reply, sequence_id);
  }
  for (;;) {
    if (!carrier_->has_exchanges() && next_message(reply, sequence_id)) return Next::message;
    if (raw_.empty() && !carrier_->has_more()) return Next::nothing;
    const transport::Carrier::Taken taken = carrier_->unwrap(raw_, input_, out);
    raw_.consume(taken.used);
    if (taken.payload && carrier_->has_exchanges()) return next_exchange(reply, sequence_id);
    if (!taken.payload && taken.used == 0 && !carrier_->has_more()) return Next::nothing;
  }
}

// A response is here, whole: one message, or none.
ReplyStream::Next ReplyStream::next_exchange(Reply& reply, std::int32_t& sequence_id) {
  reply.headers = carrier_->headers();
  if (!input_.empty() && (!next_message(reply, sequence_id) || !input_.empty())) {
    throw transport::CarrierError("a response that is no whole message");
  }
  return Next::exchange;
}

// Drops what was handed out; the splitter wants the rest at the front.
void ReplyStream::drop_used() noexcept {
  if (used_ == 0) return;
  input_.consume(std::min(used_, input_.size()));
  used_ = 0;
}

bool ReplyStream::next_message(Reply& reply, std::int32_t& sequence_id) {
  const std::span<const std::byte> rest = input_.bytes().subspan(used_);
  std::optional<Splitter::Piece> piece;
  if (!rest.empty()) piece = splitter_.next(rest);
  if (!piece) {
    drop_used();
    return false;
  }
  std::span<const std::byte> message = rest.subspan(piece->start, piece->size);
  Opened opened;
  opened.protocol = splitter_.format().protocol;
  if (splitter_.format().framing == Framing::header) {
    opened = open_header_frame(message, splitter_.limits().max_frame, unpacked_);
    message = opened.message;
  }
  sequence_id = read_message_header(opened.protocol, message).header.sequence_id;
  reply.protocol = opened.protocol;
  reply.start = 0;
  reply.size = message.size();
  if (opened.frame) {
    Headers& headers = opened.frame->headers;
    reply.headers.insert(reply.headers.begin(), std::move_iterator(headers.begin()),
                         std::move_iterator(headers.end()));
  }
  if (opened.frame && opened.frame->zlib) {
    reply.bytes = std::exchange(unpacked_, Buffer());
  } else if (used_ == 0 && rest.size() == piece->end() &&
             input_.capacity() <= 2 * input_.size() + 256) {
    // The only message there: its memory goes along. Large replies are never copied.
    reply.start = static_cast<std::size_t>(message.data() - rest.data());
    reply.bytes = std::exchange(input_, Buffer());
    return true;
  } else {
    reply.bytes = Buffer(message);
  }
  used_ += piece->end();
  if (used_ == input_.size()) {
    input_.clear();
    used_ = 0;
  }
  return true;
}

// Where the other framing was agreed on, bytes still tell: a frame's length is no message's first
// word, and a name (of a message in the old style) does not begin with a version word.
void ReplyStream::check_framing() const {
  constexpr auto is_version = [](std::uint32_t word) {
    return (word & 0xffff'0000U) == 0x8001'0000U;
  };
  const std::span<const std::byte> bytes = input_.bytes();
  std::string_view name;
  switch (splitter_.format().framing) {
    case Framing::header: return;
    case Framing::framed:
      if (bytes.size() >= 4 && is_version(first_word(bytes))) name = "buffered";
      break;
    case Framing::buffered:
      if (bytes.size() >= 8 && first_word(bytes) < 0x8000'0000U &&
          is_version(first_word(bytes.subspan(4)))) {
        name = "framed";
      }
      break;
  }
  if (name.empty()) return;
  throw transport::CarrierError("the peer answers " + std::string(name) +
                                "; connect with `transport=" + std::string(name) + "`");
}

}  // namespace thrift::rpc
