// Bytes of the wire as plain JSON. The first two bytes choose type, protocol and options.
//
// What has to hold: no crash, no read past the end; in one pass and through values the text or the
// error are the same; what became text becomes bytes again that give the same text.

#include <cstring>
#include <memory>
#include <thriftpp/json/transcode.hpp>

#include "json_types.hpp"

using namespace thrift;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const auto& types = fuzz::json_types();
  const Type& type = *types[data[0] % types.size()];
  const unsigned bits = data[1];
  const ProtocolId protocol = (data[0] & 0x80) != 0 ? ProtocolId::compact : ProtocolId::binary;
  JsonOptions json;
  if ((bits & 1) != 0) json.enums = JsonOptions::Enums::number;
  if ((bits & 2) != 0) json.maps = JsonOptions::Maps::pairs;
  if ((bits & 4) != 0) json.int64 = JsonOptions::Int64::string;
  if ((bits & 8) != 0) json.binary = JsonOptions::Binary::text;
  if ((bits & 16) != 0) json.defaults = JsonOptions::Defaults::write;
  DecodeOptions decoding;
  if ((bits & 32) != 0) decoding.strictness = Strictness::strict();
  if ((bits & 64) != 0) decoding.strictness = Strictness::like_apache();
  if ((bits & 128) != 0) decoding.alias_input = true;
  if ((data[2] & 1) != 0) decoding.max_depth = 3;
  if ((data[2] & 2) != 0) decoding.max_container = 3;
  if ((data[2] & 4) != 0) decoding.max_string = 9;
  if ((data[2] & 8) != 0) decoding.max_memory = 1000;
  if ((data[2] & 16) != 0) decoding.keep_unknown_fields = true;

  // Memory of exactly that size, so that a read past the end is found.
  const std::size_t length = size - 3;
  const auto copy = std::make_unique<std::byte[]>(length);
  if (length != 0) std::memcpy(copy.get(), data + 3, length);
  const std::span<const std::byte> bytes(copy.get(), length);
  const std::string direct =
      fuzz::outcome([&] { return to_json(protocol, bytes, type, json, decoding); });
  fuzz::require_same(direct, fuzz::outcome([&] {
                       const Value value = decode(protocol, bytes, type, decoding);
                       return to_json(value, json);
                     }));
  if (direct.starts_with("error: ") || decoding.strictness != Strictness{}) return 0;
  const FromJsonOptions reading{.binary = json.binary};
  const std::string again = fuzz::outcome([&] {
    const Buffer written = from_json(direct, type, protocol, reading);
    return to_json(protocol, written, type, json);
  });
  // A union may have had no member, and of equal keys and elements one is left.
  if (again.starts_with("error: ") || again.size() < direct.size()) return 0;
  fuzz::require_same(again, direct);
  return 0;
}
