#pragma once

/// @file
/// Values to bytes and back.
///
///     Buffer out;
///     encode(ProtocolId::binary, user, out);
///     Value again = decode(ProtocolId::binary, out, idl.type("User"));
///
/// Any type can stand alone on the wire, not only structs: a bare `list<Span>` is its header and
/// elements, as Apache's runtimes write them by hand.
///
/// Hostile bytes are normal input. Every length is checked against the bytes that are left before
/// anything is allocated for it; depth, strings, containers and memory have limits; input is never
/// read past its end. What is wrong is told by a ProtocolError with kind, byte offset and field
/// path.
///
/// Threads: free functions; safe from several threads on different outputs and arenas.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <thriftpp/base/arena.hpp>
#include <thriftpp/base/buffer.hpp>
#include <thriftpp/base/result.hpp>
#include <thriftpp/protocol/strictness.hpp>
#include <thriftpp/value/value.hpp>

namespace thrift {

enum class ProtocolId : std::uint8_t { binary, compact, json };

/// "binary", "compact", "json".
[[nodiscard]] THRIFTPP_API std::string_view to_string(ProtocolId protocol) noexcept;

struct DecodeOptions {
  /// Nested structs and containers (Apache: 64). Each level takes about 200 bytes of the stack.
  std::uint32_t max_depth = 64;
  std::uint32_t max_string = 0x7fffffff;     ///< Bytes of one string or binary.
  std::uint32_t max_container = 0x7fffffff;  ///< Elements of one list, set or map.
  /// Bytes that one decode may take from the arena, the input included where it is copied or taken
  /// over. 0: 64 KiB plus 64 times the size of the input. Honest messages take two or three times
  /// their size; structs of hundreds of optional fields, nearly all unset, may take more.
  std::size_t max_memory = 0;
  /// Keep fields that the IDL does not have, and write them back when encoding in this protocol.
  bool keep_unknown_fields = false;
  /// Strings view the input where it lies: no copy, but the input must outlive the value.
  bool alias_input = false;
  /// What to do about bytes that are odd, but can be read.
  Strictness strictness = {};
};

struct EncodeOptions {
  /// Also write unset fields of default requiredness that have an IDL default, as Apache's
  /// generated code does. Defaults that hold defaults are written in full: an IDL in which they do
  /// so level for level makes much of a small value.
  bool write_unset_defaults = false;
  std::uint32_t max_depth = 64;  ///< Nested structs and containers, as in DecodeOptions.
  enum class FieldOrder : std::uint8_t {
    by_id,     ///< By rising id, as Apache's runtimes write: the fastest.
    declared,  ///< As the fields stand in the IDL.
  };
  FieldOrder field_order = FieldOrder::by_id;
};

/// The value that `bytes` are, whole. Everything it needs is allocated in `arena` (which servers
/// reset and use again); the view lives until the arena is reset.
/// Throws ProtocolError.
[[nodiscard]] THRIFTPP_API ValueView decode(ProtocolId protocol, std::span<const std::byte> bytes,
                                            const Type& type, Arena& arena,
                                            const DecodeOptions& options = {});
/// As above, as a Value of its own. The bytes are copied once, and strings view the copy.
[[nodiscard]] THRIFTPP_API Value decode(ProtocolId protocol, std::span<const std::byte> bytes,
                                        const Type& type, const DecodeOptions& options = {});
/// As above; the buffer is taken over instead of copied.
[[nodiscard]] THRIFTPP_API Value decode(ProtocolId protocol, Buffer&& bytes, const Type& type,
                                        const DecodeOptions& options = {});

struct Decoded {
  ValueView value;
  std::size_t consumed;  ///< Bytes of the input that the value took.
};
/// As decode into an arena, without throwing, and bytes behind the value are left alone. All of
/// `bytes` is copied, unless aliased: where many values stand one behind the other, take
/// `alias_input`, or find their ends first (MessageScanner, skip).
[[nodiscard]] THRIFTPP_API Result<Decoded> try_decode_prefix(ProtocolId protocol,
                                                             std::span<const std::byte> bytes,
                                                             const Type& type, Arena& arena,
                                                             const DecodeOptions& options = {});

/// Appends the bytes of `value`. TypeError (with the path) where a required field is unset or a
/// union has no member; `out` is then as it was before.
THRIFTPP_API void encode(ProtocolId protocol, ValueView value, Buffer& out,
                         const EncodeOptions& options = {});
[[nodiscard]] THRIFTPP_API Buffer encode(ProtocolId protocol, ValueView value,
                                         const EncodeOptions& options = {});
inline void encode(ProtocolId protocol, const Value& value, Buffer& out,
                   const EncodeOptions& options = {}) {
  encode(protocol, value.view(), out, options);
}
[[nodiscard]] inline Buffer encode(ProtocolId protocol, const Value& value,
                                   const EncodeOptions& options = {}) {
  return encode(protocol, value.view(), options);
}

/// The size of the value of that wire type at the start of `bytes`, whatever it holds.
/// Throws ProtocolError.
[[nodiscard]] THRIFTPP_API std::size_t skip(ProtocolId protocol, std::span<const std::byte> bytes,
                                            WireType type, const DecodeOptions& options = {});

}  // namespace thrift
