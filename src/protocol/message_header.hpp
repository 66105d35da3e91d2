#pragma once

// Where the parts of a message's envelope lie: for reading it, and for finding its end.

#include <thriftpp/protocol/message.hpp>

namespace thrift::binary {

struct HeaderShape {
  bool strict = false;
  std::size_t name = 0;  ///< Where the name starts.
  std::size_t name_size = 0;
  std::size_t size = 0;  ///< Of the whole envelope; 0 where too little is there to tell.
};

/// The shape of the envelope at the start of `bytes`, of which `bytes` may hold only a part.
[[nodiscard]] Result<HeaderShape> header_shape(std::span<const std::byte> bytes,
                                               const HeaderOptions& options);

}  // namespace thrift::binary
