#include "rpc/event_loop.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace thrift::rpc {

namespace {

// While there is always something to be told, timers are looked at once in so many rounds.
constexpr unsigned rounds = 16;

int checked(int result) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), "epoll");
  return result;
}

}  // namespace

EventLoop::EventLoop()
    : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC))),
      wake_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))) {
  epoll_event event{};
  event.events = EPOLLIN;
  checked(::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, wake_.fd(), &event));
}

EventLoop::~EventLoop() = default;

void EventLoop::post(std::function<void()> task) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = tasks_.empty();
    tasks_.push_back(std::move(task));
  }
  if (!first) return;  // who came first has woken the loop
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = ::write(wake_.fd(), &one, sizeof one);
}

void EventLoop::stop() {
  post([this] {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  });
}

int EventLoop::time_to_wait() const {
  if (timers_.empty()) return -1;
  return transport::Deadline{timers_.begin()->first}.poll_time();
}

void EventLoop::discard_tasks() {
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
}

bool EventLoop::tell(int count) {
  end_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  bool woken = false;
  for (next_ = 0; next_ < end_;) {
    const epoll_event& event = events_[next_++];
    if (auto* const watcher = static_cast<Watcher*>(event.data.ptr)) {
      constexpr std::uint32_t broken = EPOLLERR | EPOLLHUP;
      watcher->on_ready((event.events & (EPOLLIN | broken)) != 0,
                        (event.events & (EPOLLOUT | broken)) != 0);
    } else {
      woken = true;  // or one that was forgotten: looking is cheap
    }
  }
  next_ = end_ = 0;
  return woken;
}

void EventLoop::run() {
  for (unsigned round = 0;; ++round) {
    const int time = time_to_wait();
    const int n = ::epoll_wait(epoll_.fd(), events_.data(), static_cast<int>(events_.size()), time);
    const bool woken = tell(n);
    if (n <= 0 || time == 0 || round % rounds == 0) run_timers();
    if (!woken) continue;
    run_tasks();
    const std::lock_guard lock(mutex_);
    if (stopping_ && tasks_.empty()) return;
  }
}

void EventLoop::run_tasks() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t n = ::read(wake_.fd(), &count, sizeof count);
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
  for (std::function<void()>& task : tasks) {
    task();
    task = nullptr;  // what it held is let go before the next
  }
}

void EventLoop::run_timers() {
  if (timers_.empty()) return;
  const Clock::time_point now = Clock::now();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    Timer& timer = *timers_.begin()->second;
    cancel(timer);
    timer.on_time();
  }
}

void EventLoop::watch(Watcher& watcher, int fd, bool reading, bool writing) {
  const std::uint32_t wanted = (reading ? EPOLLIN : 0U) | (writing ? EPOLLOUT : 0U);
  const bool is_new = watcher.fd_ < 0;
  if (!is_new && watcher.events_ == wanted) return;
  epoll_event event{};
  event.events = wanted;
  event.data.ptr = &watcher;
  checked(::epoll_ctl(epoll_.fd(), is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event));
  watcher.fd_ = fd;
  watcher.events_ = wanted;
}

void EventLoop::forget(Watcher& watcher) noexcept {
  if (watcher.fd_ < 0) return;
  ::epoll_ctl(epoll_.fd(), EPOLL_CTL_DEL, watcher.fd_, nullptr);
  watcher.fd_ = -1;
  for (std::size_t i = next_; i < end_; ++i) {
    if (events_[i].data.ptr == &watcher) events_[i].data.ptr = nullptr;
  }
}

void EventLoop::set(Timer& timer, Clock::time_point at) {
  cancel(timer);
  timer.at_ = at;
  timers_.emplace(at, &timer);
  timer.set_ = true;
}

void EventLoop::cancel(Timer& timer) noexcept {
  if (timer.set_) timers_.erase({timer.at_, &timer});
  timer.set_ = false;
}

}  // namespace thrift::rpc
