#pragma once

// Small helpers for writing and comparing cells.

#include <cstring>
#include <string>
#include <thriftpp/schema/layout.hpp>

namespace thrift::loading {

template <class T>
void store(std::byte* cell, const T& value) noexcept {
  std::memcpy(cell, &value, sizeof(T));
}

template <class T>
[[nodiscard]] T load_cell(const void* cell) noexcept {
  T value;
  std::memcpy(&value, cell, sizeof(T));
  return value;
}

/// The address of the field's cell in a record, through the pointer where it is a struct. The field
/// must be set.
[[nodiscard]] const std::byte* field_cell(const std::byte* record,
                                          const FieldLayout& field) noexcept;

/// Appends bytes that are the same for two cells of one type if and only if their values are equal:
/// -0.0 is 0.0, NaN is NaN, sets and maps have no order.
void append_identity(std::string& out, const SlotLayout& slot, const std::byte* cell);

}  // namespace thrift::loading
