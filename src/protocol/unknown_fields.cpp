#include "protocol/unknown_fields.hpp"

#include <algorithm>
#include <new>

namespace thrift {

bool UnknownFieldKeeper::add(DecodeState& state, const std::byte* begin,
                             const std::byte* end) noexcept {
  const auto added = static_cast<std::size_t>(end - begin);
  if (fields_ == nullptr) {
    std::byte* const room = state.allocate(sizeof(UnknownFields));
    if (room == nullptr || added > UINT32_MAX) return false;
    fields_ = new (room) UnknownFields{begin, static_cast<std::uint32_t>(added), 0};
    return true;
  }
  const std::size_t size = fields_->size + added;
  if (size > UINT32_MAX) return false;
  if (capacity_ == 0 && fields_->data + fields_->size == begin) {
    fields_->size = static_cast<std::uint32_t>(size);
    return true;
  }
  std::byte* data = const_cast<std::byte*>(fields_->data);  // written only where it is our copy
  if (size > capacity_) {
    capacity_ = std::max(2 * size, std::size_t{64});
    data = state.allocate(capacity_);
    if (data == nullptr) return false;
    std::memcpy(data, fields_->data, fields_->size);
  }
  std::memcpy(data + fields_->size, begin, added);
  fields_->data = data;
  fields_->size = static_cast<std::uint32_t>(size);
  return true;
}

void UnknownFieldKeeper::attach(std::byte* record, const StructLayout& layout,
                                ProtocolId protocol) const noexcept {
  fields_->protocol = static_cast<std::uint8_t>(protocol);
  const UnknownFields* const fields = fields_;
  std::memcpy(record + layout.unknown_offset, &fields, sizeof(fields));
}

}  // namespace thrift
