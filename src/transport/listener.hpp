#pragma once

// A socket that accepts connections, whatever its kind.

#include <memory>
#include <optional>

#include "transport/memory.hpp"
#include "transport/socket.hpp"
#include "transport/tls.hpp"

namespace thrift::transport {

// A bound UDP socket; `endpoint` gets the port that is really bound. Throws TransportError.
[[nodiscard]] Descriptor bind_datagrams(Endpoint& endpoint);

class Listener {
 public:
  // Binds and listens; reads the certificates where the scheme has TLS. Port 0 takes a free one; a
  // UNIX socket's file that is left over from a server that died is replaced. Throws
  // TransportError.
  explicit Listener(const Endpoint& endpoint);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();  // removes a UNIX socket's file

  // With the port that is really bound.
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
  // Readable while there is something to accept.
  [[nodiscard]] int fd() const noexcept { return memory_ ? memory_->fd() : socket_.fd(); }
  // Never blocks. Nothing and `error` = 0: nobody is there. An error may pass: the caller goes on
  // accepting, after a while where descriptors or memory ran out.
  [[nodiscard]] std::optional<Socket> accept(int& error) noexcept;

 private:
  void bind();
  void bind_unix();

  Endpoint endpoint_;
  Descriptor socket_;
  std::unique_ptr<MemoryListener> memory_;
  std::unique_ptr<TlsContext> tls_;
  bool owns_file_ = false;
};

}  // namespace thrift::transport
