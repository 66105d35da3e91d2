#pragma once

// How a peer speaks: framing and protocol; told by a URL, or found out from the first bytes.

#include <optional>
#include <thriftpp/protocol/protocol.hpp>
#include <thriftpp/transport/endpoint.hpp>
#include <thriftpp/transport/framing.hpp>

namespace thrift::rpc {

struct WireFormat {
  Framing framing = Framing::buffered;
  ProtocolId protocol = ProtocolId::binary;
};

// Nothing where the URL leaves it open. Throw TransportError (bad_args) for what is not supported.
[[nodiscard]] std::optional<Framing> framing_of(const Endpoint& endpoint);
[[nodiscard]] std::optional<ProtocolId> protocol_of(const Endpoint& endpoint);
// What the URL asks for that no client (server) of this version does; throws TransportError.
void check_client_endpoint(const Endpoint& endpoint);
void check_server_endpoint(const Endpoint& endpoint);

struct Sniffed {
  enum class Verdict : std::uint8_t { need_more, known, unsupported };
  Verdict verdict = Verdict::need_more;
  WireFormat format{};
  std::string_view what{};  // of unsupported: what it looks like
};

// What the first bytes of a connection are, among what `framing` and `protocol` allow.
[[nodiscard]] Sniffed sniff(std::span<const std::byte> bytes, std::optional<Framing> framing,
                            std::optional<ProtocolId> protocol, std::size_t max_frame) noexcept;

// What the first four bytes of a stream look like that are no frame's length; empty: no idea.
[[nodiscard]] std::string_view looks_like(std::uint32_t word) noexcept;

// The first four bytes; `bytes` has as many.
[[nodiscard]] inline std::uint32_t first_word(std::span<const std::byte> bytes) noexcept {
  return std::to_integer<std::uint32_t>(bytes[0]) << 24 |
         std::to_integer<std::uint32_t>(bytes[1]) << 16 |
         std::to_integer<std::uint32_t>(bytes[2]) << 8 | std::to_integer<std::uint32_t>(bytes[3]);
}

}  // namespace thrift::rpc
