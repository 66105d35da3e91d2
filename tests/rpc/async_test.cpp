// Calls that nobody's thread waits for, connections in numbers, and several endpoints.

#include <doctest/doctest.h>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#include <future>
#include <latch>
#include <thread>
#include <thriftpp/asio.hpp>

#include "rpc/messages.hpp"
#include "rpc/peers.hpp"

using namespace thrift;
using namespace std::chrono_literals;

namespace {

struct Running {
  explicit Running(ServerOptions options = {}, std::string_view url = "tcp://127.0.0.1:0")
      : server(test::schema(), "Users", std::move(options)) {
    test::serve_users(server);
    server.start(url);
  }
  [[nodiscard]] std::string url(std::string_view query = {}) const {
    return server.endpoint().address() + std::string(query);
  }
  [[nodiscard]] Client client(std::string_view query = {},
                              const ClientOptions& options = {}) const {
    return {test::schema(), "Users", url(query), options};
  }
  Server server;
};

// Nobody listens there.
std::string dead_url() {
  const test::RawSocket socket = test::RawSocket::listen();
  return "tcp://127.0.0.1:" + std::to_string(socket.port());
}

}  // namespace

TEST_CASE("calls can be made asynchronously over every transport, and give what calls give") {
  const Running running;
  for (const std::string_view query :
       {"", "?transport=framed", "?transport=header&compress=zlib", "?transport=zlib",
        "?transport=framed&protocol=compact", "?protocol=json"}) {
    CAPTURE(query);
    const Client client = running.client(query);
    std::vector<std::future<Value>> names;
    for (int i = 0; i < 50; ++i) names.push_back(client.call_async("getName", std::to_string(i)));
    for (int i = 0; i < 50; ++i) {
      CHECK(names[static_cast<std::size_t>(i)].get().as<std::string>() ==
            "name of " + std::to_string(i));
    }
    CHECK(client.call_async("add", {{"a", 1}, {"b", 2}}).get().as<std::int64_t>() == 3);
    CHECK(client.call_async("ping").get().type().is_void());
    CHECK(client.call_async("note", "nothing comes back").get().type().is_void());
  }
}

TEST_CASE("asynchronous calls over HTTP follow one another") {
  const Running running;
  const Client client(test::schema(), "Users",
                      "http://127.0.0.1:" + std::to_string(running.server.port()) + "/x");
  std::vector<std::future<Value>> names;
  for (int i = 0; i < 20; ++i) names.push_back(client.call_async("getName", std::to_string(i)));
  names.push_back(client.call_async("note", "one with an empty answer"));
  for (int i = 0; i < 20; ++i) {
    CHECK(names[static_cast<std::size_t>(i)].get().as<std::string>() ==
          "name of " + std::to_string(i));
  }
  CHECK(names.back().get().type().is_void());
}

TEST_CASE("what a call throws comes through its future, but wrong arguments are told at once") {
  const Running running;
  const Client client = running.client();
  CHECK_THROWS_AS((void)client.call_async("add", "one", 2), TypeError);
  CHECK_THROWS_AS((void)client.call_async("nothing"), ApplicationError);
  std::future<Value> missing = client.call_async("find", "nobody");
  CHECK_THROWS_AS(missing.get(), ServiceException);
  const Client nobody(test::schema(), "Users", dead_url());
  try {
    nobody.call_async("ping").get();
    FAIL("there is nobody");
  } catch (const TransportError& e) {
    CHECK(e.message() == nobody.endpoint().address() + ": connection refused");
    CHECK(e.retryable());
  }
}

TEST_CASE("callbacks are called once, with the result or the error") {
  const Running running;
  const Client client = running.client("?transport=framed");
  std::latch both(2);
  std::string name;
  std::string error;
  client.call_then(
      [&](Result<Value> r) {
        name = r->as<std::string>();
        both.count_down();
      },
      "getName", "7");
  client.call_then(
      [&](Result<Value> r) {
        if (!r) error = r.error().message();
        both.count_down();
      },
      "find", {{"id", "nobody"}});
  both.wait();
  CHECK(name.find("name of 7") != std::string::npos);
  CHECK(error.find("NotFound") != std::string::npos);
}

