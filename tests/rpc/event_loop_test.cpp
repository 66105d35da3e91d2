// The loop of one thread: when it looks for more work, and when it sleeps.

#include "rpc/event_loop.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "rpc/patience.hpp"

using namespace thrift::rpc;
using namespace std::chrono_literals;

namespace {

/// Two ends of a stream; what arrives at the first is counted and thrown away.
class Stream final : public EventLoop::Watcher {
 public:
  explicit Stream(EventLoop& loop) : loop_(loop) {
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_) == 0);
    loop_.watch(*this, ends_[0], true, false);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() override {
    loop_.forget(*this);
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  void send() const { REQUIRE(::send(ends_[1], "x", 1, 0) == 1); }
  std::function<void()> on_byte = [] {};

 private:
  void on_ready(bool readable, bool) override {
    char byte = 0;
    if (readable && ::recv(ends_[0], &byte, 1, 0) == 1) on_byte();
  }
  EventLoop& loop_;
  int ends_[2] = {-1, -1};
};

unsigned looks_of(Patience& patience, unsigned waits, bool find) {
  unsigned looks = 0;
  for (unsigned i = 0; i < waits; ++i) {
    if (!patience.worth_looking()) continue;
    ++looks;
    find ? patience.found() : patience.found_nothing();
  }
  return looks;
}

}  // namespace

TEST_CASE("looking for more is given up where it finds nothing, and taken up again where it does") {
  Patience patience;
  CHECK(looks_of(patience, 100, true) == 100);
  // 0, 1, 2, 4 ... 64 waits are slept through between two looks.
  CHECK(looks_of(patience, 1 + 2 + 3 + 5 + 9 + 17 + 33 + 65, false) == 8);
  CHECK(looks_of(patience, 6500, false) == 100);
  CHECK(looks_of(patience, 64 + 33 + 17 + 9 + 5 + 3 + 2 + 100, true) > 100);
  CHECK(looks_of(patience, 100, true) == 100);
}

TEST_CASE("a loop that looks for more lets timers, other threads and stopping have their turn") {
  EventLoop loop(24h);  // nothing below would happen if it kept looking
  Stream first(loop);
  Stream second(loop);
  std::string seen;
  struct Bell final : EventLoop::Timer {
    std::function<void()> ring;
    void on_time() override { ring(); }
  } bell;
  std::thread other;
  first.on_byte = [&] {
    seen += "first ";
    loop.set(bell, EventLoop::Clock::now() + 5ms);
  };
  bell.ring = [&] {
    seen += "timer ";
    second.send();
  };
  second.on_byte = [&] {
    seen += "second ";
    other = std::thread([&] {
      std::this_thread::sleep_for(5ms);
      loop.post([&] {
        seen += "task ";
        first.on_byte = [&] {
          seen += "last";
          loop.stop();
        };
        first.send();
      });
    });
  };
  first.send();
  loop.run();
  other.join();
  CHECK(seen == "first timer second task last");
}
