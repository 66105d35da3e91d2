#pragma once

/// @file
/// `Strictness`: what decoding does about bytes that are odd, but can be read.
///
/// Bytes that cannot be read (truncated, a length that lies, a field of a type that does not exist,
/// past a limit) are always a ProtocolError. What stands here is a matter of taste, and Thrift's
/// own runtimes differ in it; so it is a choice, one for each kind of oddity.

#include <cstdint>
#include <thriftpp/base/export.hpp>

namespace thrift {

enum class Reaction : std::uint8_t {
  error,  ///< ProtocolError with offset and path.
  skip,   ///< Left out: a field, an element, a map's entry. Of the whole value: ProtocolError.
  keep,   ///< It is taken as it stands.
};

/// `Strictness{}` is the default: it reads what Apache's C++ reads, except that required fields
/// must be there and that nothing may stand behind the value.
struct Strictness {
  /// The header of a list, set or map names another type than the schema. keep: the elements are
  /// read as the schema says, whatever the header claims, a type that does not exist too (Apache).
  /// skip: the container is left out, and passed over by what its header says.
  Reaction element_type = Reaction::keep;
  /// A field comes with another wire type than the schema's. skip: passed over, as every runtime
  /// does. keep: kept with the unknown fields, even where those are not.
  Reaction field_type = Reaction::skip;
  /// A required field does not come. skip, keep: it stays unset (thriftpy does not check).
  Reaction missing_required = Reaction::error;
  /// A union comes with no member that the schema knows, or with several. keep: it has none, or
  /// the last. skip: the union is left out of what holds it.
  Reaction union_members = Reaction::keep;
  /// An enum's number has no name. skip: the number is left out.
  Reaction unknown_enum = Reaction::keep;
  /// A `string` (not `binary`) is not UTF-8. keep: its bytes are. skip: it is left out.
  Reaction invalid_utf8 = Reaction::keep;
  /// A field comes twice. keep: the last one counts. skip: the first one does.
  Reaction duplicate_field = Reaction::keep;
  /// A variable-length i16 or i32 (compact), or a number in text (JSON), is out of range. keep: its
  /// low bits, or in text the nearest number (of an i8, the low bits of the nearest i16), as
  /// Apache's C++ takes them (of doubles the largest, not infinity). skip: the number is left out.
  Reaction varint_overflow = Reaction::keep;
  /// Bytes are left behind the value. skip, keep: they are not looked at.
  Reaction trailing_bytes = Reaction::error;

  /// Every oddity is an error.
  [[nodiscard]] static constexpr Strictness strict() noexcept {
    constexpr auto error = Reaction::error;
    return {error, error, error, error, error, error, error, error, error};
  }
  /// As Apache's generated C++: the default, and bytes may stand behind the value.
  [[nodiscard]] static constexpr Strictness like_apache() noexcept {
    Strictness apache;
    apache.trailing_bytes = Reaction::keep;
    return apache;
  }
  friend constexpr bool operator==(const Strictness&, const Strictness&) = default;
};

}  // namespace thrift
