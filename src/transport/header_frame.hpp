#pragma once

// The frames of Apache's THeaderTransport (doc/specs/HeaderFormat.md), without the length that
// stands before each:
//
//     u16 0x0fff, u16 flags, i32 sequence id, u16 words of the header, header, message
//     header: varint protocol, varint count of transforms, varints of them, infos, zeros
//     info 1: varint count of pairs, each two strings of a varint size; 0 ends the infos
//
// The message is what the transforms were applied to; 1 is zlib, and the only one.

#include <cstdint>
#include <span>
#include <thriftpp/base/buffer.hpp>
#include <thriftpp/transport/headers.hpp>

namespace thrift::transport {

inline constexpr std::uint16_t header_magic = 0x0fff;

struct HeaderFrame {
  enum Protocol : std::uint32_t { binary = 0, json = 1, compact = 2 };

  std::uint32_t protocol = binary;
  std::uint16_t flags = 0;
  std::int32_t sequence_id = 0;
  bool zlib = false;
  Headers headers;
};

// Reads the frame that `bytes` are. The message is either what `message` views, in `bytes`, or
// what stands in `unpacked`. Throws CarrierError.
[[nodiscard]] HeaderFrame read_header_frame(std::span<const std::byte> bytes, std::size_t limit,
                                            Buffer& unpacked, std::span<const std::byte>& message);
// Appends the frame, without its length. Throws CarrierError where the headers are too large.
void write_header_frame(const HeaderFrame& frame, std::span<const std::byte> message, Buffer& out);

}  // namespace thrift::transport
