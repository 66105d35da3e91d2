// Client and server, over every transport.

#include <doctest/doctest.h>
#include <sys/un.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <latch>
#include <mutex>
#include <sstream>
#include <thread>

#include "rpc/messages.hpp"
#include "support/sockets.hpp"

using namespace thrift;
using namespace std::chrono_literals;

namespace {

struct Running {
  explicit Running(const std::string& url, ServerOptions options = {})
      : server(test::schema(), "Users", std::move(options)) {
    test::serve_users(server);
    server.start(url);
  }
  [[nodiscard]] std::string url(std::string_view query = {}) const {
    return server.endpoint().address() + std::string(query);
  }
  [[nodiscard]] Client client(std::string_view query = {}) const {
    return {test::schema(), "Users", url(query)};
  }
  Server server;
};

std::string text(const Value& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

// The error's message, with "PORT" for the server's port.
template <class E = Error, class F>
std::string error_of(F step, std::uint16_t port = 0) {
  try {
    step();
  } catch (const E& e) {
    std::string message = e.message();
    const std::string digits = std::to_string(port);
    if (const auto at = message.find(digits); port != 0 && at != std::string::npos) {
      message.replace(at, digits.size(), "PORT");
    }
    return message;
  }
  return "no error";
}

std::string socket_path() {
  return (std::filesystem::temp_directory_path() /
          ("thriftpp-test-" + std::to_string(::getpid()) + ".sock"))
      .string();
}

// The URL of HTTP at the same place.
std::string over_http(Endpoint place, const std::string& path_and_query) {
  if (place.is_unix()) place.host = place.socket_name();
  place.path.clear();
  place.scheme = place.is_unix() ? Endpoint::Scheme::http_unix : Endpoint::Scheme::http;
  return place.address() + path_and_query;
}

// A gate that threads wait at, to put events in order.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    wake_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool open_ = false;
};

}  // namespace

