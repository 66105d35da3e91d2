#pragma once

// Byte streams: a socket and what one does with it. Nothing here blocks but `wait` and `connect`,
// which take a deadline, so that the same class serves event loops and calling threads.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <thriftpp/transport/endpoint.hpp>
#include <utility>

#include "transport/deadline.hpp"

namespace thrift::transport {

enum class IoStatus : std::uint8_t { ok, would_block, closed, failed };

struct IoResult {
  IoStatus status;
  std::size_t size = 0;  // with ok
  int error = 0;         // errno, with failed
};

// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() noexcept = default;
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  [[nodiscard]] int fd() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

class Tls;
class TlsContext;

// A connected stream socket, perhaps with TLS over it. One thread may read while another writes and
// a third shuts down.
class Socket : public Descriptor {
 public:
  Socket() noexcept;
  explicit Socket(int fd) noexcept;
  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;
  ~Socket();

  // From here on everything is encrypted. What is wrong with the peer's certificate and the like is
  // told by the first reads and writes, which do the handshake.
  void secure(std::unique_ptr<Tls> tls) noexcept;

  // Neither ever blocks. A read of 0 bytes is `closed`.
  [[nodiscard]] IoResult read_some(std::span<std::byte> into) noexcept;
  [[nodiscard]] IoResult write_some(std::span<const std::byte> bytes) noexcept;
  enum class For : std::uint8_t { reading, writing };
  // Until a read (write) would not block; false where the deadline passed before.
  [[nodiscard]] bool wait(For what, const Deadline& deadline) const noexcept;
  // Whether there is something to read: the peer's end, or bytes that nobody waits for. Of a
  // connection without running calls either means that it is of no more use.
  [[nodiscard]] bool has_input() const noexcept;
  // Bytes that a read gives although the descriptor is not readable: TLS has decrypted them.
  [[nodiscard]] bool has_pending() const noexcept;
  [[nodiscard]] bool in_handshake() const noexcept;
  // Both directions; readers and writers of other threads wake up.
  void shut_down() noexcept;
  // Of a failed read or write, in our style.
  [[nodiscard]] std::string error_text(int error) const;

 private:
  std::unique_ptr<Tls> tls_;
};

// A connection to the endpoint, ready for messages; `tls` where its scheme has TLS, else nullptr.
// All handshakes are done. Throws TransportError: not_open, timed_out, or bad_args; with none of
// them has any call run.
[[nodiscard]] Socket connect(const Endpoint& endpoint, const TlsContext* tls,
                             std::string_view password, const Deadline& deadline);

// "connection refused": the system's text in our style.
[[nodiscard]] std::string error_text(int error);
[[noreturn]] void fail(TransportErrorKind kind, const Endpoint& endpoint, std::string problem,
                       bool retryable = false);
// Throws not_open with the text of `error`; retryable.
[[noreturn]] void fail_to_open(const Endpoint& endpoint, std::string_view doing, int error);

}  // namespace thrift::transport
