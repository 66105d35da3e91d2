#pragma once

/// @file
/// `Endpoint`: where a service is and how it is spoken to, as one URL.
///
///     tcp://127.0.0.1:9090?transport=framed&protocol=compact
///     tcp://[::1]:9090        unix:///run/user.sock       unix:@abstract      memory://name
///     tls://host:port         http://host:port/path       https://...         ws://   wss://
///     udp://host:port         http+unix://%2Frun%2Fuser.sock/path, http+unix://%40abstract/path
///
/// Query keys, all optional:
///
///     protocol=binary|compact|json|header      auto: a client speaks binary, a server detects
///     transport=buffered|framed|zlib|header    auto: a client is buffered, a server detects
///     service=Name                             multiplexed: the service's name on the server
///     header_protocol=binary|compact|json      inside of transport=header
///     compress=zlib                            inside of transport=header
///     sasl=plain&user=NAME                     who calls; a password never stands in a URL
///     ca= cert= key= server_name=              files, and the name that TLS checks
///     connect_timeout= timeout=                500ms, 2s, 1min; 0 waits for ever
///
/// `protocol=header` means `transport=header`; with `transport=framed` each of its frames stands in
/// one more, as Apache's runtimes do it. A server's `ca=` makes it want certificates of clients.
///
/// Values may be percent-encoded. What does not go together (zlib and HTTP, SASL and UDP, ...) is
/// refused where the endpoint is used.
///
/// Threads: a plain value; const use is safe from several threads.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thriftpp/base/export.hpp>
#include <thriftpp/base/result.hpp>

namespace thrift {

struct THRIFTPP_API Endpoint {
  enum class Scheme : std::uint8_t {
    tcp,
    unix_,
    tls,
    http,
    https,
    ws,
    wss,
    udp,
    memory,
    http_unix
  };
  enum class Protocol : std::uint8_t { auto_, binary, compact, json, header };
  enum class Transport : std::uint8_t { auto_, buffered, framed, zlib, header };

  Scheme scheme = Scheme::tcp;
  /// Name or address, IPv6 without brackets. Empty: every address. http+unix: the socket's file, or
  /// the abstract name without "@".
  std::string host;
  std::uint16_t port = 0;  ///< 0: a server takes any free one.
  /// unix: the file, or the abstract name without "@"; http, ws: "/path"; memory: the name.
  std::string path;
  bool abstract = false;  ///< A UNIX socket's name is of Linux's abstract name space, no file.

  Protocol protocol = Protocol::auto_;
  Transport transport = Transport::auto_;
  std::string service;
  Protocol header_protocol = Protocol::auto_;
  bool compress_zlib = false;
  bool sasl_plain = false;
  std::string user;
  std::string ca;
  std::string cert;
  std::string key;
  std::string server_name;
  std::optional<std::chrono::milliseconds> connect_timeout;
  std::optional<std::chrono::milliseconds> timeout;

  /// Throws TransportError (bad_args) that says what is wrong with the URL.
  [[nodiscard]] static Endpoint parse(std::string_view url);
  [[nodiscard]] static Result<Endpoint> try_parse(std::string_view url);

  /// http, https or http+unix.
  [[nodiscard]] bool is_http() const noexcept;
  /// unix or http+unix.
  [[nodiscard]] bool is_unix() const noexcept;
  /// Of a UNIX socket: its file, or the abstract name without "@".
  [[nodiscard]] const std::string& socket_name() const noexcept;

  /// The URL without its query, as errors name the peer: "tcp://127.0.0.1:9090".
  [[nodiscard]] std::string address() const;
  /// The whole URL; parse(to_string()) is the same endpoint.
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// "tcp", "unix", ...
[[nodiscard]] THRIFTPP_API std::string_view to_string(Endpoint::Scheme scheme) noexcept;
/// "auto", "binary", ...
[[nodiscard]] THRIFTPP_API std::string_view to_string(Endpoint::Protocol protocol) noexcept;
/// "auto", "buffered", ...
[[nodiscard]] THRIFTPP_API std::string_view to_string(Endpoint::Transport transport) noexcept;

}  // namespace thrift
