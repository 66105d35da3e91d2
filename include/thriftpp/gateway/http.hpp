#pragma once

/// @file
/// Requests and responses of HTTP, as the gateway's middleware and custom routes see them.
/// Threads: plain values; const use is safe from several threads.

#include <string>
#include <string_view>
#include <thriftpp/transport/headers.hpp>

namespace thrift {

struct HttpRequest {
  std::string method;  ///< "GET", in capitals as it was sent.
  std::string target;  ///< "/users/1?depth=2": as it was sent, but of a URL without its host.
  Headers headers;     ///< In the order in which they were sent.
  std::string body;    ///< Whole, chunks put together.
  std::string client;  ///< The peer's address, without port.
  std::string id;      ///< Of the request: X-Request-Id, or a new one.

  /// Without the query; percent-encoded.
  [[nodiscard]] std::string_view path() const noexcept {
    const std::string_view all(target);
    return all.substr(0, all.find('?'));
  }
  /// Behind the `?`; percent-encoded.
  [[nodiscard]] std::string_view query() const noexcept {
    const std::string_view all(target);
    const std::size_t at = all.find('?');
    return at == std::string_view::npos ? std::string_view() : all.substr(at + 1);
  }
  /// The value of the first header field of that name, or nothing.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
    const std::string* const found = find_header(headers, name);
    return found != nullptr ? std::string_view(*found) : std::string_view();
  }
};

struct HttpResponse {
  int status = 200;
  std::string body{};
  std::string content_type = "application/json";  ///< Empty: none is sent.
  Headers headers{};  ///< Further ones. Content-Length and the like are the gateway's to set.
};

}  // namespace thrift
