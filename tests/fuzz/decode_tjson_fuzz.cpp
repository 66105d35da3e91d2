// Bytes as values in Apache's JSON, and as messages: codec_fuzz.hpp says what has to hold.

#include "codec_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  codec_fuzz::check(thrift::ProtocolId::json, data, size);
  return 0;
}
