#include "rpc/conversation.hpp"

#include <algorithm>

#include "transport/sasl.hpp"

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

void write_with_header(const Dispatcher::Incoming& incoming, MessageContext& context,
                       std::span<const std::byte> reply, Buffer& out) {
  transport::HeaderFrame frame;
  frame.protocol = header_protocol(incoming.protocol);
  frame.sequence_id = context.frame->sequence_id;
  frame.flags = context.frame->flags;
  frame.zlib = context.frame->zlib;
  frame.headers = std::move(context.reply);
  write_framed(frame, context.format.nested, reply, out);
}

}  // namespace

Dispatcher::Outcome run_framed(const Dispatcher::Incoming& incoming, MessageContext& context,
                               Deferral* deferral, Arena& arena, Buffer& out) {
  using Outcome = Dispatcher::Outcome;
  if (context.frame) {
    Buffer reply;
    const Outcome outcome = Dispatcher::run(incoming, &context, deferral, arena, reply);
    if (outcome == Outcome::reply) write_with_header(incoming, context, reply, out);
    return outcome;
  }
  if (context.format.framing == Framing::buffered) {
    return Dispatcher::run(incoming, &context, deferral, arena, out);
  }
  const std::size_t start = begin_frame(out);
  const Outcome outcome = Dispatcher::run(incoming, &context, deferral, arena, out);
  if (outcome == Outcome::reply) {
    end_frame(out, start);
  } else {
    out.truncate(start);
  }
  return outcome;
}

void frame_reply(const Dispatcher::Incoming& incoming, MessageContext& context,
                 std::span<const std::byte> reply, Buffer& out) {
  if (context.frame) return write_with_header(incoming, context, reply, out);
  if (context.format.framing == Framing::buffered) return out.append(reply);
  const std::size_t start = begin_frame(out);
  out.append(reply);
  end_frame(out, start);
}

std::optional<Finished> Conversation::Job::run(Deferral& deferral) {
  Finished out{.sequence_id = incoming.header.sequence_id, .reply = {}, .headers = {}};
  Arena arena;
  try {
    const Dispatcher::Outcome outcome = run_framed(incoming, context, &deferral, arena, out.reply);
    if (outcome == Dispatcher::Outcome::deferred) return std::nullopt;
    out.headers = std::move(context.reply);
  } catch (const std::exception&) {
    out.failed = true;  // the caller is told nothing, and its connection is closed
  }
  return out;
}

Conversation::Conversation(std::shared_ptr<const Dispatcher> dispatcher, SessionOptions options,
                           Host* host)
    : dispatcher_(std::move(dispatcher)), options_(std::move(options)), host_(host) {}

bool Conversation::in_message() const noexcept {
  return !input_.empty() || !payload_.empty() || (carrier_ && carrier_->in_message());
}

bool Conversation::in_header() const noexcept {
  if (!in_message()) return false;
  if (carrier_) return carrier_->in_header();
  return !splitter_ || (splitter_->format().framing != Framing::buffered && input_.size() < 4);
}

bool Conversation::may_overlap() const noexcept {
  return host_ != nullptr && !carrier_ && splitter_->format().framing != Framing::buffered &&
         in_flight_.size() < host_->max_in_flight();
}

