#pragma once

// A carrier lies between the bytes of a connection and its messages where that takes more than a
// frame's length: HTTP, zlib. It has no socket: bytes in, payload out, and the other way round. One
// object serves one side of one connection.

#include <memory>
#include <span>
#include <stdexcept>
#include <thriftpp/base/buffer.hpp>
#include <thriftpp/transport/headers.hpp>

namespace thrift::transport {

// The peer's bytes are no such carrier's, or say that something is wrong.
class CarrierError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Carrier {
 public:
  Carrier() = default;
  Carrier(const Carrier&) = delete;
  Carrier& operator=(const Carrier&) = delete;
  virtual ~Carrier() = default;

  struct Taken {
    std::size_t used = 0;  // bytes from the front; the others are to be given again, with more
    bool payload = false;  // there is one, perhaps empty
  };
  // Takes bytes that arrived and appends a payload to `payload`; what the peer must be told at once
  // goes to `out`. Throws CarrierError.
  virtual Taken unwrap(std::span<const std::byte> bytes, Buffer& payload, Buffer& out) = 0;
  // The peer sends no more: true where that makes the payload at hand whole.
  virtual bool end(Buffer& payload);
  // Appends the bytes that carry `payload`.
  virtual void wrap(std::span<const std::byte> payload, const Headers& headers, Buffer& out) = 0;
  // Appends what tells the peer that the payload at hand makes no sense; then is_over().
  virtual void refuse(std::string_view why, Buffer& out);

  // Whether each payload holds whole messages and is answered by one (HTTP), as against a stream
  // that happens to arrive in pieces.
  [[nodiscard]] virtual bool has_exchanges() const noexcept { return false; }
  // Whether there may be payload left without any more bytes.
  [[nodiscard]] virtual bool has_more() const noexcept { return false; }
  // Whether something has begun that is not whole.
  [[nodiscard]] virtual bool in_message() const noexcept { return false; }
  // Whether not even its size is known.
  [[nodiscard]] virtual bool in_header() const noexcept { return false; }
  // Whether the connection is to be closed once everything is sent.
  [[nodiscard]] virtual bool is_over() const noexcept { return false; }
  // Whether the peer answers, and waits to be answered, where a oneway call leaves nothing to say
  // but that it has arrived (HTTP: a response without a body). As far as is known: it shows in the
  // payload at hand.
  [[nodiscard]] virtual bool answers_oneway() const noexcept { return false; }
  // Who carries the connection from here on, where that was agreed upon (WebSocket).
  [[nodiscard]] virtual std::unique_ptr<Carrier> take_successor() { return nullptr; }
  // Of the payload at hand.
  [[nodiscard]] virtual const Headers& headers() const noexcept;
  [[nodiscard]] virtual std::string_view content_type() const noexcept { return {}; }
};

struct HttpLimits {
  std::size_t header = 16 * 1024;        // the request line, or status line, included
  std::size_t body = 100 * 1024 * 1024;  // decoded
  bool websocket = true;                 // a server's clients may upgrade
  bool exchanges = true;                 // or do without
};
[[nodiscard]] std::unique_ptr<Carrier> make_http_server(const HttpLimits& limits);
// `host` as the Host field says it, `path` as it stands in the URL.
[[nodiscard]] std::unique_ptr<Carrier> make_http_client(const HttpLimits& limits, std::string host,
                                                        std::string path);
// WebSocket's handshake: the client's request, and what is answered: false while the header is not
// whole. Throws CarrierError where that is no consent, `accept` included.
void write_upgrade_request(std::string_view host, std::string_view path, std::string_view key,
                           Buffer& out);
[[nodiscard]] bool read_upgrade_response(std::span<const std::byte> bytes, std::string_view accept);
// A zlib stream in each direction; each `wrap` ends with a sync flush.
[[nodiscard]] std::unique_ptr<Carrier> make_zlib();

}  // namespace thrift::transport
