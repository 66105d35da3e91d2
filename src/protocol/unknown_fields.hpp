#pragma once

// Gathers the fields of one record that the schema does not have.

#include "protocol/decode_state.hpp"

namespace thrift {

class UnknownFieldKeeper {
 public:
  /// Keeps the field [begin, end) of the input, header and value. False past the memory budget.
  [[nodiscard]] bool add(DecodeState& state, const std::byte* begin, const std::byte* end) noexcept;
  [[nodiscard]] bool empty() const noexcept { return fields_ == nullptr; }
  /// Hangs what was kept at the record's tail, whose bit the caller sets.
  void attach(std::byte* record, const StructLayout& layout, ProtocolId protocol) const noexcept;

 private:
  UnknownFields* fields_ = nullptr;
  // Fields that lie side by side in the input are viewed there (capacity 0); as soon as there is a
  // gap they are copied, into room that doubles, so that hostile gaps cost linear time.
  std::size_t capacity_ = 0;
};

}  // namespace thrift
