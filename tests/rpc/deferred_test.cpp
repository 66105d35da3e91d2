// Calls that are answered later, several at once on one connection; what is done around calls.

#include <doctest/doctest.h>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <latch>
#include <map>
#include <semaphore>
#include <thread>
#include <thriftpp/asio.hpp>

#include "rpc/messages.hpp"
#include "support/sockets.hpp"

using namespace thrift;
using namespace std::chrono_literals;

namespace {

// Calls that a handler left to the test.
class Waiting {
 public:
  void put(DeferredCall call) {
    const std::lock_guard lock(mutex_);
    calls_.push_back(std::move(call));
    there_.release();
  }
  [[nodiscard]] DeferredCall take() {
    there_.acquire();
    const std::lock_guard lock(mutex_);
    DeferredCall call = std::move(calls_.front());
    calls_.erase(calls_.begin());
    return call;
  }

 private:
  std::counting_semaphore<> there_{0};
  std::mutex mutex_;
  std::vector<DeferredCall> calls_;
};

struct Running {
  explicit Running(ServerOptions options = {})
      : server(test::schema(), "Users", std::move(options)) {
    test::serve_users(server);
    server.on("slow", [this](Call& call) { waiting.put(call.defer()); });
  }
  std::string start() {
    server.start("tcp://127.0.0.1:0");
    return server.endpoint().address();
  }
  Waiting waiting;
  Server server;
};

Buffer slow(std::int64_t n, std::int32_t id) {
  return test::frame(test::call("slow", {{"n", n}}, id));
}
Buffer slow_reply(std::int64_t n, std::int32_t id) {
  return test::frame(test::reply("slow", {{"success", n}}, id));
}

void check_receives(const test::RawSocket& socket, const Buffer& expected) {
  const std::vector<std::byte> got = socket.receive(expected.size());
  CHECK(std::equal(got.begin(), got.end(), expected.data(), expected.data() + expected.size()));
}

ApplicationErrorKind error_of(std::future<Value> result) {
  try {
    result.get();
  } catch (const ApplicationError& e) {
    return e.kind();
  }
  return ApplicationErrorKind::unknown;
}

}  // namespace

TEST_CASE("a call may be answered later, by any thread, and keeps its arguments") {
  Running running;
  const std::string url = running.start();
  for (const std::string_view query : {"", "?transport=framed", "?transport=header",
                                       "?transport=zlib", "?protocol=json", "?protocol=compact"}) {
    CAPTURE(query);
    const Client client(test::schema(), "Users", url + std::string(query));
    std::future<Value> result = client.call_async("slow", 41);
    DeferredCall call = running.waiting.take();
    CHECK(call.function().name() == "slow");
    CHECK(call.expects_reply());
    CHECK_FALSE(call.done());
    CHECK(call["n"].as<std::int64_t>() == 41);
    std::thread([&] { call.reply(call["n"].as<std::int64_t>() + 1); }).join();
    CHECK(call.done());
    CHECK(result.get().as<std::int64_t>() == 42);
  }
}

TEST_CASE("over HTTP a deferred call keeps its headers, and those of its reply arrive") {
  Running running;
  running.start();
  const Client client(test::schema(), "Users",
                      "http://127.0.0.1:" + std::to_string(running.server.port()) + "/");
  CallReport report;
  std::future<Value> result =
      client.with({.headers = {{"X-Mine", "yes"}}, .report = &report}).call_async("slow", 1);
  DeferredCall call = running.waiting.take();
  REQUIRE(find_header(call.headers(), "x-mine") != nullptr);
  CHECK(*find_header(call.headers(), "x-mine") == "yes");
  call.set_reply_header("X-Theirs", "too");
  call.reply(2);
  CHECK(result.get().as<std::int64_t>() == 2);
  REQUIRE(find_header(report.headers, "x-theirs") != nullptr);
}

