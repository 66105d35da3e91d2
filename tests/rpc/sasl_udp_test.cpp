// SASL PLAIN, as TSaslTransport has it; and UDP.

#include <doctest/doctest.h>

#include <latch>
#include <mutex>

#include "rpc/messages.hpp"
#include "support/sockets.hpp"

using namespace thrift;
using namespace std::chrono_literals;

namespace {

bool knows(std::string_view user, std::string_view password) {
  return user == "ann" && password == "secret";
}

const Processor& users() {
  static const Processor one = [] {
    Processor p(test::schema(), "Users");
    test::serve_users(p);
    p.on("getName", [](Call& call) {
      const std::string* const user = find_header(call.headers(), "sasl-user");
      call.reply(user != nullptr ? *user : "nobody");
    });
    return p;
  }();
  return one;
}

using namespace std::string_literals;
// What Python's thrift_sasl sends first.
const std::string start = "\1\0\0\0\5PLAIN"s;
const std::string response = "\2\0\0\0\x0b\0ann\0secret"s;
const std::string let_in = "\5\0\0\0\0"s;

struct Answer {
  std::string text;
  bool open;
  std::string problem;
};
Answer answer(std::string_view bytes) {
  SessionOptions options;
  options.authenticate = knows;
  Session session(users(), options);
  Buffer out;
  const bool open = session.receive(test::bytes_of(bytes), out);
  return {std::string(out.text()), open, session.problem()};
}

std::string error_of(const std::function<void()>& step) {
  try {
    step();
  } catch (const TransportError& e) {
    return e.message();
  }
  return "no error";
}

}  // namespace

TEST_CASE("SASL lets in whom it knows, however the bytes are cut, and messages follow in frames") {
  const std::string call = test::text_of(test::frame(test::call("getName", {{"userId", "1"}})));
  const std::string reply =
      test::text_of(test::frame(test::reply("getName", {{"success", "ann"}})));
  const std::string all = start + response + call + call;
  CHECK(answer(start + response).text == let_in);
  CHECK(answer(all).text == let_in + reply + reply);
  CHECK(answer(all).open);
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    SessionOptions options;
    options.authenticate = knows;
    Session session(users(), options);
    Buffer out;
    CHECK(session.receive(test::bytes_of(all.substr(0, cut)), out));
    CHECK(session.receive(test::bytes_of(all.substr(cut)), out));
    CHECK(out.text().starts_with(let_in));
    CHECK(out.text().ends_with(reply));
    CHECK_FALSE(session.in_message());
  }
}

TEST_CASE("SASL refuses everybody else, and what does not begin with it") {
  CHECK(answer(start + "\2\0\0\0\x0b\0ann\0secreT"s).text ==
        "\3\0\0\0\x21the user or the password is wrong"s);
  CHECK_FALSE(answer(start + "\2\0\0\0\x0b\0ann\0secreT"s).open);
  CHECK(answer("\1\0\0\0\6GSSAPI"s).text == "\3\0\0\0\x19only PLAIN is spoken here"s);
  CHECK(answer(start + "\2\0\0\0\3abc"s).text == "\3\0\0\0\x11no PLAIN response"s);
  CHECK_FALSE(answer(test::text_of(test::call("ping", {}))).open);
  CHECK_FALSE(answer(start + "\2\x7f\xff\xff\xff"s).open);
  CHECK(answer(start + "\4\0\0\0\0"s).problem == "SASL: the client gave up");
}

