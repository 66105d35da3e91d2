#include "rpc/client_connection.hpp"

#include <algorithm>

#include "base/backquoted.hpp"

namespace thrift::rpc {

using transport::Deadline;
using transport::IoResult;
using transport::IoStatus;
using transport::Socket;

ClientConnection::ClientConnection(Socket socket, const Endpoint& endpoint,
                                   const ClientFormat& format, const Splitter::Limits& limits)
    : endpoint_(endpoint),
      socket_(std::move(socket)),
      has_exchanges_(format.carriage == Carriage::http),
      carrier_(client_carrier(endpoint, format, limits.max_message)),
      replies_(format, limits, carrier_.get()) {}

void ClientConnection::fail(std::string_view method) const {
  fail_call(*broken_, endpoint_, method);
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

std::optional<std::size_t> ClientConnection::load() {
  const std::lock_guard lock(mutex_);
  if (broken_ || retired_) return std::nullopt;
  const bool idle = !writing_ && !reading_ && waiters_.empty();
  if (idle && socket_.has_input()) return std::nullopt;
  return waiters_.size() + (writing_ ? 1 : 0);
}

void ClientConnection::retire() {
  const std::lock_guard lock(mutex_);
  retired_ = true;
}

void ClientConnection::close() {
  const std::lock_guard lock(mutex_);
  break_all({TransportErrorKind::interrupted, {}, "the client closed the connection"});
}

bool ClientConnection::may_send() const noexcept {
  return broken_ || (!writing_ && !(has_exchanges_ && (retired_ || !waiters_.empty())));
}

std::optional<Problem> ClientConnection::write(std::span<const std::byte> bytes, std::size_t& sent,
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
                    backquoted(method) + ": not sent within " + deadline.text(), true);
  }
  if (broken_) {
    transport::fail(TransportErrorKind::not_open, endpoint_,
                    backquoted(method) + ": not sent: " + broken_->text, true);
  }
  writing_ = true;
  if (waiter != nullptr && waiter->is_oneway && !carrier_->answers_oneway()) {
    waiter->done = waiter->answered = true;
    waiter = nullptr;
  }
  if (waiter != nullptr) {
    // It may come from a connection that broke before anything was sent.
    waiter->done = waiter->answered = false;
    waiters_.push_back(waiter);
  }
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
  fail_call(mine, endpoint_, method, true);
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
                      backquoted(waiter.method_name) + ": no reply within " + deadline.text());
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
    if (!to_say_.empty()) answer_peer(lock);
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

std::optional<Problem> ClientConnection::read() {
  const IoResult result = socket_.read_some(replies_.space());
  switch (result.status) {
    case IoStatus::ok: replies_.received(result.size); return std::nullopt;
    case IoStatus::would_block: return std::nullopt;
    case IoStatus::closed: {
      const bool in_reply = replies_.in_reply();
      ended_ = replies_.end();
      if (ended_) return std::nullopt;
      return Problem{TransportErrorKind::end_of_file,
                     {},
                     in_reply ? "the peer closed the connection in the middle of a reply"
                              : "the peer closed the connection without a reply"};
    }
    case IoStatus::failed: break;
  }
  return Problem{TransportErrorKind::end_of_file,
                 {},
                 "the connection broke: " + socket_.error_text(result.error)};
}

void ClientConnection::deliver_or_break() {
  try {
    deliver();
  } catch (const std::exception&) {
    break_all(current_problem());
  }
}

void ClientConnection::deliver() {
  for (;;) {
    Reply reply;
    std::int32_t id = 0;
    const ReplyStream::Next next = replies_.next(reply, id, to_say_);
    if (next == ReplyStream::Next::nothing) break;
    if (next == ReplyStream::Next::exchange && waiters_.empty()) {
      throw transport::CarrierError("the peer answered what nobody asked");
    }
    const bool has_id = next == ReplyStream::Next::message || reply.size != 0;
    const auto found = has_id ? std::find_if(waiters_.begin(), waiters_.end(),
                                             [&](const Waiter* w) { return w->sequence_id == id; })
                              : waiters_.begin();
    if (found != waiters_.end()) {
      hand_over(**found, std::move(reply));
    } else if (std::erase(abandoned_, id) == 0) {  // else it comes too late
      throw ApplicationError(
          ApplicationErrorKind::bad_sequence_id,
          "the peer answered with sequence id " + std::to_string(id) + ", which no call waits for");
    }
    if (next == ReplyStream::Next::message) continue;
    // The next call, if one waits, has its turn; on another connection where this one is over.
    if (replies_.is_over()) {
      retired_ = true;
      return break_all({TransportErrorKind::not_open, {}, "the peer closes it"});
    }
    may_write_.notify_one();
  }
  if (ended_ || replies_.is_over()) {
    break_all({TransportErrorKind::end_of_file, {}, "the peer closed the connection"});
  }
}

void ClientConnection::hand_over(Waiter& waiter, Reply reply) {
  waiter.reply = std::move(reply);
  waiters_.erase(std::find(waiters_.begin(), waiters_.end(), &waiter));
  waiter.answered = true;
  waiter.done = true;
  waiter.wake.notify_one();
}

void ClientConnection::answer_peer(std::unique_lock<std::mutex>& lock) {
  if (broken_ || writing_) return;  // a writer is at work: next time
  writing_ = true;
  const Buffer bytes = std::exchange(to_say_, Buffer());
  lock.unlock();
  std::size_t sent = 0;
  std::optional<Problem> problem =
      write(bytes, sent, Deadline::after(transport::milliseconds(1000), "time"));
  lock.lock();
  writing_ = false;
  if (problem) return break_all(std::move(*problem));
  may_write_.notify_one();
}

}  // namespace thrift::rpc
