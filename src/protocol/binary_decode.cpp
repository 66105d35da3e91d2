// The loop that reads binary into records, driven by the schema's tables. What it costs per field:
// one load from the table of ids, one jump on the field's operation. See decode_state.hpp for how
// failures travel.

#include "protocol/big_endian.hpp"
#include "protocol/binary.hpp"
#include "protocol/bulk.hpp"
#include "protocol/unknown_fields.hpp"

namespace thrift::binary {
inline namespace THRIFTPP_ISA {
namespace {

using Place = const std::byte*;

Place decode_record(DecodeState& state, Place p, std::byte* record, const StructLayout& layout,
                    std::uint32_t depth);
Place decode_list(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
                  std::uint32_t depth);
Place decode_map(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
                 std::uint32_t depth);

[[nodiscard]] inline std::size_t left(Place p, Place end) noexcept {
  return static_cast<std::size_t>(end - p);
}

inline Place decode_string(DecodeState& state, Place p, Place end, std::byte* cell) {
  if (left(p, end) < 4) [[unlikely]]
    return state.truncated(p, 4);
  const auto size = load_big<std::uint32_t>(p);
  if (size > left(p, end) - 4 || size > state.max_string()) [[unlikely]] {
    return state.bad_string_size(p, static_cast<std::int32_t>(size));
  }
  p += 4;
  const StringSlot view{reinterpret_cast<const char*>(p), size};
  std::memcpy(cell, &view, sizeof(view));
  return p + size;
}

template <class T>
inline Place decode_number(DecodeState& state, Place p, Place end, std::byte* cell) {
  if (left(p, end) < sizeof(T)) [[unlikely]]
    return state.truncated(p, sizeof(T));
  copy_big<T>(cell, p);
  return p + sizeof(T);
}

inline Place decode_uuid(DecodeState& state, Place p, Place end, std::byte* cell) {
  if (left(p, end) < sizeof(Uuid)) [[unlikely]]
    return state.truncated(p, sizeof(Uuid));
  std::memcpy(cell, p, sizeof(Uuid));
  return p + sizeof(Uuid);
}

inline Place decode_bool(DecodeState& state, Place p, Place end, std::byte* cell) {
  if (p == end) [[unlikely]]
    return state.truncated(p, 1);
  *cell = std::byte{*p != std::byte{0}};
  return p + 1;
}

/// A nested struct in a record: the cell is a pointer to it.
inline Place decode_child(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
                          std::uint32_t depth) {
  std::byte* const child = state.allocate(slot.record->size);
  if (child == nullptr) [[unlikely]]
    return state.out_of_memory(p);
  std::memcpy(cell, &child, sizeof(child));
  return decode_record(state, p, child, *slot.record, depth);
}

/// One value into its cell. `in_record`: a nested struct lies apart, behind a pointer.
template <bool in_record>
[[gnu::always_inline]] inline Place decode_cell(DecodeState& state, Place p, Place end,
                                                std::byte* cell, SlotOp op, const SlotLayout& slot,
                                                std::uint32_t depth) {
  switch (op) {
    case SlotOp::bool_: return decode_bool(state, p, end, cell);
    case SlotOp::i8: return decode_number<std::uint8_t>(state, p, end, cell);
    case SlotOp::i16: return decode_number<std::uint16_t>(state, p, end, cell);
    case SlotOp::i32: return decode_number<std::uint32_t>(state, p, end, cell);
    case SlotOp::i64:
    case SlotOp::double_: return decode_number<std::uint64_t>(state, p, end, cell);
    case SlotOp::string: return decode_string(state, p, end, cell);
    case SlotOp::uuid: return decode_uuid(state, p, end, cell);
    case SlotOp::record:
      if constexpr (in_record) {
        return decode_child(state, p, cell, slot, depth);
      } else {
        return decode_record(state, p, cell, *slot.record, depth);
      }
    case SlotOp::list:
    case SlotOp::set: return decode_list(state, p, cell, slot, depth);
    case SlotOp::map: return decode_map(state, p, cell, slot, depth);
    case SlotOp::void_: break;
  }
  return p;
}

/// A field that the schema does not have, or has with another wire type: skipped, as every system
/// does; kept where that is asked for.
[[gnu::noinline]] Place decode_unknown(DecodeState& state, Place p, UnknownFieldKeeper& kept,
                                       std::uint32_t depth) {
  const auto type = static_cast<WireType>(*p);
  if (least_size(type) == 0) return state.bad_wire_type(p, static_cast<unsigned>(type));
  const Place end = skip(state, p + field_header_size, type, depth);
  if (end != nullptr && state.keeps_unknown_fields() && 
      !kept.add(state, ProtocolId::binary, load_big<std::int16_t>(p + 1),
                static_cast<std::uint8_t>(type), p + field_header_size, end)) {
    return state.out_of_memory(p);
  }
  return end;
}

/// Sets a field's bit in a record with more than 64; of a union it is the only one then.
[[gnu::noinline]] void mark_wide(std::byte* record, const StructLayout& layout, unsigned bit) {
  if (layout.is_union) clear_presence(record, layout);
  set_bit(record, bit);
}

[[nodiscard]] bool has_all_required(const StructLayout& layout, const std::byte* record) noexcept {
  for (std::size_t w = 0; w < layout.presence_words; ++w) {
    std::uint64_t word;
    std::memcpy(&word, record + w * 8, sizeof(word));
    if ((word & layout.required[w]) != layout.required[w]) return false;
  }
  return true;
}

Place decode_record(DecodeState& state, Place p, std::byte* record, const StructLayout& layout,
                    std::uint32_t depth) {
  if (depth == 0) [[unlikely]]
    return state.too_deep(p);
  const Place end = state.end();
  UnknownFieldKeeper kept;
  // The first presence word is gathered here and stored at the end; wider records, which are rare,
  // have all of theirs in memory. A union keeps no bit but the last: a further member replaces the
  // one before.
  std::uint64_t present = 0;
  const bool wide = layout.presence_words > 1;
  const std::uint64_t stays = layout.is_union ? 0 : ~std::uint64_t{0};
  if (wide) [[unlikely]]
    clear_presence(record, layout);

  for (;;) {
    if (left(p, end) < field_header_size) [[unlikely]] {
      if (p == end) return state.truncated(p, 1);
      if (*p != std::byte{0}) return state.truncated(p, field_header_size);
    }
    if (*p == std::byte{0}) break;
    const FieldLayout* const field = layout.find(load_big<std::int16_t>(p + 1));
    if (field == nullptr || static_cast<WireType>(*p) != field->wire) [[unlikely]] {
      p = decode_unknown(state, p, kept, depth - 1);
      if (p == nullptr) return nullptr;
      continue;
    }
    if (wide) [[unlikely]] {
      mark_wide(record, layout, field->bit);
    } else {
      present = (present & stays) | std::uint64_t{1} << field->bit;
    }
    p = decode_cell<true>(state, p + field_header_size, end, record + field->offset, field->op,
                          *field->slot, depth - 1);
    if (p == nullptr) [[unlikely]]
      return state.in_field(layout, *field);
  }

  if (!wide) [[likely]]
    std::memcpy(record, &present, sizeof(present));
  if (!kept.empty()) [[unlikely]] {
    kept.attach(record, layout);
    set_bit(record, layout.unknown_bit);
  }
  if ((layout.required[0] & ~present) != 0 || wide) [[unlikely]] {
    if (!state.allows_missing_required() && !has_all_required(layout, record)) {
      return state.missing_field(p, layout, record);
    }
  }
  return p + 1;
}

/// Allocates the cells of a container of `size` and points its slot at them.
inline std::byte* new_cells(DecodeState& state, std::byte* cell, const SlotLayout& slot,
                            std::uint32_t size) {
  std::byte* const data = state.allocate(std::size_t{size} * slot.entry_size);
  const ListSlot list{data, size, size};
  std::memcpy(cell, &list, sizeof(list));
  return data;
}

inline void clear_index(std::byte* cell, const SlotLayout& slot) noexcept {
  if (slot.op != SlotOp::list) std::memset(cell + sizeof(ListSlot), 0, sizeof(HashIndex*));
}

/// The elements of a list or set, whose size has been checked against what is left.
Place decode_elements(DecodeState& state, Place p, std::byte* data, std::uint32_t size,
                      const SlotLayout& element, std::uint32_t depth) {
  const Place end = state.end();
  const std::size_t n = size;
  switch (element.op) {
    case SlotOp::bool_: return copy_bools(data, p, n), p + n;
    case SlotOp::i8: return std::memcpy(data, p, n), p + n;
    case SlotOp::i16: return copy_big_16(data, p, n), p + n * 2;
    case SlotOp::i32: return copy_big_32(data, p, n), p + n * 4;
    case SlotOp::i64:
    case SlotOp::double_: return copy_big_64(data, p, n), p + n * 8;
    case SlotOp::uuid: return std::memcpy(data, p, n * 16), p + n * 16;
    case SlotOp::string:
      for (std::size_t i = 0; i < n; ++i) {
        p = decode_string(state, p, end, data + i * sizeof(StringSlot));
        if (p == nullptr) [[unlikely]]
          return state.in_element(i);
      }
      return p;
    case SlotOp::record:
      for (std::size_t i = 0; i < n; ++i) {
        p = decode_record(state, p, data + i * element.cell_size, *element.record, depth);
        if (p == nullptr) [[unlikely]]
          return state.in_element(i);
      }
      return p;
    default:
      for (std::size_t i = 0; i < n; ++i) {
        p = decode(state, p, data + i * element.cell_size, element, depth);
        if (p == nullptr) [[unlikely]]
          return state.in_element(i);
      }
      return p;
  }
}

Place decode_list(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
                  std::uint32_t depth) {
  if (depth == 0) [[unlikely]]
    return state.too_deep(p);
  const Place end = state.end();
  if (left(p, end) < list_header_size) [[unlikely]]
    return state.truncated(p, list_header_size);
  const auto type = static_cast<WireType>(*p);
  const auto size = load_big<std::uint32_t>(p + 1);
  clear_index(cell, slot);
  if (size == 0) {  // whatever type it claims
    std::memset(cell, 0, sizeof(ListSlot));
    return p + list_header_size;
  }
  const SlotLayout& element = *slot.element;
  const std::uint64_t least = least_size(element.wire);
  if (type != element.wire || least == 0) [[unlikely]] {
    return state.wrong_element_type(p, slot, "elements", element.wire, type);
  }
  p += list_header_size;
  if (size > state.max_container() || size * least > left(p, end)) [[unlikely]] {
    return state.bad_container_size(p - 4, static_cast<std::int32_t>(size), least);
  }
  std::byte* const data = new_cells(state, cell, slot, size);
  if (data == nullptr) [[unlikely]]
    return state.out_of_memory(p);
  return decode_elements(state, p, data, size, element, depth - 1);
}

Place decode_map(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
                 std::uint32_t depth) {
  if (depth == 0) [[unlikely]]
    return state.too_deep(p);
  const Place end = state.end();
  if (left(p, end) < map_header_size) [[unlikely]]
    return state.truncated(p, map_header_size);
  const auto key_type = static_cast<WireType>(p[0]);
  const auto value_type = static_cast<WireType>(p[1]);
  const auto size = load_big<std::uint32_t>(p + 2);
  clear_index(cell, slot);
  if (size == 0) {
    std::memset(cell, 0, sizeof(ListSlot));
    return p + map_header_size;
  }
  const SlotLayout& key = *slot.key;
  const SlotLayout& value = *slot.element;
  if (key_type != key.wire) [[unlikely]] {
    return state.wrong_element_type(p, slot, "keys", key.wire, key_type);
  }
  const std::uint64_t least = least_size(key.wire) + least_size(value.wire);
  if (value_type != value.wire || least == 0) [[unlikely]] {
    return state.wrong_element_type(p + 1, slot, "values", value.wire, value_type);
  }
  p += map_header_size;
  if (size > state.max_container() || size * least > left(p, end)) [[unlikely]] {
    return state.bad_container_size(p - 4, static_cast<std::int32_t>(size), least);
  }
  std::byte* entry = new_cells(state, cell, slot, size);
  if (entry == nullptr) [[unlikely]]
    return state.out_of_memory(p);
  for (std::uint32_t i = 0; i < size; ++i, entry += slot.entry_size) {
    p = decode_cell<false>(state, p, end, entry, key.op, key, depth - 1);
    if (p == nullptr) [[unlikely]]
      return nullptr;
    p = decode_cell<false>(state, p, end, entry + slot.value_offset, value.op, value, depth - 1);
    if (p == nullptr) [[unlikely]]
      return state.in_entry(key, entry);
  }
  return p;
}

}  // namespace

Place decode(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
             std::uint32_t depth) {
  return decode_cell<false>(state, p, state.end(), cell, slot.op, slot, depth);
}

}  // namespace THRIFTPP_ISA
}  // namespace thrift::binary