TEST_CASE("clients say who they are by SASL") {
  Server server(test::schema(), "Users", {.authenticate = knows});
  test::serve_users(server);
  server.on("getName", [](Call& call) { call.reply(*find_header(call.headers(), "sasl-user")); });
  server.start("tcp://127.0.0.1:0?sasl=plain");
  const std::string url = server.endpoint().address();
  const Client ann(test::schema(), "Users", url + "?sasl=plain&user=ann", {.password = "secret"});
  CHECK(ann.call("getName", "").as<std::string>() == "ann");
  CHECK(ann.call("echo", std::string(200'000, 'x')).size() == 200'000);
  CHECK(ann.call_async("getName", "").get().as<std::string>() == "ann");
  const Client eve(test::schema(), "Users", url + "?sasl=plain&user=eve&protocol=compact",
                   {.retries = 100, .retry_delay = 10s, .password = "secret"});
  CHECK(error_of([&] { eve.call("ping"); }) ==
        url + ": SASL: refused: the user or the password is wrong");
  CHECK_THROWS_AS(Client(test::schema(), "Users", url).call("ping"), TransportError);
  ::setenv("THRIFTPP_PASSWORD", "secret", 1);
  const Client by_environment(test::schema(), "Users", url + "?sasl=plain&user=ann");
  ::unsetenv("THRIFTPP_PASSWORD");
  CHECK(by_environment.call("getName", "").as<std::string>() == "ann");

  Server open(test::schema(), "Users");
  test::serve_users(open);
  CHECK(error_of([&] { open.start("tcp://127.0.0.1:0?sasl=plain"); }) ==
        "tcp://127.0.0.1:0: `sasl=plain` needs ServerOptions::authenticate");
  CHECK(error_of([&] {
          const Client c(test::schema(), "Users", "http://h:1/?sasl=plain&user=u");
        }).find("goes together with neither HTTP nor UDP") != std::string::npos);
}

TEST_CASE("oneway calls travel as datagrams, others do not") {
  std::mutex mutex;
  std::vector<std::string> notes;
  std::vector<std::string> problems;
  std::latch all(4);
  std::latch wrong(3);
  Server server(test::schema(), "Users",
                {.on_error = [&](std::string_view where, std::string_view what) {
                  const std::lock_guard lock(mutex);
                  problems.push_back(std::string(where) + ": " + std::string(what));
                  wrong.count_down();
                }});
  test::serve_users(server);
  server.on("note",
            [&](std::string text) {
              const std::lock_guard lock(mutex);
              notes.push_back(std::move(text));
              all.count_down();
            },
            {.blocking = true});
  server.start("udp://127.0.0.1:0");
  const std::string url = server.endpoint().address();
  const Client binary(test::schema(), "Users", url);
  const Client compact(test::schema(), "Users", url + "?protocol=compact");
  CHECK(binary.call("note", "one").is_void());
  CHECK(compact.call("note", "two").is_void());
  CHECK(compact.call_async("note", "three").get().is_void());
  CHECK(binary.call("note", std::string(60'000, 'x')).is_void());
  CHECK(error_of([&] { binary.call("ping"); }) ==
        url + ": `ping` expects a reply, which UDP does not carry");
  CHECK(error_of([&] { binary.call("note", std::string(65'500, 'x')); }) ==
        url + ": `note`: a datagram of 65524 bytes is over the limit of 65507");
  all.wait();
  {
    const std::lock_guard lock(mutex);
    CHECK(notes.size() == 4);
    CHECK(std::count(notes.begin(), notes.end(), "two") == 1);
    CHECK(std::count(notes.begin(), notes.end(), "three") == 1);
    CHECK(problems.empty());
  }
  const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(server.port());
  const auto send = [&](std::span<const std::byte> bytes) {
    ::sendto(fd, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  };
  const Buffer ping = test::call("ping", {});
  send(ping);
  send(test::bytes_of("garbage"));
  send(ping.bytes().first(10));
  wrong.wait();
  ::close(fd);
  const std::lock_guard lock(mutex);
  REQUIRE(problems.size() == 3);
  CHECK(problems[0] == url + ": a call that expects a reply, where none can be sent");
  CHECK(problems[2] == url + ": a datagram that is no whole message");
}

TEST_CASE("where nobody takes datagrams clients do not learn it") {
  const test::RawSocket gone = test::RawSocket::listen();
  const Client client(test::schema(), "Users", "udp://127.0.0.1:" + std::to_string(gone.port()));
  for (int i = 0; i < 10; ++i) CHECK(client.call("note", "x").is_void());
}
