#include "protocol/decode_state.hpp"

#include <algorithm>
#include <thriftpp/schema/struct_type.hpp>

namespace thrift {
namespace {

constexpr std::byte nothing{};  // an address for inputs that have none: nullptr means failure

std::string quoted(std::string_view text) {
  return "`" + std::string(text) + "`";
}

}  // namespace

DecodeState::DecodeState(std::span<const std::byte> input, const DecodeOptions& options,
                         Arena* arena, std::size_t memory) noexcept
    : begin_(input.empty() ? &nothing : input.data()),
      end_(begin_ + input.size()),
      arena_(arena),
      memory_left_(memory),
      max_depth_(options.max_depth),
      max_string_(std::min(options.max_string, largest_wire_size)),
      max_container_(std::min(options.max_container, largest_wire_size)),
      keep_unknown_fields_(options.keep_unknown_fields),
      strictness_(options.strictness),
      memory_(memory) {}

DecodeState::Place DecodeState::take_input(InputMemory memory) {
  if (memory == InputMemory::foreign) return begin_;
  const auto size = static_cast<std::size_t>(end_ - begin_);
  if (size > memory_left_) [[unlikely]]
    return out_of_memory(begin_);
  memory_left_ -= size;
  if (memory == InputMemory::owned || size == 0) return begin_;
  auto* const copy = static_cast<std::byte*>(arena_->try_allocate(size, 1));
  if (copy == nullptr) [[unlikely]]
    return out_of_memory(begin_);
  std::memcpy(copy, begin_, size);
  begin_ = copy;
  end_ = copy + size;
  return begin_;
}

DecodeState::Place DecodeState::fail(ProtocolErrorKind kind, Place p, std::string problem) {
  trouble_ = std::make_unique<Trouble>();
  trouble_->kind = kind;
  trouble_->offset = static_cast<std::uint64_t>(p - begin_);
  trouble_->problem = std::move(problem);
  return nullptr;
}

DecodeState::Place DecodeState::truncated(Place p, std::uint64_t wanted) {
  const auto left = static_cast<std::uint64_t>(end_ - p);
  return fail(ProtocolErrorKind::truncated, p,
              "the input ends here: " + std::to_string(wanted) +
                  (wanted == 1 ? " byte is" : " bytes are") + " wanted, " + std::to_string(left) +
                  (left == 1 ? " is" : " are") + " left");
}

DecodeState::Place DecodeState::too_deep(Place p) {
  return fail(ProtocolErrorKind::depth_limit, p,
              "nested deeper than " + std::to_string(max_depth_) + " levels");
}

DecodeState::Place DecodeState::out_of_memory(Place p) {
  return fail(
      ProtocolErrorKind::size_limit, p,
      "the value takes more memory than the " + std::to_string(memory_) + " bytes that it may");
}

DecodeState::Place DecodeState::bad_string_size(Place p, std::int64_t size) {
  if (size < 0) {
    return fail(ProtocolErrorKind::negative_size, p,
                "a string of " + std::to_string(size) + " bytes");
  }
  if (size > max_string_) {
    return fail(ProtocolErrorKind::size_limit, p,
                "a string of " + std::to_string(size) + " bytes, the limit is " +
                    std::to_string(max_string_));
  }
  return fail(ProtocolErrorKind::truncated, p,
              "a string of " + std::to_string(size) + " bytes does not fit into the " +
                  std::to_string(end_ - p) + " that are left");
}

DecodeState::Place DecodeState::bad_container_size(Place p, std::int64_t size,
                                                   std::uint64_t least) {
  if (size < 0) {
    return fail(ProtocolErrorKind::negative_size, p,
                "a container of " + std::to_string(size) + " elements");
  }
  if (size > max_container_) {
    return fail(ProtocolErrorKind::size_limit, p,
                "a container of " + std::to_string(size) + " elements, the limit is " +
                    std::to_string(max_container_));
  }
  return fail(ProtocolErrorKind::truncated, p,
              "a container of " + std::to_string(size) + " elements of at least " +
                  std::to_string(least) + (least == 1 ? " byte" : " bytes") +
                  " does not fit into the " + std::to_string(end_ - p) + " that are left");
}

DecodeState::Place DecodeState::bad_wire_type(Place p, unsigned code) {
  return fail(ProtocolErrorKind::invalid_data, p, "there is no wire type " + std::to_string(code));
}

DecodeState::Place DecodeState::wrong_element_type(Place p, const SlotLayout& container,
                                                   std::string_view what, WireType wanted,
                                                   WireType got) {
  return fail(ProtocolErrorKind::invalid_data, p,
              "the " + std::string(what) + " of " + quoted(container.type->name()) + " are " +
                  std::string(to_string(got)) + " (" + std::to_string(static_cast<unsigned>(got)) +
                  ") on the wire, not " + std::string(to_string(wanted)));
}

DecodeState::Place DecodeState::missing_field(Place p, const StructLayout& layout,
                                              const std::byte* record) {
  for (std::uint16_t i = 0; i < layout.field_count; ++i) {
    const FieldLayout& field = layout.fields[i];
    if (!is_required(layout, field) || test_bit(record, field.bit)) continue;
    fail(ProtocolErrorKind::missing_field, p,
         "required field " + quoted(layout.type->fields()[field.index].name()) + " of " +
             quoted(layout.type->name()) + " is missing");
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
