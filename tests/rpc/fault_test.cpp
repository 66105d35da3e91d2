// Peers that do not behave, on either side.

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <latch>
#include <random>
#include <thread>

#include "rpc/messages.hpp"
#include "rpc/peers.hpp"
#include "support/sockets.hpp"

using namespace thrift;
using namespace std::chrono_literals;
using test::Peer;
using test::read_request;

namespace {

struct Running {
  explicit Running(ServerOptions options = {})
      : server(test::schema(), "Users", std::move(options)) {
    test::serve_users(server);
    server.start("tcp://127.0.0.1:0");
  }
  [[nodiscard]] Client client() const {
    return {test::schema(), "Users", server.endpoint().address()};
  }
  [[nodiscard]] test::RawSocket connect() const { return test::RawSocket::connect(server.port()); }
  Server server;
};

// What a server of ours said through on_error.
class Told {
 public:
  void operator()(std::string_view where, std::string_view what) {
    const std::lock_guard lock(mutex_);
    all_.append(where).append(": ").append(what).append("\n");
  }
  [[nodiscard]] bool has(std::string_view text) {
    const std::lock_guard lock(mutex_);
    return all_.find(text) != std::string::npos;
  }
  void wait_for(std::string_view text) {
    while (!has(text)) std::this_thread::yield();
  }

 private:
  std::mutex mutex_;
  std::string all_;
};

struct Caught {
  std::string message;
  TransportErrorKind kind = TransportErrorKind::unknown;
  ApplicationErrorKind application = ApplicationErrorKind::unknown;
  bool retryable = false;
};

template <class F>
Caught caught(F step) {
  try {
    step();
  } catch (const TransportError& e) {
    return {e.message(), e.kind(), {}, e.retryable()};
  } catch (const ApplicationError& e) {
    CHECK_FALSE(e.from_peer());
    return {e.message(), {}, e.kind(), false};
  } catch (const ProtocolError& e) {
    return {e.message(), TransportErrorKind::corrupted_data, {}, false};
  }
  return {"no error"};
}

}  // namespace

// --- clients that do not behave ------------------------------------------------------------------

TEST_CASE("a client that sends one byte at a time is answered") {
  const Running running;
  for (const Framing framing : {Framing::buffered, Framing::framed}) {
    const test::RawSocket socket = running.connect();
    const Buffer request = test::on_wire(framing, test::call("getName", {{"userId", "1"}}));
    const Buffer reply = test::on_wire(framing, test::reply("getName", {{"success", "name of 1"}}));
    for (std::size_t i = 0; i < request.size(); ++i) {
      REQUIRE(socket.send(request.bytes().subspan(i, 1)));
    }
    const std::vector<std::byte> got = socket.receive(reply.size());
    CHECK(std::equal(got.begin(), got.end(), reply.data(), reply.data() + reply.size()));
  }
}

TEST_CASE("a client that closes at any byte leaves the others alone") {
  Running running;
  const Client client = running.client();
  for (const Framing framing : {Framing::buffered, Framing::framed}) {
    const Buffer request = test::on_wire(framing, test::call("getName", {{"userId", "1"}}));
    for (std::size_t n = 0; n <= request.size(); ++n) {
      const test::RawSocket socket = running.connect();
      REQUIRE(socket.send(request.bytes().first(n)));
      if (n % 2 == 0) socket.reset_on_close();
      CHECK(client.call("add", static_cast<int>(n), 1).as<int>() == static_cast<int>(n) + 1);
    }
  }
  // all of them are gone in the end
  while (running.server.connections() != 1) std::this_thread::yield();
}

TEST_CASE("a client that sends its calls and then finishes sending gets all its replies") {
  const Running running;
  const test::RawSocket socket = running.connect();
  Buffer in;
  Buffer wanted;
  for (int i = 0; i < 50; ++i) {
    in.append(test::call("slow", {{"n", i}}, i).bytes());  // of a worker thread
    wanted.append(test::reply("slow", {{"success", i}}, i).bytes());
  }
  REQUIRE(socket.send(in));
  socket.finish_sending();
  const std::vector<std::byte> got = socket.receive_all();
  REQUIRE(got.size() == wanted.size());
  CHECK(std::equal(got.begin(), got.end(), wanted.data()));
}