TEST_CASE("a deferred call can fail as handlers do, and is never left without an answer") {
  Running running;
  running.server.on("find", [&](Call& call) { running.waiting.put(call.defer()); });
  const Client client(test::schema(), "Users", running.start() + "?transport=framed");
  using Kind = ApplicationErrorKind;

  std::future<Value> result = client.call_async("find", "x");
  running.waiting.take().fail(
      ServiceException(Value(test::schema()->type("NotFound"), {{"id", "x"}})));
  CHECK_THROWS_AS(result.get(), ServiceException);

  result = client.call_async("slow", 1);
  running.waiting.take().fail(std::runtime_error("secret"));
  CHECK(error_of(std::move(result)) == Kind::internal_error);

  result = client.call_async("slow", 1);
  running.waiting.take().reply("no number");
  CHECK(error_of(std::move(result)) == Kind::internal_error);

  result = client.call_async("slow", 1);
  running.waiting.take().reply();
  CHECK(error_of(std::move(result)) == Kind::missing_result);

  result = client.call_async("slow", 1);
  {
    const DeferredCall dropped = running.waiting.take();
  }
  CHECK(error_of(std::move(result)) == Kind::internal_error);

  result = client.call_async("slow", 1);
  DeferredCall twice = running.waiting.take();
  twice.reply(1);
  CHECK_THROWS_AS(twice.reply(2), std::logic_error);
  CHECK(result.get().as<std::int64_t>() == 1);
}

TEST_CASE("framed calls overtake a deferred one, buffered calls wait for it") {
  Running running;
  running.start();
  const test::RawSocket framed = test::RawSocket::connect(running.server.port());
  framed.send(slow(1, 1));
  framed.send(slow(2, 2));
  framed.send(test::frame(test::call("ping", {}, 3)));
  check_receives(framed, test::frame(test::reply("ping", {}, 3)));
  DeferredCall first = running.waiting.take();
  running.waiting.take().reply(2);
  check_receives(framed, slow_reply(2, 2));
  first.reply(1);
  check_receives(framed, slow_reply(1, 1));

  const test::RawSocket buffered = test::RawSocket::connect(running.server.port());
  buffered.send(test::call("slow", {{"n", 1}}, 1));
  buffered.send(test::call("ping", {}, 2));
  running.waiting.take().reply(1);
  check_receives(buffered, test::reply("slow", {{"success", 1}}, 1));
  check_receives(buffered, test::reply("ping", {}, 2));
}

TEST_CASE("calls with one sequence id are answered in order, and so are all where that is wanted") {
  for (const bool in_order : {false, true}) {
    CAPTURE(in_order);
    Running running({.in_order = in_order});
    running.start();
    const test::RawSocket socket = test::RawSocket::connect(running.server.port());
    const std::int32_t second = in_order ? 2 : 1;
    socket.send(slow(1, 1));
    socket.send(test::frame(test::call("add", {{"a", 1}, {"b", 2}}, second)));
    running.waiting.take().reply(1);
    check_receives(socket, slow_reply(1, 1));
    check_receives(socket, test::frame(test::reply("add", {{"success", 3}}, second)));
  }
}

TEST_CASE("a blocking call does not hold up the connection's later ones") {
  std::latch go_on(1);
  Server server(test::schema(), "Users", {.workers = 2});
  test::serve_users(server);
  server.on("slow",
            [&](std::int64_t n) {
              go_on.wait();
              return n;
            },
            {.blocking = true});
  server.start("tcp://127.0.0.1:0");
  const test::RawSocket socket = test::RawSocket::connect(server.port());
  socket.send(slow(1, 1));
  socket.send(test::frame(test::call("ping", {}, 2)));
  check_receives(socket, test::frame(test::reply("ping", {}, 2)));
  go_on.count_down();
  check_receives(socket, slow_reply(1, 1));
}

TEST_CASE("only so many calls of a connection are taken at once") {
  Running running({.max_in_flight = 3});
  running.start();
  const test::RawSocket socket = test::RawSocket::connect(running.server.port());
  for (int i = 0; i < 10; ++i) socket.send(slow(i, i));
  for (int i = 0; i < 10; ++i) {
    DeferredCall call = running.waiting.take();  // the fourth comes when one of three is answered
    CHECK(call["n"].as<std::int64_t>() == i);
    call.reply(i);
    check_receives(socket, slow_reply(i, i));
  }
}

