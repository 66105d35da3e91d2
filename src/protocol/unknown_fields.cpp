#include "protocol/unknown_fields.hpp"

#include <new>

namespace thrift {

bool UnknownFieldKeeper::add(DecodeState& state, ProtocolId protocol, std::int16_t id,
                             std::uint8_t type, const std::byte* begin,
                             const std::byte* end) noexcept {
  const auto size = static_cast<std::size_t>(end - begin);
  std::byte* const room = state.allocate(sizeof(UnknownField));
  if (room == nullptr || size > UINT32_MAX) return false;
  auto* const field = new (room) UnknownField{.next = nullptr,
                                              .value = begin,
                                              .size = static_cast<std::uint32_t>(size),
                                              .id = id,
                                              .type = type,
                                              .protocol = static_cast<std::uint8_t>(protocol)};
  if (last_ == nullptr) {
    first_ = field;
  } else {
    last_->next = field;
  }
  last_ = field;
  return true;
}

void UnknownFieldKeeper::attach(std::byte* record, const StructLayout& layout) const noexcept {
  const UnknownField* const first = first_;
  std::memcpy(record + layout.unknown_offset, &first, sizeof(first));
}

}  // namespace thrift
