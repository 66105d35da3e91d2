// Binary, as encode_loop.hpp wants to know it.

#include <thriftpp/schema/struct_type.hpp>

#include "protocol/big_endian.hpp"
#include "protocol/binary.hpp"
#include "protocol/bulk.hpp"
#include "protocol/encode_loop.hpp"

namespace thrift::binary {
namespace {

/// The bits of an op's number.
template <SlotOp op>
using Bits = std::conditional_t<
    op == SlotOp::bool_ || op == SlotOp::i8, std::uint8_t,
    std::conditional_t<op == SlotOp::i16, std::uint16_t,
                       std::conditional_t<op == SlotOp::i32, std::uint32_t, std::uint64_t>>>;

struct Wire {
  static constexpr ProtocolId protocol = ProtocolId::binary;

  static std::uint32_t lead(const FieldLayout& field, std::int32_t /*last*/) noexcept {
    return field.binary_header;
  }
  static constexpr bool has_gap(std::uint32_t /*lead*/) noexcept { return false; }
  /// Scribbles over one byte behind.
  template <SlotOp, bool>
  static Place header(Place p, std::uint32_t lead, const FieldLayout& /*field*/) noexcept {
    store_little(p, lead);
    return p + field_header_size;
  }
  static Place unknown_header(Place p, const UnknownField& field, std::int32_t /*last*/) noexcept {
    *p = std::byte{field.type};
    store_big(p + 1, field.id);
    return p + field_header_size;
  }

  /// The header and up to four bytes of a number go in one store.
  template <SlotOp op, bool gap>
  static Place number_field(Place p, const std::byte* cell, std::uint32_t lead,
                            const FieldLayout& field) noexcept {
    if constexpr (op == SlotOp::bool_ || op == SlotOp::i8) {
      const auto byte = op == SlotOp::bool_ ? std::uint32_t{*cell != std::byte{0}}
                                            : std::to_integer<std::uint32_t>(*cell);
      store_little(p, lead | byte << 24);
      return p + field_header_size + 1;
    } else if constexpr (op == SlotOp::i16 || op == SlotOp::i32) {
      const auto bits = read<Bits<op>>(cell);
      store_little(p, lead | std::uint64_t{swap_bytes(bits)} << 24);
      return p + field_header_size + sizeof(bits);
    } else {
      return number<op>(header<op, gap>(p, lead, field), cell);
    }
  }
  template <SlotOp op>
  static Place number(Place p, const std::byte* cell) noexcept {
    if constexpr (op == SlotOp::bool_) {
      *p = std::byte{*cell != std::byte{0}};
      return p + 1;
    } else if constexpr (op == SlotOp::uuid) {
      std::memcpy(p, cell, sizeof(Uuid));
      return p + sizeof(Uuid);
    } else if constexpr (op != SlotOp::void_) {
      using T = Bits<op>;
      copy_big<T>(p, cell);
      return p + sizeof(T);
    }
    return p;
  }

  template <bool>
  static Place string_header(Place p, std::uint32_t size, std::uint32_t lead,
                             const FieldLayout& /*field*/) noexcept {
    store_little(p, lead | std::uint64_t{swap_bytes(size)} << 24);
    return p + field_header_size + 4;
  }
  static Place size(Place p, std::uint32_t size) noexcept {
    store_big(p, size);
    return p + 4;
  }

  static Place list_header(Place p, const SlotLayout& element, std::uint32_t size) noexcept {
    *p = static_cast<std::byte>(element.wire);
    store_big(p + 1, size);
    return p + list_header_size;
  }
  static Place map_header(Place p, const SlotLayout& key, const SlotLayout& value,
                          std::uint32_t size) noexcept {
    p[0] = static_cast<std::byte>(key.wire);
    p[1] = static_cast<std::byte>(value.wire);
    store_big(p + 2, size);
    return p + map_header_size;
  }

  template <SlotOp op>
  static Place numbers(EncodeState& state, Place p, const std::byte* data, std::size_t n) {
    constexpr std::size_t size = op == SlotOp::uuid ? sizeof(Uuid) : sizeof(Bits<op>);
    p = state.room(p, n * size);
    switch (op) {
      case SlotOp::bool_: copy_bools(p, data, n); break;
      case SlotOp::i16: copy_big_16(p, data, n); break;
      case SlotOp::i32: copy_big_32(p, data, n); break;
      case SlotOp::i64:
      case SlotOp::double_: copy_big_64(p, data, n); break;
      default: std::memcpy(p, data, n * size);
    }
    return p + n * size;
  }
};

}  // namespace

inline namespace THRIFTPP_ISA {

Place encode(EncodeState& state, Place p, const std::byte* cell, const SlotLayout& slot) {
  return EncodeLoop<Wire>::root(state, p, cell, slot);
}

}  // namespace THRIFTPP_ISA
}  // namespace thrift::binary