TEST_CASE("who has sent all its calls and finished sending still gets deferred replies") {
  Running running;
  running.start();
  const test::RawSocket socket = test::RawSocket::connect(running.server.port());
  socket.send(slow(1, 1));
  socket.finish_sending();
  DeferredCall call = running.waiting.take();
  std::this_thread::sleep_for(20ms);
  call.reply(5);
  check_receives(socket, slow_reply(5, 1));
  CHECK(socket.receive_all().empty());
}

TEST_CASE("a mistake after deferred calls closes the connection when they are answered") {
  Running running;
  running.start();
  const test::RawSocket socket = test::RawSocket::connect(running.server.port());
  socket.send(slow(1, 1));
  socket.send(std::as_bytes(std::span("\xff\xff\xff\xff", 4)));
  DeferredCall call = running.waiting.take();
  std::this_thread::sleep_for(20ms);
  call.reply(5);
  check_receives(socket, slow_reply(5, 1));
  CHECK(socket.receive_all().empty());
}

TEST_CASE("a reply that comes when its connection or its server is gone goes nowhere") {
  std::optional<DeferredCall> late;
  {
    Running running({.stop_timeout = 20ms});
    running.start();
    {
      const test::RawSocket socket = test::RawSocket::connect(running.server.port());
      socket.send(slow(1, 1));
      running.waiting.take().reply(1);
      check_receives(socket, slow_reply(1, 1));
      socket.send(slow(2, 2));
      late = running.waiting.take();
    }
    late->reply(1);
    const test::RawSocket socket = test::RawSocket::connect(running.server.port());
    socket.send(slow(3, 3));
    late = running.waiting.take();
    running.server.stop();
  }
  CHECK((*late)["n"].as<std::int64_t>() == 3);
  late->reply(1);
}

TEST_CASE("stopping waits for deferred calls, but not for ever") {
  Running running;
  const Client client(test::schema(), "Users", running.start() + "?transport=framed");
  std::future<Value> result = client.call_async("slow", 1);
  DeferredCall call = running.waiting.take();
  std::thread stopper([&] { running.server.stop(); });
  std::this_thread::sleep_for(20ms);
  call.reply(7);
  CHECK(result.get().as<std::int64_t>() == 7);
  stopper.join();
}

TEST_CASE("a processor and a session wait for what is deferred") {
  Processor processor(test::schema(), "Users");
  test::serve_users(processor);
  std::thread other;
  processor.on("slow", [&](Call& call) {
    other = std::thread([later = call.defer()]() mutable { later.reply(8); });
  });
  Buffer out;
  CHECK(processor.process(ProtocolId::binary, test::call("slow", {{"n", 1}}), out));
  CHECK(out.text() == test::reply("slow", {{"success", 8}}).text());
  other.join();
  Session session(processor);
  out.clear();
  CHECK(session.receive(slow(1, 3), out));
  CHECK(out.text() == slow_reply(8, 3).text());
  other.join();
}

TEST_CASE("handlers may be coroutines") {
  asio::io_context io;
  auto work = asio::make_work_guard(io);
  Server server(test::schema(), "Users");
  test::serve_users(server);
  server
      .on("slow", coroutine(io,
                            [&](std::int64_t n) -> asio::awaitable<std::int64_t> {
                              asio::steady_timer timer(io, 1ms);
                              co_await timer.async_wait(asio::use_awaitable);
                              co_return n + 1;
                            }))
      .on("find", coroutine(io,
                            [](std::string_view id) -> asio::awaitable<Value> {
                              if (id == "2") co_return test::user("2", "Bo", 30);
                              throw std::runtime_error("no");
                            }))
      .on("ping", coroutine(io,
                            [](DeferredCall& call) -> asio::awaitable<void> {
                              call.reply();
                              co_return;
                            }))
      .on("note", coroutine(io, [](std::string) -> asio::awaitable<void> { co_return; }));
  CHECK_THROWS_AS(
      server.on("slow",
                coroutine(io, [](std::string) -> asio::awaitable<std::int64_t> { co_return 1; })),
      TypeError);
  server.start("tcp://127.0.0.1:0");
  std::thread runner([&] { io.run(); });
  {
    const Client client(test::schema(), "Users", server.endpoint().address() + "?transport=framed");
    std::vector<std::future<Value>> results;
    for (int i = 0; i < 20; ++i) results.push_back(client.call_async("slow", i));
    for (int i = 0; i < 20; ++i) {
      CHECK(results[static_cast<std::size_t>(i)].get().as<std::int64_t>() == i + 1);
    }
    CHECK(client.call("find", "2")["name"].as<std::string>() == "Bo");
    CHECK_THROWS_AS(client.call("find", "3"), ApplicationError);
    client.call("ping");
    client.call("note", "x");
    client.call("ping");
  }
  server.stop();
  work.reset();
  runner.join();
}

