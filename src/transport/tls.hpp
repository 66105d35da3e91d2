#pragma once

// TLS over a connected socket, by OpenSSL. OpenSSL's own socket code is not used: a send to a peer
// that is gone would raise SIGPIPE.
//
//     side     cert, key                        ca
//     client   its certificate, if any          whom to trust; else the system's authorities
//     server   its certificate, necessary       clients must show a certificate that it signed
//
// The key may stand in the certificate's file. A client checks the server's name, `server_name` or
// else the endpoint's host, against the certificate; there is no way to leave that out.
// TLS 1.2 is the least.

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thriftpp/transport/endpoint.hpp>

#include "transport/deadline.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace thrift::transport {

struct IoResult;

// One TLS connection. As sockets, for one thread that reads and one that writes; OpenSSL wants one
// at a time, so they take turns, and nothing is waited for meanwhile.
class Tls {
 public:
  explicit Tls(ssl_st* ssl) noexcept : ssl_(ssl) {}
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;
  ~Tls();

  // As Socket's. The first of them do the handshake, as far as they get.
  [[nodiscard]] IoResult read_some(std::span<std::byte> into) noexcept;
  [[nodiscard]] IoResult write_some(std::span<const std::byte> bytes) noexcept;
  [[nodiscard]] bool has_input() noexcept;
  // Bytes that were received and decrypted already: no socket becomes readable for them.
  [[nodiscard]] bool has_pending() noexcept;
  [[nodiscard]] bool in_handshake() noexcept;
  // Tells the peer that nothing more comes, if there is room for that.
  void close() noexcept;
  // What OpenSSL said last, as Socket's error text; empty where it was the system.
  [[nodiscard]] std::string problem();

  // A step of the handshake. would_block: `wants_write` says what to wait for.
  [[nodiscard]] IoResult shake_hands(bool& wants_write) noexcept;

 private:
  IoResult result_of(int status) noexcept;

  std::mutex mutex_;
  ssl_st* ssl_;
  bool failed_ = false;  // nothing may be done with it then, not even closing
  std::string problem_;
};

// Certificates and keys, read once. Immutable: safe from several threads.
class TlsContext {
 public:
  enum class Side : bool { client, server };
  // Throws TransportError (bad_args) that says which file is wrong.
  TlsContext(const Endpoint& endpoint, Side side);
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  ~TlsContext();

  // For that socket, which must outlive it.
  [[nodiscard]] std::unique_ptr<Tls> attach(int fd) const;

 private:
  ssl_ctx_st* context_;
  Side side_;
  std::string name_;  // that the client checks
};

// Whether the endpoint's scheme has TLS.
[[nodiscard]] bool has_tls(const Endpoint& endpoint) noexcept;

}  // namespace thrift::transport
