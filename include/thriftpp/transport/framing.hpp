#pragma once

/// @file
/// How messages follow one another on a byte stream.
///
///     buffered    message message message             each ends where its last value ends
///     framed      length message length message       the length is 4 bytes, big-endian
///     header      length header message ...           as framed; the header names the protocol and
///                                                     holds key/value pairs, the message may be
///                                                     compressed (Apache's THeaderTransport)
///
/// ("buffered" is Apache's word: its TBufferedTransport puts nothing of its own on the wire.)
/// Threads: free functions; a Buffer belongs to one thread.

#include <cstdint>
#include <string_view>
#include <thriftpp/base/buffer.hpp>

namespace thrift {

enum class Framing : std::uint8_t { buffered, framed, header };

/// "buffered", "framed", "header".
[[nodiscard]] constexpr std::string_view to_string(Framing framing) noexcept {
  switch (framing) {
    case Framing::buffered: return "buffered";
    case Framing::framed: return "framed";
    case Framing::header: return "header";
  }
  return "unknown";
}

/// Bytes of the largest frame that is read or written, by default. Apache's runtimes have the same.
inline constexpr std::size_t default_max_frame = 16'384'000;
/// Bytes of the largest message without a frame that is read, by default (Apache: MaxMessageSize).
inline constexpr std::size_t default_max_message = 100 * 1024 * 1024;

/// Leaves room for a frame's length at the end of `out`; returns where, for end_frame.
[[nodiscard]] inline std::size_t begin_frame(Buffer& out) {
  const std::size_t start = out.size();
  std::byte* const at = out.prepare(4);
  at[0] = at[1] = at[2] = at[3] = std::byte{0};
  out.commit(4);
  return start;
}

/// Writes the length of the frame that began at `start`: what was appended since. It must fit 31
/// bits.
inline void end_frame(Buffer& out, std::size_t start) noexcept {
  const auto length = static_cast<std::uint32_t>(out.size() - start - 4);
  for (unsigned i = 0; i < 4; ++i) {
    out.data()[start + i] = static_cast<std::byte>(length >> (24 - 8 * i) & 0xff);
  }
}

}  // namespace thrift
