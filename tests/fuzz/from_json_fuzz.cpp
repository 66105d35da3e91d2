// Text as plain JSON. The first two bytes choose type, protocol and options.
//
// What has to hold: no crash, no read past the end; in one pass and through values the bytes or the
// error are the same.

#include <cstring>
#include <memory>
#include <thriftpp/json/transcode.hpp>

#include "json_types.hpp"

using namespace thrift;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto& types = fuzz::json_types();
  const Type& type = *types[data[0] % types.size()];
  const unsigned bits = data[1];
  const ProtocolId protocol = (data[0] & 0x80) != 0 ? ProtocolId::compact : ProtocolId::binary;
  const FromJsonOptions json{
      .binary = (bits & 1) != 0 ? JsonOptions::Binary::text : JsonOptions::Binary::base64,
      .skip_unknown_fields = (bits & 2) != 0,
      .set_defaults = (bits & 4) != 0,
      .max_memory = (bits & 8) != 0 ? 20'000U : 0U};
  EncodeOptions encoding;
  encoding.write_unset_defaults = (bits & 16) != 0;
  if ((bits & 32) != 0) encoding.field_order = EncodeOptions::FieldOrder::declared;
  if ((bits & 64) != 0) encoding.max_depth = 4;

  // Memory of exactly that size, so that a read past the end is found.
  const std::size_t length = size - 2;
  const auto copy = std::make_unique<char[]>(length);
  if (length != 0) std::memcpy(copy.get(), data + 2, length);
  const std::string_view text(copy.get(), length);
  fuzz::require_same(fuzz::outcome([&] {
                       return std::string(from_json(text, type, protocol, json, encoding).text());
                     }),
                     fuzz::outcome([&] {
                       const Value value = from_json(text, type, json);
                       return std::string(encode(protocol, value, encoding).text());
                     }));
  return 0;
}
