#include "rpc/conversation.hpp"

#include <algorithm>

namespace thrift::rpc {

namespace {

// Replies are collected up to about so many bytes before they are sent.
constexpr std::size_t enough_output = 256 * 1024;
// Memory that a peer gets for having announced a large message, before its bytes are there.
constexpr std::size_t trusted = 64 * 1024;

}  // namespace

bool run_framed(const Dispatcher& dispatcher, const Dispatcher::Incoming& incoming, Framing framing,
                Arena& arena, Buffer& out) {
  if (framing == Framing::buffered) return dispatcher.run(incoming, arena, out);
  const std::size_t start = begin_frame(out);
  if (!dispatcher.run(incoming, arena, out)) {
    out.truncate(start);
    return false;
  }
  end_frame(out, start);
  return true;
}

void Conversation::Job::run() {
  Arena arena;
  try {
    run_framed(*dispatcher, incoming, framing, arena, reply);
  } catch (const std::bad_alloc&) {
    reply.clear();  // the caller is told nothing, and its connection is closed
    framing = Framing::buffered;
    message.clear();
  }
}

Conversation::Conversation(std::shared_ptr<const Dispatcher> dispatcher,
                           const SessionOptions& options, bool has_workers)
    : dispatcher_(std::move(dispatcher)), options_(options), has_workers_(has_workers) {}

Conversation::Next Conversation::receive(std::span<const std::byte> bytes, Arena& arena,
                                         Buffer& out) {
  if (has_input()) {
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

Conversation::Next Conversation::finish(const Job& job, Arena& arena, Buffer& out) {
  if (job.message.empty()) {
    problem_ = "out of memory";
    return Next::close;
  }
  out.append(job.reply.bytes());
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

Conversation::Next Conversation::advance(std::span<const std::byte> bytes, std::size_t& used,
                                         Arena& arena, Buffer& out) {
  if (!problem_.empty()) return Next::close;
  try {
    while (used < bytes.size()) {
      const std::span<const std::byte> rest = bytes.subspan(used);
      if (!splitter_ && !find_format(rest)) return problem_.empty() ? Next::read : Next::close;
      const std::optional<Splitter::Piece> piece = splitter_->next(rest);
      if (!piece) return Next::read;
      used += piece->end();
      if (piece->size == 0) continue;  // an empty frame says nothing
      const Next next = answer(rest.subspan(piece->start, piece->size), arena, out);
      if (next != Next::read) return next;
      if (out.size() >= enough_output && used < bytes.size()) return Next::resume;
    }
    return Next::read;
  } catch (const ProtocolError& e) {
    problem_ = e.message();
  } catch (const std::bad_alloc&) {
    problem_ = "out of memory";
  }
  return Next::close;
}

bool Conversation::find_format(std::span<const std::byte> bytes) {
  const Sniffed found = sniff(bytes, options_.framing, options_.protocol, options_.max_frame);
  if (found.verdict == Sniffed::Verdict::known) {
    splitter_.emplace(found.format, Splitter::Limits{options_.max_frame, options_.max_message});
    return true;
  }
  if (found.verdict == Sniffed::Verdict::unsupported) {
    problem_ = "the first bytes are no message that is understood here";
    if (!found.what.empty()) problem_.append("; they look like ").append(found.what);
  }
  return false;
}

Conversation::Next Conversation::answer(std::span<const std::byte> message, Arena& arena,
                                        Buffer& out) {
  const WireFormat& format = splitter_->format();
  const Dispatcher::Incoming incoming = dispatcher_->begin(format.protocol, message);
  if (!has_workers_ || !dispatcher_->is_blocking(incoming)) {
    run_framed(*dispatcher_, incoming, format.framing, arena, out);
    return Next::read;
  }
  job_ = std::make_unique<Job>();
  job_->dispatcher = dispatcher_;
  job_->message.append(message);
  job_->incoming = dispatcher_->begin(format.protocol, job_->message.bytes());
  job_->framing = format.framing;
  return Next::run;
}

}  // namespace thrift::rpc
