#pragma once

// What every value can do, on bare cells: copy, compare, hash. `SlotLayout` says what a cell is
// (schema/layout.hpp); depth counts levels of structs and containers from the root.

#include <string>
#include <thriftpp/base/arena.hpp>
#include <thriftpp/schema/layout.hpp>
#include <thriftpp/value/view.hpp>

namespace thrift {

/// The cell in a record's field: for nested structs the record that the field points at.
inline const std::byte* field_cell(const std::byte* record, const FieldLayout& field) noexcept {
  const std::byte* at = record + field.offset;
  if (field.op == SlotOp::record) std::memcpy(&at, at, sizeof(void*));
  return at;
}
inline std::byte* field_cell(std::byte* record, const FieldLayout& field) noexcept {
  return const_cast<std::byte*>(field_cell(static_cast<const std::byte*>(record), field));
}

template <class T>
[[nodiscard]] T load(const std::byte* cell) noexcept {
  T value;
  std::memcpy(&value, cell, sizeof(T));
  return value;
}
template <class T>
void store(std::byte* cell, const T& value) noexcept {
  std::memcpy(cell, &value, sizeof(T));
}
/// Slots of containers lie aligned, and may be used in place.
[[nodiscard]] inline const ListSlot& list_slot(const std::byte* cell) noexcept {
  return *reinterpret_cast<const ListSlot*>(cell);
}
[[nodiscard]] inline ListSlot& list_slot(std::byte* cell) noexcept {
  return *reinterpret_cast<ListSlot*>(cell);
}
[[nodiscard]] inline const HashedSlot& hashed_slot(const std::byte* cell) noexcept {
  return *reinterpret_cast<const HashedSlot*>(cell);
}
[[nodiscard]] inline HashedSlot& hashed_slot(std::byte* cell) noexcept {
  return *reinterpret_cast<HashedSlot*>(cell);
}

/// Makes the bytes at `to` (cell_size, any content) a deep copy of `from`. TypeError past
/// max_value_depth, std::bad_alloc past the arena's budget.
void copy_cell(const SlotLayout& slot, const std::byte* from, std::byte* to, Arena& arena,
               std::size_t depth = 0);
/// As copy_cell, of a field of one record into the same field of another, whose bit it sets.
void copy_field(const FieldLayout& field, const std::byte* from_cell, std::byte* to_record,
                Arena& arena, std::size_t depth);

[[nodiscard]] bool equal_cells(const SlotLayout& slot, const std::byte* a, const std::byte* b,
                               std::size_t depth = 0);
[[nodiscard]] std::size_t hash_cell(const SlotLayout& slot, const std::byte* cell,
                                    std::size_t depth = 0);

/// Room for `capacity` elements; the old memory is dead then.
void reserve_cells(ListSlot& slot, std::size_t entry_size, std::size_t capacity, Arena& arena);

/// Throws where `depth` is beyond max_value_depth.
void check_depth(std::size_t depth);

/// "`i32`", "struct `User`": a type as messages name it.
[[nodiscard]] std::string describe(const Type& type);

}  // namespace thrift
