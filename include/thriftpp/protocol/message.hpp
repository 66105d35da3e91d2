#pragma once

/// @file
/// Messages: the envelope of calls and replies, and finding where one ends in a stream.
///
///     ReadHeader read = read_message_header(ProtocolId::binary, bytes);
///     Value arguments = decode(ProtocolId::binary, bytes.subspan(read.size), type);
///
/// Threads: as protocol.hpp; a MessageScanner belongs to one thread.

#include <string>
#include <thriftpp/protocol/protocol.hpp>
#include <vector>

namespace thrift {

/// Numbers are Thrift's (TMessageType).
enum class MessageType : std::uint8_t { call = 1, reply = 2, exception = 3, oneway = 4 };

/// "CALL", "REPLY", "EXCEPTION", "ONEWAY".
[[nodiscard]] THRIFTPP_API std::string_view to_string(MessageType type) noexcept;

struct MessageHeader {
  std::string_view name;  ///< Views the bytes that it was read from.
  MessageType type = MessageType::call;
  std::int32_t sequence_id = 0;
};

struct ReadHeader {
  MessageHeader header;
  std::size_t size = 0;  ///< Bytes that the header took; the struct follows.
};

struct HeaderOptions {
  /// Binary: refuse messages without a version word, which very old peers send.
  bool strict = false;
  std::uint32_t max_name = 4096;  ///< Bytes of the method's name.
};

/// Reads the envelope at the start of `bytes`. ProtocolError (truncated) where it is not whole yet.
[[nodiscard]] THRIFTPP_API Result<ReadHeader> try_read_message_header(
    ProtocolId protocol, std::span<const std::byte> bytes, const HeaderOptions& options = {});
[[nodiscard]] THRIFTPP_API ReadHeader read_message_header(ProtocolId protocol,
                                                          std::span<const std::byte> bytes,
                                                          const HeaderOptions& options = {});
/// Appends the envelope (binary: the strict form); the struct is appended behind it by `encode`.
THRIFTPP_API void write_message_header(ProtocolId protocol, const MessageHeader& header,
                                       Buffer& out);

/// What follows the envelope of an EXCEPTION: TApplicationException, which every Thrift library
/// knows and no IDL declares. `exception {1: string message, 2: i32 type}`; type is an
/// ApplicationErrorKind.
[[nodiscard]] THRIFTPP_API const StructType& application_exception_type();

/// Finds the end of a message in a stream without frames, however small the pieces in which it
/// arrives: each byte is looked at once.
class THRIFTPP_API MessageScanner {
 public:
  explicit MessageScanner(ProtocolId protocol, std::size_t max_size = std::size_t{100} << 20,
                          std::uint32_t max_depth = 64) noexcept;

  /// `bytes` are the stream from the start of the message: those given before, and more. The size
  /// of the whole message once it is there (bytes of the next may follow it), else 0. Throws
  /// ProtocolError where the bytes cannot be the start of a message, or as soon as it is certain
  /// that the message would exceed `max_size`.
  [[nodiscard]] std::size_t scan(std::span<const std::byte> bytes);
  /// Ready for the next message.
  void reset() noexcept;

 private:
  /// A struct, list, set or map that is not whole yet.
  struct Level {
    WireType key;        // map: the type of its keys; else the type of the elements
    WireType value;      // map: the type of its values; else the same; struct: stop
    std::uint64_t left;  // elements still to come; of a map, keys and values
  };
  [[nodiscard]] bool scan_header(std::span<const std::byte> bytes);
  void begin_value(std::span<const std::byte> bytes, WireType type);
  void begin_container(WireType key, WireType value, std::int32_t size, std::uint32_t per_element);
  void advance(std::uint64_t bytes);
  [[noreturn]] void fail(ProtocolErrorKind kind, const std::string& problem) const;

  ProtocolId protocol_;
  std::size_t max_size_;
  std::uint32_t max_depth_;
  bool in_header_ = true;
  // Where the next byte lies that has to be looked at. It runs ahead of what has arrived: the bytes
  // of a string need no look.
  std::size_t position_ = 0;
  std::vector<Level> levels_;
};

}  // namespace thrift