TEST_CASE("garbage closes its connection and no other") {
  auto told = std::make_shared<Told>();
  Running running({.on_error = [told](auto where, auto what) { (*told)(where, what); }});
  const Client client = running.client();
  client.call("ping");
  const auto closes = [&](std::span<const std::byte> bytes) {
    const test::RawSocket socket = running.connect();
    (void)socket.send(bytes);
    return socket.receive_all().empty();
  };
  CHECK(closes(test::as_bytes(std::string_view("\x16\x03\x01\x02\0\1\0\1", 8))));
  told->wait_for("tcp://127.0.0.1:" + std::to_string(running.server.port()) +
                 ": the first bytes are no message that is understood here; they look like TLS");
  CHECK(closes(test::as_bytes("\xff\xff\xff\xff\xff\xff\xff\xff")));
  CHECK(closes(test::as_bytes(std::string_view("\x7f\xff\xff\xff\x80\x01\0\1", 8))));
  std::mt19937 random(11);  // NOLINT(cert-msc51-cpp): the same bytes each time
  for (int round = 0; round < 100; ++round) {
    std::vector<std::byte> bytes(1 + random() % 64);
    for (std::byte& b : bytes) b = static_cast<std::byte>(random() & 0xff);
    const test::RawSocket socket = running.connect();
    (void)socket.send(bytes);
    socket.finish_sending();
    CHECK(socket.receive_all().empty());
    CHECK(client.call("add", round, 1).as<int>() == round + 1);
  }
  while (running.server.connections() != 1) std::this_thread::yield();
}

TEST_CASE("a message of a good length that is wrong inside is answered, the connection lives on") {
  const Running running;
  const test::RawSocket socket = running.connect();
  Buffer broken = test::call("getName", {{"userId", "abc"}});
  broken.truncate(broken.size() - 2);
  REQUIRE(socket.send(test::frame(broken)));
  REQUIRE(socket.send(test::frame(test::call("ping", {}, 8))));
  const std::vector<std::byte> head = socket.receive(4);
  const std::size_t size = std::to_integer<std::size_t>(head[3]);
  CHECK(read_message_header(ProtocolId::binary, socket.receive(size)).header.type ==
        MessageType::exception);
  const Buffer wanted = test::frame(test::reply("ping", {}, 8));
  CHECK(socket.receive(wanted.size()).size() == wanted.size());
}

TEST_CASE("a client that never reads blocks nobody, and is closed in time") {
  auto told = std::make_shared<Told>();
  ServerOptions options;
  options.message_timeout = 100ms;
  options.on_error = [told](auto where, auto what) { (*told)(where, what); };
  const Running running(std::move(options));
  const test::RawSocket greedy = running.connect();
  const Buffer request = test::frame(test::call("echo", {{"bytes", std::string(1'000'000, 'x')}}));
  std::thread flood([&] {
    while (greedy.send(request)) {
    }
  });
  const Client client = running.client();
  for (int i = 0; i < 100; ++i) CHECK(client.call("add", i, 1).as<int>() == i + 1);
  flood.join();  // the server has closed the connection
  CHECK(told->has("the peer did not take its reply in time"));
  CHECK(client.call("add", 1, 1).as<int>() == 2);
}

TEST_CASE("a message that is not finished in time closes its connection, idle ones live") {
  auto told = std::make_shared<Told>();
  ServerOptions options;
  options.message_timeout = 50ms;
  options.on_error = [told](auto where, auto what) { (*told)(where, what); };
  const Running running(std::move(options));
  const Client client = running.client();
  client.call("ping");
  const test::RawSocket slow = running.connect();
  REQUIRE(slow.send(test::call("ping", {}).bytes().first(7)));
  CHECK(slow.is_closed_by_peer());
  CHECK(told->has("the peer did not finish its message in time"));
  CHECK(running.server.connections() == 1);
  client.call("ping");
}

TEST_CASE("idle connections are closed where that is wanted, and clients do not notice") {
  ServerOptions options;
  options.idle_timeout = 20ms;
  const Running running(std::move(options));
  const Client client = running.client();
  client.call("ping");
  while (!test::are_closed_by_server(running.server.port())) std::this_thread::yield();
  CHECK(client.call("add", 1, 1).as<int>() == 2);
}

TEST_CASE("connections over the limit are closed, and there is room again later") {
  ServerOptions options;
  options.max_connections = 2;
  const Running running(std::move(options));
  const Client client = running.client();
  client.call("ping");
  {
    const test::RawSocket second = running.connect();
    while (running.server.connections() != 2) std::this_thread::yield();
    const test::RawSocket third = running.connect();
    CHECK(third.is_closed_by_peer());
    CHECK(client.call("add", 1, 1).as<int>() == 2);
  }
  const Client other = running.client();
  for (;;) {  // until the server has seen the second go
    const Result<Value> result = other.try_call("add", 2, 3);
    if (result) break;
    CHECK(result.error().as<TransportErrorDetail>() != nullptr);
  }
}

