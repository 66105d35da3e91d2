#include "protocol/codec.hpp"

#include "protocol/binary.hpp"

namespace thrift {
namespace {

constexpr Codec binary_codec{
    .decode = binary::decode, .skip = binary::skip, .encode = binary::encode};

}  // namespace

std::string_view to_string(ProtocolId protocol) noexcept {
  switch (protocol) {
    case ProtocolId::binary: return "binary";
    case ProtocolId::compact: return "compact";
    case ProtocolId::json: return "json";
  }
  return "unknown";
}

const Codec* find_codec(ProtocolId protocol) noexcept {
  return protocol == ProtocolId::binary ? &binary_codec : nullptr;
}

Failure no_codec(ProtocolId protocol) {
  return make_failure<ProtocolErrorDetail>(
      ProtocolErrorKind::not_implemented,
      "protocol `" + std::string(to_string(protocol)) + "` is not implemented", 0, std::string());
}

const Codec& codec(ProtocolId protocol) {
  const Codec* const found = find_codec(protocol);
  if (found == nullptr) no_codec(protocol).raise();
  return *found;
}

}  // namespace thrift
