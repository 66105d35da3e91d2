#pragma once

/// @file
/// `Protocol`: how values become bytes, as an object. For people who bring their own; what the
/// library knows itself is named by a ProtocolId (protocol.hpp), and is such an object too.
///
///     const thrift::BasicProtocol<MyReader, MyWriter> mine("mine");   // basic_protocol.hpp
///     thrift::Buffer bytes = thrift::encode(mine, value);
///     thrift::Value again = thrift::decode(mine, bytes, type);
///
/// Its functions are virtual, and each is called once for a value or a message, never per field:
/// what is in between is the protocol's own, and may be as fast as it likes. The easy way is
/// BasicProtocol, which needs only a reader and a writer of Thrift's tokens.
///
/// Lifetime: whoever uses a Protocol must keep it alive; those of the library live for ever.
/// Threads: const, and safe from several threads, if the author of a protocol sees to it too.

#include <thriftpp/protocol/message.hpp>
#include <thriftpp/protocol/protocol.hpp>

namespace thrift {

class THRIFTPP_API Protocol {
 public:
  Protocol() = default;
  Protocol(const Protocol&) = delete;
  Protocol& operator=(const Protocol&) = delete;
  virtual ~Protocol();

  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  // --- values ------------------------------------------------------------------------------------

  /// The value of that type at the start of `bytes`; what lies behind it is left alone. Everything
  /// that it needs is allocated in `arena`; only with `options.alias_input` may it view `bytes`.
  /// Throws ProtocolError. Must hold the limits that the options set.
  [[nodiscard]] virtual Decoded decode_prefix(std::span<const std::byte> bytes, const Type& type,
                                              Arena& arena, const DecodeOptions& options) const = 0;
  /// Appends the bytes of `value`. Throws TypeError (with the path) where it is incomplete; `out`
  /// is then as it was before.
  virtual void encode(ValueView value, Buffer& out, const EncodeOptions& options) const = 0;
  /// The size of the value of that wire type at the start of `bytes`. Throws ProtocolError.
  [[nodiscard]] virtual std::size_t skip(std::span<const std::byte> bytes, WireType type,
                                         const DecodeOptions& options) const = 0;

  // --- messages ----------------------------------------------------------------------------------

  /// The envelope at the start of `bytes`. Throws ProtocolError, of kind truncated where it is not
  /// whole yet. The name may view `bytes`, nothing else.
  [[nodiscard]] virtual ReadHeader read_message_header(std::span<const std::byte> bytes,
                                                       const HeaderOptions& options) const = 0;
  /// The struct of a whole message; unless overridden, all that follows the header.
  [[nodiscard]] virtual std::span<const std::byte> message_body(std::span<const std::byte> message,
                                                                const ReadHeader& read) const;
  virtual void write_message_header(const MessageHeader& header, Buffer& out) const = 0;
  /// What closes a message behind its struct; unless overridden, nothing.
  virtual void write_message_end(Buffer& out) const;
};

/// A protocol of the library as an object. Throws ProtocolError (not_implemented) for a number that
/// is no ProtocolId.
[[nodiscard]] THRIFTPP_API const Protocol& built_in_protocol(ProtocolId id);

/// As the functions of protocol.hpp that take a ProtocolId.
[[nodiscard]] THRIFTPP_API ValueView decode(const Protocol& protocol,
                                            std::span<const std::byte> bytes, const Type& type,
                                            Arena& arena, const DecodeOptions& options = {});
[[nodiscard]] THRIFTPP_API Value decode(const Protocol& protocol, std::span<const std::byte> bytes,
                                        const Type& type, const DecodeOptions& options = {});
THRIFTPP_API void encode(const Protocol& protocol, ValueView value, Buffer& out,
                         const EncodeOptions& options = {});
[[nodiscard]] THRIFTPP_API Buffer encode(const Protocol& protocol, ValueView value,
                                         const EncodeOptions& options = {});
inline void encode(const Protocol& protocol, const Value& value, Buffer& out,
                   const EncodeOptions& options = {}) {
  encode(protocol, value.view(), out, options);
}
[[nodiscard]] inline Buffer encode(const Protocol& protocol, const Value& value,
                                   const EncodeOptions& options = {}) {
  return encode(protocol, value.view(), options);
}

}  // namespace thrift