TEST_CASE("where descriptors run out accepting pauses, and goes on when there are some") {
  auto told = std::make_shared<Told>();
  ServerOptions options;
  options.on_error = [told](auto where, auto what) { (*told)(where, what); };
  const Running running(std::move(options));
  const test::RawSocket socket = test::RawSocket::unconnected();
  rlimit usual{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &usual) == 0);
  // The lowest free descriptor is where the limit goes: none is left then.
  const int lowest = ::dup(0);
  REQUIRE(lowest > 0);
  ::close(lowest);
  rlimit none = usual;
  none.rlim_cur = static_cast<rlim_t>(lowest);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  socket.connect_to(running.server.port());
  told->wait_for("cannot accept: too many open files");
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &usual) == 0);
  REQUIRE(socket.send(test::call("ping", {})));
  const Buffer wanted = test::reply("ping", {});
  CHECK(socket.receive(wanted.size()).size() == wanted.size());
}

TEST_CASE("a reply over the limit is an error, and the connection lives on") {
  ServerOptions options;
  options.max_frame = 1000;
  const Running running(std::move(options));
  const Client client(test::schema(), "Users",
                      running.server.endpoint().address() + "?transport=framed");
  CHECK(client.call("echo", std::string(900, 'x')).size() == 900);
  CHECK_THROWS_AS(client.call("echo", std::string(2000, 'x')), TransportError);
  const Client unframed(test::schema(), "Users", running.server.endpoint().address());
  CHECK_THROWS_AS(unframed.call("echo", std::string(2000, 'x')), ApplicationError);
  CHECK(unframed.call("echo", std::string(900, 'x')).size() == 900);
  const Client small(test::schema(), "Users",
                     running.server.endpoint().address() + "?transport=framed", {.max_frame = 100});
  CHECK(caught([&] { small.call("echo", std::string(200, 'x')); }).retryable);
}

// --- servers that do not behave ------------------------------------------------------------------

TEST_CASE("a server that closes at any byte of its reply is told as the end of the connection") {
  const Buffer whole = test::frame(test::reply("add", {{"success", 5}}, 0));
  const int size = static_cast<int>(whole.size());
  const Peer peer([&](test::RawSocket& socket, int n) {
    const std::int32_t id = read_request(socket);
    const Buffer reply = test::frame(test::reply("add", {{"success", 5}}, id));
    (void)socket.send(reply.bytes().first(static_cast<std::size_t>(n)));
    return n < size;
  });
  const Client client = peer.client("?transport=framed");
  for (int n = 0; n < size; ++n) {
    const Caught error = caught([&] { client.call("add", 2, 3); });
    CHECK(error.kind == TransportErrorKind::end_of_file);
    CHECK_FALSE(error.retryable);  // it may have run
    CHECK(error.message == client.endpoint().address() +
                               ": `add`: the peer closed the connection " +
                               (n == 0 ? "without a reply" : "in the middle of a reply"));
  }
  CHECK(client.call("add", 2, 3).as<int>() == 5);
}

TEST_CASE("a server that sends one byte at a time is understood") {
  for (const Framing framing : {Framing::buffered, Framing::framed}) {
    const Peer peer([&](test::RawSocket& socket, int) {
      // The request is as long in both framings but for the length.
      const Buffer request = test::on_wire(framing, test::call("add", {{"a", 2}, {"b", 3}}));
      (void)socket.receive(request.size());
      const Buffer reply = test::on_wire(framing, test::reply("add", {{"success", 5}}, 1));
      for (std::size_t i = 0; i < reply.size(); ++i) {
        (void)socket.send(reply.bytes().subspan(i, 1));
      }
      return false;
    });
    const Client client =
        peer.client(framing == Framing::framed ? "?transport=framed" : "?transport=buffered");
    CHECK(client.call("add", 2, 3).as<int>() == 5);
  }
}