TEST_CASE("a callback may make calls, and hold the last copy of its client") {
  const Running running;
  std::promise<Value> last;
  {
    auto client = std::make_shared<Client>(running.client());
    client->call_then(
        [client, &last](const Result<Value>& first) mutable {
          if (!first) return;
          Client own = *client;
          client.reset();
          own.call_then([&last, own](Result<Value> r) { last.set_value(std::move(*r)); }, "add", 2,
                        3);
        },
        "ping");
  }
  CHECK(last.get_future().get().as<std::int64_t>() == 5);
}

TEST_CASE("calls that run when the last copy of a client goes are finished") {
  const Running running;
  std::future<Value> result;
  {
    result = running.client("?transport=framed").call_async("slow", 5);
  }
  CHECK(result.get().as<std::int64_t>() == 5);
}

TEST_CASE("an asynchronous call that comes too late gives its reply to nobody") {
  std::latch late(1);
  const test::Peer peer([&](test::RawSocket& socket, int connection) {
    if (connection == 0) {
      socket.send(test::frame(test::reply("slow", {{"success", 0}}, test::read_request(socket))));
      const std::int32_t first = test::read_request(socket);
      late.wait();
      socket.send(test::frame(test::reply("slow", {{"success", 1}}, first)));
    }
    const std::int32_t id = test::read_request(socket);
    if (id >= 0) socket.send(test::frame(test::reply("slow", {{"success", 2}}, id)));
    (void)socket.receive_all();
    return connection == 0;
  });
  {
    const Client client = peer.client("?transport=framed");
    CHECK(client.call_async("slow", 0).get().as<std::int64_t>() == 0);
    std::future<Value> first = client.with({.timeout = 500ms}).call_async("slow", 1);
    try {
      first.get();
      FAIL("it must be late");
    } catch (const TransportError& e) {
      CHECK(e.kind() == TransportErrorKind::timed_out);
      CHECK(e.message() == peer.url() + ": `slow`: no reply within the timeout of 500 ms");
      CHECK_FALSE(e.retryable());
    }
    late.count_down();
    CHECK(client.call_async("slow", 2).get().as<std::int64_t>() == 2);
  }
}

TEST_CASE("replies to asynchronous calls may come in any order") {
  const test::Peer peer([&](test::RawSocket& socket, int) {
    std::vector<std::int32_t> ids;
    for (int i = 0; i < 10; ++i) ids.push_back(test::read_request(socket));
    for (std::size_t i = ids.size(); i-- > 0;) {
      socket.send(
          test::frame(test::reply("slow", {{"success", static_cast<std::int64_t>(i)}}, ids[i])));
    }
    (void)socket.receive_all();
    return false;
  });
  const Client client = peer.client("?transport=framed");
  std::vector<std::future<Value>> results;
  for (int i = 0; i < 10; ++i) results.push_back(client.call_async("slow", i));
  for (int i = 0; i < 10; ++i)
    CHECK(results[static_cast<std::size_t>(i)].get().as<std::int64_t>() == i);
}

TEST_CASE("when a connection breaks its asynchronous calls fail, and the next ones connect again") {
  const test::Peer peer([&](test::RawSocket& socket, int connection) {
    const std::int32_t id = test::read_request(socket);
    if (connection == 0) return true;  // closes
    socket.send(test::frame(test::reply("ping", {}, id)));
    (void)socket.receive_all();
    return false;
  });
  const Client client = peer.client("?transport=framed");
  try {
    client.call_async("ping").get();
    FAIL("the peer closes");
  } catch (const TransportError& e) {
    CHECK(e.kind() == TransportErrorKind::end_of_file);
    CHECK_FALSE(e.retryable());  // it may have run
  }
  CHECK(client.call_async("ping").get().type().is_void());
}

TEST_CASE("an idempotent call is tried again, another is not") {
  std::atomic<int> requests = 0;
  const test::Peer peer([&](test::RawSocket& socket, int connection) {
    const std::int32_t id = test::read_request(socket);
    if (id < 0) return false;
    ++requests;
    if (connection % 3 != 2) return true;  // closes without an answer, twice of three times
    socket.send(test::frame(test::reply("slow", {{"success", 9}}, id)));
    return true;
  });
  {
    const Client client(test::schema(), "Users", peer.url("?transport=framed"),
                        {.retries = 2, .retry_delay = 1ms});
    const Client again = client.with({.idempotent = true});
    CHECK(again.call("slow", 9).as<std::int64_t>() == 9);
    CHECK(requests == 3);
    CHECK(again.call_async("slow", 9).get().as<std::int64_t>() == 9);
    CHECK(requests == 6);
    CHECK_FALSE(client.try_call("slow", 9));
    CHECK(requests == 7);
    CHECK_THROWS_AS(client.call_async("slow", 9).get(), TransportError);
    CHECK(requests == 8);
  }
  const test::RawSocket last = test::RawSocket::connect(peer.port());  // ends the peer
}

