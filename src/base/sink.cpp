#include <thriftpp/base/sink.hpp>

namespace thrift {

Sink::~Sink() = default;

void StringSink::write(std::span<const std::byte> piece) {
  out_.append(reinterpret_cast<const char*>(piece.data()), piece.size());
}

}  // namespace thrift
