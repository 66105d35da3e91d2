#pragma once

// Which of a thread's descriptors are ready, for those that are ready again and again. asio has
// every wait begin with a system call of its own; here a descriptor says once what it waits for,
// and is told until it says otherwise. To asio all of them are one descriptor.

#include <sys/epoll.h>

#include <array>
#include <asio/posix/stream_descriptor.hpp>

#include "transport/socket.hpp"

namespace thrift::rpc {

class Poller {
 public:
  enum class Interest : std::uint8_t { reading, writing };

  // Someone who watches a descriptor, of which it is told on the thread that runs `io`. What is
  // said here may make it, or any other, stop watching.
  class Watcher {
   public:
    virtual void on_ready() = 0;

   protected:
    Watcher() = default;
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;
    virtual ~Watcher() = default;

   private:
    friend Poller;
    int fd_ = -1;  // while it watches
    Interest interest_ = Interest::reading;
  };

  // Throws std::system_error.
  explicit Poller(asio::io_context& io);
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  ~Poller();

  // --- on the thread that runs `io` ---
  void start();
  // Nobody is told any more.
  void stop();
  // Throws std::system_error, as for lack of memory. Changes nothing where it is watched like that.
  void watch(Watcher& watcher, int fd, Interest interest);
  // It is told nothing until it watches again. To be called before the descriptor is closed.
  void forget(Watcher& watcher) noexcept;

 private:
  void wait();
  void tell();
  std::size_t tell_once();

  transport::Descriptor epoll_;
  asio::posix::stream_descriptor readiness_;  // of epoll_
  std::array<epoll_event, 128> events_{};
  std::size_t next_ = 0;  // of events_: those who have not been told yet
  std::size_t end_ = 0;
  bool stopped_ = false;
};

}  // namespace thrift::rpc
