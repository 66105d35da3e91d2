// The loop that writes records as Apache's JSON, fields by rising id as Apache's runtimes do.
//
// Room is checked once per field or element, for all that it takes apart from the text of strings
// and nested values.

#include <charconv>
#include <cmath>
#include <thriftpp/schema/struct_type.hpp>
#include <vector>

#include "protocol/tjson.hpp"
#include "protocol/tjson_write.hpp"

namespace thrift::tjson {
namespace {

using Place = std::byte*;

static_assert(value_room <= EncodeState::reserve);

Place encode_record(EncodeState& state, Place p, const std::byte* record,
                    const StructLayout& layout);
Place encode_list(EncodeState& state, Place p, const std::byte* cell, const SlotLayout& slot);
Place encode_map(EncodeState& state, Place p, const std::byte* cell, const SlotLayout& slot);

template <class T>
[[nodiscard]] inline T read(const std::byte* cell) noexcept {
  T value;
  std::memcpy(&value, cell, sizeof(value));
  return value;
}

/// Leaves `value_room` behind the string.
inline Place encode_string(EncodeState& state, Place p, const std::byte* cell,
                           const SlotLayout& slot) {
  const auto string = read<StringSlot>(cell);
  if (string.size > largest_wire_size) [[unlikely]]
    return state.too_long("string", string.size);
  const auto* const bytes = reinterpret_cast<const std::byte*>(string.data);
  if (slot.type->kind() == TypeKind::binary) {
    return write_base64(state, p, bytes, string.size);
  }
  return write_text(state, p, bytes, string.size);
}

template <class T, bool quoted>
inline Place encode_integer(Place p, const std::byte* cell) noexcept {
  return write_integer<quoted>(p, read<T>(cell));
}

/// One value, for which there is `value_room`, and behind which `value_room` is left. `in_record`:
/// a nested struct lies apart, behind a pointer. `quoted`: as a key, where numbers stand in quotes.
template <bool in_record, bool quoted>
[[gnu::always_inline]] inline Place encode_cell(EncodeState& state, Place p, const std::byte* cell,
                                                SlotOp op, const SlotLayout& slot) {
  switch (op) {
    case SlotOp::bool_: p = write_integer<quoted>(p, *cell != std::byte{0} ? 1 : 0); break;
    case SlotOp::i8: p = encode_integer<std::int8_t, quoted>(p, cell); break;
    case SlotOp::i16: p = encode_integer<std::int16_t, quoted>(p, cell); break;
    case SlotOp::i32: p = encode_integer<std::int32_t, quoted>(p, cell); break;
    case SlotOp::i64: p = encode_integer<std::int64_t, quoted>(p, cell); break;
    case SlotOp::double_: p = write_double<quoted>(p, read<double>(cell)); break;
    case SlotOp::string: return encode_string(state, p, cell, slot);
    case SlotOp::uuid: p = write_uuid(p, read<Uuid>(cell)); break;
    case SlotOp::record:
      if constexpr (in_record) cell = read<const std::byte*>(cell);
      return encode_record(state, p, cell, *slot.record);
    case SlotOp::list:
    case SlotOp::set: return encode_list(state, p, cell, slot);
    case SlotOp::map: return encode_map(state, p, cell, slot);
    case SlotOp::void_: break;
  }
  return state.room(p);
}

// --- records -------------------------------------------------------------------------------------

/// A field whose value lies in `record`.
[[gnu::always_inline]] inline Place encode_field(EncodeState& state, Place p,
                                                 const std::byte* record, const FieldLayout& field,
                                                 bool any) {
  p = write_field_header(p, field.id, field.wire, any);
  p = encode_cell<true, false>(state, p, record + field.offset, field.op, *field.slot);
  if (p == nullptr) [[unlikely]]
    return state.in_field(field);
  *p = std::byte{'}'};
  return state.room(p + 1);
}

/// With what has been asked for: other fields, another order, unknown fields. Those that came in
/// this protocol stand before the first field of a larger id.
[[gnu::noinline]] Place one_by_one(EncodeState& state, Place p, const std::byte* record,
                                   const StructLayout& layout, bool& any) {
  const std::span<const Field> declared = layout.type->fields();
  const UnknownField* unknown = unknown_fields(layout, record);
  const auto write_unknown = [&](std::int32_t before) {
    for (; unknown != nullptr && unknown->id < before; unknown = unknown->next) {
      if (unknown->protocol != static_cast<std::uint8_t>(ProtocolId::json)) continue;
      p = write_field_header(p, unknown->id, static_cast<WireType>(unknown->type), any);
      p = state.room(p, unknown->size);
      std::memcpy(p, unknown->value, unknown->size);
      p += unknown->size;
      *p = std::byte{'}'};
      p = state.room(p + 1);
      any = true;
    }
  };
  for (std::size_t i = 0; i < layout.field_count; ++i) {
    const FieldLayout& field = state.declared_order() ? declared[i].layout() : layout.fields[i];
    const std::byte* source = record;
    if (!test_bit(record, field.bit)) {
      if (!state.writes_default(layout, declared[field.index])) continue;
      source = layout.default_record;
    }
    write_unknown(field.id);
    p = encode_field(state, p, source, field, any);
    if (p == nullptr) return nullptr;
    any = true;
  }
  write_unknown(INT32_MAX);
  return p;
}

/// The fields of a record; `any`: whether there were some.
Place encode_fields(EncodeState& state, Place p, const std::byte* record,
                    const StructLayout& layout, bool& any) {
  std::uint64_t lacking = 0;  // of the required ones
  for (std::size_t word = 0; word < layout.presence_words; ++word) {
    lacking |= layout.required[word] & ~read<std::uint64_t>(record + word * 8);
  }
  if (lacking != 0) [[unlikely]] {
    const FieldLayout* const missing = EncodeState::find_missing(layout, record);
    if (missing != nullptr) return state.missing_field(*missing, layout);
  }
  if (lacking != 0 || state.has_wishes() || test_bit(record, layout.unknown_bit)) [[unlikely]]
    return one_by_one(state, p, record, layout, any);
  for (std::size_t word = 0; word < layout.presence_words; ++word) {
    for (auto set = read<std::uint64_t>(record + word * 8); set != 0; set &= set - 1) {
      const FieldLayout& field =
          layout.fields[word * 64 + static_cast<unsigned>(std::countr_zero(set))];
      p = encode_field(state, p, record, field, any);
      if (p == nullptr) [[unlikely]]
        return nullptr;
      any = true;
    }
  }
  return p;
}

Place encode_record(EncodeState& state, Place p, const std::byte* record,
                    const StructLayout& layout) {
  if (!state.enter()) [[unlikely]]
    return state.too_deep();
  p = state.room(p);
  *p++ = std::byte{'{'};
  bool any = false;
  p = encode_fields(state, p, record, layout, any);
  if (p == nullptr) [[unlikely]]
    return state.in_record(layout);
  if (layout.is_union && !any) [[unlikely]]
    return state.no_member(layout);
  *p++ = std::byte{'}'};
  state.leave();
  return state.room(p);
}

// --- containers ----------------------------------------------------------------------------------

Place encode_list(EncodeState& state, Place p, const std::byte* cell, const SlotLayout& slot) {
  if (!state.enter()) [[unlikely]]
    return state.too_deep();
  const auto list = read<ListSlot>(cell);
  if (list.size > largest_wire_size) [[unlikely]]
    return state.too_long("list", list.size);
  const SlotLayout& element = *slot.element;
  p = state.room(write_list_header(state.room(p), element.wire, list.size));
  const std::byte* at = list.data;
  const auto elements = [&](auto&& encode_one) -> Place {
    for (std::uint32_t i = 0; i < list.size; ++i, at += element.cell_size) {
      *p++ = std::byte{','};
      p = encode_one();
      if (p == nullptr) [[unlikely]]
        return state.in_element(i);
    }
    *p++ = std::byte{']'};
    state.leave();
    return state.room(p);
  };
  switch (element.op) {
    case SlotOp::i32:
      return elements([&] { return state.room(encode_integer<std::int32_t, false>(p, at)); });
    case SlotOp::i64:
      return elements([&] { return state.room(encode_integer<std::int64_t, false>(p, at)); });
    case SlotOp::double_:
      return elements([&] { return state.room(write_double<false>(p, read<double>(at))); });
    case SlotOp::string: return elements([&] { return encode_string(state, p, at, element); });
    case SlotOp::record:
      return elements([&] { return encode_record(state, p, at, *element.record); });
    default:
      return elements([&] { return encode_cell<false, false>(state, p, at, element.op, element); });
  }
}

Place encode_map(EncodeState& state, Place p, const std::byte* cell, const SlotLayout& slot) {
  if (!state.enter()) [[unlikely]]
    return state.too_deep();
  const auto map = read<ListSlot>(cell);
  if (map.size > largest_wire_size) [[unlikely]]
    return state.too_long("map", map.size);
  const SlotLayout& key = *slot.key;
  const SlotLayout& value = *slot.element;
  p = state.room(write_map_header(state.room(p), key.wire, value.wire, map.size));
  const std::byte* entry = map.data;
  for (std::uint32_t i = 0; i < map.size; ++i, entry += slot.entry_size) {
    if (i != 0) *p++ = std::byte{','};
    p = encode_cell<false, true>(state, p, entry, key.op, key);
    if (p == nullptr) [[unlikely]]
      return nullptr;
    *p++ = std::byte{':'};
    p = encode_cell<false, false>(state, p, entry + slot.value_offset, value.op, value);
    if (p == nullptr) [[unlikely]]
      return state.in_entry(key, entry);
  }
  *p++ = std::byte{'}'};
  *p++ = std::byte{']'};
  state.leave();
  return state.room(p);
}

}  // namespace

Place encode(EncodeState& state, Place p, const std::byte* cell, const SlotLayout& slot) {
  return encode_cell<false, false>(state, state.room(p), cell, slot.op, slot);
}

}  // namespace thrift::tjson
