#include "rpc/connection.hpp"

namespace thrift::rpc {

using transport::IoResult;
using transport::IoStatus;
using Next = Conversation::Next;

namespace {

constexpr std::size_t read_size = 64 * 1024;
// A thread's output buffer that grew beyond this is given back.
constexpr std::size_t kept_output = 1024 * 1024;

}  // namespace

Connection::Connection(IoThread& thread, transport::Socket socket, const SessionOptions& session,
                       std::shared_ptr<const std::string> name)
    : thread_(thread),
      socket_(std::move(socket)),
      conversation_(thread.context().dispatcher, session, this),
      name_(std::move(name)),
      since_(transport::Clock::now()) {}

Connection::~Connection() {
  thread_.events().forget(*this);
}

template <class F>
void Connection::guarded(F step) {
  if (phase_ == Phase::closed) return;
  try {
    step();
  } catch (const std::exception& e) {
    close(e.what());
  }
}

void Connection::start() {
  guarded([this] { wait_to_read(); });
}

void Connection::enter(Phase phase) {
  phase_ = phase;
  since_ = transport::Clock::now();
}

void Connection::wait_to_read() {
  // A message's time runs from its first byte, however often more of it comes.
  const bool in_message = conversation_.in_message() || socket_.in_handshake();
  if (phase_ != Phase::reading || !(in_message && in_message_)) enter(Phase::reading);
  in_message_ = in_message;
  in_header_ = in_message && (conversation_.in_header() || socket_.in_handshake());
  if (!count_memory()) {
    if (conversation_.in_flight() != 0) return wait_for_calls();
    return close("the server's memory is used up");
  }
  thread_.events().watch(*this, socket_.fd(), true, false);
}

void Connection::wait_to_write() {
  if (phase_ != Phase::writing) enter(Phase::writing);
  count_memory();
  thread_.events().watch(*this, socket_.fd(), false, true);
}

void Connection::wait_for_calls() {
  enter(Phase::waiting);
  count_memory();
  thread_.events().forget(*this);
}

bool Connection::count_memory() noexcept {
  const std::size_t now = conversation_.memory() + unsent_.capacity();
  if (now == memory_) return true;
  ServerContext& context = thread_.context();
  const std::size_t before = std::exchange(memory_, now);
  const std::size_t total = context.memory.fetch_add(now - before) + (now - before);
  const std::size_t limit = context.options.max_memory;
  return now < before || limit == 0 || total <= limit;
}

void Connection::on_ready(bool /*readable*/, bool /*writable*/) {
  const auto self = shared_from_this();  // it may close, and nobody else would hold it
  guarded([this] {
    if (phase_ == Phase::writing) {
      on_writable();
    } else {
      on_readable();
    }
  });
}

void Connection::on_readable() {
  Buffer& out = thread_.output();
  out.clear();
  Next next = Next::read;
  IoResult result{};
  if (conversation_.wants_space()) {
    result = socket_.read_some(conversation_.space());
    if (result.status == IoStatus::ok) {
      next = conversation_.received(result.size, thread_.arena(), out);
    }
  } else {
    // Most messages come whole: they are answered where they lie in the thread's buffer.
    Buffer& in = thread_.input();
    result = socket_.read_some({in.prepare(read_size), read_size});
    if (result.status == IoStatus::ok) {
      next = conversation_.receive({in.data(), result.size}, thread_.arena(), out);
    }
  }
  if (result.status == IoStatus::closed) {
    ended_ = true;
    if (conversation_.in_flight() != 0) return wait_for_calls();  // it may still take replies
    return close(conversation_.in_message() ? "closed by the peer in the middle of a message" : "");
  }
  if (result.status == IoStatus::failed) return close(socket_.error_text(result.error));
  go_on(next);
}

void Connection::go_on(Next next) {
  Buffer& out = thread_.output();
  for (;;) {
    const Sent sent = send(out);
    if (sent == Sent::failed) return;
    if (sent == Sent::partly) {
      after_sending_ = next;
      return wait_to_write();
    }
    out.clear();
    if (out.capacity() > kept_output) out = Buffer();
    switch (next) {
      case Next::read:
        if (thread_.stopping() || ended_) [[unlikely]] {
          return conversation_.in_flight() != 0 ? wait_for_calls() : close();
        }
        return socket_.has_pending() ? on_readable() : wait_to_read();
      case Next::resume: next = conversation_.resume(thread_.arena(), out); break;
      case Next::wait: return wait_for_calls();
      case Next::close: return close(conversation_.problem());
    }
  }
}

Connection::Sent Connection::send(Buffer& out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const IoResult result = socket_.write_some(out.bytes().subspan(done));
    if (result.status == IoStatus::failed) {
      close(socket_.error_text(result.error));
      return Sent::failed;
    }
    if (result.status == IoStatus::would_block) {
      unsent_ = Buffer(out.bytes().subspan(done));
      sent_ = 0;
      return Sent::partly;
    }
    done += result.size;
  }
  return Sent::all;
}

