#pragma once

// A thread's event loop: descriptors that become ready, functions posted by other threads, timers.
// A descriptor says once what it waits for, and is told until it says otherwise: no system call for
// each message. A loop that serves others may look for more before it sleeps: see patience.hpp.

#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <vector>

#include "transport/socket.hpp"

namespace thrift::rpc {

class EventLoop {
 public:
  using Clock = transport::Clock;

  // Someone who watches a descriptor, of which it is told on the loop's thread. What is done there
  // may make it, or any other, stop watching.
  class Watcher {
   public:
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;
    virtual void on_ready(bool readable, bool writable) = 0;

   protected:
    Watcher() = default;
    virtual ~Watcher() = default;

   private:
    friend EventLoop;
    int fd_ = -1;  // while it watches
    std::uint32_t events_ = 0;
  };
  // Tells at a time; once, unless it is set again.
  class Timer {
   public:
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    virtual void on_time() = 0;

   protected:
    Timer() = default;
    virtual ~Timer() = default;

   private:
    friend EventLoop;
    Clock::time_point at_{};
    bool set_ = false;
  };

  // Calls a function of someone's at a time.
  template <class T>
  class Alarm final : public Timer {
   public:
    Alarm(T& whose, void (T::*step)()) noexcept : whose_(whose), step_(step) {}

   private:
    void on_time() override { (whose_.*step_)(); }
    T& whose_;
    void (T::*step_)();
  };

  // `busy_poll` is how long it may look for ready descriptors before it sleeps; 0: not at all.
  // Throws std::system_error.
  explicit EventLoop(std::chrono::microseconds busy_poll = {});
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  ~EventLoop();

  // --- from any thread ---
  void post(std::function<void()> task);
  // run() returns once all that was posted before has been done.
  void stop();
  // After run(): what nobody will do any more is forgotten.
  void discard_tasks();

  // --- on the loop's thread ---
  void run();
  // Throws std::system_error, as for lack of memory. Changes nothing where it is watched like that.
  void watch(Watcher& watcher, int fd, bool reading, bool writing);
  // It is told nothing until it watches again. To be called before the descriptor is closed.
  void forget(Watcher& watcher) noexcept;
  void set(Timer& timer, Clock::time_point at);
  void cancel(Timer& timer) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace thrift::rpc
