#include "transport/carrier.hpp"

namespace thrift::transport {

bool Carrier::end(Buffer& /*payload*/) {
  return false;
}

void Carrier::refuse(std::string_view /*why*/, Buffer& /*out*/) {}

const Headers& Carrier::headers() const noexcept {
  static const Headers none;
  return none;
}

}  // namespace thrift::transport
