#pragma once

// A client of HTTP that does what it is told, wrong things too. Everything blocks, but for ten
// seconds at most.

#include <string>
#include <string_view>

#include "support/sockets.hpp"

namespace test {

struct HttpReply {
  int status = 0;
  std::string head;  // all lines, with their ends
  std::string body;

  /// The value of a header field; empty where there is none.
  [[nodiscard]] std::string header(std::string_view name) const {
    const std::string wanted = "\r\n" + std::string(name) + ": ";
    const std::size_t at = head.find(wanted);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + wanted.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port) : socket_(RawSocket::connect(port)) {}

  void send(std::string_view bytes) const { socket_.send(as_bytes(bytes)); }
  /// The next response; status 0 where the server closed instead. `head_only`: it has no body.
  HttpReply receive(bool head_only = false) {
    HttpReply out;
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return out;
    }
    out.head = input_.substr(0, end + 2);
    input_.erase(0, end + 4);
    out.status = std::stoi(out.head.substr(9, 3));
    if (head_only || out.status == 204 || out.status == 304 || out.status == 100) return out;
    if (out.header("Transfer-Encoding") == "chunked") {
      while (chunk(out.body)) {
      }
      return out;
    }
    const std::size_t size = std::stoul(out.header("Content-Length"));
    while (input_.size() < size && more()) {
    }
    out.body = input_.substr(0, size);
    input_.erase(0, size);
    return out;
  }
  HttpReply request(std::string_view method, std::string_view target, std::string_view body = {},
                    std::string_view headers = "Content-Type: application/json\r\n") {
    std::string text = std::string(method) + " " + std::string(target) +
                       " HTTP/1.1\r\nHost: test\r\n" + std::string(headers);
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send(text + "\r\n" + std::string(body));
    return receive(method == "HEAD");
  }
  [[nodiscard]] bool is_closed() { return input_.empty() && !more(); }
  [[nodiscard]] const RawSocket& socket() const { return socket_; }

 private:
  bool more() {
    char bytes[16 * 1024];
    const ssize_t n = ::recv(socket_.fd(), bytes, sizeof bytes, 0);
    if (n <= 0) return false;
    input_.append(bytes, static_cast<std::size_t>(n));
    return true;
  }
  bool chunk(std::string& body) {
    std::size_t line = 0;
    while ((line = input_.find("\r\n")) == std::string::npos) {
      if (!more()) return false;
    }
    const std::size_t size = std::stoul(input_.substr(0, line), nullptr, 16);
    while (input_.size() < line + 2 + size + 2) {
      if (!more()) return false;
    }
    body += input_.substr(line + 2, size);
    input_.erase(0, line + 2 + size + 2);
    return size != 0;
  }

  RawSocket socket_;
  std::string input_;
};

/// One request on a connection of its own.
inline HttpReply fetch(std::uint16_t port, std::string_view method, std::string_view target,
                       std::string_view body = {},
                       std::string_view headers = "Content-Type: application/json\r\n") {
  return HttpClient(port).request(method, target, body, headers);
}

}  // namespace test
