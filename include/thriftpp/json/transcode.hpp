#pragma once

/// @file
/// Plain JSON from the wire's bytes and back in one pass, with no value in between.
///
///     std::string text = to_json(ProtocolId::compact, bytes, idl.type("Batch"));
///     Buffer out;
///     from_json(text, idl.type("Batch"), ProtocolId::binary, out);
///
/// What comes out, and what is refused with which error, is to the byte what the way through values
/// gives: `to_json(decode(protocol, bytes, type))`, and `encode(protocol, from_json(text, type))`.
/// Only speed differs: several times faster where the input is plain. Input that is odd (fields out
/// of order, names given twice, keys that are not UTF-8, another protocol than binary and compact)
/// takes the way through values by itself, as does text with indentation.
///
/// Limits are those of the options; memory that values would take counts, though none is taken.
/// Threads: free functions, safe from several threads on different outputs.

#include <span>
#include <string>
#include <thriftpp/base/sink.hpp>
#include <thriftpp/json/read.hpp>
#include <thriftpp/protocol/protocol.hpp>
#include <thriftpp/value/text.hpp>

namespace thrift {

/// Appends the JSON (value/text.hpp) of the value that `bytes` are, whole. Throws ProtocolError,
/// and TypeError past max_value_depth; `out` is then as it was.
THRIFTPP_API void to_json(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                          Buffer& out, const JsonOptions& json = {},
                          const DecodeOptions& decoding = {});
THRIFTPP_API void to_json(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                          std::string& out, const JsonOptions& json = {},
                          const DecodeOptions& decoding = {});
[[nodiscard]] THRIFTPP_API std::string to_json(ProtocolId protocol,
                                               std::span<const std::byte> bytes, const Type& type,
                                               const JsonOptions& json = {},
                                               const DecodeOptions& decoding = {});
/// As above, handed over in pieces of about `sink_piece` bytes, with no more memory than a few of
/// them (odd input takes that of a value and its text). Long input is looked at twice, so that
/// nothing is written of bytes that turn out to be wrong.
THRIFTPP_API void to_json(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                          Sink& out, const JsonOptions& json = {},
                          const DecodeOptions& decoding = {});

/// Appends the bytes of the value of `type` that `text` is. TypeError as from_json (read.hpp) and
/// encode (protocol.hpp) throw it; `out` is then as it was.
THRIFTPP_API void from_json(std::string_view text, const Type& type, ProtocolId protocol,
                            Buffer& out, const FromJsonOptions& json = {},
                            const EncodeOptions& encoding = {});
[[nodiscard]] THRIFTPP_API Buffer from_json(std::string_view text, const Type& type,
                                            ProtocolId protocol, const FromJsonOptions& json = {},
                                            const EncodeOptions& encoding = {});

}  // namespace thrift
