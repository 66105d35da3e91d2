// thriftpp_gateway_load: sends one request again and again, as fast as it is answered, and prints
// what it saw as one line of JSON. It knows nothing of Thrift or JSON: the request is a file's
// bytes, and every response must have as many bytes as the first one, whose end it knows by its
// frame or its Content-Length.
//
//     thriftpp_gateway_load framed|http PORT CONNECTIONS DEPTH MILLISECONDS REQUEST_FILE

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "../loopback.hpp"

namespace {

using Clock = std::chrono::steady_clock;

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) throw std::runtime_error("the server takes no more");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

/// Bytes of the response that `text` begins with; 0: it is not known yet.
std::size_t response_size(bool http, std::string_view text) {
  if (!http) {
    if (text.size() < 4) return 0;
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i)
      size = size << 8 | static_cast<unsigned char>(text[static_cast<std::size_t>(i)]);
    return size + 4;
  }
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  if (!text.starts_with("HTTP/1.1 200"))
    throw std::runtime_error("not answered 200: " + std::string(text));
  const std::size_t at = text.find("Content-Length: ");
  if (at == std::string_view::npos) throw std::runtime_error("a response without its length");
  return end + 4 + std::stoul(std::string(text.substr(at + 16, 20)));
}

struct Connection {
  int fd;
  std::size_t received = 0;  // of the response at hand
};

void run(bool http, std::uint16_t port, std::size_t connections, std::size_t depth,
         std::chrono::milliseconds time, const std::string& request) {
  std::size_t size = 0;
  {
    const int fd = bench::connect_to(port);
    send_all(fd, request);
    std::string text;
    while (size == 0 || text.size() < size) {
      char buffer[64 * 1024];
      const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
      if (n <= 0) throw std::runtime_error("the server closed a connection");
      text.append(buffer, static_cast<std::size_t>(n));
      if (size == 0) size = response_size(http, text);
    }
    ::close(fd);
  }
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<Connection> all;
  for (std::size_t i = 0; i < connections; ++i) {
    all.push_back({bench::connect_to(port)});
    epoll_event event{EPOLLIN, {.u64 = i}};
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].fd, &event);
  }
  std::string requests;
  for (std::size_t i = 0; i < depth; ++i) requests += request;
  for (const Connection& connection : all) send_all(connection.fd, requests);
  const auto begin = Clock::now();
  std::size_t calls = 0;
  auto now = begin;
  for (; now < begin + time; now = Clock::now()) {
    epoll_event events[256];
    const int n = ::epoll_wait(epoll, events, 256, 5000);
    if (n == 0) throw std::runtime_error("no reply for five seconds");
    for (int i = 0; i < n; ++i) {
      Connection& connection = all[events[i].data.u64];
      char buffer[256 * 1024];
      const ssize_t got = ::recv(connection.fd, buffer, sizeof buffer, MSG_DONTWAIT);
      if (got <= 0) throw std::runtime_error("the server closed a connection");
      connection.received += static_cast<std::size_t>(got);
      std::size_t answered = connection.received / size;
      connection.received %= size;
      calls += answered;
      for (; answered != 0; --answered) send_all(connection.fd, request);
    }
  }
  std::printf("{\"calls\": %zu, \"seconds\": %.6f}\n", calls,
              std::chrono::duration<double>(now - begin).count());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 7) throw std::runtime_error("framed|http PORT CONNECTIONS DEPTH MILLISECONDS FILE");
    std::ifstream file(argv[6], std::ios::binary);
    if (!file) throw std::runtime_error(std::string("cannot read ") + argv[6]);
    const std::string request(std::istreambuf_iterator<char>(file), {});
    run(std::string_view(argv[1]) == "http", static_cast<std::uint16_t>(std::stoul(argv[2])),
        std::stoul(argv[3]), std::stoul(argv[4]), std::chrono::milliseconds(std::stoul(argv[5])),
        request);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "thriftpp_gateway_load: %s\n", e.what());
    return 1;
  }
  return 0;
}
