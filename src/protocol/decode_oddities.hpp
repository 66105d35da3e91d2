#pragma once

// Values and fields that the loop of decode_loop.hpp does not take as they come: fields that are
// passed over, and what the checked loop looks at. Each asks the Strictness what to do.

#include <array>
#include <bit>
#include <cstdint>
#include <thriftpp/schema/layout.hpp>
#include <thriftpp/schema/type.hpp>

#include "protocol/ascii.hpp"
#include "protocol/decode_wire.hpp"
#include "protocol/presence.hpp"
#include "protocol/unknown_fields.hpp"

namespace thrift {
inline namespace THRIFTPP_ISA {
namespace {

/// The reactions of a Strictness but the last, to be looked at all at once.
[[nodiscard, gnu::always_inline]] constexpr std::uint64_t reactions(const Strictness& s) noexcept {
  return std::bit_cast<std::uint64_t>(std::array{s.element_type, s.field_type, s.missing_required,
                                                 s.union_members, s.unknown_enum, s.invalid_utf8,
                                                 s.duplicate_field, s.varint_overflow});
}

/// Whether values are taken as they are, however odd: then nobody has to look. (What remains of
/// Strictness is about what the long way sees anyhow.)
[[nodiscard]] inline bool takes_odd_values(const Strictness& s) noexcept {
  constexpr auto any = Reaction::error;
  constexpr auto keep = Reaction::keep;
  static_assert(static_cast<unsigned>(any) == 0 && static_cast<unsigned>(keep) == 2 &&
                static_cast<unsigned>(Reaction::skip) == 1);
  // `keep` is the only one with that bit: one branch instead of six.
  constexpr std::uint64_t kept = reactions({.element_type = keep,
                                            .field_type = any,
                                            .missing_required = any,
                                            .union_members = keep,
                                            .unknown_enum = keep,
                                            .invalid_utf8 = keep,
                                            .duplicate_field = keep,
                                            .varint_overflow = keep,
                                            .trailing_bytes = any});
  return (reactions(s) & kept) == kept;
}

/// Numbers that some protocol writes with variable length.
[[nodiscard]] constexpr bool is_number(SlotOp op) noexcept {
  return op == SlotOp::i16 || op == SlotOp::i32 || op == SlotOp::i64;
}

/// Whether no element of that type can be odd, so that nobody has to look.
template <class Wire>
[[nodiscard]] bool is_never_odd(const DecodeState& state, const SlotLayout& element) noexcept {
  if (is_number(element.op)) {
    return !element.type->is_enum() &&
           (!Wire::has_varints || state.strictness().varint_overflow == Reaction::keep);
  }
  return element.op == SlotOp::bool_ || element.op == SlotOp::i8 || element.op == SlotOp::double_ ||
         element.op == SlotOp::uuid;
}

struct Passed {
  Place end;
  std::uint64_t present;
};
/// A field that is not taken: skipped, or kept with those that the schema does not have. `known`
/// where the schema has it, but with another type, or it has come before.
template <class Wire>
[[gnu::noinline]] Passed pass_over(Place p, DecodeState& state, std::byte* record,
                                   const StructLayout& layout, std::uint64_t present,
                                   FieldHeader header, const FieldLayout* known) {
  constexpr Passed failed{nullptr, 0};
  const WireType type = Wire::wire_type(header.type);
  if (type == WireType::stop) {
    state.bad_wire_type(p, header.type);
    return failed;
  }
  bool keeps = state.keeps_unknown_fields();
  if (known != nullptr && known->wire != type) {
    if (state.strictness().field_type == Reaction::error) {
      state.wrong_field_type(p, layout, *known, type);
      return failed;
    }
    keeps = keeps || state.strictness().field_type == Reaction::keep;
  } else if (known != nullptr) {
    keeps = false;
  }
  const Place end = Wire::skip_field(state, header, type);
  if (!keeps || end == nullptr) return {end, present};
  present = begin_wide(record, layout, present);
  const bool first = !is_marked(record, layout, present, layout.unknown_bit);
  const UnknownField field{.next = nullptr,
                           .value = header.value,
                           .size = static_cast<std::uint32_t>(left(header.value, end)),
                           .id = header.id,
                           .type = header.type,
                           .protocol = static_cast<std::uint8_t>(Wire::id)};
  if (left(header.value, end) > UINT32_MAX ||
      !keep_unknown_field(state, record, layout, first, field)) {
    state.out_of_memory(p);
    return failed;
  }
  return {end, set_mark(record, layout, present, layout.unknown_bit)};
}

template <class Wire>
[[gnu::noinline]] Place read_enum(Place p, DecodeState& state, std::byte* cell,
                                  const SlotLayout& slot) {
  std::int32_t number = 0;
  const Place end = Wire::template read_number<std::uint32_t, true, true>(
      state, p, reinterpret_cast<std::byte*>(&number));
  if (end == nullptr) return nullptr;
  if (state.strictness().unknown_enum != Reaction::keep && !state.knows_enum(*slot.type, number)) {
    if (state.strictness().unknown_enum == Reaction::error) {
      return state.unknown_enum(p, *slot.type, number);
    }
    state.leave_out();
    return end;
  }
  std::memcpy(cell, &number, sizeof(number));
  return end;
}

template <class Wire>
[[gnu::noinline]] Place read_text(Place p, DecodeState& state, std::byte* cell,
                                  const SlotLayout& slot) {
  StringSlot text{};
  const Place end = Wire::template read_string<true>(state, p, reinterpret_cast<std::byte*>(&text));
  if (end == nullptr) return nullptr;
  const Reaction reaction = state.strictness().invalid_utf8;
  if (reaction != Reaction::keep && slot.type->kind() == TypeKind::string &&
      !is_ascii(text.data, text.size) && !state.is_text(text)) {
    if (reaction == Reaction::error) return state.invalid_utf8(p, text);
    state.leave_out();
    return end;
  }
  std::memcpy(cell, &text, sizeof(text));
  return end;
}

/// Leaves out a container whose elements are not what the schema says, or fails; nullptr also
/// where there is nothing odd: `odd` tells.
template <class Wire>
[[gnu::noinline]] Place check_elements(Place p, DecodeState& state, const SlotLayout& slot,
                                       const ContainerHeader& header, bool& odd) {
  odd = header.element != slot.element->wire ||
        (slot.op == SlotOp::map && header.key != slot.key->wire);
  if (state.strictness().element_type == Reaction::keep) odd = false;
  if (!odd) return nullptr;
  if (state.strictness().element_type == Reaction::error) {
    return state.wrong_element_type(p, slot, header.key, header.element);
  }
  state.leave_out();
  state.leave();  // skip enters the level itself
  return Wire::skip_value(state, p, slot.wire);
}

}  // namespace
}  // namespace THRIFTPP_ISA
}  // namespace thrift
