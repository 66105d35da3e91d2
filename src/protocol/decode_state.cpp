#include "protocol/decode_state.hpp"

#include <algorithm>
#include <thriftpp/schema/struct_type.hpp>

#include "base/backquoted.hpp"

namespace thrift {

void DecodeState::forget_trouble() noexcept {
  delete trouble_;
}

std::byte* DecodeState::allocate_more(std::size_t size) noexcept {
  memory_left_ += static_cast<std::size_t>(free_end_ - free_);
  free_end_ = free_;
  if (size > memory_left_ || arena_ == nullptr) return nullptr;
  arena_->take(free_);
  auto* const p = static_cast<std::byte*>(arena_->try_allocate(size, 8));
  if (p != nullptr) memory_left_ -= size;
  take_room();
  return p;
}

DecodeState::Place DecodeState::fail(ProtocolErrorKind kind, Place p, std::string problem) {
  forget_trouble();
  trouble_ = new Trouble{kind, static_cast<std::uint64_t>(p - begin_), std::move(problem), {}};
  return nullptr;
}

DecodeState::Place DecodeState::truncated(Place p, std::uint64_t wanted) {
  p = std::min(p, end_);
  const auto left = static_cast<std::uint64_t>(end_ - p);
  return fail(ProtocolErrorKind::truncated, p,
              "the input ends here: " + std::to_string(wanted) +
                  (wanted == 1 ? " byte is" : " bytes are") + " wanted, " + std::to_string(left) +
                  (left == 1 ? " is" : " are") + " left");
}

DecodeState::Place DecodeState::too_deep(Place p) {
  return fail(ProtocolErrorKind::depth_limit, p,
              "nested deeper than " + std::to_string(options_->max_depth) + " levels");
}

DecodeState::Place DecodeState::out_of_memory(Place p) {
  std::size_t limit = budget(static_cast<std::size_t>(end_ - begin_), *options_);
  if (arena_ != nullptr) limit = std::min(limit, arena_->budget());
  return fail(
      ProtocolErrorKind::size_limit, p,
      "the value takes more memory than the " + std::to_string(limit) + " bytes that it may");
}

DecodeState::Place DecodeState::bad_string_size(Place p, std::uint64_t size, Place text) {
  return bad_size(p, "string", "bytes", size, max_string_, text, "");
}

DecodeState::Place DecodeState::bad_container_size(Place p, std::uint64_t size, std::uint64_t least,
                                                   Place elements) {
  return bad_size(p, "container", "elements", size, max_container_, elements,
                  " of at least " + std::to_string(least) + (least == 1 ? " byte" : " bytes"));
}

DecodeState::Place DecodeState::bad_size(Place p, std::string_view what, std::string_view of,
                                         std::uint64_t size, std::uint64_t limit, Place content,
                                         std::string_view each) {
  if (content > end_) return truncated(p, static_cast<std::uint64_t>(content - p));
  // Sizes are signed in Thrift: in 32 bits, the largest are the negative ones.
  const bool negative = size > largest_wire_size && size <= UINT32_MAX;
  std::string text =
      "a " + std::string(what) + " of " +
      (negative ? std::to_string(static_cast<std::int32_t>(size)) : std::to_string(size)) + " " +
      std::string(of);
  if (negative) return fail(ProtocolErrorKind::negative_size, p, std::move(text));
  if (size > limit) {
    return fail(ProtocolErrorKind::size_limit, p, text + ", the limit is " + std::to_string(limit));
  }
  return fail(ProtocolErrorKind::truncated, p,
              text + std::string(each) + " does not fit into the " +
                  std::to_string(end_ - content) + " that are left");
}

DecodeState::Place DecodeState::bad_wire_type(Place p, unsigned code) {
  return fail(ProtocolErrorKind::invalid_data, p, "there is no wire type " + std::to_string(code));
}

DecodeState::Place DecodeState::endless_varint(Place p, std::uint64_t most) {
  if (static_cast<std::uint64_t>(end_ - p) < most) return truncated(end_, 1);
  return fail(ProtocolErrorKind::invalid_data, p,
              "a number of variable length takes more than " + std::to_string(most) + " bytes");
}

DecodeState::Place DecodeState::missing_field(Place p, const StructLayout& layout,
                                              const std::byte* record) {
  for (std::uint16_t i = 0; i < layout.field_count; ++i) {
    const FieldLayout& field = layout.fields[i];
    if (!is_required(layout, field) || test_bit(record, field.bit)) continue;
    fail(ProtocolErrorKind::missing_field, p,
         "required field " + backquoted(layout.type->fields()[field.index].name()) + " of " +
             backquoted(layout.type->name()) + " is missing");
    return in_field(layout, field);
  }
  return nullptr;
}

DecodeState::Place DecodeState::in_field(const StructLayout& record, const FieldLayout& field) {
  trouble_->trail.add_field(record, field);
  return nullptr;
}

DecodeState::Place DecodeState::in_element(std::size_t index) {
  trouble_->trail.add_index(index);
  return nullptr;
}

DecodeState::Place DecodeState::in_entry(const SlotLayout& key, const std::byte* cell) {
  trouble_->trail.add_key(key, cell);
  return nullptr;
}

Failure DecodeState::failure(std::string_view root) const {
  return make_failure<ProtocolErrorDetail>(trouble_->kind, trouble_->problem, trouble_->offset,
                                           trouble_->trail.text(root));
}

}  // namespace thrift
