#include "rpc/poller.hpp"

#include <cerrno>
#include <system_error>

namespace thrift::rpc {

namespace {

// So often in a row it looks for more before others have their turn on the thread: timers, and what
// other threads posted.
constexpr int rounds = 8;

int checked(int result) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), "epoll");
  return result;
}

}  // namespace

Poller::Poller(asio::io_context& io)
    : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC))), readiness_(io, epoll_.fd()) {}

Poller::~Poller() {
  if (readiness_.is_open()) readiness_.release();  // it is epoll_'s
}

void Poller::start() {
  wait();
}

void Poller::stop() {
  readiness_.cancel();
  stopped_ = true;
}

void Poller::wait() {
  readiness_.async_wait(asio::posix::descriptor_base::wait_read,
                        [this](const asio::error_code& error) {
                          if (error || stopped_) return;
                          tell();
                          wait();
                        });
}

void Poller::tell() {
  // Where several were ready at once, more have probably become so meanwhile.
  for (int round = 0; round < rounds && tell_once() > 1; ++round) {
  }
}

std::size_t Poller::tell_once() {
  const int n = ::epoll_wait(epoll_.fd(), events_.data(), static_cast<int>(events_.size()), 0);
  end_ = n > 0 ? static_cast<std::size_t>(n) : 0;
  const std::size_t told = end_;
  for (next_ = 0; next_ < end_;) {
    auto* const watcher = static_cast<Watcher*>(events_[next_++].data.ptr);
    if (watcher != nullptr) watcher->on_ready();
  }
  next_ = end_ = 0;
  return told;
}

void Poller::watch(Watcher& watcher, int fd, Interest interest) {
  const bool is_new = watcher.fd_ < 0;
  if (!is_new && watcher.interest_ == interest) return;
  epoll_event event{};
  event.events = interest == Interest::reading ? EPOLLIN : EPOLLOUT;
  event.data.ptr = &watcher;
  checked(::epoll_ctl(epoll_.fd(), is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event));
  watcher.fd_ = fd;
  watcher.interest_ = interest;
}

void Poller::forget(Watcher& watcher) noexcept {
  if (watcher.fd_ < 0) return;
  ::epoll_ctl(epoll_.fd(), EPOLL_CTL_DEL, watcher.fd_, nullptr);
  watcher.fd_ = -1;
  for (std::size_t i = next_; i < end_; ++i) {
    if (events_[i].data.ptr == &watcher) events_[i].data.ptr = nullptr;
  }
}

}  // namespace thrift::rpc
