#pragma once

// How a peer speaks: what carries the messages, how they are framed, in which protocol; told by a
// URL, or found out from the first bytes.

#include <optional>
#include <thriftpp/rpc/session.hpp>
#include <thriftpp/transport/endpoint.hpp>

#include "transport/carrier.hpp"

namespace thrift::rpc {

struct WireFormat {
  Framing framing = Framing::buffered;
  ProtocolId protocol = ProtocolId::binary;  // header: of what is sent; frames say their own
  bool nested = false;                       // header: each frame stands in a plain frame
  bool compress = false;                     // header: what is sent
};

enum class Carriage : std::uint8_t { none, zlib, http, websocket, sasl };

struct ClientFormat {
  Carriage carriage = Carriage::none;
  WireFormat wire;
};

// How a client of that endpoint speaks. Throw TransportError (bad_args) for what is not supported,
// or makes no sense.
[[nodiscard]] ClientFormat client_format(const Endpoint& endpoint);
// The carrier of a client's connection; nullptr where there is none.
[[nodiscard]] std::unique_ptr<transport::Carrier> client_carrier(const Endpoint& endpoint,
                                                                 const ClientFormat& format,
                                                                 std::size_t max_message);
// Leaves in `options` what the endpoint allows.
void narrow(SessionOptions& options, const Endpoint& endpoint);

// What the first bytes of a connection, or of what a carrier holds, are.
template <class Format>
struct Sniffed {
  enum class Verdict : std::uint8_t { need_more, known, unsupported };
  Verdict verdict = Verdict::need_more;
  Format format{};
  std::string_view what{};  // of unsupported: what it looks like
};

[[nodiscard]] Sniffed<Carriage> sniff_carriage(std::span<const std::byte> bytes,
                                               const SessionOptions& options) noexcept;
[[nodiscard]] Sniffed<WireFormat> sniff(std::span<const std::byte> bytes,
                                        const SessionOptions& options) noexcept;

// Whether such messages are allowed; old_style is about binary only.
[[nodiscard]] bool accepts(const SessionOptions& options, ProtocolId protocol) noexcept;

// The protocol of a message, by its first bytes; nothing where they are none's.
[[nodiscard]] std::optional<ProtocolId> protocol_of(std::span<const std::byte> message) noexcept;

// What the first four bytes of a stream look like that are no frame's length; empty: no idea.
[[nodiscard]] std::string_view looks_like(std::uint32_t word) noexcept;

// The first four bytes; `bytes` has as many.
[[nodiscard]] inline std::uint32_t first_word(std::span<const std::byte> bytes) noexcept {
  return std::to_integer<std::uint32_t>(bytes[0]) << 24 |
         std::to_integer<std::uint32_t>(bytes[1]) << 16 |
         std::to_integer<std::uint32_t>(bytes[2]) << 8 | std::to_integer<std::uint32_t>(bytes[3]);
}

}  // namespace thrift::rpc
