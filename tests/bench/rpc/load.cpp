// thriftpp_rpc_load: calls getUser of a server on this machine as fast as it answers, and prints
// what it saw as one line of JSON. It knows nothing of thriftpp or of Apache's library: the request
// is the same few bytes for every server, and each reply must be the very bytes that are expected.
//
//     thriftpp_rpc_load PORT CONNECTIONS DEPTH MILLISECONDS [IDLE]
//
// DEPTH calls are outstanding on each connection; IDLE connections more are opened and do nothing.

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../loopback.hpp"
#include "messages.hpp"

namespace {

using Clock = std::chrono::steady_clock;

/// One connection with its outstanding calls, answered in order.
class Connection {
 public:
  explicit Connection(std::uint16_t port) : fd(bench::connect_to(port)) {}

  void send(std::size_t calls) {
    std::string bytes;
    for (std::size_t i = 0; i < calls; ++i) {
      bytes += rpc_bench::request();
      started_.push_back(Clock::now());
    }
    // What is outstanding is far less than a socket's buffer holds.
    if (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(bytes.size())) {
      throw std::runtime_error("the server takes no more");
    }
  }

  /// Reads what is there; the calls that it answers.
  std::size_t receive(std::vector<std::uint32_t>& latencies) {
    char buffer[64 * 1024];
    const ssize_t n = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n <= 0) throw std::runtime_error("the server closed a connection");
    received_.append(buffer, static_cast<std::size_t>(n));
    const std::string_view reply = rpc_bench::reply();
    const auto now = Clock::now();
    std::size_t used = 0;
    std::size_t calls = 0;
    for (; received_.size() - used >= reply.size(); used += reply.size(), ++calls) {
      if (std::string_view(received_).substr(used, reply.size()) != reply) {
        throw std::runtime_error("a reply that is not the expected one");
      }
      latencies.push_back(static_cast<std::uint32_t>(
          std::chrono::duration_cast<std::chrono::nanoseconds>(now - started_.front()).count()));
      started_.pop_front();
    }
    received_.erase(0, used);
    return calls;
  }

  const int fd;

 private:
  std::deque<Clock::time_point> started_;
  std::string received_;
};

void run(std::uint16_t port, std::size_t connections, std::size_t depth,
         std::chrono::milliseconds time, std::size_t idle) {
  std::vector<int> sleeping;
  for (std::size_t i = 0; i < idle; ++i) sleeping.push_back(bench::connect_to(port));
  std::vector<Connection> busy;
  busy.reserve(connections);
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  for (std::size_t i = 0; i < connections; ++i) {
    busy.emplace_back(port);
    epoll_event event{EPOLLIN, {.u64 = i}};
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, busy[i].fd, &event);
  }
  std::vector<std::uint32_t> latencies;
  latencies.reserve(4'000'000);
  for (Connection& connection : busy) connection.send(depth);
  // A tenth of the time to get warm.
  const auto begin = Clock::now() + time / 10;
  const auto end = begin + time;
  bool warm = false;
  std::size_t calls = 0;
  std::size_t warm_up = 0;
  auto now = Clock::now();
  auto from = now;
  for (; now < end; now = Clock::now()) {
    if (!warm && now >= begin) {
      warm = true;
      latencies.clear();
      warm_up = std::exchange(calls, 0);
      from = now;
    }
    epoll_event events[256];
    const int n = ::epoll_wait(epoll, events, 256, 1000);
    if (n == 0) throw std::runtime_error("no reply for a second");
    for (int i = 0; i < n; ++i) {
      Connection& connection = busy[events[i].data.u64];
      const std::size_t answered = connection.receive(latencies);
      calls += answered;
      if (answered != 0) connection.send(answered);
    }
  }
  std::sort(latencies.begin(), latencies.end());
  const auto at = [&](double share) {
    return static_cast<double>(latencies.at(
               static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1)))) /
           1e3;
  };
  std::printf(
      R"({"calls": %zu, "warm_up_calls": %zu, "seconds": %.6f, "p50_us": %.1f, "p99_us": %.1f})"
      "\n",
      calls, warm_up, std::chrono::duration<double>(now - from).count(), at(0.5), at(0.99));
  for (const int fd : sleeping) ::close(fd);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 5) throw std::runtime_error("PORT CONNECTIONS DEPTH MILLISECONDS [IDLE]");
    run(static_cast<std::uint16_t>(std::stoul(argv[1])), std::stoul(argv[2]), std::stoul(argv[3]),
        std::chrono::milliseconds(std::stoul(argv[4])), argc > 5 ? std::stoul(argv[5]) : 0);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "thriftpp_rpc_load: %s\n", e.what());
    return 1;
  }
  return 0;
}