TEST_CASE("every shape of method works over every transport and framing") {
  const std::string name = "thriftpp-test-" + std::to_string(::getpid());
  for (const std::string& listen :
       {std::string("memory://shapes"), "unix:@" + name, "unix://" + socket_path(),
        std::string("tcp://127.0.0.1:0"), std::string("tcp://[::1]:0"),
        std::string("tcp://localhost:0")}) {
    if (listen.find("[::1]") != std::string::npos && !test::has_ipv6()) {
      MESSAGE("skipped: rpc over IPv6 (this machine has no ::1)");
      continue;
    }
    const Running running(listen);
    std::vector<std::string> queries;
    for (const ProtocolId protocol : test::protocols()) {
      const std::string name_of_it(to_string(protocol));
      for (const std::string_view transport :
           {"buffered", "framed", "zlib", "header", "header&compress=zlib"}) {
        queries.push_back("?protocol=" + name_of_it + "&transport=" + std::string(transport));
      }
      queries.push_back("?protocol=header&transport=framed&header_protocol=" + name_of_it);
      if (!listen.starts_with("memory")) {
        queries.push_back("http/any/path?protocol=" + name_of_it);
        queries.push_back("http?transport=header&protocol=" + name_of_it);
      }
    }
    queries.emplace_back("");
    for (const std::string& query : queries) {
      CAPTURE(listen);
      CAPTURE(query);
      // "http/path?..." stands for another scheme on the same port
      const std::string url = query.starts_with("http")
                                  ? over_http(running.server.endpoints().front(), query.substr(4))
                                  : running.url(query);
      const Client client(test::schema(), "Users", url);
      CHECK(client.call("ping").is_void());
      CHECK(client.call("add", 2, 3).as<int>() == 5);
      CHECK(client.call("add", {{"b", 3}, {"a", -4}}).as<int>() == -1);
      CHECK(client.call("getName", "7").as<std::string>() == "name of 7");
      CHECK(client.call("getName", {{"userId", "8"}}).as<std::string>() == "name of 8");
      CHECK(client.call("update", "1", test::user("1", "Ann", 30)).is_void());
      CHECK(client
                .call("update",
                      {{"userId", "1"}, {"user", {{"id", "1"}, {"name", "Ann"}, {"age", 30}}}})
                .is_void());
      CHECK(text(client.call("all")) ==
            R"([{"id":"1","name":"Ann","age":30},{"id":"2","name":"Bob","age":40}])");
      CHECK(client.call("note", "x").is_void());
      CHECK(client.call("slow", 9).as<std::int64_t>() == 9);
      CHECK(client.call("echo", std::string(100'000, '\0')).size() == 100'000);
      CHECK(text(client.call("table", {{"t", {{"r", {1.5, 2.0}}}}})) == R"({"r":[1.5,2.0]})");
      CHECK(client
                .call("paint", {{"c", 1},
                                {"b", true},
                                {"y", -1},
                                {"d", 0.5},
                                {"u", "5e2ab188-1726-4e75-a04f-1ed9a6a89c4c"},
                                {"s", {1, 2}}})
                .as<std::string>() == "GREEN");
      CHECK(client.call("find", "5")["name"].as<std::string>() == "Ann");
      try {
        client.call("find", "nobody");
        FAIL("it must throw");
      } catch (const ServiceException& e) {
        CHECK(e.is("NotFound"));
        CHECK(e["id"].as<std::string_view>() == "nobody");
      }
      try {
        client.call("find", "refused");
        FAIL("it must throw");
      } catch (const ApplicationError& e) {
        CHECK(e.from_peer());
        CHECK(e.kind() == ApplicationErrorKind::unsupported_client_type);
        CHECK(e.message() == "go away");
      }
    }
  }
  CHECK_FALSE(std::filesystem::exists(socket_path()));
}

TEST_CASE("names below localhost mean this machine, whatever its resolver knows") {
  const Running running("tcp://127.0.0.1:0");
  const std::string port = std::to_string(running.server.endpoint().port);
  const Client client(test::schema(), "Users", "tcp://users.localhost:" + port);
  CHECK(client.call("add", 2, 3).as<int>() == 5);
}

TEST_CASE("a client may name the service, as multiplexed servers want it") {
  const Running running("memory://multiplexed");
  CHECK(running.client("?service=Users").call("add", 2, 3).as<int>() == 5);
  CHECK(error_of<ApplicationError>([&] { running.client("?service=Other").call("add", 2, 3); }) ==
        "there is no service `Other` here");
}

TEST_CASE("a server may have several services, and one for clients that name none") {
  Server server(test::schema(), "Users");
  test::serve_users(server);
  server.add("Base").on("ping", [] {}).on("add", [](std::int32_t a, std::int32_t b) {
    return std::int64_t{a} * b;
  });
  server.add("Base", "Other").on("add", [](std::int32_t, std::int32_t) {
    return std::int64_t{-1};
  });
  CHECK(error_of<TypeError>([&] {
          server.start("memory://several");
        }).find("no handler for `ping`") != std::string::npos);
  server.add("Base", "Third").on("ping", [] {});
  Server complete(test::schema(), "Users", {.allow_missing_handlers = true});
  test::serve_users(complete);
  complete.add("Base").on("add", [](std::int32_t a, std::int32_t b) { return std::int64_t{a} * b; },
                          {.blocking = true});
  complete.start("memory://several");
  CHECK_THROWS_AS(complete.add("Base"), std::logic_error);
  const auto add = [](std::string_view query) {
    const Client client(test::schema(), "Base", "memory://several" + std::string(query));
    return client.call("add", 4, 5).as<int>();
  };
  CHECK(add("") == 9);
  CHECK(add("?service=Users") == 9);
  CHECK(add("?service=Base") == 20);
  CHECK(error_of<ApplicationError>([&] { add("?service=Others"); }) ==
        "there is no service `Others` here");
  const Client base(test::schema(), "Base", "memory://several?service=Base");
  CHECK(error_of<ApplicationError>([&] { base.call("ping"); }) ==
        "method `ping` has no handler here");
}

TEST_CASE("headers travel both ways where the transport has room for them") {
  Server server(test::schema(), "Base");
  server.on("ping", [] {}).on("add", [](Call& call) {
    const std::string* const tag = find_header(call.headers(), "X-Tag");
    call.set_reply_header("x-seen", tag != nullptr ? *tag : "nothing");
    call.reply(call["a"].as<std::int64_t>());
  });
  server.start("tcp://127.0.0.1:0");
  const std::string port = std::to_string(server.port());
  const auto seen = [&](const std::string& url) -> std::string {
    CallReport back;
    const Client client(test::schema(), "Base", url);
    const Client tagged = client.with({.headers = {{"x-tag", "seven"}}}).with({.report = &back});
    CHECK(tagged.call("add", 1, 2).as<int>() == 1);
    const std::string* const header = find_header(back.headers, "x-seen");
    CHECK(back.protocol == ProtocolId::binary);
    CHECK(back.reply_size == test::reply("add", {{"success", 1}}).size());
    return header != nullptr ? *header : "none";
  };
  CHECK(seen("http://127.0.0.1:" + port) == "seven");
  CHECK(seen("tcp://127.0.0.1:" + port + "?transport=header") == "seven");
  CHECK(seen("tcp://127.0.0.1:" + port + "?transport=header&compress=zlib") == "seven");
  CHECK(seen("tcp://127.0.0.1:" + port) == "none");
  const Client http(test::schema(), "Base", "http://127.0.0.1:" + port);
  CHECK(error_of([&] {
          http.with({.headers = {{"x", "a\r\nInjected: b"}}}).call("ping");
        }).ends_with("`ping`: `x` is no header that HTTP can send"));
  CHECK(http.call("add", 3, 4).as<int>() == 3);
}

TEST_CASE("a time-out of any length is taken") {
  const Running running("memory://patient");
  const Client client = running.client();
  CHECK(client.with({.timeout = 0ms}).call("add", 2, 3).as<int>() == 5);
  CHECK(client.with({.timeout = std::chrono::milliseconds::max()}).call("add", 2, 3).as<int>() ==
        5);
}

TEST_CASE("a result owns its memory") {
  const Running running("memory://owns");
  std::string names;
  for (const ValueView user : running.client().call("all").as_list()) {
    names += user["name"].as<std::string_view>();
  }
  CHECK(names == "AnnBob");
  Value large;
  {
    const Client client = running.client();
    large = client.call("echo", std::string(1'000'000, 'x'));
    CHECK(client.call("ping").is_void());
  }
  CHECK(large.as<std::string_view>() == std::string(1'000'000, 'x'));
}

TEST_CASE("calls can be made with a struct of arguments, and without exceptions") {
  const Running running("memory://struct");
  const Client client = running.client();
  const Value arguments(test::function("add").arguments(), {{"a", 1}, {"b", 2}});
  CHECK(client.call_with("add", arguments).as<int>() == 3);
  CHECK(client.try_call("add", 1, 2)->as<int>() == 3);
  CHECK(client.try_call("add", {{"a", 1}, {"b", 2}})->as<int>() == 3);
  CHECK(client.try_call_with("add", arguments)->as<int>() == 3);
  const Result<Value> failed = client.try_call("find", "nobody");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().as<ServiceExceptionDetail>() != nullptr);
  CHECK(error_of<TypeError>([&] {
          client.call_with("add", Value(test::function("echo").arguments(), {{"bytes", "x"}}));
        }).find("`add` takes `add_args`, not `echo_args`: ") == 0);
}

TEST_CASE("a wrong argument is told with its method and its path, and nothing is sent") {
  const Running running("memory://arguments");
  const Client client = running.client();
  CHECK(error_of<TypeError>([&] { client.call("getName", 5); }) ==
        "`getName`, argument `userId`: expected `string`, got the integer 5");
  CHECK(error_of<TypeError>([&] {
          client.call("add", {{"a", std::int64_t{1} << 40}, {"b", 1}});
        }) == "`add`, argument `a`: 1099511627776 does not fit `i32`");
  CHECK(error_of<TypeError>([&] {
          client.call("update", {{"userId", "1"}, {"user", {{"id", "1"}, {"nmae", "x"}}}});
        }) == "`update`, argument `user`: struct `User` has no field `nmae`; did you mean `name`?");
  CHECK(error_of<TypeError>([&] {
          client.call("update", {{"userId", "1"}, {"user", {{"id", "1"}, {"name", "x"}}}});
        }) == "`update`, argument `user.age`: required field of struct `User` is missing");
  Value user(test::schema()->type("User"));
  user["id"] = "1";
  CHECK(error_of<TypeError>([&] {
          client.call("update", "1", user);
        }).find("`update`, argument `user.") == 0);
  CHECK(error_of<TypeError>([&] { client.call("getName", {{"userid", "1"}}); }) ==
        "`getName`: there is no argument `userid`; did you mean `userId`?");
  CHECK(error_of<TypeError>([&] { client.call("add", {{"a", 1}}); }) ==
        "`add`, argument `b`: missing");
  CHECK(error_of<TypeError>([&] { client.call("add", {{"a", 1}, {"b", 1}, {"a", 1}}); }) ==
        "`add`, argument `a`: given twice");
  CHECK(error_of<TypeError>([&] { client.call("add", 1); }) ==
        "`add` takes 2 arguments (i32 a, i32 b), not 1");
  CHECK(error_of<TypeError>([&] { client.call("add", 1, 2, 3); }) ==
        "`add` takes 2 arguments (i32 a, i32 b), not 3");
  CHECK(error_of<TypeError>([&] { client.call("table"); }) ==
        "`table` takes at least 1 argument (map<string, list<double>> t, i16 times), not 0");
  CHECK(error_of<ApplicationError>([&] { client.call("getNam"); }) ==
        "service `Users` has no method `getNam`; did you mean `getName`?");
  CHECK(client.call("add", 1, nullptr).as<int>() == 1);  // left unset, read as 0
}

TEST_CASE("what cannot be used is refused when the client or server is made") {
  const auto client = [](const std::string& url) {
    return error_of([&] { const Client c(test::schema(), "Users", url); });
  };
  CHECK(client("ws://h:1?transport=zlib") ==
        "ws://h:1/?transport=zlib: `transport=zlib` does not go together with HTTP");
  CHECK(client("udp://h:1?transport=zlib") ==
        "udp://h:1?transport=zlib: `transport=zlib` does not go together with UDP");
  CHECK(client("tcp://h:1?sasl=plain&transport=framed&user=u") ==
        "tcp://h:1?transport=framed&sasl=plain&user=u: `sasl` has frames of its own: leave "
        "`transport` out");
  CHECK(client("tcp://h:1?compress=zlib") ==
        "tcp://h:1?compress=zlib: `compress` is for `transport=header`; a whole stream is "
        "compressed by `transport=zlib`");
  CHECK(client("tcp://h:1?header_protocol=binary") ==
        "tcp://h:1?header_protocol=binary: `header_protocol` is for `transport=header`");
  CHECK(client("http://h:1?transport=zlib") ==
        "http://h:1/?transport=zlib: `transport=zlib` does not go together with HTTP");
  CHECK(error_of<TypeError>([] {
          const Client c(test::schema(), "User", "tcp://h:1");
        }).find("User") != std::string::npos);
  Server server(test::schema(), "Base");
  server.on("ping", [] {});
  CHECK(error_of<TypeError>([&] { server.start("memory://missing"); }) ==
        "service `Base`: no handler for `add`; give them with on(), or answer the rest with "
        "on_any()");
  CHECK_THROWS_AS((void)server.endpoint(), std::logic_error);
}

TEST_CASE("methods without a handler may be allowed") {
  Server server(test::schema(), "Base", {.allow_missing_handlers = true});
  server.on("ping", [] {});
  server.start("memory://allowed");
  const Client client(test::schema(), "Base", "memory://allowed");
  CHECK(client.call("ping").is_void());
  CHECK(error_of<ApplicationError>([&] { client.call("add", 1, 2); }) ==
        "method `add` has no handler here");
  CHECK_THROWS_AS(server.on("ping", [] {}), std::logic_error);
}

TEST_CASE("a server can be a proxy for any method") {
  const Running running("memory://behind");
  const Client behind = running.client();
  Server proxy(test::schema(), "Users");
  proxy.on_any(
      [&](Call& call) { call.reply(behind.call_with(call.function().name(), call.arguments())); });
  proxy.start("memory://proxy");
  const Client client(test::schema(), "Users", "memory://proxy");
  CHECK(client.call("add", 2, 3).as<int>() == 5);
  CHECK(client.call("ping").is_void());
  CHECK(client.call("find", "5")["name"].as<std::string>() == "Ann");
  CHECK_THROWS_AS(client.call("find", "nobody"), ServiceException);
}

TEST_CASE("nobody listens: one line says so, and that trying again is safe") {
  std::uint16_t port = 0;
  {
    const auto socket = test::RawSocket::listen();
    port = socket.port();
  }
  const Client client(test::schema(), "Users", "tcp://127.0.0.1:" + std::to_string(port));
  try {
    client.call("ping");
    FAIL("it must throw");
  } catch (const TransportError& e) {
    CHECK(e.kind() == TransportErrorKind::not_open);
    CHECK(e.retryable());
    CHECK(e.endpoint() == client.endpoint().address());
    CHECK(e.message() == client.endpoint().address() + ": connection refused");
  }
  CHECK(error_of([] { Client(test::schema(), "Users", "memory://nobody").call("ping"); }) ==
        "memory://nobody: connection refused");
  CHECK(error_of([] { Client(test::schema(), "Users", "unix:///nowhere/x").call("ping"); }) ==
        "unix:///nowhere/x: no such file or directory");
  CHECK(error_of([] { Client(test::schema(), "Users", "tcp://:1").call("ping"); }) ==
        "tcp://:1: no host to connect to");
  CHECK(error_of([] {
          Client(test::schema(), "Users", "unix:@" + std::string(200, 'x')).call("ping");
        }).find("the name of a UNIX socket has at most 107 bytes, this one 200") !=
        std::string::npos);
}

TEST_CASE("an address in use is told, a socket file left over is replaced") {
  const Running running("tcp://127.0.0.1:0");
  Server second(test::schema(), "Users");
  test::serve_users(second);
  CHECK(error_of([&] { second.start(running.url()); }, running.server.port()) ==
        "tcp://127.0.0.1:PORT: cannot listen: address already in use");
  second.start("memory://in-use");
  CHECK(error_of([&] { second.start("memory://in-use"); }) ==
        "memory://in-use: cannot listen: address already in use");
  const std::string path = socket_path();
  Endpoint over_unix;
  over_unix.scheme = Endpoint::Scheme::http_unix;
  over_unix.host = path;
  over_unix.path = "/";
  second.start(over_unix.address());
  CHECK(second.endpoints().size() == 2);
  CHECK(error_of([&] { Running("unix://" + path); }) ==
        "unix://" + path + ": cannot listen: address already in use");
  second.stop();
  CHECK_FALSE(std::filesystem::exists(path));
  {  // what a server leaves that died
    const test::RawSocket dead(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(dead.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  CHECK(std::filesystem::exists(path));
  CHECK(Running("unix://" + path).client().call("add", 1, 2).as<int>() == 3);
  CHECK_FALSE(std::filesystem::exists(path));
  std::ofstream(path) << "no socket";  // a file that is none is left alone
  CHECK(error_of([&] { Running("unix://" + path); }) ==
        "unix://" + path + ": cannot listen: address already in use");
  CHECK(std::filesystem::remove(path));
}

TEST_CASE("a time-out says which it was and how long") {
  const auto silent = test::RawSocket::listen();  // connects, and never answers
  const std::string url = "tcp://127.0.0.1:" + std::to_string(silent.port());
  const Client client(test::schema(), "Users", url);
  try {
    client.with({.timeout = 30ms}).call("ping");
    FAIL("it must throw");
  } catch (const TransportError& e) {
    CHECK(e.kind() == TransportErrorKind::timed_out);
    CHECK_FALSE(e.retryable());
    CHECK(e.message() == url + ": `ping`: no reply within the timeout of 30 ms");
  }
  CHECK(error_of([&] { Client(test::schema(), "Users", url + "?timeout=20ms").call("ping"); }) ==
        url + ": `ping`: no reply within the timeout of 20 ms");
  // A request that does not fit the system's buffers is never taken whole.
  try {
    client.with({.timeout = 50ms}).call("echo", std::string(50'000'000, 'x'));
    FAIL("it must throw");
  } catch (const TransportError& e) {
    CHECK(e.kind() == TransportErrorKind::timed_out);
    CHECK(e.retryable());
    CHECK(e.message() == url + ": `echo`: not sent whole within the timeout of 50 ms");
  }
}

TEST_CASE("after a time-out the next call gets its own reply") {
  Gate gate;
  Server server(test::schema(), "Users", {.allow_missing_handlers = true});
  server.on("slow", [&](std::int64_t n) { return gate.wait(), n; }, {.blocking = true});
  server.on("add", [](std::int32_t a, std::int32_t b) { return a + b; });
  server.start("tcp://127.0.0.1:0");
  const Client client(test::schema(), "Users", server.endpoint().address());
  CHECK_THROWS_AS(client.with({.timeout = 20ms}).call("slow", 1), TransportError);
  gate.open();  // the late reply is on its way now
  for (int i = 0; i < 20; ++i) {
    CHECK(client.call("slow", 100 + i).as<std::int64_t>() == 100 + i);
    CHECK(client.call("add", i, 1).as<int>() == i + 1);
  }
}

TEST_CASE("calls from several threads share a connection and get their own replies") {
  for (const std::string_view query : {"", "?transport=framed"}) {
    const Running running("tcp://127.0.0.1:0", {.threads = 2});
    const Client client = running.client(query);
    std::vector<std::thread> threads;
    std::atomic<int> right = 0;
    for (int t = 0; t < 6; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 200; ++i) {
          const std::string mine = std::to_string(t) + '/' + std::to_string(i);
          const bool good =
              i % 3 == 0 ? client.call("slow", t * 1000 + i).as<std::int64_t>() == t * 1000 + i
                         : client.call("getName", mine).as<std::string>() == "name of " + mine;
          if (i % 10 == 0) client.call("note", mine);
          right += good ? 1 : 0;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(right == 6 * 200);
    CHECK(running.server.connections() == 1);
  }
}

TEST_CASE("copies of a client share its connection, others have their own") {
  const Running running("memory://copies");
  const Client client = running.client();
  client.call("ping");
  const Client copy = client;
  copy.with({.timeout = 1s}).call("ping");
  CHECK(running.server.connections() == 1);
  const Client other = running.client();
  other.connect();
  other.call("ping");
  CHECK(running.server.connections() == 2);
}

TEST_CASE("a connection that the server closed meanwhile is made anew") {
  auto first = std::make_unique<Running>("tcp://127.0.0.1:0");
  const std::string url = first->url();
  const Client client = first->client();
  CHECK(client.call("add", 1, 2).as<int>() == 3);
  first.reset();
  const Running second(url);
  CHECK(client.call("add", 3, 4).as<int>() == 7);
  client.close();
  CHECK(client.call("add", 5, 6).as<int>() == 11);
}

TEST_CASE("stopping finishes the calls that run") {
  Gate entered;
  Gate gate;
  auto server = std::make_unique<Server>(test::schema(), "Users",
                                         ServerOptions{.allow_missing_handlers = true});
  server->on("slow",
             [&](std::int64_t n) {
               entered.open();
               gate.wait();
               return n;
             },
             {.blocking = true});
  server->start("tcp://127.0.0.1:0");
  const Client client(test::schema(), "Users", server->endpoint().address());
  std::int64_t result = 0;
  std::thread caller([&] { result = client.call("slow", 42).as<std::int64_t>(); });
  entered.wait();
  const Client late(test::schema(), "Users", server->endpoint().address());
  std::thread stopper([&] { server->stop(); });
  // Once it stops, nobody is accepted any more.
  for (bool refused = false; !refused; std::this_thread::yield()) {
    try {
      late.connect();
      late.close();
    } catch (const TransportError& e) {
      refused = e.kind() == TransportErrorKind::not_open;
    }
  }
  gate.open();
  stopper.join();
  caller.join();
  CHECK(result == 42);
  CHECK(server->connections() == 0);
}

TEST_CASE("a server may be stopped by a handler, and started again") {
  Server server(test::schema(), "Base", {.allow_missing_handlers = true});
  server.on("ping", [&] { server.stop(); });
  for (int round = 0; round < 3; ++round) {
    server.start("tcp://127.0.0.1:0");
    const Client client(test::schema(), "Base", server.endpoint().address());
    CHECK(client.call("ping").is_void());
    server.wait();
    CHECK(error_of<TransportError>([&] { client.call("ping"); }).find("connection refused") !=
          std::string::npos);
  }
  // serve() returns when stop() was called, from wherever
  std::thread caller([&] {
    for (;;) {
      try {
        return (void)Client(test::schema(), "Base", "memory://serve").call("ping");
      } catch (const TransportError&) {
        std::this_thread::yield();
      }
    }
  });
  server.serve("memory://serve");
  caller.join();
}

TEST_CASE("a server stops with connections that are idle, and with none") {
  Running running("tcp://127.0.0.1:0", {.threads = 3});
  const test::RawSocket idle = test::RawSocket::connect(running.server.port());
  const Client client = running.client();
  client.call("ping");
  running.server.stop();
  CHECK(idle.is_closed_by_peer());
  Server never(test::schema(), "Users");
  never.stop();
  never.wait();
}
