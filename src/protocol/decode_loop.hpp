#pragma once

// The loop that reads values into their cells, driven by the schema's tables, for any protocol that
// numbers its fields: a `Wire` (BinaryWire, CompactWire) knows the bytes, this knows the rest.
//
// *Steps.* There is no loop statement. A step reads one field and ends in a tail call of the step
// for the next one, chosen by the first byte of its header: so a field costs one indirect jump, and
// what the loop needs stays in registers, which are the arguments that all steps share:
//
//     p        the place in the input: a field's header, or its value
//     state    end of the input, limits, memory
//     record   what is filled
//     layout   its tables
//     present  the presence bits of fields that have come; stored when the struct ends. In records
//              of several presence words these lie in memory: `present` is 0 until they are cleared
//     field    the field that was read last, from whose place in the table compact counts
//
// *Two ways.* The steps take the short way: the id is in the table, its operation is that of the
// wire's type, the input does not end near. Whatever is different, takes the `long_way`: one
// function that looks at everything, reads fields that the schema does not have, and comes back.
//
// *Where the input ends.* A step may read `DecodeState::margin` bytes from a place before
// `fast_end()`; so it looks once per field and not once per read. Where the input has been copied
// the margin reaches beyond its end, into memory that means nothing: then the next step sees that
// `p` has passed the end, and fails. (What exactly was wrong, is found out by reading once more:
// see decode.cpp.) Functions that are `exact` look themselves, and never pass it; but the value
// that they are to read may start behind it.
//
// *Checked.* Oddities (strictness.hpp) that the default takes as they are cost nothing there: they
// are looked for in a second instantiation, where unions and fields that come twice take the long
// way as well.

#include <array>
#include <bit>
#include <thriftpp/schema/struct_type.hpp>

#include "protocol/decode_oddities.hpp"
#include "protocol/decode_wire.hpp"
#include "protocol/isa.hpp"
#include "protocol/presence.hpp"
#include "protocol/tail_call.hpp"

// g++ makes jumps of these calls at -O2, which these files are always compiled with; a test holds
// it to that. (With sanitizers it does not: see tail_call.hpp.)
#define THRIFTPP_STEP                                                         \
  Place p, DecodeState &state, std::byte *record, const StructLayout &layout, \
      std::uint64_t present, const HotField *field
#define THRIFTPP_NEXT p, state, record, layout, present, field

