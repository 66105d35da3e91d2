#pragma once

// How records and containers are written: what binary and compact have in common. `Wire` is how one
// of them writes headers, numbers and strings.
//
// *Threaded code.* There is a function for each kind of field. It writes the field, looks for the
// next one that is set, and jumps to that one's function; the last one writes the stop byte and
// returns to whoever had the record written. So a record costs no frame, everything stays in
// registers, and the processor predicts each jump by itself.
//
// Everywhere here `p` is where the next byte goes, or nullptr. See encode_state.hpp for who looks
// after room, and how failures travel.

#include "protocol/encode_state.hpp"
#include "protocol/isa.hpp"
#include "protocol/tail_call.hpp"

namespace thrift {
inline namespace THRIFTPP_ISA {

using Place = std::byte*;

template <class T>
[[nodiscard, gnu::always_inline]] inline T read(const std::byte* cell) noexcept {
  T value;
  std::memcpy(&value, cell, sizeof(value));
  return value;
}

template <class Wire>
class EncodeLoop {
 public:
  /// A value by itself, as the root. Where it is a record, whoever asked for it says where it
  /// failed.
  [[gnu::always_inline]] static inline Place root(EncodeState& state, Place p,
                                                  const std::byte* cell, const SlotLayout& slot) {
    if (slot.op != SlotOp::record) return value(state, p, cell, slot);
    if (!state.enter()) [[unlikely]]
      return state.too_deep();
    return record(state, p, cell, *slot.record);
  }

 private:
  /// As an element or a key.
  static Place value(EncodeState& state, Place p, const std::byte* cell, const SlotLayout& slot) {
    switch (slot.op) {
      case SlotOp::void_: return p;
      case SlotOp::bool_: return Wire::template number<SlotOp::bool_>(p, cell);
      case SlotOp::i8: return Wire::template number<SlotOp::i8>(p, cell);
      case SlotOp::i16: return Wire::template number<SlotOp::i16>(p, cell);
      case SlotOp::i32: return Wire::template number<SlotOp::i32>(p, cell);
      case SlotOp::i64: return Wire::template number<SlotOp::i64>(p, cell);
      case SlotOp::double_: return Wire::template number<SlotOp::double_>(p, cell);
      case SlotOp::uuid: return Wire::template number<SlotOp::uuid>(p, cell);
      case SlotOp::string: return string(state, p, cell);
      case SlotOp::record: return nested(state, p, cell, *slot.record);
      case SlotOp::list:
      case SlotOp::set: return list(state, p, cell, slot);
      case SlotOp::map: return map(state, p, cell, slot);
    }
    __builtin_unreachable();
  }

  /// Writes `field` and those that follow it in the record, then the stop byte. `set`: bit 0 is
  /// `field`, and set; bit n whether the field n places further on is. `lead`: what Wire makes of
  /// the field's header and what stands before it.
  using Handler = Place (*)(EncodeState& state, Place p, const std::byte* record,
                            const FieldLayout* field, std::uint64_t set, std::uint32_t lead);

  template <SlotOp op>
  static Place field(EncodeState& state, Place p, const std::byte* record, const FieldLayout* field,
                     std::uint64_t set, std::uint32_t lead) {
    if (Wire::has_gap(lead)) [[unlikely]] {
      THRIFTPP_TAIL_CALL return after_gap<op>(state, p, record, field, set, lead);
    }
    THRIFTPP_TAIL_CALL return any_field<op, false>(state, p, record, field, set, lead);
  }
  /// Apart from the usual ones, which have more registers for it.
  template <SlotOp op>
  [[gnu::noinline]] static Place after_gap(EncodeState& state, Place p, const std::byte* record,
                                           const FieldLayout* field, std::uint64_t set,
                                           std::uint32_t lead) {
    THRIFTPP_TAIL_CALL return any_field<op, true>(state, p, record, field, set, lead);
  }

  /// `gap`: the header is not the usual one, which Wire::has_gap tells by the lead.
  template <SlotOp op, bool gap>
  [[gnu::always_inline]] static inline Place any_field(EncodeState& state, Place p,
                                                       const std::byte* record,
                                                       const FieldLayout* field, std::uint64_t set,
                                                       std::uint32_t lead) {
    const std::byte* const cell = record + field->offset;
    if constexpr (op == SlotOp::string) {
      const auto string = read<StringSlot>(cell);
      if (string.size > short_bytes) {
        THRIFTPP_TAIL_CALL return long_string<gap>(state, p, record, field, set, lead);
      }
      p = Wire::template string_header<gap>(p, static_cast<std::uint32_t>(string.size), lead,
                                            *field);
      copy_short(p, string.data, string.size);
      p += string.size;
    } else if constexpr (op >= SlotOp::record) {
      p = Wire::template header<op, gap>(p, lead, *field);
      if constexpr (op == SlotOp::record) {
        p = nested(state, p, read<const std::byte*>(cell), *field->slot->record);
      } else if constexpr (op == SlotOp::map) {
        p = map(state, p, cell, *field->slot);
      } else {
        p = list(state, p, cell, *field->slot);
      }
      if (p == nullptr) [[unlikely]]
        return state.in_field(*field);
    } else {
      p = Wire::template number_field<op, gap>(p, cell, lead, *field);
    }
    THRIFTPP_TAIL_CALL return next(state, p, record, field, set, lead);
  }

  [[gnu::always_inline]] static inline Place next(EncodeState& state, Place p,
                                                  const std::byte* record, const FieldLayout* field,
                                                  std::uint64_t set, std::uint32_t lead) {
    if (p > state.limit()) [[unlikely]] {
      THRIFTPP_TAIL_CALL return next_with_room(state, p, record, field, set, lead);
    }
    set &= set - 1;
    if (set == 0) {
      *p = std::byte{0};
      return p + 1;
    }
    const int step = __builtin_ctzll(set);
    const FieldLayout* const following = field + step;
    THRIFTPP_TAIL_CALL return handlers[static_cast<std::size_t>(following->op)](
        state, p, record, following, set >> step, Wire::lead(*following, field->id));
  }

  [[gnu::cold, gnu::noinline]] static Place next_with_room(EncodeState& state, Place p,
                                                           const std::byte* record,
                                                           const FieldLayout* field,
                                                           std::uint64_t set, std::uint32_t lead) {
    p = state.grow(p, 0);
    THRIFTPP_TAIL_CALL return next(state, p, record, field, set, lead);
  }

  /// Apart from the short ones, so that those need no stack frame.
  template <bool gap>
  [[gnu::noinline]] static Place long_string(EncodeState& state, Place p, const std::byte* record,
                                             const FieldLayout* field, std::uint64_t set,
                                             std::uint32_t lead) {
    const auto string = read<StringSlot>(record + field->offset);
    if (!state.has_room(p, string.size)) [[unlikely]] {
      if (string.size > largest_wire_size) {
        state.too_long("string", string.size);
        return state.in_field(*field);
      }
      p = state.grow(p, string.size);
    }
    p = Wire::template string_header<gap>(p, static_cast<std::uint32_t>(string.size), lead, *field);
    std::memcpy(p, string.data, string.size);
    THRIFTPP_TAIL_CALL return next(state, p + string.size, record, field, set, lead);
  }

  static constexpr Handler handlers[] = {
      field<SlotOp::void_>, field<SlotOp::bool_>,  field<SlotOp::i8>,      field<SlotOp::i16>,
      field<SlotOp::i32>,   field<SlotOp::i64>,    field<SlotOp::double_>, field<SlotOp::string>,
      field<SlotOp::uuid>,  field<SlotOp::record>, field<SlotOp::list>,    field<SlotOp::set>,
      field<SlotOp::map>,
  };

  /// The fields from the lowest bit of `set` on, which is not 0; `fields`: where bit 0 is.
  [[gnu::always_inline]] static inline Place run(EncodeState& state, Place p,
                                                 const std::byte* record, const FieldLayout* fields,
                                                 std::uint64_t set, std::int32_t last) {
    const int step = __builtin_ctzll(set);
    const FieldLayout* const first = fields + step;
    return handlers[static_cast<std::size_t>(first->op)](state, p, record, first, set >> step,
                                                         Wire::lead(*first, last));
  }

  // --- records -----------------------------------------------------------------------------------

  /// A whole record; whoever calls it has entered its level, and says where it failed.
  [[gnu::always_inline]] static inline Place record(EncodeState& state, Place p,
                                                    const std::byte* record,
                                                    const StructLayout& layout) {
    const auto set = read<std::uint64_t>(record);
    if ((set & layout.usual_mask) != layout.usual_bits || set == 0 || state.has_wishes())
        [[unlikely]] {
      return unusual_record(state, p, record, layout);
    }
    return run(state, p, record, layout.fields, set, 0);
  }

  [[gnu::noinline]] static Place nested(EncodeState& state, Place p, const std::byte* cell,
                                        const StructLayout& layout) {
    if (!state.enter()) [[unlikely]]
      return state.too_deep();
    p = record(state, state.room(p), cell, layout);
    if (p == nullptr) [[unlikely]]
      return state.in_record(layout);
    state.leave();
    return p;
  }

  [[gnu::noinline]] static Place unusual_record(EncodeState& state, Place p,
                                                const std::byte* record,
                                                const StructLayout& layout) {
    std::uint64_t any = 0;
    std::uint64_t lacking = 0;  // of the required ones
    for (std::size_t word = 0; word < layout.presence_words; ++word) {
      const auto set = read<std::uint64_t>(record + word * 8);
      lacking |= layout.required[word] & ~set;
      any |= set;
    }
    if (lacking != 0) {
      const FieldLayout* const missing = EncodeState::find_missing(layout, record);
      if (missing != nullptr) return state.missing_field(*missing, layout);
    }
    if (any == 0 && layout.is_union) return state.no_member(layout);
    if (lacking != 0 || state.has_wishes() || test_bit(record, layout.unknown_bit)) {
      return one_by_one(state, p, record, layout);
    }
    std::int32_t last = 0;
    for (std::size_t word = 0; word < layout.presence_words; ++word) {
      const auto set = read<std::uint64_t>(record + word * 8);
      if (set == 0) continue;
      const FieldLayout* const fields = layout.fields + word * 64;
      p = run(state, state.room(p), record, fields, set, last);
      if (p == nullptr) return nullptr;
      --p;  // the stop byte, if more comes
      last = fields[63 - __builtin_clzll(set)].id;
    }
    *p = std::byte{0};
    return p + 1;
  }

  /// With what has been asked for: other fields, another order, unknown fields. Those stand before
  /// the first field of a larger id, which is where they were when Apache's runtimes wrote them.
  [[gnu::noinline]] static Place one_by_one(EncodeState& state, Place p, const std::byte* record,
                                            const StructLayout& layout) {
    const std::span<const Field> declared = layout.type->fields();
    const UnknownField* unknown = unknown_fields(layout, record);
    std::int32_t last = 0;
    bool any = false;
    const auto write_unknown = [&](std::int32_t before) {
      for (; unknown != nullptr && unknown->id < before; unknown = unknown->next) {
        if (unknown->protocol != static_cast<std::uint8_t>(Wire::protocol)) continue;
        p = Wire::unknown_header(state.room(p, unknown->size), *unknown, last);
        if (unknown->size != 0) std::memcpy(p, unknown->value, unknown->size);
        p += unknown->size;
        last = unknown->id;
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
      p = run(state, state.room(p), source, &field, 1, last);
      if (p == nullptr) return nullptr;
      --p;  // the stop byte: more comes
      last = field.id;
      any = true;
    }
    write_unknown(INT32_MAX);
    if (layout.is_union && !any) return state.no_member(layout);
    p = state.room(p);
    *p = std::byte{0};
    return p + 1;
  }

  // --- strings and containers --------------------------------------------------------------------

  [[gnu::always_inline]] static inline Place string(EncodeState& state, Place p,
                                                    const std::byte* cell) {
    const auto string = read<StringSlot>(cell);
    if (!state.has_room(p, string.size)) [[unlikely]] {
      if (string.size > largest_wire_size) return state.too_long("string", string.size);
      p = state.grow(p, string.size);
    }
    p = Wire::size(p, static_cast<std::uint32_t>(string.size));
    if (string.size <= short_bytes) {
      copy_short(p, string.data, string.size);
    } else {
      std::memcpy(p, string.data, string.size);
    }
    return p + string.size;
  }

  [[gnu::noinline]] static Place list(EncodeState& state, Place p, const std::byte* cell,
                                      const SlotLayout& slot) {
    if (!state.enter()) [[unlikely]]
      return state.too_deep();
    const auto list = read<ListSlot>(cell);
    if (list.size > largest_wire_size) [[unlikely]]
      return state.too_long("list", list.size);
    p = Wire::list_header(p, *slot.element, list.size);
    if (list.size != 0) p = elements(state, p, list.data, list.size, *slot.element);
    state.leave();
    return p;
  }

  [[gnu::always_inline]] static inline Place elements(EncodeState& state, Place p,
                                                      const std::byte* data, std::size_t n,
                                                      const SlotLayout& element) {
    switch (element.op) {
      case SlotOp::bool_: return Wire::template numbers<SlotOp::bool_>(state, p, data, n);
      case SlotOp::i8: return Wire::template numbers<SlotOp::i8>(state, p, data, n);
      case SlotOp::i16: return Wire::template numbers<SlotOp::i16>(state, p, data, n);
      case SlotOp::i32: return Wire::template numbers<SlotOp::i32>(state, p, data, n);
      case SlotOp::i64: return Wire::template numbers<SlotOp::i64>(state, p, data, n);
      case SlotOp::double_: return Wire::template numbers<SlotOp::double_>(state, p, data, n);
      case SlotOp::uuid: return Wire::template numbers<SlotOp::uuid>(state, p, data, n);
      case SlotOp::string:
        for (std::size_t i = 0; i < n; ++i) {
          p = string(state, p, data + i * sizeof(StringSlot));
          if (p == nullptr) [[unlikely]]
            return state.in_element(i);
        }
        return p;
      case SlotOp::record: return records(state, p, data, n, *element.record);
      default:
        for (std::size_t i = 0; i < n; ++i) {
          p = value(state, state.room(p), data + i * element.cell_size, element);
          if (p == nullptr) [[unlikely]]
            return state.in_element(i);
        }
        return p;
    }
  }

  static Place records(EncodeState& state, Place p, const std::byte* data, std::size_t n,
                       const StructLayout& layout) {
    if (!state.enter()) [[unlikely]] {
      state.too_deep();
      return state.in_element(0);
    }
    for (std::size_t i = 0; i < n; ++i, data += layout.size) {
      p = record(state, state.room(p), data, layout);
      if (p == nullptr) [[unlikely]] {
        state.in_record(layout);
        return state.in_element(i);
      }
    }
    state.leave();
    return p;
  }

  [[gnu::noinline]] static Place map(EncodeState& state, Place p, const std::byte* cell,
                                     const SlotLayout& slot) {
    if (!state.enter()) [[unlikely]]
      return state.too_deep();
    const auto map = read<ListSlot>(cell);
    if (map.size > largest_wire_size) [[unlikely]]
      return state.too_long("map", map.size);
    const SlotLayout& key = *slot.key;
    const SlotLayout& element = *slot.element;
    p = Wire::map_header(p, key, element, map.size);
    const std::byte* entry = map.data;
    for (std::uint32_t i = 0; i < map.size; ++i, entry += slot.entry_size) {
      p = value(state, state.room(p), entry, key);
      if (p == nullptr) [[unlikely]]
        return nullptr;
      p = value(state, state.room(p), entry + slot.value_offset, element);
      if (p == nullptr) [[unlikely]]
        return state.in_entry(key, entry);
    }
    state.leave();
    return p;
  }
};

}  // namespace THRIFTPP_ISA
}  // namespace thrift
