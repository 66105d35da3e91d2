#include "rpc/async_connection.hpp"

#include <algorithm>

namespace thrift::rpc {

using transport::Deadline;
using transport::IoResult;
using transport::IoStatus;

namespace {

// Calls are put into the output as long as there is less in it; the others are not sent for sure.
constexpr std::size_t enough_queued = 256 * 1024;
// Reads in a row before others have their turn.
constexpr int reads_at_once = 16;

}  // namespace

AsyncConnection::AsyncConnection(std::shared_ptr<AsyncClient> client, std::size_t place)
    : client_(std::move(client)),
      place_(place),
      has_exchanges_(client_->codec().format().carriage == Carriage::http),
      carrier_(client_carrier(endpoint(), client_->codec().format(),
                              client_->codec().limits().max_message)),
      replies_(client_->codec().format(), client_->codec().limits(), carrier_.get()) {}

AsyncConnection::~AsyncConnection() {
  if (connector_.joinable()) connector_.join();
}

void AsyncConnection::open() {
  const Deadline deadline = Deadline::after(
      endpoint().connect_timeout.value_or(client_->options().connect_timeout), "connect_timeout");
  client_->began_to_connect();
  connector_ = std::thread([self = shared_from_this(), deadline] {
    EventLoop& events = self->client_->events();
    const EndpointSet& endpoints = *self->client_->endpoints();
    try {
      auto socket = std::make_shared<transport::Socket>(
          transport::connect(endpoints.endpoint(self->place_), endpoints.tls(self->place_),
                             self->client_->options().password, deadline));
      events.post([self, socket] { self->opened(std::move(*socket)); });
    } catch (const Error& e) {
      events.post([self, failure = e.failure()] { self->not_opened(failure); });
    } catch (const std::exception& e) {
      const Failure failure = make_failure<TransportErrorDetail>(
          TransportErrorKind::internal_error, endpoints.endpoint(self->place_).address(), e.what(),
          true);
      events.post([self, failure] { self->not_opened(failure); });
    }
  });
}

void AsyncConnection::opened(transport::Socket socket) {
  connector_.join();
  client_->connected();
  client_->endpoints()->succeeded(place_);
  if (state_ != State::connecting) return;  // it was closed meanwhile
  socket_ = std::move(socket);
  state_ = State::open;
  flush();
}

void AsyncConnection::not_opened(const Failure& failure) {
  connector_.join();
  client_->connected();
  const auto* const detail = failure.as<TransportErrorDetail>();
  if (detail != nullptr && detail->retryable) client_->endpoints()->failed(place_);
  if (state_ != State::connecting) return;
  state_ = State::closed;
  const auto self = shared_from_this();
  client_->remove(self);
  for (const CallPtr& call : std::exchange(waiting_, {})) client_->failed(call, failure);
}

void AsyncConnection::add(const CallPtr& call) {
  waiting_.push_back(call);
}

void AsyncConnection::take_waiting() {
  while (!waiting_.empty() && output_.size() - done_ < enough_queued &&
         !(has_exchanges_ && !running_.empty())) {
    const CallPtr call = waiting_.front();
    waiting_.pop_front();
    append(call);
  }
}

void AsyncConnection::append(const CallPtr& call) {
  const std::size_t before = output_.size();
  try {
    if (carrier_) {
      carrier_->wrap(call->message, call->options.headers, output_);
    } else {
      output_.append(call->message.bytes());
    }
  } catch (const transport::CarrierError& e) {
    output_.truncate(before);
    const Problem problem{TransportErrorKind::bad_args, {}, e.what()};
    return client_->failed(call, failure_of_call(problem, endpoint(), call->function.name(), true));
  }
  call->begin = appended_;
  appended_ += output_.size() - before;
  call->end = appended_;
  const bool silent = call->function.is_oneway() && carrier_ && !carrier_->answers_oneway();
  if (client_->codec().has_answer(call->function) && !silent) {
    running_.emplace(call->sequence_id, call);
    if (call->function.is_oneway()) client_->hurry(call, oneway_patience);
  } else {
    oneway_.push_back(call);
  }
}

void AsyncConnection::flush() {
  if (state_ != State::open) return;
  const auto self = shared_from_this();
  if (retired_) {
    for (const CallPtr& call : std::exchange(waiting_, {})) client_->send_elsewhere(call);
  }
  for (;;) {
    take_waiting();
    if (const auto problem = write()) return close(*problem);
    if (waiting_.empty() || done_ < output_.size() || (has_exchanges_ && !running_.empty())) break;
  }
  if (retired_ && load() == 0) {
    return close({TransportErrorKind::not_open, {}, "the connection is given up"});
  }
  watch();
}

std::optional<Problem> AsyncConnection::write() {
  while (done_ < output_.size()) {
    const IoResult result = socket_.write_some(output_.bytes().subspan(done_));
    if (result.status == IoStatus::would_block) break;
    if (result.status != IoStatus::ok) {
      return Problem{
          TransportErrorKind::not_open, {}, "cannot send: " + socket_.error_text(result.error)};
    }
    done_ += result.size;
    sent_ += result.size;
  }
  if (done_ == output_.size()) {
    done_ = 0;
    if (output_.capacity() > 2 * enough_queued) output_ = Buffer();
    output_.clear();
  }
  while (!oneway_.empty() && oneway_.front()->end <= sent_) {
    const CallPtr call = oneway_.front();
    oneway_.pop_front();
    bool strange = false;
    client_->succeeded(call, {}, endpoint(), strange);
  }
  return std::nullopt;
}

void AsyncConnection::watch() {
  try {
    client_->events().watch(*this, socket_.fd(), true, done_ < output_.size());
  } catch (const std::exception& e) {
    close({TransportErrorKind::internal_error, {}, e.what()});
  }
}

void AsyncConnection::on_ready(bool readable, bool /*writable*/) {
  const auto self = shared_from_this();
  if (readable) {
    try {
      for (int i = 0; i < reads_at_once; ++i) {
        const std::optional<Problem> problem = read();
        if (!problem || !problem->text.empty()) {
          deliver();
          if (problem && state_ == State::open) close(*problem);
          if (problem || !socket_.has_pending()) break;
        } else {
          break;  // nothing there
        }
      }
    } catch (const std::exception&) {
      close(current_problem());
    }
  }
  flush();
}

// An empty text: there is nothing to read just now.
std::optional<Problem> AsyncConnection::read() {
  const IoResult result = socket_.read_some(replies_.space());
  switch (result.status) {
    case IoStatus::ok: replies_.received(result.size); return std::nullopt;
    case IoStatus::would_block: return Problem{};
    case IoStatus::closed: {
      const bool in_reply = replies_.in_reply();
      ended_ = replies_.end();
      return Problem{TransportErrorKind::end_of_file,
                     {},
                     ended_     ? "the peer closed the connection"
                     : in_reply ? "the peer closed the connection in the middle of a reply"
                                : "the peer closed the connection without a reply"};
    }
    case IoStatus::failed: break;
  }
  return Problem{TransportErrorKind::end_of_file,
                 {},
                 "the connection broke: " + socket_.error_text(result.error)};
}

void AsyncConnection::deliver() {
  while (state_ == State::open) {
    Reply reply;
    std::int32_t id = 0;
    const std::size_t before = output_.size();
    const ReplyStream::Next next = replies_.next(reply, id, output_);
    const std::size_t said = output_.size() - before;
    appended_ += said;
    if (next == ReplyStream::Next::nothing) break;
    const bool has_id = next == ReplyStream::Next::message || reply.size != 0;
    const auto found = has_id ? running_.find(id) : running_.begin();
    if (found != running_.end()) {
      const CallPtr call = found->second;
      running_.erase(found);
      bool strange = false;
      client_->succeeded(call, std::move(reply), endpoint(), strange);
      if (strange) {
        retire();
        client_->endpoints()->call_failed(place_);
      } else {
        client_->endpoints()->call_succeeded(place_);
      }
    } else if (next == ReplyStream::Next::exchange && !has_id) {
      throw transport::CarrierError("the peer answered what nobody asked");
    } else if (abandoned_.erase(id) == 0) {  // else it comes too late
      throw ApplicationError(
          ApplicationErrorKind::bad_sequence_id,
          "the peer answered with sequence id " + std::to_string(id) + ", which no call waits for");
    }
    if (next == ReplyStream::Next::exchange && replies_.is_over()) break;
  }
  if (state_ == State::open && replies_.is_over()) {
    retire();
    if (!running_.empty()) {
      close({TransportErrorKind::end_of_file, {}, "the peer closed the connection"});
    }
  }
}

void AsyncConnection::retire() {
  retired_ = true;
}

bool AsyncConnection::forget_late(const CallPtr& call) {
  if (call->end == 0) {
    std::erase(waiting_, call);
    return false;
  }
  running_.erase(call->sequence_id);
  std::erase(oneway_, call);
  // Its reply may still come: no other call may take it for its own.
  abandoned_.insert(call->sequence_id);
  retire();
  if (has_exchanges_) {
    close({TransportErrorKind::not_open, {}, "a call before it on the connection timed out"});
  }
  return true;
}

void AsyncConnection::close(const Problem& problem) {
  if (state_ == State::closed) return;
  const auto self = shared_from_this();
  const bool was_open = state_ == State::open;
  state_ = State::closed;
  client_->events().forget(*this);
  if (was_open) socket_.shut_down();
  socket_ = transport::Socket();
  client_->remove(self);
  const auto fail = [&](const CallPtr& call, bool retryable) {
    // The peer closed a connection that had been good: that says nothing about a new one.
    const bool untouched = call->end != 0 && call->begin >= sent_ && sent_ > 0;
    if (untouched && problem.kind != RetryPlan::closed_by_us) return client_->send_elsewhere(call);
    client_->failed(call, failure_of_call(problem, endpoint(), call->function.name(), retryable));
  };
  if (was_open && !running_.empty() && problem.kind != RetryPlan::closed_by_us) {
    client_->endpoints()->call_failed(place_);
  }
  // What was not sent whole cannot have run.
  for (const auto& [id, call] : std::exchange(running_, {})) fail(call, call->end > sent_);
  for (const CallPtr& call : std::exchange(oneway_, {})) fail(call, call->end > sent_);
  for (const CallPtr& call : std::exchange(waiting_, {})) {
    // Nothing of them was tried here: not their failure.
    if (problem.kind == RetryPlan::closed_by_us || !was_open) {
      fail(call, true);
    } else {
      client_->send_elsewhere(call);
    }
  }
}

void AsyncConnection::close_if_idle() {
  retire();
  if (load() == 0) close({RetryPlan::closed_by_us, {}, "the client is gone"});
}

}  // namespace thrift::rpc
