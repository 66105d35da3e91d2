#include "rpc/async_client.hpp"

#include <algorithm>

#include "base/backquoted.hpp"
#include "rpc/async_connection.hpp"

namespace thrift::rpc {

using transport::Clock;

AsyncClient::AsyncClient(std::shared_ptr<EventLoop> loop, std::shared_ptr<EndpointSet> endpoints,
                         std::shared_ptr<const CallCodec> codec, ClientOptions options)
    : loop_(std::move(loop)),
      endpoints_(std::move(endpoints)),
      codec_(std::move(codec)),
      options_(std::move(options)) {}

AsyncClient::~AsyncClient() = default;

void AsyncClient::start(CallPtr call) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = new_.empty();
    new_.push_back(std::move(call));
  }
  if (first) events().post([self = shared_from_this()] { self->take_new(); });
}

void AsyncClient::start_here(const CallPtr& call) {
  busy_ = shared_from_this();
  begin(call);
  watch_time();
}

void AsyncClient::close() {
  events().post([self = shared_from_this()] {
    self->take_new();
    const auto all = self->connections_;
    for (const auto& connection : all) {
      connection->close({RetryPlan::closed_by_us, {}, "the client closed the connection"});
    }
    const auto pauses = std::exchange(self->pauses_, {});
    for (const auto& [when, call] : pauses) {
      if (!call->time) continue;
      self->fail(call, make_failure<TransportErrorDetail>(RetryPlan::closed_by_us,
                                                          self->endpoints_->endpoint(0).address(),
                                                          "the client was closed", true));
    }
  });
}

void AsyncClient::retire() {
  events().post([self = shared_from_this()] {
    self->take_new();
    self->retired_ = true;
    const auto all = self->connections_;
    for (const auto& connection : all) connection->close_if_idle();
  });
}

void AsyncClient::take_new() {
  std::vector<CallPtr> calls;
  {
    const std::lock_guard lock(mutex_);
    calls.swap(new_);
  }
  if (!calls.empty()) busy_ = shared_from_this();
  for (const CallPtr& call : calls) begin(call);
  flush();  // what they appended leaves together
  watch_time();
}

void AsyncClient::flush() {
  const auto connections = std::exchange(unflushed_, {});
  for (const auto& connection : connections) connection->flush();
}

void AsyncClient::watch_time() {
  Clock::time_point at = Clock::time_point::max();
  if (!deadlines_.empty()) at = deadlines_.begin()->first;
  if (!pauses_.empty()) at = std::min(at, pauses_.begin()->first);
  if (at == Clock::time_point::max()) {
    events().cancel(*this);
  } else {
    events().set(*this, at);
  }
}

void AsyncClient::on_time() {
  const auto self = shared_from_this();
  const Clock::time_point now = Clock::now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const CallPtr call = deadlines_.begin()->second;
    bool sent = false;
    if (const auto connection = std::exchange(call->connection, nullptr)) {
      sent = connection->forget_late(call);
      if (sent && !call->function.is_oneway()) endpoints_->call_failed(connection->place());
    }
    if (sent && call->function.is_oneway()) {
      finish(call, Value());
      continue;
    }
    fail(call, make_failure<TransportErrorDetail>(
                   TransportErrorKind::timed_out, endpoints_->endpoint(0).address(),
                   backquoted(call->function.name()) + ": " +
                       (sent ? "no reply within " : "not sent within ") + call->deadline.text(),
                   !sent));
  }
  while (!pauses_.empty() && pauses_.begin()->first <= now) {
    const CallPtr call = pauses_.begin()->second;
    pauses_.erase(pauses_.begin());
    if (call->time) dispatch(call);
  }
  flush();
  const auto all = connections_;
  for (const auto& connection : all) connection->flush();  // those that are over close
  watch_time();
}

std::shared_ptr<AsyncConnection> AsyncClient::connection_to(std::size_t place) {
  std::shared_ptr<AsyncConnection> best;
  std::size_t count = 0;
  for (;;) {
    count = 0;
    best = nullptr;
    for (const auto& connection : connections_) {
      if (connection->place() != place || !connection->is_usable()) continue;
      ++count;
      if (!best || connection->load() < best->load()) best = connection;
    }
    if (!best || !best->is_stale()) break;
    best->close_if_idle();
  }
  if (best && (best->load() == 0 || count >= std::max(1U, options_.connections))) return best;
  best = std::make_shared<AsyncConnection>(shared_from_this(), place);
  connections_.push_back(best);
  best->open();
  return best;
}

