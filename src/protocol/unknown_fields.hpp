#pragma once

// Gathers the fields of one record that the schema does not have.

#include "protocol/decode_state.hpp"

namespace thrift {

class UnknownFieldKeeper {
 public:
  /// Keeps a field whose value is the bytes [begin, end) of the input, which are viewed there.
  /// False past the memory budget.
  [[nodiscard]] bool add(DecodeState& state, ProtocolId protocol, std::int16_t id,
                         std::uint8_t type, const std::byte* begin, const std::byte* end) noexcept;
  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
  /// Hangs what was kept at the record's tail, whose bit the caller sets.
  void attach(std::byte* record, const StructLayout& layout) const noexcept;

 private:
  UnknownField* first_ = nullptr;
  UnknownField* last_ = nullptr;
};

}  // namespace thrift
