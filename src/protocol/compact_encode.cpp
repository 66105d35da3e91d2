// Compact, as encode_loop.hpp wants to know it.

#include <algorithm>
#include <thriftpp/schema/struct_type.hpp>

#include "protocol/compact.hpp"
#include "protocol/encode_loop.hpp"
#include "protocol/varint.hpp"

namespace thrift::compact {
namespace {

/// Of a field's header; a bool is written by its value.
constexpr Code code_of(SlotOp op) noexcept {
  switch (op) {
    case SlotOp::void_: return Code::stop;
    case SlotOp::bool_: return Code::true_;
    case SlotOp::i8: return Code::i8;
    case SlotOp::i16: return Code::i16;
    case SlotOp::i32: return Code::i32;
    case SlotOp::i64: return Code::i64;
    case SlotOp::double_: return Code::double_;
    case SlotOp::string: return Code::string;
    case SlotOp::uuid: return Code::uuid;
    case SlotOp::record: return Code::struct_;
    case SlotOp::list: return Code::list;
    case SlotOp::set: return Code::set;
    case SlotOp::map: return Code::map;
  }
  return Code::stop;
}

template <SlotOp op>
using Signed =
    std::conditional_t<op == SlotOp::i16, std::int16_t,
                       std::conditional_t<op == SlotOp::i32, std::int32_t, std::int64_t>>;

template <SlotOp op>
[[gnu::always_inline]] inline std::uint64_t zigzag_of(const std::byte* cell) noexcept {
  return zigzag(read<Signed<op>>(cell));
}

struct Wire {
  static constexpr ProtocolId protocol = ProtocolId::compact;

  /// How far the field's id is from the one before.
  static std::uint32_t lead(const FieldLayout& field, std::int32_t last) noexcept {
    return static_cast<std::uint32_t>(field.id - last);
  }
  /// Whether the header needs its long form.
  static constexpr bool has_gap(std::uint32_t lead) noexcept { return lead - 1 >= 15; }
  template <bool gap>
  static Place put_header(Place p, std::uint32_t lead, std::uint32_t code,
                          std::int16_t id) noexcept {
    *p = static_cast<std::byte>(gap ? code : lead << 4 | code);
    return gap ? put_any_varint<16>(p + 1, zigzag(id)) : p + 1;
  }
  template <SlotOp op, bool gap>
  static Place header(Place p, std::uint32_t lead, const FieldLayout& field) noexcept {
    return put_header<gap>(p, lead, static_cast<std::uint32_t>(code_of(op)), field.id);
  }
  static Place unknown_header(Place p, const UnknownField& field, std::int32_t last) noexcept {
    const auto lead = static_cast<std::uint32_t>(field.id - last);
    return has_gap(lead) ? put_header<true>(p, lead, field.type, field.id)
                         : put_header<false>(p, lead, field.type, field.id);
  }

  template <SlotOp op, bool gap>
  static Place number_field(Place p, const std::byte* cell, std::uint32_t lead,
                            const FieldLayout& field) noexcept {
    if constexpr (op == SlotOp::bool_) {
      const auto value = *cell != std::byte{0} ? Code::true_ : Code::false_;
      return put_header<gap>(p, lead, static_cast<std::uint32_t>(value), field.id);
    } else {
      return number<op>(header<op, gap>(p, lead, field), cell);
    }
  }
  template <SlotOp op>
  static Place number(Place p, const std::byte* cell) noexcept {
    if constexpr (op == SlotOp::bool_) {
      *p = static_cast<std::byte>(*cell != std::byte{0} ? Code::true_ : Code::false_);
      return p + 1;
    } else if constexpr (op == SlotOp::i8) {
      *p = *cell;
      return p + 1;
    } else if constexpr (op == SlotOp::double_) {
      store_little(p, read<std::uint64_t>(cell));
      return p + 8;
    } else if constexpr (op == SlotOp::uuid) {
      std::memcpy(p, cell, sizeof(Uuid));
      return p + sizeof(Uuid);
    } else if constexpr (op != SlotOp::void_) {
      return put_varint<8 * sizeof(Signed<op>)>(p, zigzag_of<op>(cell));
    }
    return p;
  }

  template <bool gap>
  static Place string_header(Place p, std::uint32_t size, std::uint32_t lead,
                             const FieldLayout& field) noexcept {
    return Wire::size(header<SlotOp::string, gap>(p, lead, field), size);
  }
  static Place size(Place p, std::uint32_t size) noexcept { return put_varint<32>(p, size); }

  static Place list_header(Place p, const SlotLayout& element, std::uint32_t size) noexcept {
    const std::uint32_t type = code(element.wire);
    *p = static_cast<std::byte>(std::min(size, 15U) << 4 | type);
    return size < 15 ? p + 1 : Wire::size(p + 1, size);
  }
  static Place map_header(Place p, const SlotLayout& key, const SlotLayout& value,
                          std::uint32_t size) noexcept {
    p = Wire::size(p, size);
    if (size == 0) return p;
    *p = static_cast<std::byte>(code(key.wire) << 4 | code(value.wire));
    return p + 1;
  }

  template <SlotOp op>
  static Place numbers(EncodeState& state, Place p, const std::byte* data, std::size_t n) {
    if constexpr (op == SlotOp::i16 || op == SlotOp::i32 || op == SlotOp::i64) {
      // Room for so many at a time, as the most that they can take is far more than they mostly do.
      constexpr std::size_t size = sizeof(Signed<op>), at_once = 128;
      while (n != 0) {
        const std::size_t some = std::min(n, at_once);
        p = state.room(p, some * longest_varint);
        for (const std::byte* const end = data + some * size; data != end; data += size) {
          p = put_any_varint<8 * size>(p, zigzag_of<op>(data));
        }
        n -= some;
      }
      return p;
    } else {
      constexpr std::size_t size = op == SlotOp::uuid      ? sizeof(Uuid)
                                   : op == SlotOp::double_ ? sizeof(double)
                                                           : 1;
      p = state.room(p, n * size);
      if constexpr (op == SlotOp::i8 || op == SlotOp::uuid) {
        std::memcpy(p, data, n * size);
      } else {
        for (std::size_t i = 0; i < n; ++i) (void)number<op>(p + i * size, data + i * size);
      }
      return p + n * size;
    }
  }
};

}  // namespace

inline namespace THRIFTPP_ISA {

Place encode(EncodeState& state, Place p, const std::byte* cell, const SlotLayout& slot) {
  return EncodeLoop<Wire>::root(state, p, cell, slot);
}

}  // namespace THRIFTPP_ISA
}  // namespace thrift::compact
