// thriftpp_rpc_server KIND: the servers that are compared, one a process. Each answers getUser of
// idl_samples/user.thrift in framed binary, and prints its port.
//
//     thriftpp            ours, with one thread
//     apache_threaded     Apache's generated code on TThreadedServer: a thread for each connection
//     apache_nonblocking  ... on TNonblockingServer, with one thread
//     canned              epoll and no Thrift at all: the same reply for each frame, which is what
//                         the system alone costs

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/server/TNonblockingServer.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TNonblockingServerSocket.h>
#include <thrift/transport/TServerSocket.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thriftpp/thriftpp.hpp>
#include <vector>

#include "UserService.h"
#include "messages.hpp"

namespace {

void say(int port) {
  std::printf("%d\n", port);
  std::fflush(stdout);
}

void serve_thriftpp() {
  const thrift::Idl idl = thrift::load(THRIFTPP_BENCH_IDL);
  thrift::Server server(idl, "UserService", {.allow_missing_handlers = true});
  server.on("getUser", [](std::string_view) { return rpc_bench::user_name; });
  server.start("tcp://127.0.0.1:0");
  say(server.port());
  server.wait();
}

class Handler : public user::UserServiceNull {
 public:
  void getUser(std::string& out, const std::string& /*id*/) override { out = rpc_bench::user_name; }
};

// Tells the port once the system has given one.
class SayPort : public apache::thrift::server::TServerEventHandler {
 public:
  explicit SayPort(std::function<int()> port) : port_(std::move(port)) {}
  void preServe() override { say(port_()); }

 private:
  std::function<int()> port_;
};

void serve_apache_threaded() {
  using namespace apache::thrift;
  const auto socket = std::make_shared<transport::TServerSocket>("127.0.0.1", 0);
  server::TThreadedServer server(
      std::make_shared<user::UserServiceProcessor>(std::make_shared<Handler>()), socket,
      std::make_shared<transport::TFramedTransportFactory>(),
      std::make_shared<protocol::TBinaryProtocolFactory>());
  server.setServerEventHandler(std::make_shared<SayPort>([socket] { return socket->getPort(); }));
  server.serve();
}

void serve_apache_nonblocking() {
  using namespace apache::thrift;
  const auto socket = std::make_shared<transport::TNonblockingServerSocket>("127.0.0.1", 0);
  server::TNonblockingServer server(
      std::make_shared<user::UserServiceProcessor>(std::make_shared<Handler>()),
      std::make_shared<protocol::TBinaryProtocolFactory>(), socket);
  server.setServerEventHandler(
      std::make_shared<SayPort>([socket] { return socket->getListenPort(); }));
  server.serve();
}

void serve_canned() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(listener, 1024) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error(std::strerror(errno));
  }
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{EPOLLIN, {.fd = listener}};
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  say(ntohs(address.sin_port));
  const std::size_t frame = rpc_bench::request().size();
  std::vector<std::size_t> pending;  // bytes of a frame that is not whole, by descriptor
  std::string out;
  char in[64 * 1024];
  for (;;) {
    epoll_event events[256];
    const int n = ::epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < n; ++i) {
      const int fd = events[i].data.fd;
      if (fd == listener) {
        const int accepted = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        const int yes = 1;
        ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        event = {EPOLLIN, {.fd = accepted}};
        ::epoll_ctl(epoll, EPOLL_CTL_ADD, accepted, &event);
        pending.resize(std::max(pending.size(), static_cast<std::size_t>(accepted) + 1));
        pending[static_cast<std::size_t>(accepted)] = 0;
        continue;
      }
      const ssize_t got = ::recv(fd, in, sizeof in, 0);
      if (got <= 0) {
        ::close(fd);
        continue;
      }
      std::size_t& there = pending[static_cast<std::size_t>(fd)];
      there += static_cast<std::size_t>(got);
      out.clear();
      for (; there >= frame; there -= frame) out += rpc_bench::reply();
      if (!out.empty() && ::send(fd, out.data(), out.size(), MSG_NOSIGNAL) < 0) ::close(fd);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view kind = argc > 1 ? argv[1] : "";
  try {
    if (kind == "thriftpp") {
      serve_thriftpp();
    } else if (kind == "apache_threaded") {
      serve_apache_threaded();
    } else if (kind == "apache_nonblocking") {
      serve_apache_nonblocking();
    } else if (kind == "canned") {
      serve_canned();
    } else {
      throw std::runtime_error("thriftpp, apache_threaded, apache_nonblocking or canned");
    }
  } catch (const std::exception& e) {
    std::cerr << "thriftpp_rpc_server: " << e.what() << '\n';
    return 1;
  }
  return 0;
}
