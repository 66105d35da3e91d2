#include "rpc/wire_format.hpp"

#include "protocol/codec.hpp"
#include "transport/handshake.hpp"
#include "transport/websocket.hpp"

namespace thrift::rpc {

namespace {

using Scheme = Endpoint::Scheme;

[[noreturn]] void refuse(const Endpoint& endpoint, std::string problem) {
  throw TransportError(TransportErrorKind::bad_args, endpoint.to_string(), std::move(problem));
}

[[noreturn]] void refuse(const Endpoint& endpoint, std::string_view what, std::string_view name) {
  refuse(endpoint, std::string(what) + " `" + std::string(name) + "` is not supported");
}

bool is_websocket(const Endpoint& endpoint) {
  return endpoint.scheme == Scheme::ws || endpoint.scheme == Scheme::wss;
}

bool has_header(const Endpoint& endpoint) {
  return endpoint.transport == Endpoint::Transport::header ||
         endpoint.protocol == Endpoint::Protocol::header;
}

// Of both sides.
void check_endpoint(const Endpoint& endpoint) {
  const bool is_zlib = endpoint.transport == Endpoint::Transport::zlib;
  if (is_zlib && (endpoint.is_http() || is_websocket(endpoint))) {
    refuse(endpoint, "`transport=zlib` does not go together with HTTP");
  }
  if (is_zlib && endpoint.scheme == Scheme::udp) {
    refuse(endpoint, "`transport=zlib` does not go together with UDP");
  }
  if (endpoint.sasl_plain) {
    if (endpoint.is_http() || is_websocket(endpoint) || endpoint.scheme == Scheme::udp) {
      refuse(endpoint, "`sasl` goes together with neither HTTP nor UDP");
    }
    if (has_header(endpoint) || is_zlib || endpoint.transport == Endpoint::Transport::framed) {
      refuse(endpoint, "`sasl` has frames of its own: leave `transport` out");
    }
  }
  if (!has_header(endpoint)) {
    if (endpoint.compress_zlib) {
      refuse(endpoint,
             "`compress` is for `transport=header`; a whole stream is compressed by "
             "`transport=zlib`");
    }
    if (endpoint.header_protocol != Endpoint::Protocol::auto_) {
      refuse(endpoint, "`header_protocol` is for `transport=header`");
    }
  }
}

std::optional<ProtocolId> known(const Endpoint& endpoint, Endpoint::Protocol protocol) {
  std::optional<ProtocolId> out;
  switch (protocol) {
    case Endpoint::Protocol::binary: out = ProtocolId::binary; break;
    case Endpoint::Protocol::compact: out = ProtocolId::compact; break;
    case Endpoint::Protocol::json: out = ProtocolId::json; break;
    case Endpoint::Protocol::auto_:
    case Endpoint::Protocol::header: return std::nullopt;
  }
  if (find_codec(*out) == nullptr) refuse(endpoint, "protocol", to_string(protocol));
  return out;
}

// What the messages are written in, where the URL says it.
std::optional<ProtocolId> protocol_of(const Endpoint& endpoint) {
  const std::optional<ProtocolId> outer = known(endpoint, endpoint.protocol);
  const std::optional<ProtocolId> inner = known(endpoint, endpoint.header_protocol);
  return inner ? inner : outer;
}

constexpr bool is_strict_binary(std::uint32_t word) {
  return (word & 0xffff'0000U) == 0x8001'0000U;
}
constexpr bool is_compact(std::uint32_t word) {
  return (word & 0xff1f'0000U) == 0x8201'0000U;
}
constexpr bool is_json(std::uint32_t word) {
  return word >> 16 == 0x5b31U || word >> 16 == 0x5b20U;  // [1 or [ 1
}
constexpr bool is_header(std::uint32_t word) {
  return word >> 16 == 0x0fffU;
}
constexpr bool is_http_method(std::uint32_t word) {
  switch (word) {
    case 0x504f'5354:  // POST
    case 0x4745'5420:  // GET_
    case 0x4845'4144:  // HEAD
    case 0x5055'5420:  // PUT_
    case 0x4f50'5449:  // OPTI
    case 0x4445'4c45:  // DELE
    case 0x5041'5443:  // PATC
      return true;
    default: return false;
  }
}
// The two bytes that a zlib stream begins with: deflate, a window, and a check of both.
constexpr bool is_zlib(std::uint32_t word) {
  return (word >> 24 & 0x8f) == 0x08 && (word >> 16) % 31 == 0 && word >> 24 == 0x78;
}

// What a method's name, or that of its service, may begin with.
constexpr bool is_name_start(std::uint32_t character) {
  return character == '_' || (character >= 'A' && character <= 'Z') ||
         (character >= 'a' && character <= 'z');
}
// Bytes of the longest name of a message that is told from a frame by it.
constexpr std::uint32_t max_old_name = 1024;

// By a message's first word. Old binary is none of these.
std::optional<ProtocolId> protocol_of(std::uint32_t word) {
  if (is_strict_binary(word)) return ProtocolId::binary;
  if (is_compact(word)) return ProtocolId::compact;
  if (is_json(word)) return ProtocolId::json;
  return std::nullopt;
}

}  // namespace

ClientFormat client_format(const Endpoint& endpoint) {
  check_endpoint(endpoint);
  using Transport = Endpoint::Transport;
  ClientFormat out;
  out.wire.protocol = protocol_of(endpoint).value_or(ProtocolId::binary);
  if (endpoint.transport == Transport::zlib) out.carriage = Carriage::zlib;
  if (endpoint.is_http()) out.carriage = Carriage::http;
  if (is_websocket(endpoint)) out.carriage = Carriage::websocket;
  if (has_header(endpoint)) {
    out.wire.framing = Framing::header;
    // Apache's "header over framed" has two lengths.
    out.wire.nested = endpoint.transport == Transport::framed;
    out.wire.compress = endpoint.compress_zlib;
  } else if (endpoint.transport == Transport::framed || endpoint.sasl_plain) {
    out.wire.framing = Framing::framed;  // SASL's frames look the same, once it has let one in
  }
  return out;
}

std::unique_ptr<transport::Carrier> client_carrier(const Endpoint& endpoint,
                                                   const ClientFormat& format,
                                                   std::size_t max_message) {
  switch (format.carriage) {
    case Carriage::none:
    case Carriage::sasl: return nullptr;
    case Carriage::zlib: return transport::make_zlib();
    case Carriage::websocket: return transport::make_websocket(transport::WebSocketSide::client);
    case Carriage::http: break;
  }
  return transport::make_http_client({.body = max_message}, transport::host_field(endpoint),
                                     endpoint.path);
}

void narrow(SessionOptions& options, const Endpoint& endpoint) {
  using Transport = Endpoint::Transport;
  check_endpoint(endpoint);
  Accepted& accept = options.accept;
  if (endpoint.scheme == Scheme::udp) {
    accept.http = accept.zlib = false;
    options.oneway_only = true;
  } else if (endpoint.is_http()) {
    accept.plain = accept.zlib = false;
  } else if (is_websocket(endpoint)) {
    accept.plain = accept.zlib = accept.http_calls = false;
  } else if (endpoint.transport == Transport::zlib) {
    accept.plain = accept.http = false;
  } else if (endpoint.transport != Transport::auto_) {
    accept.zlib = accept.http = false;
  }
  if (has_header(endpoint)) {
    options.framing = Framing::header;
  } else if (endpoint.transport == Transport::framed) {
    options.framing = Framing::framed;
  } else if (endpoint.transport == Transport::buffered) {
    options.framing = Framing::buffered;
  }
  if (const auto protocol = protocol_of(endpoint)) options.protocol = protocol;
}

bool accepts(const SessionOptions& options, ProtocolId protocol) noexcept {
  if (find_codec(protocol) == nullptr) return false;
  if (options.protocol && *options.protocol != protocol) return false;
  switch (protocol) {
    case ProtocolId::binary: return options.accept.binary || options.accept.old_binary;
    case ProtocolId::compact: return options.accept.compact;
    case ProtocolId::json: return options.accept.json;
  }
  return false;
}

std::optional<ProtocolId> protocol_of(std::span<const std::byte> message) noexcept {
  if (message.size() < 4) return std::nullopt;
  return protocol_of(first_word(message));
}

std::string_view looks_like(std::uint32_t word) noexcept {
  if (is_strict_binary(word)) return "a binary message without a frame";
  if (is_compact(word)) return "a compact message without a frame";
  if (is_json(word)) return "a JSON message";
  if (word >> 8 == 0x16'03'01 || word >> 8 == 0x16'03'03) return "TLS";
  if (is_http_method(word) || word == 0x4854'5450) return "HTTP";
  if (is_zlib(word)) return "a zlib stream";
  return {};
}

Sniffed<Carriage> sniff_carriage(std::span<const std::byte> bytes,
                                 const SessionOptions& options) noexcept {
  using Verdict = Sniffed<Carriage>::Verdict;
  const Accepted& accept = options.accept;
  if (options.authenticate) return {Verdict::known, Carriage::sasl};
  if (accept.plain && !accept.http && !accept.zlib) return {Verdict::known, Carriage::none};
  if (bytes.size() < 4) return {};
  const std::uint32_t word = first_word(bytes);
  if (accept.http && is_http_method(word)) return {Verdict::known, Carriage::http};
  if (accept.zlib && is_zlib(word)) return {Verdict::known, Carriage::zlib};
  if (accept.plain) return {Verdict::known, Carriage::none};
  return {Verdict::unsupported, {}, looks_like(word)};
}

Sniffed<WireFormat> sniff(std::span<const std::byte> bytes,
                          const SessionOptions& options) noexcept {
  using Verdict = Sniffed<WireFormat>::Verdict;
  const Accepted& accept = options.accept;
  const auto may_be = [&](Framing framing) {
    if (options.framing) return *options.framing == framing;
    switch (framing) {
      case Framing::buffered: return accept.buffered;
      case Framing::framed: return accept.framed;
      case Framing::header: return accept.header;
    }
    return false;
  };
  const auto allowed = [&](ProtocolId protocol) {
    return accepts(options, protocol) && (protocol != ProtocolId::binary || accept.binary);
  };
  const bool old_binary = accept.old_binary && accepts(options, ProtocolId::binary);
  if (options.framing && *options.framing != Framing::header && options.protocol) {
    if (!accepts(options, *options.protocol)) return {Verdict::unsupported, {}, {}};
    return {Verdict::known, {*options.framing, *options.protocol}};
  }
  if (bytes.size() < 4) return {};
  const std::uint32_t word = first_word(bytes);
  // No frame's length is any of these: they are over a gigabyte, or negative.
  if (const auto protocol = protocol_of(word)) {
    if (may_be(Framing::buffered) && allowed(*protocol)) {
      return {Verdict::known, {Framing::buffered, *protocol}};
    }
    return {Verdict::unsupported, {}, looks_like(word)};
  }
  if (options.framing == Framing::buffered ||
      !(may_be(Framing::framed) || may_be(Framing::header))) {
    // No frame's length can stand here: what is no version word is the length of a name.
    if (old_binary && may_be(Framing::buffered) && word <= 0x7fff'ffffU &&
        looks_like(word).empty()) {
      return {Verdict::known, {Framing::buffered, ProtocolId::binary}};
    }
    return {Verdict::unsupported, {}, looks_like(word)};
  }
  if (word > options.max_frame || word == 0) return {Verdict::unsupported, {}, looks_like(word)};
  if (bytes.size() < 8) return {};
  const std::uint32_t inner = first_word(bytes.subspan(4));
  if (is_header(inner)) {
    if (may_be(Framing::header)) return {Verdict::known, {Framing::header, ProtocolId::binary}};
    return {Verdict::unsupported, {}, "the header transport"};
  }
  if (const auto protocol = protocol_of(inner)) {
    if (may_be(Framing::framed) && allowed(*protocol)) {
      return {Verdict::known, {Framing::framed, *protocol}};
    }
    switch (*protocol) {
      case ProtocolId::binary: return {Verdict::unsupported, {}, "a binary message in a frame"};
      case ProtocolId::compact: return {Verdict::unsupported, {}, "a compact message in a frame"};
      case ProtocolId::json: return {Verdict::unsupported, {}, "a JSON message in a frame"};
    }
  }
  if (inner == word - 4 && word > 4) {  // a frame in a frame
    if (bytes.size() < 12) return {};
    if (is_header(first_word(bytes.subspan(8))) && may_be(Framing::header)) {
      return {Verdict::known, {Framing::header, ProtocolId::binary, true}};
    }
  }
  // Old style: a name that leaves room for its length, type, sequence id and an empty struct.
  if (word >= 10 && inner <= word - 10 && old_binary && may_be(Framing::framed)) {
    return {Verdict::known, {Framing::framed, ProtocolId::binary}};
  }
  // Old style without a frame, as PHP's runtime has it by default: a name's length, and its first
  // character where a frame would have a version word or a small number.
  if (word <= max_old_name && is_name_start(inner >> 24) && old_binary &&
      may_be(Framing::buffered)) {
    return {Verdict::known, {Framing::buffered, ProtocolId::binary}};
  }
  return {Verdict::unsupported, {}, looks_like(inner)};
}

}  // namespace thrift::rpc