TEST_CASE("replies that make no sense are errors of their call, and the connection is given up") {
  enum What {
    wrong_id,
    wrong_name,
    wrong_type,
    no_result,
    garbage,
    http,
    huge,
    unframed,
    bad_body
  };
  const Peer peer([&](test::RawSocket& socket, int round) {
    const std::int32_t id = read_request(socket);
    Buffer reply;
    switch (static_cast<What>(round)) {
      case wrong_id: reply = test::frame(test::reply("add", {{"success", 5}}, id + 1)); break;
      case wrong_name: reply = test::frame(test::reply("slow", {{"success", 5}}, id)); break;
      case wrong_type: reply = test::frame(test::call("add", {{"a", 1}, {"b", 1}}, id)); break;
      case no_result: reply = test::frame(test::reply("add", {}, id)); break;
      case garbage: reply.append("\1\2\3\4\5\6\7\10\11\12\13"); break;
      case http: reply.append("HTTP/1.1 400 Bad Request\r\n\r\n"); break;
      case huge: reply.append("\x7f\xff\xff\xff rest"); break;
      case unframed: reply = test::reply("add", {{"success", 5}}, id); break;
      case bad_body: {
        Buffer message = test::reply("add", {{"success", 5}}, id);
        message.truncate(message.size() - 3);
        reply = test::frame(message);
        break;
      }
    }
    (void)socket.send(reply);
    if (round == bad_body) return false;
    (void)socket.receive_all();  // until the client gives the connection up
    return true;
  });
  const Client client = peer.client("?transport=framed");
  const std::string who = client.endpoint().address() + ": `add`: ";
  const auto call = [&] {
    Caught error = caught([&] { client.call("add", 2, 3); });
    CHECK_FALSE(error.retryable);
    client.close();
    return error;
  };
  Caught error = call();
  CHECK(error.application == ApplicationErrorKind::bad_sequence_id);
  CHECK(error.message == who + "the peer answered with sequence id 2, which no call waits for");
  error = call();
  CHECK(error.application == ApplicationErrorKind::wrong_method_name);
  CHECK(error.message == who + "the peer answered as `slow`");
  error = call();
  CHECK(error.application == ApplicationErrorKind::invalid_message_type);
  CHECK(error.message == who + "the peer answered with a message of type CALL");
  error = call();
  CHECK(error.application == ApplicationErrorKind::missing_result);
  CHECK(error.message == who + "the peer answered without a result");
  error = call();
  CHECK(error.kind == TransportErrorKind::corrupted_data);
  CHECK(error.message.find(who + "the reply makes no sense: frame of 16909060 bytes is over") == 0);
  error = call();
  CHECK(error.message.find("it looks like HTTP") != std::string::npos);
  error = call();
  CHECK(error.message.find("frame of 2147483647 bytes is over the limit") != std::string::npos);
  error = call();
  CHECK(error.message == who + "the peer answers buffered; connect with `transport=buffered`");
  error = call();
  CHECK(error.message.find("add_result") != std::string::npos);
}

TEST_CASE("a server that answers framed to an unframed client is recognised") {
  const Peer peer([&](test::RawSocket& socket, int) {
    (void)socket.receive(test::call("ping", {}).size());
    (void)socket.send(test::frame(test::reply("ping", {}, 1)));
    (void)socket.receive_all();
    return false;
  });
  const Client client = peer.client();
  const Caught error = caught([&] { client.with({.timeout = 5s}).call("ping"); });
  client.close();
  CHECK(error.message.find("the peer answers framed; connect with `transport=framed`") !=
        std::string::npos);
}

TEST_CASE("replies may come in any order") {
  const Peer peer([&](test::RawSocket& socket, int) {
    // Three requests, answered the other way round, all in one piece.
    std::vector<std::int32_t> ids;
    for (int i = 0; i < 3; ++i) ids.push_back(read_request(socket));
    Buffer replies;
    for (int i = 2; i >= 0; --i) {
      const std::int32_t id = ids[static_cast<std::size_t>(i)];
      replies.append(test::frame(test::reply("slow", {{"success", 100 + id}}, id)).bytes());
    }
    (void)socket.send(replies);
    return false;
  });
  const Client client = peer.client("?transport=framed");
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::set<std::int64_t> results;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      const std::int64_t result = client.call("slow", 1).as<std::int64_t>();
      const std::lock_guard lock(mutex);
      results.insert(result);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(results == std::set<std::int64_t>{101, 102, 103});
}

