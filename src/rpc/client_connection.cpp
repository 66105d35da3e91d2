#include "rpc/client_connection.hpp"

#include <algorithm>

#include "base/quoted.hpp"

namespace thrift::rpc {

using transport::Deadline;
using transport::IoResult;
using transport::IoStatus;
using transport::Socket;

namespace {

constexpr std::size_t usual_read = 4096;
// Memory that a peer gets for having announced a large reply, before its bytes are there.
constexpr std::size_t trusted_reply = 1024 * 1024;
// HTTP answers a oneway call too; but there are servers of Apache's that never do. A caller who
// wants no result waits no longer than this.
constexpr std::chrono::milliseconds oneway_patience{1000};

}  // namespace

ClientConnection::ClientConnection(Socket socket, const Endpoint& endpoint,
                                   const ClientFormat& format, const Splitter::Limits& limits)
    : endpoint_(endpoint),
      socket_(std::move(socket)),
      has_exchanges_(format.carriage == Carriage::http),
      carrier_(client_carrier(endpoint, format, limits.max_message)),
      splitter_(format.wire, limits) {}

void ClientConnection::fail(std::string_view method) const {
  const std::string text = quoted(method) + ": " + broken_->text;
  if (broken_->application) {
    throw ApplicationError(*broken_->application, endpoint_.address() + ": " + text);
  }
  transport::fail(broken_->kind, endpoint_, text);
}

void ClientConnection::break_all(Problem problem) {
  if (!broken_) broken_ = std::move(problem);
  for (Waiter* const waiter : waiters_) {
    waiter->done = true;
    waiter->wake.notify_one();
  }
  waiters_.clear();
  may_write_.notify_all();
  socket_.shut_down();
}

void ClientConnection::forget(Waiter& waiter) noexcept {
  waiters_.erase(std::remove(waiters_.begin(), waiters_.end(), &waiter), waiters_.end());
}

bool ClientConnection::is_usable() {
  const std::lock_guard lock(mutex_);
  if (broken_ || retired_) return false;
  const bool idle = !writing_ && !reading_ && waiters_.empty();
  return !idle || !socket_.has_input();
}

void ClientConnection::retire() {
  const std::lock_guard lock(mutex_);
  retired_ = true;
}

void ClientConnection::close() {
  const std::lock_guard lock(mutex_);
  break_all({TransportErrorKind::not_open, {}, "the client closed the connection"});
}

bool ClientConnection::may_send() const noexcept {
  return broken_ || (!writing_ && !(has_exchanges_ && (retired_ || !waiters_.empty())));
}

std::optional<ClientConnection::Problem> ClientConnection::write(std::span<const std::byte> bytes,
                                                                 std::size_t& sent,
                                                                 const Deadline& deadline) {
  while (sent < bytes.size()) {
    const IoResult result = socket_.write_some(bytes.subspan(sent));
    if (result.status == IoStatus::ok) {
      sent += result.size;
    } else if (result.status != IoStatus::would_block) {
      return Problem{
          TransportErrorKind::not_open, {}, "cannot send: " + socket_.error_text(result.error)};
    } else if (!socket_.wait(Socket::For::writing, deadline)) {
      return Problem{TransportErrorKind::timed_out, {}, "not sent whole within " + deadline.text()};
    }
  }
  return std::nullopt;
}

void ClientConnection::send(const Outgoing& outgoing, Waiter* waiter, std::string_view method,
                            const Deadline& deadline, bool& untouched) {
  untouched = true;
  std::unique_lock lock(mutex_);
  const auto may_go_on = [&] { return may_send(); };
  if (deadline.is_never()) {
    may_write_.wait(lock, may_go_on);
  } else if (!may_write_.wait_until(lock, deadline.at, may_go_on)) {
    transport::fail(TransportErrorKind::timed_out, endpoint_,
                    quoted(method) + ": not sent within " + deadline.text(), true);
  }
  if (broken_) {
    transport::fail(TransportErrorKind::not_open, endpoint_,
                    quoted(method) + ": not sent: " + broken_->text, true);
  }
  writing_ = true;
  if (waiter != nullptr && waiter->is_oneway && !carrier_->answers_oneway()) {
    waiter->done = waiter->answered = true;
    waiter = nullptr;
  }
  if (waiter != nullptr) waiters_.push_back(waiter);
  lock.unlock();

  std::size_t sent = 0;
  std::optional<Problem> problem;
  bool wrapped = true;
  if (carrier_) {
    Buffer bytes;
    try {
      carrier_->wrap(outgoing.message, *outgoing.headers, bytes);
    } catch (const transport::CarrierError& e) {
      problem = Problem{TransportErrorKind::bad_args, {}, e.what()};
      wrapped = false;
    }
    if (wrapped) problem = write(bytes, sent, deadline);
  } else {
    problem = write(outgoing.message, sent, deadline);
  }
  untouched = sent == 0;

  lock.lock();
  writing_ = false;
  if (!problem) {
    may_write_.notify_one();
    return;
  }
  if (waiter != nullptr) forget(*waiter);
  const Problem mine = *problem;
  if (wrapped) {
    // Half a message is on its way: nothing that follows it could be understood.
    break_all({TransportErrorKind::not_open, {}, "the connection broke: " + problem->text});
  } else {
    untouched = false;  // trying again would not help
    may_write_.notify_one();
  }
  lock.unlock();
  transport::fail(mine.kind, endpoint_, quoted(method) + ": " + mine.text, true);
}

void ClientConnection::wait(Waiter& waiter, const Deadline& until) {
  const Deadline deadline =
      waiter.is_oneway ? earlier(until, Deadline::after(oneway_patience, "timeout")) : until;
  std::unique_lock lock(mutex_);
  const auto may_go_on = [&] { return waiter.done || !reading_; };
  while (!waiter.done) {
    bool in_time = true;
    if (deadline.is_never()) {
      waiter.wake.wait(lock, may_go_on);
    } else {
      in_time = waiter.wake.wait_until(lock, deadline.at, may_go_on);
    }
    if (in_time && !waiter.done) lead(lock, waiter, deadline);
    if (!waiter.done && deadline.passed()) {
      forget(waiter);
      // Its reply may still come: no other call may take it for its own.
      retired_ = true;
      abandoned_.push_back(waiter.sequence_id);
      if (has_exchanges_) {
        break_all(
            {TransportErrorKind::not_open, {}, "a call before it on the connection timed out"});
      }
      if (waiter.is_oneway) return;  // it was sent whole
      transport::fail(TransportErrorKind::timed_out, endpoint_,
                      quoted(waiter.method_name) + ": no reply within " + deadline.text());
    }
  }
  if (!waiter.answered) fail(waiter.method_name);
}

void ClientConnection::lead(std::unique_lock<std::mutex>& lock, Waiter& waiter,
                            const Deadline& deadline) {
  reading_ = true;
  while (!waiter.done) {
    lock.unlock();
    std::optional<Problem> problem;
    bool in_time = true;
    try {
      in_time = socket_.wait(Socket::For::reading, deadline);
      if (in_time) problem = read();
    } catch (const std::bad_alloc&) {
      problem = Problem{TransportErrorKind::internal_error, {}, "out of memory"};
    }
    lock.lock();
    if (problem) break_all(std::move(*problem));
    if (in_time && !broken_) deliver_or_break();
    if (!waiter.done && deadline.passed()) break;
  }
  reading_ = false;
  if (!waiters_.empty()) {
    // Any other will do; the one at the front is likely to be served first.
    const auto next = std::find_if(waiters_.begin(), waiters_.end(),
                                   [&](const Waiter* w) { return w != &waiter; });
    if (next != waiters_.end()) (*next)->wake.notify_one();
  }
}

std::optional<ClientConnection::Problem> ClientConnection::read() {
  Buffer& into = carrier_ ? raw_ : input_;
  const std::size_t wanted = splitter_.missing(input_.size());
  const std::size_t n = std::clamp(wanted, usual_read, std::max(trusted_reply, input_.size()));
  const IoResult result = socket_.read_some({into.prepare(n), n});
  switch (result.status) {
    case IoStatus::ok: into.commit(result.size); return std::nullopt;
    case IoStatus::would_block: return std::nullopt;
    case IoStatus::closed:
      if (carrier_ && carrier_->end(input_)) {
        ended_ = true;
        return std::nullopt;
      }
      return Problem{TransportErrorKind::end_of_file,
                     {},
                     input_.empty() && raw_.empty() && !(carrier_ && carrier_->in_message())
                         ? "the peer closed the connection without a reply"
                         : "the peer closed the connection in the middle of a reply"};
    case IoStatus::failed: break;
  }
  return Problem{TransportErrorKind::end_of_file,
                 {},
                 "the connection broke: " + socket_.error_text(result.error)};
}

void ClientConnection::deliver_or_break() {
  try {
    deliver();
  } catch (const ApplicationError& e) {
    break_all({TransportErrorKind::corrupted_data, e.kind(), e.message()});
  } catch (const transport::CarrierError& e) {
    break_all({TransportErrorKind::corrupted_data, {}, e.what()});
  } catch (const Error& e) {
    break_all({TransportErrorKind::corrupted_data, {}, "the reply makes no sense: " + e.message()});
  } catch (const std::bad_alloc&) {
    break_all({TransportErrorKind::internal_error, {}, "out of memory"});
  }
}

void ClientConnection::deliver() {
  if (carrier_) return deliver_carried();
  if (const std::string_view framing = framing_of_peer(); !framing.empty()) {
    const std::string name(framing);
    return break_all({TransportErrorKind::corrupted_data,
                      {},
                      "the peer answers " + name + "; connect with `transport=" + name + "`"});
  }
  deliver_payload();
}

void ClientConnection::deliver_carried() {
  if (ended_) {
    deliver_exchange();
    return break_all({TransportErrorKind::end_of_file, {}, "the peer closed the connection"});
  }
  for (;;) {
    Buffer nothing;  // clients have nothing to say in between
    const transport::Carrier::Taken taken = carrier_->unwrap(raw_, input_, nothing);
    raw_.consume(taken.used);
    if (taken.payload && has_exchanges_) {
      deliver_exchange();
    } else if (taken.payload) {
      deliver_payload();
    }
    if (broken_) return;
    if (raw_.empty() && !carrier_->has_more()) return;
    if (!taken.payload && taken.used == 0 && !carrier_->has_more()) return;
  }
}

// A response is here, whole.
void ClientConnection::deliver_exchange() {
  if (waiters_.empty()) {
    throw transport::CarrierError("the peer answered what nobody asked");
  }
  if (carrier_->is_over()) retired_ = true;  // the peer closes the connection, or wants it closed
  if (input_.empty()) {
    hand_over(*waiters_.front());
  } else {
    deliver_payload();
    if (!waiters_.empty() || !input_.empty()) {
      throw transport::CarrierError("a response that is no whole message");
    }
  }
  // The next call, if one waits, has its turn; on another connection where this one is over.
  if (retired_) return break_all({TransportErrorKind::not_open, {}, "the peer closes it"});
  may_write_.notify_one();
}

void ClientConnection::hand_over(Waiter& waiter) {
  if (has_exchanges_) {
    const Headers& headers = carrier_->headers();
    waiter.headers.insert(waiter.headers.end(), headers.begin(), headers.end());
  }
  waiters_.erase(std::find(waiters_.begin(), waiters_.end(), &waiter));
  waiter.answered = true;
  waiter.done = true;
  waiter.wake.notify_one();
}

void ClientConnection::deliver_payload() {
  std::size_t used = 0;
  while (used < input_.size()) {
    const std::span<const std::byte> rest = input_.bytes().subspan(used);
    const std::optional<Splitter::Piece> piece = splitter_.next(rest);
    if (!piece) break;
    std::span<const std::byte> message = rest.subspan(piece->start, piece->size);
    Opened opened;
    opened.protocol = splitter_.format().protocol;
    if (splitter_.format().framing == Framing::header) {
      opened = open_header_frame(message, splitter_.limits().max_frame, unpacked_);
      message = opened.message;
    }
    const ReadHeader read = read_message_header(opened.protocol, message);
    const std::int32_t id = read.header.sequence_id;
    const auto found = std::find_if(waiters_.begin(), waiters_.end(),
                                    [&](const Waiter* w) { return w->sequence_id == id; });
    if (found == waiters_.end()) {
      if (std::erase(abandoned_, id) == 0) {
        throw ApplicationError(ApplicationErrorKind::bad_sequence_id,
                               "the peer answered with sequence id " + std::to_string(id) +
                                   ", which no call waits for");
      }
      used += piece->end();  // too late
      continue;
    }
    Waiter& waiter = **found;
    waiter.protocol = opened.protocol;
    waiter.size = message.size();
    const bool is_unpacked = opened.frame && opened.frame->zlib;
    if (opened.frame) waiter.headers = std::move(opened.frame->headers);
    if (is_unpacked) {
      waiter.reply = std::exchange(unpacked_, Buffer());
      used += piece->end();
    } else if (used == 0 && rest.size() == piece->end() &&
               input_.capacity() <= 2 * input_.size() + 256) {
      // The only message there: its memory goes along. Large replies are never copied.
      waiter.start = static_cast<std::size_t>(message.data() - rest.data());
      waiter.reply = std::exchange(input_, Buffer());
    } else {
      waiter.reply = Buffer(message);
      used += piece->end();
    }
    hand_over(waiter);
  }
  input_.consume(std::min(used, input_.size()));
}

// Where the other framing was agreed on, bytes still tell: a frame's length is no message's first
// word, and a name (of a message in the old style) does not begin with a version word.
std::string_view ClientConnection::framing_of_peer() const noexcept {
  constexpr auto is_version = [](std::uint32_t word) {
    return (word & 0xffff'0000U) == 0x8001'0000U;
  };
  const std::span<const std::byte> bytes = input_.bytes();
  if (splitter_.format().framing == Framing::header) return "";
  if (splitter_.format().framing == Framing::framed) {
    return bytes.size() >= 4 && is_version(first_word(bytes)) ? "buffered" : "";
  }
  return bytes.size() >= 8 && first_word(bytes) < 0x8000'0000U &&
                 is_version(first_word(bytes.subspan(4)))
             ? "framed"
             : "";
}

}  // namespace thrift::rpc
