#pragma once

// How a protocol writes messages: the envelope around their structs, and where they end. One table
// a protocol, beside its Codec, which knows values only. Each lies in the protocol's own file
// (binary_message.cpp, compact_message.cpp, ...).

#include <memory>
#include <thriftpp/protocol/message.hpp>

namespace thrift {

/// Finds the end of one message in a stream: what MessageScanner does, by protocol. Position and
/// limits are its own.
class MessageScanner::Strategy {
 public:
  Strategy() = default;
  Strategy(const Strategy&) = delete;
  Strategy& operator=(const Strategy&) = delete;
  virtual ~Strategy() = default;
  /// As MessageScanner::scan and reset.
  [[nodiscard]] virtual std::size_t scan(std::span<const std::byte> bytes) = 0;
  virtual void reset() noexcept = 0;
};

struct MessageFormat {
  /// As try_read_message_header and write_message_header.
  Result<ReadHeader> (*read_header)(std::span<const std::byte> bytes, const HeaderOptions& options);
  void (*write_header)(const MessageHeader& header, Buffer& out);
  /// As write_message_end and try_message_body; nullptr where a message ends with its struct.
  void (*write_end)(Buffer& out);
  Result<std::span<const std::byte>> (*body)(std::span<const std::byte> message,
                                             const ReadHeader& read);
  std::unique_ptr<MessageScanner::Strategy> (*new_scanner)(std::size_t max_size,
                                                           std::uint32_t max_depth);
};

/// The format of a protocol, or nullptr where there is none. In message.cpp.
[[nodiscard]] const MessageFormat* find_message_format(ProtocolId protocol) noexcept;

namespace binary {
extern const MessageFormat message_format;
}
namespace compact {
extern const MessageFormat message_format;
}
namespace tjson {
extern const MessageFormat message_format;
}

// What envelopes of all protocols may find wrong.

[[nodiscard]] Failure header_failure(ProtocolErrorKind kind, std::string problem,
                                     std::uint64_t offset);
/// The input ends at `offset`, inside of the header.
[[nodiscard]] Failure header_truncated(std::uint64_t offset);
/// `size`, which stands at `offset`, is no size that a method's name may have.
[[nodiscard]] Failure bad_name_size(std::int64_t size, const HeaderOptions& options,
                                    std::uint64_t offset);
[[nodiscard]] Failure bad_message_type(unsigned type, std::uint64_t offset);
/// Throws TypeError where a name is longer than any protocol can say.
void check_name_size(const MessageHeader& header);
[[nodiscard]] constexpr bool is_message_type(unsigned type) noexcept {
  return type >= 1 && type <= 4;
}

}  // namespace thrift