TEST_CASE("a call that may have run is never said not to have, whatever its last attempt met") {
  auto peer = std::make_unique<test::Peer>([&](test::RawSocket& socket, int) {
    (void)test::read_request(socket);
    return false;  // closes, and nobody listens any more
  });
  const std::string url = peer->url("?transport=framed");
  const Client client(test::schema(), "Users", url, {.retries = 3, .retry_delay = 20ms});
  std::thread closer([&] { peer.reset(); });
  const Result<Value> result = client.with({.idempotent = true}).try_call("slow", 1);
  closer.join();
  REQUIRE_FALSE(result);
  CHECK_FALSE(result.error().as<TransportErrorDetail>()->retryable);
}

TEST_CASE("what nobody listens to is tried again where that is wanted") {
  const std::string url = dead_url();
  Server server(test::schema(), "Users");
  test::serve_users(server);
  const Client client(test::schema(), "Users", url, {.retries = 20, .retry_delay = 5ms});
  std::future<Value> late = client.call_async("add", 1, 2);
  std::thread caller([&] { CHECK(client.call("add", 3, 4).as<std::int64_t>() == 7); });
  std::this_thread::sleep_for(20ms);
  server.start(url);
  CHECK(late.get().as<std::int64_t>() == 3);
  caller.join();
}

TEST_CASE(
    "a connection that is made when the last copy of its client is gone closes after the call") {
  const std::string url = dead_url();
  Server server(test::schema(), "Users");
  test::serve_users(server);
  std::future<Value> late;
  {
    const Client client(test::schema(), "Users", url, {.retries = 100, .retry_delay = 5ms});
    late = client.call_async("add", 1, 2);
    std::this_thread::sleep_for(20ms);
  }
  server.start(url);
  CHECK(late.get().as<std::int64_t>() == 3);
  for (int i = 0; i < 500 && server.connections() != 0; ++i) std::this_thread::sleep_for(10ms);
  CHECK(server.connections() == 0);
}

TEST_CASE("calls go to several endpoints in turn, and past those that are down") {
  const Running a;
  const Running b;
  const Client both(test::schema(), "Users", {a.url(), dead_url(), b.url()}, {.down_time = 1h});
  for (int i = 0; i < 30; ++i) CHECK(both.call("add", i, 1).as<std::int64_t>() == i + 1);
  CHECK(a.server.connections() == 1);
  CHECK(b.server.connections() == 1);
  std::vector<std::future<Value>> sums;
  for (int i = 0; i < 30; ++i) sums.push_back(both.call_async("add", i, 1));
  for (int i = 0; i < 30; ++i)
    CHECK(sums[static_cast<std::size_t>(i)].get().as<std::int64_t>() == i + 1);
  CHECK(a.server.connections() == 2);
  CHECK(b.server.connections() == 2);
}

TEST_CASE("when a server stops, calls go to the others") {
  const Running a;
  auto b = std::make_unique<Running>();
  const Client client(test::schema(), "Users", {a.url(), b->url()});
  for (int i = 0; i < 4; ++i) client.call("ping");
  b.reset();
  for (int i = 0; i < 20; ++i) {
    // The first may meet a connection that is just being closed.
    CHECK(client.call("add", i, 1).as<std::int64_t>() == i + 1);
  }
}

TEST_CASE("where all endpoints are down the error is that of the last one tried") {
  const Client client(test::schema(), "Users", {dead_url(), dead_url()});
  try {
    client.call("ping");
    FAIL("there is nobody");
  } catch (const TransportError& e) {
    CHECK(e.kind() == TransportErrorKind::not_open);
    CHECK(e.retryable());
  }
  CHECK_THROWS_AS(client.call_async("ping").get(), TransportError);
}

