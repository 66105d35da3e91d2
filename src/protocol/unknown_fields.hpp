#pragma once

// Gathers the fields of one record that the schema does not have.

#include "protocol/decode_state.hpp"

namespace thrift {

/// Hangs a copy of `field`, whose value's bytes stay where they are, at the record's tail. `first`:
/// nothing hangs there yet. False past the memory budget. Until end_unknown_fields is called, what
/// hangs there is a ring, at its last one.
[[nodiscard]] bool keep_unknown_field(DecodeState& state, std::byte* record,
                                      const StructLayout& layout, bool first,
                                      const UnknownField& field) noexcept;

/// The record is complete: its list begins at its first field. (layout.unknown_bit says that there
/// are such fields; to set it is the caller's part.)
void end_unknown_fields(std::byte* record, const StructLayout& layout) noexcept;

}  // namespace thrift
