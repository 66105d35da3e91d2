// Many calls with random time-outs, over servers that are killed and started again: no reply goes
// to the wrong call, each lost call says whether it may have run, and nothing is left behind.
//
// THRIFTPP_STRESS=N makes N calls of it (a million: some minutes).

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <thread>

#include "rpc/messages.hpp"
#include "support/sockets.hpp"

using namespace thrift;
using namespace std::chrono_literals;

namespace {

std::size_t open_descriptors() {
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++n;
  }
  return n;
}

// Waits until no more are open than that: threads of the library may be just about to close some.
bool closes_down_to(std::size_t wanted) {
  for (int i = 0; i < 500; ++i) {
    if (open_descriptors() <= wanted) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

int calls_wanted() {
  const char* const text = std::getenv("THRIFTPP_STRESS");
  return text != nullptr ? std::atoi(text) : 3000;
}

struct Tally {
  std::atomic<int> right = 0;
  std::atomic<int> wrong = 0;
  std::atomic<int> lost = 0;
  std::atomic<int> ran_though_retryable = 0;
};

// Which calls have run: by their argument, which is used once.
class Ran {
 public:
  void note(std::int64_t n) {
    const std::lock_guard lock(mutex_);
    ++ran_[n];
  }
  [[nodiscard]] bool has(std::int64_t n) {
    const std::lock_guard lock(mutex_);
    return ran_.contains(n);
  }

 private:
  std::mutex mutex_;
  std::map<std::int64_t, int> ran_;
};

class Restarted {
 public:
  explicit Restarted(Ran& ran) : ran_(ran) { start(); }
  void kill_and_start() {
    server_.reset();  // without mercy: see stop_timeout
    start();
  }
  [[nodiscard]] std::string url() const { return "tcp://127.0.0.1:" + std::to_string(port_); }

 private:
  void start() {
    ServerOptions options;
    options.stop_timeout = 1ms;
    options.workers = 4;
    server_ = std::make_unique<Server>(test::schema(), "Users", std::move(options));
    test::serve_users(*server_);
    server_->on("slow",
                [this](std::int64_t n) {
                  ran_.note(n);
                  std::this_thread::sleep_for(std::chrono::microseconds(n * 7919 % 1500));
                  return n;
                },
                {.blocking = true});
    for (;;) {
      try {
        server_->start("tcp://127.0.0.1:" + std::to_string(port_));
        break;
      } catch (const TransportError&) {
        std::this_thread::sleep_for(1ms);
      }
    }
    port_ = server_->port();
  }

  Ran& ran_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Server> server_;
};

void check(const Result<Value>& result, std::int64_t mine, Tally& tally, Ran& ran) {
  if (result) {
    ++(result->as<std::int64_t>() == mine ? tally.right : tally.wrong);
    return;
  }
  const auto* const detail = result.error().as<TransportErrorDetail>();
  if (detail == nullptr) {  // nothing else may go wrong
    ++tally.wrong;
    MESSAGE(result.error().message());
    return;
  }
  ++tally.lost;
  if (detail->retryable && ran.has(mine)) {
    ++tally.ran_though_retryable;
    MESSAGE(result.error().message());
  }
}

void torment(const std::string& query, bool asynchronous, unsigned seed, int calls) {
  Ran ran;
  Tally tally;
  Restarted server(ran);
  std::atomic<bool> over = false;
  std::thread killer([&] {
    std::mt19937 random(seed);  // NOLINT(cert-msc51-cpp)
    while (!over) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20 + random() % 60));
      server.kill_and_start();
    }
  });
  const Client client(test::schema(), "Users", server.url() + query, {.connections = 2});
  constexpr int threads = 4;
  std::vector<std::thread> callers;
  for (int t = 0; t < threads; ++t) {
    callers.emplace_back([&, t] {
      std::mt19937 random(seed + 1000 + static_cast<unsigned>(t));  // NOLINT(cert-msc51-cpp)
      std::vector<std::pair<std::int64_t, std::future<Value>>> running;
      for (int i = 0; i < calls / threads; ++i) {
        const std::int64_t mine = t * 100'000'000LL + i;
        const std::chrono::milliseconds timeout(1 + random() % 20);
        const Client limited = client.with({.timeout = timeout});
        if (!asynchronous) {
          check(limited.try_call("slow", mine), mine, tally, ran);
          continue;
        }
        running.emplace_back(mine, limited.call_async("slow", mine));
        if (running.size() < 16) continue;
        for (auto& [n, future] : running) {
          try {
            check(future.get(), n, tally, ran);
          } catch (const Error& e) {
            check(e.failure(), n, tally, ran);
          }
        }
        running.clear();
      }
      for (auto& [n, future] : running) {
        try {
          check(future.get(), n, tally, ran);
        } catch (const Error& e) {
          check(e.failure(), n, tally, ran);
        }
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  over = true;
  killer.join();
  CAPTURE(query);
  CAPTURE(asynchronous);
  CHECK(tally.wrong == 0);
  CHECK(tally.ran_though_retryable == 0);
  CHECK(tally.right > 0);
  CHECK(tally.right + tally.lost == calls / threads * threads);
}

}  // namespace

TEST_CASE("with random time-outs and servers killed, no reply goes to the wrong call") {
  const std::size_t before = open_descriptors();
  const int calls = calls_wanted() / 6;
  unsigned seed = 1;
  for (const std::string query : {"", "?transport=framed", "?transport=header"}) {
    torment(query, false, seed++, calls);
    torment(query, true, seed++, calls);
  }
  CHECK(closes_down_to(before));
}

TEST_CASE("two hundred slow connections change nothing for the others, and are closed in time") {
  const std::size_t before = open_descriptors();
  {
    ServerOptions options;
    options.header_timeout = 300ms;
    Server server(test::schema(), "Users", std::move(options));
    test::serve_users(server);
    server.start("tcp://127.0.0.1:0");
    std::vector<test::RawSocket> slow;
    for (int i = 0; i < 200; ++i) {
      slow.push_back(test::RawSocket::connect(server.port()));
      const std::string_view start = i % 2 == 0 ? "POST / HTTP/1.1\r\nX-Slow: " : "\x80\x01";
      slow.back().send(std::as_bytes(std::span(start)));
    }
    const Client client(test::schema(), "Users", server.endpoint().address());
    for (int i = 0; i < 500; ++i) CHECK(client.call("add", i, 1).as<int>() == i + 1);
    for (int i = 0; i < 200; ++i) CHECK(slow[static_cast<std::size_t>(i)].receive_all().empty());
    CHECK(client.call("add", 1, 1).as<int>() == 2);
  }
  CHECK(closes_down_to(before));
}

TEST_CASE("messages that are never finished get only so much of the server's memory") {
  ServerOptions options;
  options.max_memory = 2 << 20;
  std::atomic<int> refused = 0;
  options.on_error = [&](std::string_view, std::string_view what) {
    if (what == "the server's memory is used up") ++refused;
  };
  Server server(test::schema(), "Users", std::move(options));
  test::serve_users(server);
  server.start("tcp://127.0.0.1:0");
  // Eight times half a megabyte of a frame that is announced as one megabyte.
  const std::string part =
      std::string("\x00\x10\x00\x00\x80\x01\x00\x01", 8) + std::string(512 * 1024, 'x');
  {
    std::vector<test::RawSocket> greedy;
    for (int i = 0; i < 8; ++i) {
      greedy.push_back(test::RawSocket::connect(server.port()));
      (void)greedy.back().send(std::as_bytes(std::span(part)));
    }
    while (refused < 3) std::this_thread::sleep_for(1ms);
  }
  while (server.connections() != 0) std::this_thread::sleep_for(1ms);
  const Client client(test::schema(), "Users", server.endpoint().address());
  CHECK(client.call("add", 1, 1).as<int>() == 2);
}
