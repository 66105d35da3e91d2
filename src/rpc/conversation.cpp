#include "rpc/conversation.hpp"

#include <algorithm>

namespace thrift::rpc {

using transport::CarrierError;

namespace {

// Replies are collected up to about so many bytes before they are sent.
constexpr std::size_t enough_output = 256 * 1024;
// Memory that a peer gets for having announced a large message, before its bytes are there.
constexpr std::size_t trusted = 64 * 1024;

// The protocol that a content type names, where it names one.
std::optional<ProtocolId> protocol_of_type(std::string_view type) noexcept {
  constexpr std::string_view prefix = "application/vnd.apache.thrift.";
  if (!type.starts_with(prefix)) return std::nullopt;
  type.remove_prefix(prefix.size());
  type = type.substr(0, type.find_first_of("; "));
  if (type == "binary") return ProtocolId::binary;
  if (type == "compact") return ProtocolId::compact;
  if (type == "json") return ProtocolId::json;
  return std::nullopt;
}

bool run_with_header(const Dispatcher::Incoming& incoming, MessageContext& context, Arena& arena,
                     Buffer& out) {
  Buffer reply;
  if (!Dispatcher::run(incoming, &context, arena, reply)) return false;
  transport::HeaderFrame frame;
  frame.protocol = header_protocol(incoming.protocol);
  frame.sequence_id = context.frame->sequence_id;
  frame.flags = context.frame->flags;
  frame.zlib = context.frame->zlib;
  frame.headers = std::move(context.reply);
  write_framed(frame, context.format.nested, reply, out);
  return true;
}

}  // namespace

bool run_framed(const Dispatcher::Incoming& incoming, MessageContext& context, Arena& arena,
                Buffer& out) {
  if (context.frame) return run_with_header(incoming, context, arena, out);
  if (context.format.framing == Framing::buffered) {
    return Dispatcher::run(incoming, &context, arena, out);
  }
  const std::size_t start = begin_frame(out);
  if (!Dispatcher::run(incoming, &context, arena, out)) {
    out.truncate(start);
    return false;
  }
  end_frame(out, start);
  return true;
}

void Conversation::Job::run() {
  Arena arena;
  try {
    run_framed(incoming, context, arena, reply);
  } catch (const std::exception&) {
    failed = true;  // the caller is told nothing, and its connection is closed
  }
}

Conversation::Conversation(std::shared_ptr<const Dispatcher> dispatcher,
                           const SessionOptions& options, bool has_workers)
    : dispatcher_(std::move(dispatcher)), options_(options), has_workers_(has_workers) {}

bool Conversation::in_message() const noexcept {
  return !input_.empty() || !payload_.empty() || (carrier_ && carrier_->in_message());
}

Conversation::Next Conversation::receive(Bytes bytes, Arena& arena, Buffer& out) {
  if (!input_.empty()) {
    input_.append(bytes);
    return advance_input(arena, out);
  }
  std::size_t used = 0;
  const Next next = advance(bytes, used, arena, out);
  if (next != Next::close) input_.append(bytes.subspan(used));
  return next;
}

std::span<std::byte> Conversation::space() {
  // As much as is missing, but memory only as far as bytes have come.
  const std::size_t wanted = splitter_ ? splitter_->missing(input_.size()) : 1;
  const std::size_t n = std::clamp<std::size_t>(wanted, 4096, std::max(trusted, input_.size()));
  return {input_.prepare(n), n};
}

Conversation::Next Conversation::received(std::size_t n, Arena& arena, Buffer& out) {
  input_.commit(n);
  return advance_input(arena, out);
}

Conversation::Next Conversation::resume(Arena& arena, Buffer& out) {
  return advance_input(arena, out);
}

Conversation::Next Conversation::finish(Job& job, Arena& arena, Buffer& out) {
  if (job.failed) return fail("out of memory", out);
  Buffer& replies = carrier_ ? replies_ : out;
  if (replies.empty()) {
    replies = std::move(job.reply);
  } else {
    replies.append(job.reply.bytes());
  }
  if (carrier_) reply_headers_ = std::move(job.context.reply);
  return advance_input(arena, out);
}

Conversation::Next Conversation::advance_input(Arena& arena, Buffer& out) {
  std::size_t used = 0;
  const Next next = advance(input_.bytes(), used, arena, out);
  input_.consume(used);
  // Connections without a message at hand hold no memory.
  if (input_.empty()) input_ = Buffer();
  return next;
}

Conversation::Next Conversation::fail(std::string problem, Buffer& out) {
  problem_ = std::move(problem);
  if (carrier_ && answering_) {
    // What was said before the mistake has been said, unless all of it makes one reply.
    if (carrier_->has_exchanges()) {
      carrier_->refuse(problem_, out);
    } else {
      carrier_->wrap(replies_, {}, out);
    }
  }
  answering_ = false;
  return Next::close;
}

Conversation::Next Conversation::advance(Bytes bytes, std::size_t& used, Arena& arena,
                                         Buffer& out) {
  if (!problem_.empty()) return Next::close;
  try {
    if (!knows_carriage_) {
      if (bytes.empty()) return Next::read;
      if (!find_carriage(bytes)) return problem_.empty() ? Next::read : Next::close;
    }
    return carrier_ ? advance_carried(bytes, used, arena, out)
                    : advance_messages(bytes, used, arena, out);
  } catch (const ProtocolError& e) {
    return fail(e.message(), out);
  } catch (const CarrierError& e) {
    return fail(e.what(), out);
  } catch (const std::bad_alloc&) {
    return fail("out of memory", out);
  }
}

Conversation::Next Conversation::advance_messages(Bytes bytes, std::size_t& used, Arena& arena,
                                                  Buffer& out) {
  while (used < bytes.size()) {
    const Bytes rest = bytes.subspan(used);
    if (!splitter_ && !find_format(rest)) {
      return problem_.empty() ? Next::read : Next::close;
    }
    const std::optional<Splitter::Piece> piece = splitter_->next(rest);
    if (!piece) return Next::read;
    used += piece->end();
    if (piece->size == 0) continue;  // an empty frame says nothing
    const Next next = answer(rest.subspan(piece->start, piece->size), arena, out);
    if (next != Next::read) return next;
    if (out.size() >= enough_output && used < bytes.size()) return Next::resume;
  }
  return Next::read;
}

Conversation::Next Conversation::advance_carried(Bytes bytes, std::size_t& used, Arena& arena,
                                                 Buffer& out) {
  for (;;) {
    if (answering_) {
      const Next next = answer_payload(arena, out);
      if (next == Next::run || next == Next::close) return next;
      if (carrier_->is_over()) return Next::close;
      if (out.size() >= enough_output) return Next::resume;
      if (answering_) continue;  // a part of a stream was answered
    }
    const Bytes rest = bytes.subspan(used);
    if (rest.empty() && !carrier_->has_more()) return Next::read;
    const transport::Carrier::Taken taken = carrier_->unwrap(rest, payload_, out);
    used += taken.used;
    answering_ = taken.payload;
    if (answering_ && carrier_->has_exchanges()) {
      if (payload_.empty()) return fail("a body without a message", out);
      splitter_.reset();  // each body for itself
    }
    if (carrier_->is_over()) return Next::close;
    // Nothing was taken: what is there is only the beginning of something.
    if (!answering_ && taken.used == 0 && !carrier_->has_more()) return Next::read;
  }
}

Conversation::Next Conversation::answer_payload(Arena& arena, Buffer& out) {
  std::size_t used = 0;
  const Next next = advance_messages(payload_.bytes(), used, arena, replies_);
  payload_.consume(used);
  if (payload_.empty()) payload_ = Buffer();
  if (next == Next::close) return fail(std::move(problem_), out);
  if (next == Next::run) return next;
  if (carrier_->has_exchanges()) {
    if (next == Next::resume) return Next::read;  // all replies of a body go together
    if (!payload_.empty()) throw CarrierError("a body that ends in the middle of a message");
  }
  carrier_->wrap(replies_, reply_headers_, out);
  replies_ = Buffer();
  reply_headers_.clear();
  answering_ = next == Next::resume;
  return next;
}

bool Conversation::find_carriage(Bytes bytes) {
  const Sniffed<Carriage> found = sniff_carriage(bytes, options_);
  switch (found.verdict) {
    case Sniffed<Carriage>::Verdict::need_more: return false;
    case Sniffed<Carriage>::Verdict::known: break;
    case Sniffed<Carriage>::Verdict::unsupported:
      problem_ = "the first bytes are no message that is understood here";
      if (!found.what.empty()) problem_.append("; they look like ").append(found.what);
      return false;
  }
  knows_carriage_ = true;
  if (found.format == Carriage::http) {
    carrier_ = transport::make_http_server({.body = options_.max_message});
  } else if (found.format == Carriage::zlib) {
    carrier_ = transport::make_zlib();
  }
  return true;
}

bool Conversation::find_format(Bytes bytes) {
  const Splitter::Limits limits{options_.max_frame, options_.max_message};
  if (carrier_) {
    const auto protocol = protocol_of_type(carrier_->content_type());
    if (protocol && accepts(options_, *protocol)) {
      splitter_.emplace(WireFormat{Framing::buffered, *protocol}, limits);
      return true;
    }
  }
  const Sniffed<WireFormat> found = sniff(bytes, options_);
  if (found.verdict == Sniffed<WireFormat>::Verdict::known) {
    splitter_.emplace(found.format, limits);
    return true;
  }
  if (found.verdict == Sniffed<WireFormat>::Verdict::unsupported) {
    problem_ = "the first bytes are no message that is understood here";
    if (!found.what.empty()) problem_.append("; they look like ").append(found.what);
  }
  return false;
}

Conversation::Next Conversation::answer(Bytes message, Arena& arena, Buffer& out) {
  MessageContext context{.format = splitter_->format(), .carrier = carrier_.get()};
  if (context.format.framing == Framing::header) {
    Opened opened = open_header_frame(message, options_.max_frame, unpacked_);
    if (!accepts(options_, opened.protocol)) {
      throw CarrierError("protocol `" + std::string(to_string(opened.protocol)) +
                         "` is not allowed here");
    }
    context.format.protocol = opened.protocol;
    context.frame = std::move(opened.frame);
    message = opened.message;
  }
  const bool strict = !options_.accept.old_binary;
  const ProtocolId protocol = context.format.protocol;
  const Dispatcher::Incoming incoming = dispatcher_->begin(protocol, message, strict);
  if (!has_workers_ || !dispatcher_->is_blocking(incoming)) {
    run_framed(incoming, context, arena, out);
    if (carrier_) reply_headers_ = std::move(context.reply);
    return Next::read;
  }
  job_ = std::make_unique<Job>();
  job_->dispatcher = dispatcher_;
  job_->message.append(message);
  job_->incoming = dispatcher_->begin(protocol, job_->message.bytes(), strict);
  job_->context = std::move(context);
  return Next::run;
}

}  // namespace thrift::rpc