namespace thrift {
inline namespace THRIFTPP_ISA {
namespace {

using Step = Place (*)(THRIFTPP_STEP);

#if !THRIFTPP_HAS_TAIL_CALLS
/// Where calls do not become jumps: what the next step is to be given. The step before it returns
/// `again` to `fields`, which makes the call.
struct Pending {
  Place p;
  std::uint64_t present;
  const HotField* field;
};
thread_local Pending pending;
constexpr std::byte again{};
#endif

template <class Wire, bool checked>
struct Decoder {
  // --- records: the short way --------------------------------------------------------------------

  /// From the header of a record's field on to the end of the record.
  [[gnu::always_inline]] static Place next(THRIFTPP_STEP) {
#if THRIFTPP_HAS_TAIL_CALLS
    THRIFTPP_TAIL_CALL return dispatch(THRIFTPP_NEXT);
#else
    static_cast<void>(state), static_cast<void>(record), static_cast<void>(layout);
    pending = {p, present, field};
    return &again;
#endif
  }

  [[gnu::always_inline]] static Place dispatch(THRIFTPP_STEP) {
    if (p >= state.fast_end()) [[unlikely]]
      THRIFTPP_TAIL_CALL return long_way(THRIFTPP_NEXT);
    THRIFTPP_TAIL_CALL return steps[static_cast<std::uint8_t>(*p)](THRIFTPP_NEXT);
  }

  [[gnu::always_inline]] static Place fields(Place p, DecodeState& state, std::byte* record,
                                             const StructLayout& layout) {
    const std::ptrdiff_t before_first = Wire::counts_from_last_id ? layout.first_id : 0;
    Place end = dispatch(p, state, record, layout, 0, layout.table - before_first);
#if !THRIFTPP_HAS_TAIL_CALLS
    while (end == &again) {
      end = dispatch(pending.p, state, record, layout, pending.present, pending.field);
    }
#endif
    return end;
  }

  /// Whether the short way may take `found`. Checked, it may not take members of unions, and fields
  /// that have come before.
  [[nodiscard, gnu::always_inline]] static bool is_usual(const StructLayout& layout,
                                                         std::uint64_t present,
                                                         const HotField& found,
                                                         SlotOp op) noexcept {
    if constexpr (checked) {
      if (layout.is_union || (present & bit_mask(found.bit)) != 0) return false;
    }
    return found.op == op;
  }

  /// A field whose wire type is that of `op`.
  template <SlotOp op>
  static Place step(THRIFTPP_STEP) {
    const HotField* found = field;
    if (!Wire::locate(p, layout, found) || !is_usual(layout, present, *found, op)) [[unlikely]]
      THRIFTPP_TAIL_CALL return long_way(THRIFTPP_NEXT);
    THRIFTPP_TAIL_CALL return value<op, false>(p + Wire::short_header, state, record, layout,
                                               present, found);
  }

  /// A field that is in its header as a whole (compact's bools).
  template <bool truth>
  static Place bool_step(THRIFTPP_STEP) {
    const HotField* found = field;
    if (!Wire::locate(p, layout, found) || !is_usual(layout, present, *found, SlotOp::bool_))
        [[unlikely]]
      THRIFTPP_TAIL_CALL return long_way(THRIFTPP_NEXT);
    record[found->offset] = std::byte{truth};
    present = (present & layout.keeps) | bit_mask(found->bit);
    THRIFTPP_TAIL_CALL return next(p + Wire::short_header, state, record, layout, present, found);
  }

  /// The value of `field`, and on.
  template <SlotOp op, bool exact>
  [[gnu::always_inline]] static Place value(THRIFTPP_STEP) {
    std::byte* const cell = record + field->offset;
    Place end;
    if constexpr (op == SlotOp::record) {
      end = child(p, state, cell, *field->slot);
    } else {
      end = read<op, exact>(p, state, cell, *field->slot);
    }
    if (end == nullptr) [[unlikely]] {
      // The short ways of these say only that they will not do, so that they need no stack frame.
      if constexpr (!exact && (op == SlotOp::string || is_number(op))) {
        THRIFTPP_TAIL_CALL return exact_value<op>(THRIFTPP_NEXT);
      } else {
        THRIFTPP_TAIL_CALL return failed_in_field(THRIFTPP_NEXT);
      }
    }
    p = end;
    if constexpr (checked) {
      if (state.take_left_out()) THRIFTPP_TAIL_CALL return next(THRIFTPP_NEXT);
      if (layout.is_union || layout.presence_words > 1) [[unlikely]]
        THRIFTPP_TAIL_CALL return marked(THRIFTPP_NEXT);
      present |= bit_mask(field->bit);
    } else {
      present = (present & layout.keeps) | bit_mask(field->bit);
    }
    THRIFTPP_TAIL_CALL return next(THRIFTPP_NEXT);
  }

  template <SlotOp op>
  [[gnu::noinline]] static Place exact_value(THRIFTPP_STEP) {
    THRIFTPP_TAIL_CALL return value<op, true>(THRIFTPP_NEXT);
  }

  /// On behind `field`, in a record whose presence is not a matter of a bit (checked only).
  [[gnu::noinline]] static Place marked(THRIFTPP_STEP) {
    present = mark(state, record, layout, present, *field);
    THRIFTPP_TAIL_CALL return next(THRIFTPP_NEXT);
  }

  template <SlotOp op, bool exact>
  static Place value_step(THRIFTPP_STEP) {
    THRIFTPP_TAIL_CALL return value<op, exact>(THRIFTPP_NEXT);
  }

  [[gnu::cold, gnu::noinline]] static Place failed_in_field(THRIFTPP_STEP) {
    static_cast<void>(p), static_cast<void>(record), static_cast<void>(present);
    return state.in_field(layout, layout.fields[field->bit]);
  }

  /// The struct ends at `p`.
  static Place stop(THRIFTPP_STEP) {
    if ((checked && layout.is_union) || (present & layout.usual_mask) != layout.usual_bits)
        [[unlikely]]
      THRIFTPP_TAIL_CALL return long_stop(THRIFTPP_NEXT);
    std::memcpy(record, &present, sizeof(present));
    return p + 1;
  }

  // --- records: the long way ---------------------------------------------------------------------

  [[gnu::noinline]] static Place long_way(THRIFTPP_STEP) {
    std::int32_t id = Wire::counts_from_last_id ? id_of(layout, field) : 0;
    for (;;) {
      if (p >= state.end()) [[unlikely]]
        return state.truncated(state.end(), 1);
      const FieldHeader header = Wire::template field_header<checked>(state, p, id);
      if (header.value == nullptr) [[unlikely]]
        return nullptr;
      if (header.type == 0) THRIFTPP_TAIL_CALL return stop(THRIFTPP_NEXT);
      id = header.id;
      const FieldLayout* const known = layout.find(id);
      bool passes = known == nullptr || Wire::wire_type(header.type) != known->wire;
      if constexpr (checked) {
        if (!passes && is_marked(record, layout, present, known->bit)) {
          const Reaction reaction = state.strictness().duplicate_field;
          if (reaction == Reaction::error) return state.duplicate_field(p, layout, *known);
          passes = reaction == Reaction::skip;
        }
        if (state.take_left_out()) passes = true;  // its id is out of range
      }
      if (passes) [[unlikely]] {
        const Passed passed = pass_over<Wire>(p, state, record, layout, present, header, known);
        if (passed.end == nullptr) return nullptr;
        p = passed.end;
        present = passed.present;
        continue;
      }
      p = header.value;
      field = hot_field(layout, *known);
      if (!checked && layout.presence_words > 1) {
        present = set_member(record, layout, begin_wide(record, layout, present), known->bit);
      }
      if constexpr (Wire::bools_in_headers) {
        if (known->op == SlotOp::bool_) {
          record[field->offset] = std::byte{Wire::is_true(header.type)};
          if constexpr (checked) {
            present = mark(state, record, layout, present, *field);
          } else {
            present = (present & layout.keeps) | bit_mask(field->bit);
          }
          THRIFTPP_TAIL_CALL return next(THRIFTPP_NEXT);
        }
      }
      const auto op = static_cast<std::size_t>(known->op);
      THRIFTPP_TAIL_CALL return (p < state.fast_end() ? values : exact_values)[op](THRIFTPP_NEXT);
    }
  }

  /// What is unusual about a record that ends: it has more than one presence word, kept unknown
  /// fields, or lacks a required field. Or it is a union, and checked.
  [[gnu::noinline]] static Place long_stop(THRIFTPP_STEP) {
    static_cast<void>(field);
    const bool wide = layout.presence_words > 1;
    if (wide) {
      static_cast<void>(begin_wide(record, layout, present));
    } else {
      std::memcpy(record, &present, sizeof(present));
    }
    if (test_bit(record, layout.unknown_bit)) end_unknown_fields(record, layout);
    if constexpr (checked) {
      if (layout.is_union) return union_stop(p, state, record, layout);
    }
    if (state.strictness().missing_required == Reaction::error) {
      for (std::size_t w = 0; w < layout.presence_words; ++w) {
        std::uint64_t word;
        std::memcpy(&word, record + w * 8, sizeof(word));
        if ((layout.required[w] & ~word) != 0) return state.missing_field(p, layout, record);
      }
    }
    return p + 1;
  }

  [[gnu::noinline]] static Place union_stop(Place p, DecodeState& state, std::byte* record,
                                            const StructLayout& layout) {
    const unsigned several = layout.unknown_bit + 1U;
    const bool has_several = test_bit(record, several);
    const bool odd = has_several || !has_member(record, layout);
    clear_bit(record, several);
    if (!odd || state.strictness().union_members == Reaction::keep) return p + 1;
    if (state.strictness().union_members == Reaction::error)
      return state.odd_union(p, layout, has_several);
    state.leave_out();
    return p + 1;
  }

  // --- values ------------------------------------------------------------------------------------

  /// A nested struct in a record: the cell is a pointer to it.
  [[gnu::always_inline]] static Place child(Place p, DecodeState& state, std::byte* cell,
                                            const SlotLayout& slot) {
    if (!state.enter()) [[unlikely]]
      return state.too_deep(p);
    std::byte* const record = state.allocate(slot.record->size);
    if (record == nullptr) [[unlikely]]
      return state.out_of_memory(p);
    if constexpr (!checked) std::memcpy(cell, &record, sizeof(record));
    p = fields(p, state, record, *slot.record);
    state.leave();
    if constexpr (checked) {  // only now: where it is left out, the one before it stays
      if (p != nullptr && !state.is_left_out()) std::memcpy(cell, &record, sizeof(record));
    }
    return p;
  }

  /// One value into its cell, which is not that of a nested struct in a record.
  template <SlotOp op, bool exact>
  [[gnu::always_inline]] static Place read(Place p, DecodeState& state, std::byte* cell,
                                           const SlotLayout& slot) {
    if constexpr (op == SlotOp::bool_) {
      return Wire::template read_bool<exact>(state, p, cell);
    } else if constexpr (op == SlotOp::i8) {
      return Wire::template read_i8<exact>(state, p, cell);
    } else if constexpr (op == SlotOp::i16) {
      return Wire::template read_number<std::uint16_t, exact, checked>(state, p, cell);
    } else if constexpr (op == SlotOp::i32) {
      if constexpr (checked) {
        if (slot.type->is_enum()) return read_enum<Wire>(p, state, cell, slot);
      }
      return Wire::template read_number<std::uint32_t, exact, checked>(state, p, cell);
    } else if constexpr (op == SlotOp::i64) {
      return Wire::template read_number<std::uint64_t, exact, checked>(state, p, cell);
    } else if constexpr (op == SlotOp::double_) {
      return Wire::template read_double<exact>(state, p, cell);
    } else if constexpr (op == SlotOp::string) {
      if constexpr (checked) {
        return read_text<Wire>(p, state, cell, slot);
      } else {
        return Wire::template read_string<exact>(state, p, cell);
      }
    } else if constexpr (op == SlotOp::uuid) {
      if (exact && state.end() - p < std::ptrdiff_t{sizeof(Uuid)}) [[unlikely]]
        return state.truncated(p, sizeof(Uuid));
      std::memcpy(cell, p, sizeof(Uuid));
      return p + sizeof(Uuid);
    } else if constexpr (op == SlotOp::record) {
      if (!state.enter()) [[unlikely]]
        return state.too_deep(p);
      p = fields(p, state, cell, *slot.record);
      state.leave();
      return p;
    } else if constexpr (op == SlotOp::map) {
      return read_map(p, state, cell, slot);
    } else if constexpr (op == SlotOp::list || op == SlotOp::set) {
      return read_list(p, state, cell, slot);
    } else {
      return p;
    }
  }

  [[gnu::always_inline]] static Place read_any(Place p, DecodeState& state, std::byte* cell,
                                               const SlotLayout& slot) {
    switch (slot.op) {
      case SlotOp::bool_: return read<SlotOp::bool_, true>(p, state, cell, slot);
      case SlotOp::i8: return read<SlotOp::i8, true>(p, state, cell, slot);
      case SlotOp::i16: return read<SlotOp::i16, true>(p, state, cell, slot);
      case SlotOp::i32: return read<SlotOp::i32, true>(p, state, cell, slot);
      case SlotOp::i64: return read<SlotOp::i64, true>(p, state, cell, slot);
      case SlotOp::double_: return read<SlotOp::double_, true>(p, state, cell, slot);
      case SlotOp::string: return read<SlotOp::string, true>(p, state, cell, slot);
      case SlotOp::uuid: return read<SlotOp::uuid, true>(p, state, cell, slot);
      case SlotOp::record: return read<SlotOp::record, true>(p, state, cell, slot);
      case SlotOp::list:
      case SlotOp::set: return read_list(p, state, cell, slot);
      case SlotOp::map: return read_map(p, state, cell, slot);
      case SlotOp::void_: break;
    }
    return p;
  }

  // --- containers --------------------------------------------------------------------------------

  /// Room for the cells of a container; nullptr past the budget.
  [[nodiscard]] static std::byte* new_cells(DecodeState& state, const SlotLayout& slot,
                                            std::uint64_t size) noexcept {
    const std::uint64_t bytes = size * slot.entry_size;  // below 2^63
    return bytes > SIZE_MAX / 2 ? nullptr : state.allocate(static_cast<std::size_t>(bytes));
  }

  [[gnu::always_inline]] static void set_cells(std::byte* cell, const SlotLayout& slot,
                                               std::byte* data, std::uint64_t size) noexcept {
    const ListSlot list{data, static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(size)};
    std::memcpy(cell, &list, sizeof(list));
    if (slot.op != SlotOp::list) std::memset(cell + sizeof(ListSlot), 0, sizeof(HashIndex*));
  }

  static Place read_list(Place p, DecodeState& state, std::byte* cell, const SlotLayout& slot) {
    if (!state.enter()) [[unlikely]]
      return state.too_deep(p);
    const ContainerHeader header = Wire::list_header(state, p);
    if (header.value == nullptr) [[unlikely]]
      return nullptr;
    if (header.size == 0) {  // whatever type it claims
      set_cells(cell, slot, nullptr, 0);
      state.leave();
      return header.value;
    }
    if constexpr (checked) {
      bool odd = false;
      const Place end = check_elements<Wire>(p, state, slot, header, odd);
      if (odd) return end;
    }
    const SlotLayout& element = *slot.element;
    const std::uint64_t least = Wire::least_size(element.wire);
    if (header.size > state.max_container() ||
        header.size * least > left(header.value, state.end()) || least == 0) [[unlikely]] {
      return state.bad_container_size(p, header.size, least, header.value);
    }
    std::byte* const data = new_cells(state, slot, header.size);
    if (data == nullptr) [[unlikely]]
      return state.out_of_memory(p);
    if constexpr (checked) {
      std::size_t kept = header.size;
      p = checked_elements(header.value, state, data, kept, element);
      set_cells(cell, slot, data, kept);
    } else {
      set_cells(cell, slot, data, header.size);
      p = elements(header.value, state, data, header.size, element);
    }
    state.leave();
    return p;
  }

  /// The elements of a list or set. `n` times the least size is not more than what is left.
  static Place elements(Place p, DecodeState& state, std::byte* data, std::size_t n,
                        const SlotLayout& element) {
    switch (element.op) {
      case SlotOp::bool_: return Wire::read_bools(p, data, n);
      case SlotOp::i8: return std::memcpy(data, p, n), p + n;
      case SlotOp::i16: return Wire::template read_numbers<std::uint16_t>(state, p, data, n);
      case SlotOp::i32: return Wire::template read_numbers<std::uint32_t>(state, p, data, n);
      case SlotOp::i64: return Wire::template read_numbers<std::uint64_t>(state, p, data, n);
      case SlotOp::double_: return Wire::read_doubles(p, data, n);
      case SlotOp::uuid: return std::memcpy(data, p, n * sizeof(Uuid)), p + n * sizeof(Uuid);
      case SlotOp::string:
        for (std::size_t i = 0; i < n; ++i) {
          p = Wire::template read_string<true>(state, p, data + i * sizeof(StringSlot));
          if (p == nullptr) [[unlikely]]
            return state.in_element(i);
        }
        return p;
      case SlotOp::record: return records(p, state, data, n, *element.record);
      default:
        for (std::size_t i = 0; i < n; ++i) {
          p = read_any(p, state, data + i * element.cell_size, element);
          if (p == nullptr) [[unlikely]]
            return state.in_element(i);
        }
        return p;
    }
  }

  static Place records(Place p, DecodeState& state, std::byte* record, std::size_t n,
                       const StructLayout& layout) {
    if (!state.enter()) [[unlikely]] {
      state.too_deep(p);
      return state.in_element(0);
    }
    for (std::size_t i = 0; i < n; ++i, record += layout.size) {
      p = fields(p, state, record, layout);
      if (p == nullptr) [[unlikely]]
        return state.in_element(i);
    }
    state.leave();
    return p;
  }

  /// As elements; those that are to be left out are, and `n` is how many there are then.
  static Place checked_elements(Place p, DecodeState& state, std::byte* data, std::size_t& n,
                                const SlotLayout& element) {
    if (is_never_odd<Wire>(state, element)) return elements(p, state, data, n, element);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < n; ++i) {
      p = read_any(p, state, data + kept * element.cell_size, element);
      if (p == nullptr) [[unlikely]]
        return state.in_element(i);
      if (!state.take_left_out()) ++kept;
    }
    n = kept;
    return p;
  }

  static Place read_map(Place p, DecodeState& state, std::byte* cell, const SlotLayout& slot) {
    if (!state.enter()) [[unlikely]]
      return state.too_deep(p);
    const ContainerHeader header = Wire::map_header(state, p);
    if (header.value == nullptr) [[unlikely]]
      return nullptr;
    if (header.size == 0) {
      set_cells(cell, slot, nullptr, 0);
      state.leave();
      return header.value;
    }
    if constexpr (checked) {
      bool odd = false;
      const Place end = check_elements<Wire>(p, state, slot, header, odd);
      if (odd) return end;
    }
    const SlotLayout& key = *slot.key;
    const SlotLayout& value_slot = *slot.element;
    const std::uint64_t least =
        std::uint64_t{Wire::least_size(key.wire)} + Wire::least_size(value_slot.wire);
    if (header.size > state.max_container() ||
        header.size * least > left(header.value, state.end()) || least == 0) [[unlikely]] {
      return state.bad_container_size(p, header.size, least, header.value);
    }
    std::byte* const data = new_cells(state, slot, header.size);
    if (data == nullptr) [[unlikely]]
      return state.out_of_memory(p);
    p = header.value;
    std::byte* entry = data;
    for (std::uint64_t i = 0; i < header.size; ++i) {
      p = read_any(p, state, entry, key);
      if (p == nullptr) [[unlikely]]
        return nullptr;
      const bool without_key = checked && state.take_left_out();
      p = read_any(p, state, entry + slot.value_offset, value_slot);
      if (p == nullptr) [[unlikely]]
        return without_key ? nullptr : state.in_entry(key, entry);
      if ((checked && state.take_left_out()) || without_key) continue;
      entry += slot.entry_size;
    }
    const auto bytes = static_cast<std::size_t>(entry - data);
    set_cells(cell, slot, data, checked ? bytes / slot.entry_size : header.size);
    state.leave();
    return p;
  }

  static const std::array<Step, 256> steps;  // by the first byte of a field's header
  static const std::array<Step, 13> values;  // by SlotOp
  static const std::array<Step, 13> exact_values;

  [[nodiscard]] static constexpr Step step_for(WireType type) noexcept {
    switch (type) {
      case WireType::stop: return stop;
      case WireType::bool_: return step<SlotOp::bool_>;
      case WireType::i8: return step<SlotOp::i8>;
      case WireType::i16: return step<SlotOp::i16>;
      case WireType::i32: return step<SlotOp::i32>;
      case WireType::i64: return step<SlotOp::i64>;
      case WireType::double_: return step<SlotOp::double_>;
      case WireType::string: return step<SlotOp::string>;
      case WireType::struct_: return step<SlotOp::record>;
      case WireType::map: return step<SlotOp::map>;
      case WireType::set: return step<SlotOp::set>;
      case WireType::list: return step<SlotOp::list>;
      case WireType::uuid: return step<SlotOp::uuid>;
      default: return long_way;
    }
  }

  template <bool exact>
  [[nodiscard]] static constexpr std::array<Step, 13> make_values() noexcept {
    using enum SlotOp;
    return {value_step<void_, exact>,   value_step<bool_, exact>,
            value_step<i8, exact>,      value_step<i16, exact>,
            value_step<i32, exact>,     value_step<i64, exact>,
            value_step<double_, exact>, value_step<string, exact>,
            value_step<uuid, exact>,    value_step<SlotOp::record, exact>,
            value_step<list, exact>,    value_step<set, exact>,
            value_step<map, exact>};
  }

  /// A bare value that is not a struct, or checked.
  [[gnu::noinline]] static Place root(Place p, DecodeState& state, std::byte* cell,
                                      const SlotLayout& slot) {
    const Place end = read_any(p, state, cell, slot);
    if constexpr (checked) {
      if (end != nullptr && state.take_left_out()) return state.odd_root(p, *slot.type);
    }
    return end;
  }
};

template <class Wire, bool checked>
constinit const std::array<Step, 256> Decoder<Wire, checked>::steps =
    Wire::template make_steps<Decoder<Wire, checked>>();
template <class Wire, bool checked>
constinit const std::array<Step, 13> Decoder<Wire, checked>::values =
    Decoder<Wire, checked>::template make_values<false>();
template <class Wire, bool checked>
constinit const std::array<Step, 13> Decoder<Wire, checked>::exact_values =
    Decoder<Wire, checked>::template make_values<true>();

/// What a protocol's decode does, with a Wire of its own.
template <class Wire>
Place decode_value(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
                   std::uint32_t depth) {
  const bool unchecked = takes_odd_values(state.strictness());
  state.set_depth(depth);
  if (unchecked && slot.op == SlotOp::record && state.enter()) [[likely]]
    return Decoder<Wire, false>::fields(p, state, cell, *slot.record);
  return unchecked ? Decoder<Wire, false>::root(p, state, cell, slot)
                   : Decoder<Wire, true>::root(p, state, cell, slot);
}

}  // namespace
}  // namespace THRIFTPP_ISA
}  // namespace thrift
