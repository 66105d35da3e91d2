#pragma once

/// @file
/// From one wire protocol to another in one pass, with no value between.
///
///     Buffer json;
///     transcode(ProtocolId::compact, bytes, ProtocolId::json, WireType::struct_, json);
///
/// No IDL is needed: all three protocols say on the wire what their values are. Two things they do
/// not say, and a Type tells:
///
///   - `string` and `binary` are one type on the wire. Apache's JSON holds a string as text and a
///     binary as base64. Without a Type everything is taken for text: right between binary and
///     compact, where both are the same; in JSON a binary would then be the bytes themselves.
///   - Compact does not say the types of an empty map. Without a Type they become strings.
///
/// A Type also says what the elements of a container are whose header claims something else: they
/// are read, and written, as decoding reads them by default (strictness.hpp, `element_type`).
/// Without a Type the header is believed.
///
/// Fields that the Type does not have are carried over like all others. Fields keep their order;
/// numbers keep their value. One that is too large for its type (compact and JSON can say such) is
/// what decoding, like Apache's C++, takes it for: compact's loses its high bits; JSON's becomes
/// the nearest number of its type, and an i8 the low bits of the nearest i16.
///
/// From a protocol to the same one the value is checked in the same way and its bytes are copied as
/// they stand, unless a container's header claims something else than the Type.
///
/// Hostile bytes are normal input: everything is checked as in decoding, and told by a
/// ProtocolError with kind, byte offset and, where a Type is given, field path. Memory does not
/// depend on what the input claims: with a Buffer it is the output; with a Sink it is a piece
/// (base/sink.hpp), or one string where that is longer.
///
/// Threads: free functions; safe from several threads on different outputs.

#include <thriftpp/base/sink.hpp>
#include <thriftpp/protocol/message.hpp>

namespace thrift {

class Service;

struct TranscodeOptions {
  std::uint32_t max_depth = 64;  ///< Nested structs and containers.
  /// Bytes of one string or binary. Of JSON without a Type: of the text, which base64 makes longer.
  std::uint32_t max_string = 0x7fffffff;
  std::uint32_t max_container = 0x7fffffff;  ///< Elements of one list, set or map.
  /// A string that is not UTF-8 is an error; a binary, where a Type tells it from a string, may be
  /// anything. Otherwise bytes are carried over as they are, into JSON too: Apache's C++ does so,
  /// though it is no JSON then.
  bool check_utf8 = false;
  /// Bytes may stand behind the value; they are left alone. Else they are an error.
  bool allow_trailing = false;
};

/// Appends the value at the start of `bytes` in another protocol; the bytes of the input that it
/// took. ProtocolError leaves `out` as it was.
THRIFTPP_API std::size_t transcode(ProtocolId from, std::span<const std::byte> bytes, ProtocolId to,
                                   WireType type, Buffer& out,
                                   const TranscodeOptions& options = {});
/// As above; the type also tells binary from string, and of what empty maps are.
THRIFTPP_API std::size_t transcode(ProtocolId from, std::span<const std::byte> bytes, ProtocolId to,
                                   const Type& type, Buffer& out,
                                   const TranscodeOptions& options = {});
/// As above, piece by piece. What has been handed over before an error is not taken back.
THRIFTPP_API std::size_t transcode(ProtocolId from, std::span<const std::byte> bytes, ProtocolId to,
                                   WireType type, Sink& out, const TranscodeOptions& options = {});
THRIFTPP_API std::size_t transcode(ProtocolId from, std::span<const std::byte> bytes, ProtocolId to,
                                   const Type& type, Sink& out,
                                   const TranscodeOptions& options = {});

/// A whole message (MessageScanner finds where one ends): its envelope and its struct. With a
/// service, that struct's type is the one of the method that the message names (behind the last
/// `:` of a multiplexed name); without one, or where the service has no such method, as without a
/// Type.
THRIFTPP_API void transcode_message(ProtocolId from, std::span<const std::byte> message,
                                    ProtocolId to, const Service* service, Buffer& out,
                                    const TranscodeOptions& options = {});
THRIFTPP_API void transcode_message(ProtocolId from, std::span<const std::byte> message,
                                    ProtocolId to, const Service* service, Sink& out,
                                    const TranscodeOptions& options = {});

}  // namespace thrift
