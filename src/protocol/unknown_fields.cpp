#include "protocol/unknown_fields.hpp"

#include <new>

namespace thrift {
namespace {

const UnknownField* tail(const std::byte* record, const StructLayout& layout) noexcept {
  const UnknownField* field;
  std::memcpy(&field, record + layout.unknown_offset, sizeof(field));
  return field;
}

void set_tail(std::byte* record, const StructLayout& layout, const UnknownField* field) noexcept {
  std::memcpy(record + layout.unknown_offset, &field, sizeof(field));
}

/// Ours, allocated below.
void set_next(const UnknownField* field, const UnknownField* next) noexcept {
  const_cast<UnknownField*>(field)->next = next;
}

}  // namespace

bool keep_unknown_field(DecodeState& state, std::byte* record, const StructLayout& layout,
                        bool first, const UnknownField& field) noexcept {
  std::byte* const room = state.allocate(sizeof(UnknownField));
  if (room == nullptr) return false;
  const auto* const added = new (room) UnknownField(field);
  if (first) {
    set_next(added, added);
  } else {
    const UnknownField* const last = tail(record, layout);
    set_next(added, last->next);
    set_next(last, added);
  }
  set_tail(record, layout, added);
  return true;
}

void end_unknown_fields(std::byte* record, const StructLayout& layout) noexcept {
  const UnknownField* const last = tail(record, layout);
  set_tail(record, layout, last->next);
  set_next(last, nullptr);
}

}  // namespace thrift
