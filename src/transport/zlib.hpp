#pragma once

// zlib: whole pieces, as the header transport has them, and streams.

#include <memory>
#include <span>
#include <thriftpp/base/buffer.hpp>

namespace thrift::transport {

// Appends the compressed bytes, a whole zlib stream.
void compress(std::span<const std::byte> bytes, Buffer& out);
// Appends what a whole zlib stream says; no more than `limit` bytes of it are made. Throws
// CarrierError.
void decompress(std::span<const std::byte> bytes, std::size_t limit, Buffer& out);

}  // namespace thrift::transport
