#include "rpc/wire_format.hpp"

namespace thrift::rpc {

namespace {

[[noreturn]] void refuse(const Endpoint& endpoint, std::string_view what, std::string_view name) {
  throw TransportError(TransportErrorKind::bad_args, endpoint.to_string(),
                       std::string(what) + " `" + std::string(name) + "` is not supported");
}

void check_endpoint(const Endpoint& endpoint) {
  using Scheme = Endpoint::Scheme;
  if (endpoint.scheme != Scheme::tcp && endpoint.scheme != Scheme::unix_ &&
      endpoint.scheme != Scheme::memory) {
    refuse(endpoint, "scheme", to_string(endpoint.scheme));
  }
  if (endpoint.compress_zlib) refuse(endpoint, "compress", "zlib");
  if (endpoint.sasl_plain) refuse(endpoint, "sasl", "plain");
  (void)framing_of(endpoint);
  (void)protocol_of(endpoint);
}

constexpr bool is_strict_binary(std::uint32_t word) {
  return (word & 0xffff'0000U) == 0x8001'0000U;
}
constexpr bool is_compact(std::uint32_t word) {
  return (word & 0xff1f'0000U) == 0x8201'0000U;
}

}  // namespace

std::optional<Framing> framing_of(const Endpoint& endpoint) {
  switch (endpoint.transport) {
    case Endpoint::Transport::auto_: return std::nullopt;
    case Endpoint::Transport::buffered: return Framing::buffered;
    case Endpoint::Transport::framed: return Framing::framed;
    default: refuse(endpoint, "transport", to_string(endpoint.transport));
  }
}

std::optional<ProtocolId> protocol_of(const Endpoint& endpoint) {
  switch (endpoint.protocol) {
    case Endpoint::Protocol::auto_: return std::nullopt;
    case Endpoint::Protocol::binary: return ProtocolId::binary;
    default: refuse(endpoint, "protocol", to_string(endpoint.protocol));
  }
}

void check_client_endpoint(const Endpoint& endpoint) {
  check_endpoint(endpoint);
}

void check_server_endpoint(const Endpoint& endpoint) {
  check_endpoint(endpoint);
}

std::string_view looks_like(std::uint32_t word) noexcept {
  if (is_strict_binary(word)) return "a binary message without a frame";
  if (is_compact(word)) return "a compact message without a frame";
  if (word >> 8 == 0x16'03'01 || word >> 8 == 0x16'03'03) return "TLS";
  switch (word) {
    case 0x504f'5354:  // POST
    case 0x4745'5420:  // GET_
    case 0x4845'4144:  // HEAD
    case 0x5055'5420:  // PUT_
    case 0x4f50'5449:  // OPTI
    case 0x4854'5450:  // HTTP
      return "HTTP";
    default: break;
  }
  if (word >> 24 == '[') return "a JSON message";
  return {};
}

Sniffed sniff(std::span<const std::byte> bytes, std::optional<Framing> framing,
              std::optional<ProtocolId> protocol, std::size_t max_frame) noexcept {
  using Verdict = Sniffed::Verdict;
  const ProtocolId as = protocol.value_or(ProtocolId::binary);
  if (framing && protocol) return {Verdict::known, {*framing, as}};
  if (bytes.size() < 4) return {};
  const std::uint32_t word = first_word(bytes);
  if (is_strict_binary(word) && framing != Framing::framed) {
    return {Verdict::known, {Framing::buffered, as}};
  }
  if (framing == Framing::buffered) {
    // No frame's length can stand here: what is no version word is the length of a name.
    if (word <= 0x7fff'ffffU && looks_like(word).empty()) {
      return {Verdict::known, {Framing::buffered, as}};
    }
    return {Verdict::unsupported, {}, looks_like(word)};
  }
  if (word > max_frame || word == 0) return {Verdict::unsupported, {}, looks_like(word)};
  if (bytes.size() < 8) return {};
  const std::uint32_t inner = first_word(bytes.subspan(4));
  if (is_strict_binary(inner)) return {Verdict::known, {Framing::framed, as}};
  if (is_compact(inner)) return {Verdict::unsupported, {}, "a compact message in a frame"};
  if (inner >> 16 == 0x0fff) return {Verdict::unsupported, {}, "the header transport"};
  // Old style: a name that leaves room for its length, type, sequence id and an empty struct.
  if (word >= 10 && inner <= word - 10) return {Verdict::known, {Framing::framed, as}};
  return {Verdict::unsupported, {}, looks_like(inner)};
}

}  // namespace thrift::rpc
