// The loop that writes records as binary, fields by rising id as Apache's runtimes do.
//
// Room is checked once per record, for all that its fields take apart from strings and nested
// values, and again behind each of those.

#include <bit>
#include <thriftpp/schema/struct_type.hpp>
#include <vector>

#include "protocol/big_endian.hpp"
#include "protocol/binary.hpp"
#include "protocol/bulk.hpp"

namespace thrift::binary {
inline namespace THRIFTPP_ISA {
namespace {

using Place = std::byte*;

/// The most that a field takes apart from the bytes of strings and nested values: its header and a
/// uuid.
constexpr std::size_t field_room = field_header_size + sizeof(Uuid);
/// As much for an element.
constexpr std::size_t value_room = sizeof(Uuid);

Place encode_record(EncodeState& state, Place p, const std::byte* record,
                    const StructLayout& layout, std::uint32_t depth);
Place encode_list(EncodeState& state, Place p, const std::byte* cell, const SlotLayout& slot,
                  std::uint32_t depth);
Place encode_map(EncodeState& state, Place p, const std::byte* cell, const SlotLayout& slot,
                 std::uint32_t depth);

template <class T>
[[nodiscard]] inline T read(const std::byte* cell) noexcept {
  T value;
  std::memcpy(&value, cell, sizeof(value));
  return value;
}

template <class T>
inline Place encode_number(Place p, const std::byte* cell) noexcept {
  copy_big<T>(p, cell);
  return p + sizeof(T);
}

/// Leaves room for `behind` bytes more.
inline Place encode_string(EncodeState& state, Place p, const std::byte* cell, std::size_t behind) {
  const auto string = read<StringSlot>(cell);
  if (string.size > largest_wire_size) [[unlikely]]
    return state.too_long("string", string.size);
  p = state.room(p, 4 + string.size + behind);
  store_big(p, static_cast<std::uint32_t>(string.size));
  copy_short(p + 4, string.data, string.size);
  return p + 4 + string.size;
}

/// One value, for which there is `value_room`; leaves room for `behind` bytes more. `in_record`: a
/// nested struct lies apart, behind a pointer.
template <bool in_record>
[[gnu::always_inline]] inline Place encode_cell(EncodeState& state, Place p, const std::byte* cell,
                                                SlotOp op, const SlotLayout& slot,
                                                std::uint32_t depth, std::size_t behind) {
  switch (op) {
    case SlotOp::bool_: *p = std::byte{*cell != std::byte{0}}; return p + 1;
    case SlotOp::i8: return encode_number<std::uint8_t>(p, cell);
    case SlotOp::i16: return encode_number<std::uint16_t>(p, cell);
    case SlotOp::i32: return encode_number<std::uint32_t>(p, cell);
    case SlotOp::i64:
    case SlotOp::double_: return encode_number<std::uint64_t>(p, cell);
    case SlotOp::uuid: return std::memcpy(p, cell, sizeof(Uuid)), p + sizeof(Uuid);
    case SlotOp::string: return encode_string(state, p, cell, behind);
    case SlotOp::record:
      if constexpr (in_record) cell = read<const std::byte*>(cell);
      p = encode_record(state, p, cell, *slot.record, depth);
      break;
    case SlotOp::list:
    case SlotOp::set: p = encode_list(state, p, cell, slot, depth); break;
    case SlotOp::map: p = encode_map(state, p, cell, slot, depth); break;
    case SlotOp::void_: return p;
  }
  return p == nullptr ? nullptr : state.room(p, behind);
}

/// The fields of the record that are set (bits of its first 64, of the next, ...), without the bit
/// for unknown ones. Fails where a required one is not among them.
[[nodiscard]] inline bool set_fields(EncodeState& state, const std::byte* record,
                                     const StructLayout& layout, std::size_t word,
                                     std::uint64_t& set) {
  set = read<std::uint64_t>(record + word * 8);
  if ((layout.required[word] & ~set) != 0) [[unlikely]] {
    state.missing_field(layout, record);
    return false;
  }
  if (word == layout.unknown_bit / 64U) set &= ~(std::uint64_t{1} << layout.unknown_bit % 64);
  return true;
}

/// A copy of the record in which fields that are not set have their default, as far as Apache's
/// generated code would write it: of default requiredness, with a default in the IDL.
[[nodiscard]] std::vector<std::byte> with_defaults(const std::byte* record,
                                                   const StructLayout& layout) {
  std::vector<std::byte> filled(record, record + layout.size);
  for (std::uint32_t i = 0; i < layout.field_count; ++i) {
    const FieldLayout& field = layout.fields[i];
    const Field& known = layout.type->fields()[field.index];
    if (test_bit(record, field.bit) || !known.has_default() ||
        known.requiredness() != Requiredness::default_) {
      continue;
    }
    set_bit(filled.data(), field.bit);
    std::memcpy(filled.data() + field.offset, layout.default_record + field.offset,
                field.slot->field_size);
  }
  return filled;
}

Place encode_fields(EncodeState& state, Place p, const std::byte* record,
                    const StructLayout& layout, std::uint32_t depth) {
  // As much as all fields can take. It is kept up behind each string and nested value, so that
  // numbers need not look.
  const std::size_t most = layout.field_count * field_room + 1;
  p = state.room(p, most);
  std::uint64_t any = 0;
  for (std::size_t word = 0; word < layout.presence_words; ++word) {
    std::uint64_t set;
    if (!set_fields(state, record, layout, word, set)) [[unlikely]]
      return nullptr;
    any |= set;
    for (; set != 0; set &= set - 1) {
      const FieldLayout& field =
          layout.fields[word * 64 + static_cast<unsigned>(std::countr_zero(set))];
      *p = static_cast<std::byte>(field.wire);
      store_big(p + 1, field.id);
      p = encode_cell<true>(state, p + field_header_size, record + field.offset, field.op,
                            *field.slot, depth, most);
      if (p == nullptr) [[unlikely]]
        return state.in_field(layout, field);
    }
  }
  if (test_bit(record, layout.unknown_bit)) [[unlikely]] {
    for (const UnknownField* f = unknown_fields(layout, record); f != nullptr; f = f->next) {
      if (f->protocol != static_cast<std::uint8_t>(ProtocolId::binary)) continue;
      p = state.room(p, field_header_size + std::size_t{f->size} + 1);
      *p = std::byte{f->type};
      store_big(p + 1, f->id);
      std::memcpy(p + field_header_size, f->value, f->size);
      p += field_header_size + f->size;
      any = 1;  // a union's member may be one that its schema does not know
    }
  }
  if (layout.is_union && any == 0) [[unlikely]]
    return state.no_member(layout);
  *p = std::byte{0};
  return p + 1;
}

Place encode_record(EncodeState& state, Place p, const std::byte* record,
                    const StructLayout& layout, std::uint32_t depth) {
  if (depth == 0) [[unlikely]]
    return state.too_deep();
  if (state.writes_defaults() && !layout.is_union) [[unlikely]] {
    return encode_fields(state, p, with_defaults(record, layout).data(), layout, depth - 1);
  }
  return encode_fields(state, p, record, layout, depth - 1);
}

/// `n` elements from `data` on.
Place encode_elements(EncodeState& state, Place p, const std::byte* data, std::size_t n,
                      const SlotLayout& element, std::uint32_t depth) {
  if (has_fixed_size(element.wire)) p = state.room(p, n * least_size(element.wire));
  switch (element.op) {
    case SlotOp::bool_: return copy_bools(p, data, n), p + n;
    case SlotOp::i8: return std::memcpy(p, data, n), p + n;
    case SlotOp::i16: return copy_big_16(p, data, n), p + n * 2;
    case SlotOp::i32: return copy_big_32(p, data, n), p + n * 4;
    case SlotOp::i64:
    case SlotOp::double_: return copy_big_64(p, data, n), p + n * 8;
    case SlotOp::uuid: return std::memcpy(p, data, n * 16), p + n * 16;
    case SlotOp::string:
      for (std::size_t i = 0; i < n; ++i) {
        p = encode_string(state, p, data + i * sizeof(StringSlot), 0);
        if (p == nullptr) [[unlikely]]
          return state.in_element(i);
      }
      return p;
    case SlotOp::record:
      for (std::size_t i = 0; i < n; ++i) {
        p = encode_record(state, p, data + i * element.cell_size, *element.record, depth);
        if (p == nullptr) [[unlikely]]
          return state.in_element(i);
      }
      return p;
    default:
      for (std::size_t i = 0; i < n; ++i) {
        p = encode(state, p, data + i * element.cell_size, element, depth);
        if (p == nullptr) [[unlikely]]
          return state.in_element(i);
      }
      return p;
  }
}

Place encode_list(EncodeState& state, Place p, const std::byte* cell, const SlotLayout& slot,
                  std::uint32_t depth) {
  if (depth == 0) [[unlikely]]
    return state.too_deep();
  const auto list = read<ListSlot>(cell);
  if (list.size > largest_wire_size) [[unlikely]]
    return state.too_long("list", list.size);
  const SlotLayout& element = *slot.element;
  p = state.room(p, list_header_size);
  *p = static_cast<std::byte>(element.wire);
  store_big(p + 1, list.size);
  p += list_header_size;
  if (list.size == 0) return p;
  return encode_elements(state, p, list.data, list.size, element, depth - 1);
}

Place encode_map(EncodeState& state, Place p, const std::byte* cell, const SlotLayout& slot,
                 std::uint32_t depth) {
  if (depth == 0) [[unlikely]]
    return state.too_deep();
  const auto map = read<ListSlot>(cell);
  if (map.size > largest_wire_size) [[unlikely]]
    return state.too_long("map", map.size);
  const SlotLayout& key = *slot.key;
  const SlotLayout& value = *slot.element;
  p = state.room(p, map_header_size);
  p[0] = static_cast<std::byte>(key.wire);
  p[1] = static_cast<std::byte>(value.wire);
  store_big(p + 2, map.size);
  p += map_header_size;
  const std::byte* entry = map.data;
  for (std::uint32_t i = 0; i < map.size; ++i, entry += slot.entry_size) {
    p = encode_cell<false>(state, state.room(p, 2 * value_room), entry, key.op, key, depth - 1,
                           value_room);
    if (p == nullptr) [[unlikely]]
      return nullptr;
    p = encode_cell<false>(state, p, entry + slot.value_offset, value.op, value, depth - 1, 0);
    if (p == nullptr) [[unlikely]]
      return state.in_entry(key, entry);
  }
  return p;
}

}  // namespace

Place encode(EncodeState& state, Place p, const std::byte* cell, const SlotLayout& slot,
             std::uint32_t depth) {
  return encode_cell<false>(state, state.room(p, value_room), cell, slot.op, slot, depth, 0);
}

}  // namespace THRIFTPP_ISA
}  // namespace thrift::binary
