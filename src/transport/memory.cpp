#include "transport/memory.hpp"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <map>
#include <mutex>

namespace thrift::transport {

struct MemoryListener::Queue {
  Descriptor event{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC | EFD_SEMAPHORE)};
  std::mutex mutex;
  std::deque<Socket> waiting;
};

namespace {

struct Names {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<MemoryListener::Queue>, std::less<>> listeners;
};

Names& names() {
  static Names* const all = new Names;  // never destroyed: static servers may outlive anything
  return *all;
}

}  // namespace

MemoryListener::MemoryListener(const Endpoint& endpoint)
    : name_(endpoint.path), queue_(std::make_shared<Queue>()) {
  if (!queue_->event) fail_to_open(endpoint, "cannot listen", errno);
  const std::lock_guard lock(names().mutex);
  if (!names().listeners.emplace(name_, queue_).second) {
    fail_to_open(endpoint, "cannot listen", EADDRINUSE);
  }
}

MemoryListener::~MemoryListener() {
  const std::lock_guard lock(names().mutex);
  names().listeners.erase(name_);
}

int MemoryListener::fd() const noexcept {
  return queue_->event.fd();
}

std::optional<Socket> MemoryListener::accept() {
  std::uint64_t one = 0;
  if (::read(fd(), &one, sizeof one) != sizeof one) return std::nullopt;
  const std::lock_guard lock(queue_->mutex);
  Socket socket = std::move(queue_->waiting.front());
  queue_->waiting.pop_front();
  return socket;
}

Socket connect_memory(const Endpoint& endpoint) {
  // The lock is held until the connection stands in the queue: a listener that goes away takes it
  // along, and the client sees its end.
  const std::lock_guard lock(names().mutex);
  const auto found = names().listeners.find(endpoint.path);
  if (found == names().listeners.end()) fail_to_open(endpoint, {}, ECONNREFUSED);
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    fail_to_open(endpoint, {}, errno);
  }
  Socket mine(ends[0]);
  Socket theirs(ends[1]);
  MemoryListener::Queue& queue = *found->second;
  const std::lock_guard queue_lock(queue.mutex);
  queue.waiting.push_back(std::move(theirs));
  const std::uint64_t one = 1;
  if (::write(queue.event.fd(), &one, sizeof one) != sizeof one) {
    queue.waiting.pop_back();
    fail_to_open(endpoint, {}, EAGAIN);
  }
  return mine;
}

}  // namespace thrift::transport
