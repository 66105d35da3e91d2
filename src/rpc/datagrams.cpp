#include "rpc/datagrams.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "transport/listener.hpp"

namespace thrift::rpc {

namespace {

constexpr std::size_t datagram_room = 64 * 1024;
// After taking so many, others have their turn on the thread.
constexpr int datagrams_at_once = 64;
// More calls than these do not wait for workers: they are dropped, as UDP does it.
constexpr std::size_t max_waiting = 1024;

Completion no_reply() {
  return [](const Finished&) {};
}

}  // namespace

Datagrams::Datagrams(ServerContext& context, IoThread& thread, const Endpoint& endpoint)
    : context_(context),
      thread_(thread),
      endpoint_(endpoint),
      session_(context.session(endpoint)),
      socket_(transport::bind_datagrams(endpoint_)) {
  name_ = endpoint_.address();
}

Datagrams::~Datagrams() {
  Datagrams::stop();
}

void Datagrams::start() {
  try {
    thread_.events().watch(*this, socket_.fd(), true, false);
  } catch (const std::exception& e) {
    context_.report(name_, e.what());
  }
}

void Datagrams::stop() {
  thread_.events().forget(*this);
  socket_ = transport::Descriptor();
}

void Datagrams::on_ready(bool /*readable*/, bool /*writable*/) {
  for (int i = 0; i < datagrams_at_once && socket_; ++i) {
    Buffer& in = thread_.input();
    const ssize_t n = ::recv(socket_.fd(), in.prepare(datagram_room), datagram_room, MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return;
    take({in.data(), static_cast<std::size_t>(n)});
  }
}

void Datagrams::take(std::span<const std::byte> bytes) {
  try {
    Conversation conversation(context_.dispatcher, session_, this);
    Buffer& out = thread_.output();
    out.clear();
    (void)conversation.receive(bytes, thread_.arena(), out);
    if (!conversation.problem().empty()) {
      context_.report(name_, conversation.problem());
    } else if (conversation.in_message()) {
      context_.report(name_, "a datagram that is no whole message");
    }
  } catch (const std::exception& e) {
    context_.report(name_, e.what());
  }
}

std::size_t Datagrams::max_in_flight() const noexcept {
  return max_waiting;
}

Completion Datagrams::completion() {
  return no_reply();
}

Completion Datagrams::NoReply::completion() {
  return no_reply();
}

void Datagrams::run(std::unique_ptr<Conversation::Job> job) {
  if (jobs_->running.fetch_add(1) >= max_waiting) {
    jobs_->running.fetch_sub(1);
    return context_.report(name_, "a call was dropped: too many wait");
  }
  std::shared_ptr<Conversation::Job> shared = std::move(job);
  context_.workers->submit([jobs = jobs_, shared] {
    (void)shared->run(*jobs);
    jobs->running.fetch_sub(1);
  });
}

}  // namespace thrift::rpc
