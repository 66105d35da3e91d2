#include "protocol/encode_state.hpp"

#include <algorithm>
#include <thriftpp/schema/struct_type.hpp>
#include <utility>

#include "base/backquoted.hpp"

namespace thrift {

EncodeState::Place EncodeState::grow(Place p, std::size_t n) {
  // Not committed, but written: Buffer keeps only what is committed when it grows.
  const std::size_t before = out_.size();
  const std::size_t wanted = n + static_cast<std::size_t>(reserve);
  out_.commit(static_cast<std::size_t>(p - out_.data()) - before);
  const std::size_t written = out_.size();
  try {
    p = out_.prepare(wanted);
  } catch (...) {
    out_.truncate(before);
    throw;
  }
  const std::size_t room = std::min(out_.capacity() - written, std::max(wanted, largest_window));
  out_.truncate(before);
  limit_ = p + room - reserve;
  return p;
}

EncodeState::Place EncodeState::fail(std::string problem) {
  trouble_ = std::make_unique<Trouble>();
  trouble_->problem = std::move(problem);
  return nullptr;
}

EncodeState::Place EncodeState::too_deep() {
  return fail("nested deeper than " + std::to_string(options_.max_depth) + " levels");
}

EncodeState::Place EncodeState::too_long(std::string_view what, std::uint64_t size) {
  return fail("a " + std::string(what) + " of " + std::to_string(size) +
              " is longer than the protocol can say");
}

const FieldLayout* EncodeState::find_missing(const StructLayout& layout,
                                             const std::byte* record) noexcept {
  for (std::uint32_t i = 0; i < layout.field_count; ++i) {
    const FieldLayout& field = layout.fields[i];
    if (!is_required(layout, field) || test_bit(record, field.bit)) continue;
    if (!layout.type->fields()[field.index].has_default()) return &field;
  }
  return nullptr;
}

EncodeState::Place EncodeState::missing_field(const FieldLayout& field,
                                              const StructLayout& layout) {
  fail("required field of " + backquoted(layout.type->name()) + " is not set");
  return in_field(field);
}

EncodeState::Place EncodeState::no_member(const StructLayout& layout) {
  return fail("union " + backquoted(layout.type->name()) + " has no member");
}

EncodeState::Place EncodeState::in_field(const FieldLayout& field) {
  trouble_->field = &field;
  return nullptr;
}

EncodeState::Place EncodeState::in_record(const StructLayout& layout) {
  if (trouble_->field != nullptr) {
    trouble_->trail.add_field(layout, *std::exchange(trouble_->field, nullptr));
  }
  return nullptr;
}

EncodeState::Place EncodeState::in_element(std::size_t index) {
  trouble_->trail.add_index(index);
  return nullptr;
}

EncodeState::Place EncodeState::in_entry(const SlotLayout& key, const std::byte* cell) {
  trouble_->trail.add_key(key, cell);
  return nullptr;
}

Failure EncodeState::failure(const SlotLayout& root) {
  if (root.record != nullptr) in_record(*root.record);
  return make_failure<TypeErrorDetail>(trouble_->trail.text({}), trouble_->problem);
}

}  // namespace thrift