TEST_CASE("of several calls on one connection, one may time out and the others go on") {
  std::latch timed_out(1);
  const Peer peer([&](test::RawSocket& socket, int round) {
    if (round == 1) {  // the connection that follows the time-out
      const std::int32_t id = read_request(socket);
      (void)socket.send(test::frame(test::reply("slow", {{"success", 2}}, id)));
      return false;
    }
    const std::int32_t first = read_request(socket);
    const std::int32_t second = read_request(socket);
    timed_out.wait();
    // Both are answered; which of them is waited for only the client knows.
    (void)socket.send(test::frame(test::reply("slow", {{"success", first}}, first)));
    (void)socket.send(test::frame(test::reply("slow", {{"success", second}}, second)));
    return true;
  });
  const Client client = peer.client("?transport=framed");
  std::thread patient([&] {
    // It is the first or the second: whichever, the reply is its own.
    const std::int64_t n = client.call("slow", 7).as<std::int64_t>();
    CHECK((n == 1 || n == 2));
  });
  const Caught error = caught([&] { client.with({.timeout = 50ms}).call("slow", 8); });
  CHECK(error.kind == TransportErrorKind::timed_out);
  timed_out.count_down();
  CHECK(client.call("slow", 9).as<std::int64_t>() == 2);
  patient.join();
}

TEST_CASE("when a connection breaks, every call on it fails") {
  const Peer peer([&](test::RawSocket& socket, int) {
    for (int i = 0; i < 4; ++i) (void)read_request(socket);
    return false;
  });
  const Client client = peer.client("?transport=framed");
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const Caught error = caught([&] { client.call("slow", 1); });
      if (error.kind == TransportErrorKind::end_of_file && !error.retryable) ++failed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failed == 4);
}

TEST_CASE("closing a client fails the calls that run on it") {
  std::latch called(1);
  const Peer peer([&](test::RawSocket& socket, int) {
    (void)read_request(socket);
    called.count_down();
    (void)socket.receive_all();
    return false;
  });
  const Client client = peer.client("?transport=framed");
  std::thread caller([&] {
    const Caught error = caught([&] { client.call("slow", 1); });
    CHECK(error.message ==
          client.endpoint().address() + ": `slow`: the client closed the connection");
  });
  called.wait();
  client.close();
  caller.join();
}

TEST_CASE("random calls with random time-outs never get another call's reply") {
  const Running running;
  const Client client = running.client();
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  std::atomic<int> answered = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(static_cast<unsigned>(t));  // NOLINT(cert-msc51-cpp)
      for (int i = 0; i < 300; ++i) {
        const std::int64_t mine = t * 1'000'000 + i;
        const auto limited = client.with({.timeout = std::chrono::milliseconds(1 + random() % 4)});
        const Result<Value> result = limited.try_call("slow", mine);
        if (!result) continue;
        ++answered;
        if (result->as<std::int64_t>() != mine) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(answered > 0);
}

TEST_CASE("a oneway call over HTTP ends with a server that never answers such calls") {
  const auto take = [](test::RawSocket& socket) {  // a request; whether there is one
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
      const std::vector<std::byte> more = socket.receive(1);
      if (more.empty()) return false;
      head += static_cast<char>(more[0]);
    }
    const std::size_t at = head.find("Content-Length: ") + 16;
    return !socket.receive(std::stoul(head.substr(at))).empty();
  };
  const auto answer = [](test::RawSocket& socket, std::int32_t id, const std::string& more) {
    const Buffer reply = test::reply("add", {{"success", 5}}, id);
    const std::string head = "HTTP/1.1 200 OK\r\n" + more +
                             "Content-Length: " + std::to_string(reply.size()) + "\r\n\r\n" +
                             std::string(reply.text());
    return socket.send(test::as_bytes(head));
  };
  int requests = 0;  // on the last connection
  const auto serve = [&](const std::string& header, int connections) {
    return [&, header, connections](test::RawSocket& socket, int i) {
      // Calls have the ids 1, 2 and 3; that between is the oneway one.
      for (requests = 0; take(socket); ++requests) {
        const int id = i == 0 ? requests + 1 : 3;
        if (id != 2) answer(socket, id, header);
      }
      return i + 1 < connections;
    };
  };
  const auto call = [](const Peer& peer) {
    const Client client(test::schema(), "Users",
                        "http://127.0.0.1:" + peer.url().substr(peer.url().rfind(':') + 1));
    CHECK(client.call("add", 2, 3).as<int>() == 5);
    client.call("note", "x");
    CHECK(client.call("add", 2, 3).as<int>() == 5);
  };
  {
    const Peer known(serve("Server: Thrift/0.17.0\r\n", 1));  // one that tells: nobody waits
    call(known);
  }
  CHECK(requests == 3);
  {
    const Peer unknown(serve("", 2));  // the call after it has a connection of its own
    call(unknown);
  }
  CHECK(requests == 1);
}
