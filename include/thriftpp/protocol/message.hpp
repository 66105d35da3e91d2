#pragma once

/// @file
/// Messages: the envelope of calls and replies, and finding where one ends in a stream.
///
///     const ReadHeader read = read_message_header(protocol, message);
///     Value arguments = decode(protocol, message_body(protocol, message, read), type);
///
///     write_message_header(protocol, {"getUser", MessageType::call, 1}, out);
///     encode(protocol, arguments, out);
///     write_message_end(protocol, out);
///
/// Threads: as protocol.hpp; a MessageScanner belongs to one thread.

#include <memory>
#include <string_view>
#include <thriftpp/protocol/protocol.hpp>

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
/// Compact: only version 1, Apache's, is read; the sequence id is the varint of its 32 bits.
[[nodiscard]] THRIFTPP_API Result<ReadHeader> try_read_message_header(
    ProtocolId protocol, std::span<const std::byte> bytes, const HeaderOptions& options = {});
[[nodiscard]] THRIFTPP_API ReadHeader read_message_header(ProtocolId protocol,
                                                          std::span<const std::byte> bytes,
                                                          const HeaderOptions& options = {});
/// The struct of a message whose header has been read: what lies between that and the message's
/// end. In binary and compact this is all the rest; in JSON something closes the message.
/// ProtocolError where `message`, which must be whole, does not end so.
[[nodiscard]] THRIFTPP_API Result<std::span<const std::byte>> try_message_body(
    ProtocolId protocol, std::span<const std::byte> message, const ReadHeader& read);
[[nodiscard]] THRIFTPP_API std::span<const std::byte> message_body(
    ProtocolId protocol, std::span<const std::byte> message, const ReadHeader& read);

/// Appends the envelope (binary: the strict form); the struct is appended behind it by `encode`,
/// and what closes the message behind that.
THRIFTPP_API void write_message_header(ProtocolId protocol, const MessageHeader& header,
                                       Buffer& out);
/// Appends what closes a message behind its struct: in binary and compact nothing.
THRIFTPP_API void write_message_end(ProtocolId protocol, Buffer& out);

/// What follows the envelope of an EXCEPTION: TApplicationException, which every Thrift library
/// knows and no IDL declares. `exception {1: string message, 2: i32 type}`; type is an
/// ApplicationErrorKind.
[[nodiscard]] THRIFTPP_API const StructType& application_exception_type();

/// Finds the end of a message in a stream without frames, however small the pieces in which it
/// arrives: each byte is looked at once (those of a JSON message's header, at most 16 KiB, with
/// each piece until it is whole), and those of strings not at all.
class THRIFTPP_API MessageScanner {
 public:
  /// ProtocolError (not_implemented) where the protocol has no messages.
  explicit MessageScanner(ProtocolId protocol, std::size_t max_size = std::size_t{100} << 20,
                          std::uint32_t max_depth = 64);
  MessageScanner(MessageScanner&&) noexcept;
  MessageScanner& operator=(MessageScanner&&) noexcept;
  ~MessageScanner();

  /// `bytes` are the stream from the start of the message: those given before, and more. The size
  /// of the whole message once it is there (bytes of the next may follow it), else 0. Throws
  /// ProtocolError where the bytes cannot be the start of a message, or as soon as it is certain
  /// that the message would exceed `max_size`.
  [[nodiscard]] std::size_t scan(std::span<const std::byte> bytes);
  /// Ready for the next message.
  void reset() noexcept;

  class Strategy;  ///< How one protocol does it; internal.

 private:
  std::unique_ptr<Strategy> strategy_;
};

}  // namespace thrift