TEST_CASE("middleware runs around every handler, in order, and may answer itself") {
  std::string log;
  Server server(test::schema(), "Users");
  test::serve_users(server);
  server
      .around([&](Call& call, const std::function<void()>& next) {
        log += "[" + std::string(call.function().name());
        try {
          next();
        } catch (const ServiceException&) {
          log += "!";
          throw;
        }
        log += call.replied() ? "]" : ")";
      })
      .around([&](Call& call, const std::function<void()>& next) {
        if (call.function().name() == "getName" && call["userId"].as<std::string>() == "cached") {
          call.reply("from the cache");
          return;
        }
        if (call.function().name() == "all") {
          throw ApplicationError(ApplicationErrorKind::internal_error, "not allowed");
        }
        log += ".";
        next();
      });
  server.start("memory://middleware");
  const Client client(test::schema(), "Users", "memory://middleware");
  CHECK(client.call("getName", "1").as<std::string>() == "name of 1");
  CHECK(client.call("getName", "cached").as<std::string>() == "from the cache");
  CHECK_THROWS_AS(client.call("find", "nobody"), ServiceException);
  CHECK_THROWS_WITH(client.call("all"), "not allowed");
  client.call("ping");
  CHECK(log == "[getName.][getName][find.![all[ping.)");
}

TEST_CASE("events tell of each call what those want to know who count") {
  std::mutex mutex;
  std::vector<std::string> ended;
  std::atomic<int> begun = 0;
  Running running(
      {.on_call_begin = [&](const CallEvent&) { ++begun; },
       .on_call_end =
           [&](const CallEvent& e) {
             const std::lock_guard lock(mutex);
             constexpr const char* outcomes[] = {"result", "exception", "error"};
             ended.push_back(std::string(e.service) + "." + std::string(e.method) + " " +
                             outcomes[static_cast<int>(e.outcome)] + " " +
                             std::to_string(e.request_size) + " " + std::to_string(e.reply_size));
             CHECK(e.duration.count() > 0);
             CHECK((e.error == ApplicationErrorKind::unknown_method) == (e.method == "nothing"));
           }});
  running.start();
  const test::RawSocket socket = test::RawSocket::connect(running.server.port());
  const auto exchange = [&](const Buffer& call, const Buffer& reply) {
    socket.send(test::frame(call));
    check_receives(socket, test::frame(reply));
    return std::to_string(call.size()) + " " + std::to_string(reply.size());
  };
  std::vector<std::string> expected;
  expected.push_back("Users.add result " + exchange(test::call("add", {{"a", 1}, {"b", 2}}),
                                                    test::reply("add", {{"success", 3}})));
  expected.push_back("Users.find exception " +
                     exchange(test::call("find", {{"id", "nobody"}}),
                              test::reply("find", {{"missing", {{"id", "nobody"}}}})));
  const Buffer later = test::call("slow", {{"n", 1}});
  socket.send(test::frame(later));
  running.waiting.take().reply(1);
  check_receives(socket, test::frame(test::reply("slow", {{"success", 1}})));
  expected.push_back("Users.slow result " + std::to_string(later.size()) + " " +
                     std::to_string(test::reply("slow", {{"success", 1}}).size()));
  socket.send(test::frame(test::call("note", {{"text", "x"}})));
  expected.push_back("Users.note error " +
                     std::to_string(test::call("note", {{"text", "x"}}).size()) + " 0");
  exchange(test::call("ping", {}), test::reply("ping", {}));
  const std::lock_guard lock(mutex);
  REQUIRE(ended.size() >= expected.size());
  ended.resize(expected.size());
  CHECK(ended == expected);
  CHECK(begun >= 4);
}