void Conversation::begin_call(std::int32_t sequence_id, std::size_t bytes) {
  in_flight_.push_back({sequence_id, bytes});
  in_flight_bytes_ += bytes;
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

void Conversation::complete(Finished& finished, Buffer& out) {
  const auto found = std::find_if(in_flight_.begin(), in_flight_.end(), [&](const InFlight& call) {
    return call.sequence_id == finished.sequence_id;
  });
  if (found == in_flight_.end()) return;
  in_flight_bytes_ -= found->bytes;
  in_flight_.erase(found);
  if (finished.failed) {
    if (problem_.empty()) fail("out of memory", out);
    return;
  }
  Buffer& replies = carrier_ ? replies_ : out;
  if (replies.empty()) {
    replies = std::move(finished.reply);
  } else {
    replies.append(finished.reply.bytes());
  }
  if (carrier_) reply_headers_ = std::move(finished.headers);
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
  return closing();
}

Conversation::Next Conversation::advance(Bytes bytes, std::size_t& used, Arena& arena,
                                         Buffer& out) {
  if (!problem_.empty()) return closing();
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
    if (!in_flight_.empty() && !may_overlap()) [[unlikely]]
      return Next::wait;
    const Bytes rest = bytes.subspan(used);
    if (!splitter_ && !find_format(rest)) {
      return problem_.empty() ? Next::read : Next::close;
    }
    const std::optional<Splitter::Piece> piece = splitter_->next(rest);
    if (!piece) return Next::read;
    // An empty frame says nothing.
    if (piece->size != 0 && !answer(rest.subspan(piece->start, piece->size), arena, out)) {
      return Next::wait;
    }
    used += piece->end();
    if (out.size() >= enough_output && used < bytes.size()) return Next::resume;
  }
  // Carriers need the reply before they go on, and clients with one call at a time send no other.
  return !in_flight_.empty() && !may_overlap() ? Next::wait : Next::read;
}

Conversation::Next Conversation::advance_carried(Bytes bytes, std::size_t& used, Arena& arena,
                                                 Buffer& out) {
  for (;;) {
    if (answering_) {
      const Next next = answer_payload(arena, out);
      if (next == Next::wait || next == Next::close) return next;
      if (carrier_->is_over()) return Next::close;
      if (out.size() >= enough_output) return Next::resume;
      if (answering_) continue;  // a part of a stream was answered
    }
    const Bytes rest = bytes.subspan(used);
    if (rest.empty() && !carrier_->has_more()) return Next::read;
    const transport::Carrier::Taken taken = carrier_->unwrap(rest, payload_, out);
    used += taken.used;
    answering_ = taken.payload;
    if (auto successor = carrier_->take_successor()) {
      carrier_ = std::move(successor);
      splitter_.reset();
      continue;
    }
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
  if (next == Next::wait) return next;
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
    carrier_ = transport::make_http_server({.body = options_.max_message,
                                            .websocket = options_.accept.websocket,
                                            .exchanges = options_.accept.http_calls});
  } else if (found.format == Carriage::sasl) {
    carrier_ = transport::make_sasl_server(options_.authenticate);
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

bool Conversation::answer(Bytes message, Arena& arena, Buffer& out) {
  MessageContext context{.format = splitter_->format(), .carrier = carrier_.get()};
  const std::size_t size = message.size();
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
  const std::int32_t id = incoming.header.sequence_id;
  if (options_.oneway_only) [[unlikely]] {
    const bool oneway = incoming.header.type == MessageType::oneway ||
                        (incoming.entry != nullptr && incoming.entry->function->is_oneway());
    if (!oneway) throw CarrierError("a call that expects a reply, where none can be sent");
  }
  if (!in_flight_.empty()) [[unlikely]] {
    // Replies with one sequence id can be told apart only by their order.
    const auto same = [&](const InFlight& call) { return call.sequence_id == id; };
    if (std::any_of(in_flight_.begin(), in_flight_.end(), same)) return false;
  }
  if (host_ == nullptr || !host_->has_workers() || !dispatcher_->is_blocking(incoming)) {
    const Dispatcher::Outcome outcome = run_framed(incoming, context, host_, arena, out);
    if (outcome == Dispatcher::Outcome::deferred) [[unlikely]]
      begin_call(id, size);
    if (carrier_) reply_headers_ = std::move(context.reply);
    return true;
  }
  auto job = std::make_unique<Job>();
  job->dispatcher = dispatcher_;
  job->message.append(message);
  job->incoming = dispatcher_->begin(protocol, job->message.bytes(), strict);
  job->context = std::move(context);
  begin_call(id, size);
  host_->run(std::move(job));
  return true;
}

}  // namespace thrift::rpc
