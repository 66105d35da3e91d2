#pragma once

// The presence bits of a record that is being decoded, wherever they are: of a record with one
// presence word in `present`, else in the record itself. `present` is then 0 until its words are
// cleared. And the places of its fields in the layout's table.

#include <thriftpp/schema/layout.hpp>

#include "protocol/decode_state.hpp"
#include "protocol/isa.hpp"

namespace thrift {
inline namespace THRIFTPP_ISA {
namespace {

[[gnu::always_inline]] inline std::uint64_t bit_mask(unsigned bit) noexcept {
  return std::uint64_t{1} << (bit & 63);
}

/// Clears the presence words of a record that has several, unless that has been done.
[[nodiscard]] inline std::uint64_t begin_wide(std::byte* record, const StructLayout& layout,
                                              std::uint64_t present) noexcept {
  if (present != 0 || layout.presence_words == 1) return present;
  clear_presence(record, layout);
  return 1;
}

[[nodiscard]] inline bool is_marked(const std::byte* record, const StructLayout& layout,
                                    std::uint64_t present, unsigned bit) noexcept {
  if (layout.presence_words == 1) return (present & bit_mask(bit)) != 0;
  return present != 0 && test_bit(record, bit);
}

[[nodiscard]] inline std::uint64_t set_mark(std::byte* record, const StructLayout& layout,
                                            std::uint64_t present, unsigned bit) noexcept {
  if (layout.presence_words == 1) return present | bit_mask(bit);
  set_bit(record, bit);
  return present;
}

/// Sets a field's bit; of a union's members it is the only one then.
[[nodiscard]] inline std::uint64_t set_member(std::byte* record, const StructLayout& layout,
                                              std::uint64_t present, unsigned bit) noexcept {
  if (layout.presence_words == 1) return (present & layout.keeps) | bit_mask(bit);
  if (layout.is_union) {
    const unsigned several = layout.unknown_bit + 1U;
    const bool unknown = test_bit(record, layout.unknown_bit);
    const bool more = test_bit(record, several);
    clear_presence(record, layout);
    if (unknown) set_bit(record, layout.unknown_bit);
    if (more) set_bit(record, several);
  }
  set_bit(record, bit);
  return present;
}

/// Whether a union whose presence is in its record has a member.
[[nodiscard]] inline bool has_member(const std::byte* record, const StructLayout& layout) noexcept {
  for (std::uint32_t bit = 0; bit < layout.field_count; ++bit) {
    if (test_bit(record, bit)) return true;
  }
  return false;
}

/// Marks a field that was read, and notes of a union that it has had one before.
[[nodiscard]] inline std::uint64_t mark(const DecodeState& state, std::byte* record,
                                        const StructLayout& layout, std::uint64_t present,
                                        const HotField& field) noexcept {
  present = begin_wide(record, layout, present);
  if (layout.is_union && state.strictness().union_members != Reaction::keep &&
      !is_marked(record, layout, present, field.bit)) {
    const bool had = layout.presence_words == 1
                         ? (present & (bit_mask(layout.unknown_bit) - 1)) != 0
                         : has_member(record, layout);
    if (had) present = set_mark(record, layout, present, layout.unknown_bit + 1U);
  }
  return set_member(record, layout, present, field.bit);
}

[[nodiscard]] inline const HotField* hot_field(const StructLayout& layout,
                                               const FieldLayout& field) noexcept {
  const auto at =
      static_cast<std::uint32_t>(field.id) - static_cast<std::uint32_t>(layout.first_id);
  return at < layout.id_span ? layout.table + at : layout.table_end + field.bit;
}

[[nodiscard]] inline std::int32_t id_of(const StructLayout& layout,
                                        const HotField* field) noexcept {
  return field < layout.table_end
             ? layout.first_id + static_cast<std::int32_t>(field - layout.table)
             : layout.fields[field->bit].id;
}

}  // namespace
}  // namespace THRIFTPP_ISA
}  // namespace thrift