TEST_CASE("endpoints that are spoken to differently do not go together") {
  try {
    const Client client(test::schema(), "Users", {"tcp://a:1", "tcp://b:1?transport=framed"});
    FAIL("they differ");
  } catch (const TransportError& e) {
    CHECK(e.kind() == TransportErrorKind::bad_args);
    CHECK(e.message() ==
          "tcp://b:1: the endpoints of one client must agree in transport, protocol and service; "
          "this one differs from tcp://a:1");
  }
  CHECK_THROWS_AS(Client(test::schema(), "Users", std::vector<std::string>{}), TransportError);
}

TEST_CASE("a client has as many connections as it may, and no more than it needs") {
  const Running running({.threads = 2});
  const Client client = running.client("?transport=framed", {.connections = 3});
  for (int i = 0; i < 10; ++i) client.call("ping");
  CHECK(running.server.connections() == 1);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) CHECK(client.call("slow", i).as<std::int64_t>() == i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(running.server.connections() <= 3);
  CHECK(running.server.connections() > 1);
}

TEST_CASE("no more asynchronous calls are under way than a client may have") {
  std::latch refused(1);
  const test::Peer peer([&](test::RawSocket& socket, int) {
    const std::int32_t first = test::read_request(socket);
    const std::int32_t second = test::read_request(socket);
    refused.wait();
    for (const std::int32_t id : {first, second}) {
      socket.send(test::frame(test::reply("slow", {{"success", 9}}, id)));
    }
    const std::int32_t third = test::read_request(socket);
    socket.send(test::frame(test::reply("slow", {{"success", 3}}, third)));
    (void)socket.receive_all();
    return false;
  });
  const Client client(test::schema(), "Users", peer.url("?transport=framed"),
                      {.max_async_calls = 2});
  std::future<Value> first = client.call_async("slow", 1);
  std::future<Value> second = client.call_async("slow", 2);
  try {
    client.call_async("slow", 3).get();
    FAIL("two are under way");
  } catch (const TransportError& e) {
    CHECK(e.message() ==
          peer.url() + ": `slow`: 2 calls are under way, as many as max_async_calls allows");
    CHECK(e.retryable());
  }
  refused.count_down();
  CHECK(first.get().as<std::int64_t>() == 9);
  CHECK(second.get().as<std::int64_t>() == 9);
  CHECK(client.call_async("slow", 3).get().as<std::int64_t>() == 3);
}

TEST_CASE("closing a client fails its asynchronous calls, and later ones work") {
  std::latch called(1);
  const test::Peer peer([&](test::RawSocket& socket, int connection) {
    const std::int32_t id = test::read_request(socket);
    if (connection == 0) {
      called.count_down();
      (void)socket.receive_all();
      return true;
    }
    socket.send(test::frame(test::reply("ping", {}, id)));
    (void)socket.receive_all();
    return false;
  });
  const Client client = peer.client("?transport=framed");
  std::future<Value> running = client.with({.idempotent = true}).call_async("slow", 1);
  called.wait();
  client.close();
  try {
    running.get();
    FAIL("it was closed");
  } catch (const TransportError& e) {
    CHECK(e.message() == peer.url() + ": `slow`: the client closed the connection");
  }
  client.call_async("ping").get();
}

namespace {

asio::awaitable<std::int64_t> sum(Client client, int n) {
  std::int64_t total = 0;
  for (int i = 0; i < n; ++i) {
    const Value v = co_await async_call(client, asio::use_awaitable, "add", i, 1);
    total += v.as<std::int64_t>();
  }
  try {
    co_await async_call(client, asio::use_awaitable, "find", "nobody");
  } catch (const ServiceException&) {
    total += 1000;
  }
  co_return total;
}

}  // namespace

TEST_CASE("coroutines can await calls") {
  const Running running;
  const Client client = running.client("?transport=framed");
  asio::io_context io;
  std::vector<std::future<std::int64_t>> sums;
  for (int i = 0; i < 5; ++i) sums.push_back(asio::co_spawn(io, sum(client, 10), asio::use_future));
  io.run();  // ends when all of them have
  for (auto& s : sums) CHECK(s.get() == 55 + 1000);
  CHECK(async_call(client, asio::use_future, "add", 1, 2).get().as<std::int64_t>() == 3);
}