void AsyncClient::begin(const CallPtr& call) {
  const std::size_t under_way = deadlines_.size();
  call->time = deadlines_.emplace_hint(deadlines_.end(), call->deadline.at, call);
  if (under_way < options_.max_async_calls) return dispatch(call);
  fail(call, make_failure<TransportErrorDetail>(
                 TransportErrorKind::internal_error, endpoints_->endpoint(0).address(),
                 backquoted(call->function.name()) + ": " + std::to_string(under_way) +
                     " calls are under way, as many as max_async_calls allows",
                 true));
}

void AsyncClient::dispatch(const CallPtr& call) {
  try {
    call->end = 0;
    call->connection = connection_to(endpoints_->pick());
    call->connection->add(call);
    if (unflushed_.empty()) {
      events().post([self = shared_from_this()] { self->flush(); });
    }
    if (unflushed_.empty() || unflushed_.back() != call->connection) {
      unflushed_.push_back(call->connection);
    }
  } catch (const std::exception& e) {  // memory, or threads, ran out
    call->connection.reset();
    fail(call,
         make_failure<TransportErrorDetail>(TransportErrorKind::internal_error,
                                            endpoints_->endpoint(0).address(), e.what(), true));
  }
}

void AsyncClient::hurry(const CallPtr& call, transport::milliseconds time) {
  const Clock::time_point at = Clock::now() + time;
  if (!call->time || at >= (*call->time)->first) return;
  deadlines_.erase(*call->time);
  call->time = deadlines_.emplace(at, call);
  watch_time();
}

void AsyncClient::remove(const std::shared_ptr<AsyncConnection>& connection) {
  std::erase(connections_, connection);
}

void AsyncClient::succeeded(const CallPtr& call, Reply reply, const Endpoint& peer, bool& strange) {
  call->connection.reset();
  try {
    if (call->options.report != nullptr) {
      *call->options.report = {reply.protocol, call->message.size(), reply.size,
                               std::move(reply.headers)};
    }
    if (!codec_->has_answer(call->function)) return finish(call, Value());
    if (call->done_raw) {
      return finish(call, codec_->read_raw_reply(call->function, reply, peer, strange));
    }
    finish(call, codec_->read_reply(call->function, reply, peer, strange));
  } catch (const Error& e) {
    fail(call, e.failure());
  } catch (const std::exception& e) {
    fail(call, make_failure<TransportErrorDetail>(TransportErrorKind::internal_error,
                                                  peer.address(), e.what(), false));
  }
}

void AsyncClient::failed(const CallPtr& call, const Failure& failure) {
  call->connection.reset();
  const auto* const detail = failure.as<TransportErrorDetail>();
  const auto pause = detail != nullptr ? call->plan.next(*detail, call->deadline) : std::nullopt;
  if (!pause) return fail(call, failure);
  if (pause->count() == 0) return dispatch(call);
  pauses_.emplace(Clock::now() + *pause, call);
  watch_time();
}

bool AsyncClient::end(const CallPtr& call) {
  if (!call->time) return false;
  deadlines_.erase(*call->time);
  call->time.reset();
  if (deadlines_.empty()) {
    pauses_.clear();
    events().cancel(*this);
    if (retired_) retire();  // nobody will use the connections any more
  }
  return true;
}

namespace {

// Callbacks must not throw; who would be told?
template <class Callback, class What>
void tell(Callback& callback, What what) {
  const auto done = std::exchange(callback, nullptr);
  if (!done) return;
  try {
    done(std::move(what));
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
}

}  // namespace

void AsyncClient::finish(const CallPtr& call, Result<Value> result) {
  if (!result) return fail(call, result.error());
  if (!end(call)) return;
  // Let go at the end of this function, where no call runs any more.
  const std::shared_ptr<AsyncClient> kept = deadlines_.empty() ? std::exchange(busy_, {}) : nullptr;
  if (call->done_raw) {  // a oneway call
    tell(call->done_raw, Result<RawReply>(RawReply{}));
  } else {
    tell(call->done, std::move(result));
  }
}

void AsyncClient::finish(const CallPtr& call, RawReply reply) {
  if (!end(call)) return;
  const std::shared_ptr<AsyncClient> kept = deadlines_.empty() ? std::exchange(busy_, {}) : nullptr;
  tell(call->done_raw, Result<RawReply>(std::move(reply)));
}

void AsyncClient::fail(const CallPtr& call, Failure failure) {
  if (!end(call)) return;
  const std::shared_ptr<AsyncClient> kept = deadlines_.empty() ? std::exchange(busy_, {}) : nullptr;
  failure = call->plan.told(failure);
  if (call->done_raw) {
    tell(call->done_raw, Result<RawReply>(std::move(failure)));
  } else {
    tell(call->done, Result<Value>(std::move(failure)));
  }
}

}  // namespace thrift::rpc
