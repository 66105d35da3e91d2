#include "rpc/event_loop.hpp"

#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "rpc/patience.hpp"
#include "transport/socket.hpp"

// asio consists of inline functions, which the linker takes from whoever has them. Under a name of
// their own ours are not mixed with those of a program that has compiled asio with other macros.
#define asio thriftpp_asio
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

namespace thrift::rpc {

namespace {

// So often in a row it looks for more descriptors before others have their turn: timers, and what
// other threads posted.
constexpr int rounds = 8;

int checked(int result) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), "epoll");
  return result;
}

}  // namespace

struct EventLoop::State {
  explicit State(std::chrono::microseconds patience_time)
      : busy_poll(patience_time),
        epoll(checked(::epoll_create1(EPOLL_CLOEXEC))),
        readiness(io, epoll.fd()) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { readiness.release(); }  // it is epoll's

  void wait_for_descriptors();
  void wait_for_timers();
  void tell_all();
  std::size_t tell_once();
  std::size_t look_for_more();
  void run_timers();
  std::vector<std::function<void()>> take_tasks();
  void run_tasks();

  const std::chrono::microseconds busy_poll;
  Patience patience;

  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  transport::Descriptor epoll;
  asio::posix::stream_descriptor readiness;  // of epoll
  bool stopping = false;

  std::array<epoll_event, 128> events{};
  std::size_t next = 0;  // of events, while they are told
  std::size_t end = 0;

  std::set<std::pair<Clock::time_point, Timer*>> timers;
  asio::steady_timer alarm{io};
  Clock::time_point alarm_at = Clock::time_point::max();  // what it is set to; max: it is not

  // asio has a queue of its own, but none that can be emptied.
  std::mutex mutex;  // guards tasks
  std::vector<std::function<void()>> tasks;
  std::atomic<bool> has_tasks = false;  // a hint: whoever reads it late is woken
};

EventLoop::EventLoop(std::chrono::microseconds busy_poll)
    : state_(std::make_unique<State>(busy_poll)) {}
EventLoop::~EventLoop() = default;

void EventLoop::post(std::function<void()> task) {
  bool first = false;
  {
    const std::lock_guard lock(state_->mutex);
    first = state_->tasks.empty();
    state_->tasks.push_back(std::move(task));
    state_->has_tasks.store(true, std::memory_order_relaxed);
  }
  if (!first) return;  // who came first has woken the loop
  asio::post(state_->io, [state = state_.get()] { state->run_tasks(); });
}

void EventLoop::discard_tasks() {
  (void)state_->take_tasks();
}

std::vector<std::function<void()>> EventLoop::State::take_tasks() {
  const std::lock_guard lock(mutex);
  has_tasks.store(false, std::memory_order_relaxed);
  return std::exchange(tasks, {});
}

void EventLoop::State::run_tasks() {
  std::vector<std::function<void()>> taken = take_tasks();
  for (std::function<void()>& task : taken) {
    task();
    task = nullptr;  // what it held is let go before the next
  }
}

void EventLoop::stop() {
  post([this] {
    state_->stopping = true;
    state_->readiness.cancel();
    state_->alarm.cancel();
    state_->work.reset();
  });
}

void EventLoop::run() {
  // Also after an exception: what was waited for then has to be waited for again.
  state_->wait_for_descriptors();
  state_->wait_for_timers();
  state_->io.run();
}

void EventLoop::State::wait_for_descriptors() {
  readiness.async_wait(asio::posix::descriptor_base::wait_read,
                       [this](const asio::error_code& error) {
                         if (error || stopping) return;
                         tell_all();
                         if (!stopping) wait_for_descriptors();
                       });
}

void EventLoop::State::tell_all() {
  std::size_t told = tell_once();
  while (told > 0) {
    // Where several were ready at once, more have probably become so since.
    for (int round = 1; round < rounds && told > 1; ++round) told = tell_once();
    told = look_for_more();
  }
}

// How many it found and told. At once none where others wait for their turn.
std::size_t EventLoop::State::look_for_more() {
  if (busy_poll.count() == 0 || !patience.worth_looking()) return 0;
  const Clock::time_point begin = Clock::now();
  for (Clock::time_point now = begin; now < begin + busy_poll; now = Clock::now()) {
    if (stopping || now >= alarm_at || has_tasks.load(std::memory_order_relaxed)) return 0;
    const std::size_t told = tell_once();
    if (told == 0) continue;
    patience.found();
    return told;
  }
  patience.found_nothing();
  return 0;
}

std::size_t EventLoop::State::tell_once() {
  const int n = ::epoll_wait(epoll.fd(), events.data(), static_cast<int>(events.size()), 0);
  end = n > 0 ? static_cast<std::size_t>(n) : 0;
  const std::size_t told = end;
  for (next = 0; next < end;) {
    const epoll_event& event = events[next++];
    auto* const watcher = static_cast<Watcher*>(event.data.ptr);
    if (watcher == nullptr) continue;  // it was forgotten meanwhile
    constexpr std::uint32_t broken = EPOLLERR | EPOLLHUP;
    watcher->on_ready((event.events & (EPOLLIN | broken)) != 0,
                      (event.events & (EPOLLOUT | broken)) != 0);
  }
  next = end = 0;
  return told;
}

// The alarm is set to the earliest timer; where that was cancelled it goes off for nothing, which
// costs less than setting it anew with every call.
void EventLoop::State::wait_for_timers() {
  if (timers.empty() || timers.begin()->first >= alarm_at) return;
  alarm_at = timers.begin()->first;
  alarm.expires_at(alarm_at);
  alarm.async_wait([this](const asio::error_code& error) {
    if (error || stopping) return;
    alarm_at = Clock::time_point::max();
    run_timers();
    wait_for_timers();
  });
}

void EventLoop::State::run_timers() {
  const Clock::time_point now = Clock::now();
  while (!timers.empty() && timers.begin()->first <= now) {
    Timer& timer = *timers.begin()->second;
    timers.erase(timers.begin());
    timer.set_ = false;
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
  checked(::epoll_ctl(state_->epoll.fd(), is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event));
  watcher.fd_ = fd;
  watcher.events_ = wanted;
}

void EventLoop::forget(Watcher& watcher) noexcept {
  if (watcher.fd_ < 0) return;
  ::epoll_ctl(state_->epoll.fd(), EPOLL_CTL_DEL, watcher.fd_, nullptr);
  watcher.fd_ = -1;
  for (std::size_t i = state_->next; i < state_->end; ++i) {
    if (state_->events[i].data.ptr == &watcher) state_->events[i].data.ptr = nullptr;
  }
}

void EventLoop::set(Timer& timer, Clock::time_point at) {
  cancel(timer);
  timer.at_ = at;
  state_->timers.emplace(at, &timer);
  timer.set_ = true;
  state_->wait_for_timers();
}

void EventLoop::cancel(Timer& timer) noexcept {
  if (timer.set_) state_->timers.erase({timer.at_, &timer});
  timer.set_ = false;
}

}  // namespace thrift::rpc