void Connection::on_writable() {
  while (sent_ < unsent_.size()) {
    const IoResult result = socket_.write_some(unsent_.bytes().subspan(sent_));
    if (result.status == IoStatus::would_block) return wait_to_write();
    if (result.status == IoStatus::failed) return close(socket_.error_text(result.error));
    sent_ += result.size;
  }
  unsent_ = Buffer();
  thread_.output().clear();
  go_on(after_sending_);
}

bool Connection::has_workers() const noexcept {
  return thread_.context().workers != nullptr;
}

std::size_t Connection::max_in_flight() const noexcept {
  const ServerOptions& options = thread_.context().options;
  return options.in_order ? 0 : options.max_in_flight;
}

void Connection::run(std::unique_ptr<Conversation::Job> job) {
  // The worker holds the connection, so that there is somebody to come back to.
  std::shared_ptr<Conversation::Job> shared = std::move(job);
  thread_.context().workers->submit([self = shared_from_this(), shared]() mutable {
    std::optional<Finished> finished = shared->run(*self);
    shared.reset();
    EventLoop& events = self->thread_.events();
    // If it was deferred only the connection is let go, on its own thread.
    events.post([self = std::move(self),
                 done = std::make_shared<std::optional<Finished>>(std::move(finished))] {
      if (*done) self->finish(**done);
    });
  });
}

Completion Connection::completion() {
  return [events = thread_.weak_events(), weak = weak_from_this()](Finished finished) {
    const std::shared_ptr<EventLoop> loop = events.lock();
    if (!loop) return;
    loop->post([weak, done = std::make_shared<Finished>(std::move(finished))] {
      if (const auto self = weak.lock()) self->finish(*done);
    });
  };
}

void Connection::finish(Finished& finished) {
  guarded([&] {
    if (phase_ == Phase::writing) {
      conversation_.complete(finished, unsent_);
      after_sending_ = Next::resume;
      return;
    }
    thread_.output().clear();
    go_on(conversation_.finish(finished, thread_.arena(), thread_.output()));
  });
}

void Connection::stop() {
  // What is in the system's buffer has arrived, too. Busy connections close when they are done.
  if (phase_ == Phase::reading) guarded([this] { on_readable(); });
}

bool Connection::is_late(transport::Clock::time_point now) const noexcept {
  const ServerOptions& options = thread_.context().options;
  std::chrono::milliseconds limit{0};
  if (phase_ == Phase::writing || (phase_ == Phase::reading && in_message_)) {
    limit = options.message_timeout;
    const std::chrono::milliseconds header = options.header_timeout;
    if (phase_ == Phase::reading && in_header_ && header.count() > 0) {
      limit = limit.count() > 0 ? std::min(limit, header) : header;
    }
  } else if (phase_ == Phase::reading && conversation_.in_flight() == 0) {
    limit = options.idle_timeout;
  }
  return limit.count() > 0 && now - since_ >= limit;
}

std::string_view Connection::lateness() const noexcept {
  if (phase_ == Phase::writing) return "the peer did not take its reply in time";
  return in_message_ ? "the peer did not finish its message in time" : "";
}

void Connection::cut(std::string_view why) {
  close(why);
}

void Connection::close(std::string_view why) {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  // The peer comes last: when it learns that all is over, it is.
  if (!why.empty()) thread_.context().report(*name_, why);
  thread_.context().connections.fetch_sub(1, std::memory_order_relaxed);
  thread_.context().memory.fetch_sub(std::exchange(memory_, 0));
  thread_.events().forget(*this);
  socket_ = transport::Socket();
  thread_.remove(shared_from_this());
}

}  // namespace thrift::rpc
