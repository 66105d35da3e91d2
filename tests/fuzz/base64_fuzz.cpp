// Text that reads as base64 is written back the same, but for the padding that reading lets one
// omit.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thriftpp/base/json_writer.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto bytes = thrift::from_base64(text)) {
    const std::string written = thrift::to_base64(*bytes);
    if (written.size() < text.size() || thrift::from_base64(written) != bytes) std::abort();
  }
  // Any bytes at all survive the way there and back.
  if (thrift::from_base64(thrift::to_base64(text)) != text) std::abort();
  return 0;
}
