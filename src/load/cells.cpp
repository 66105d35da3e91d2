#include "load/cells.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace thrift::loading {
namespace {

void append_size(std::string& out, std::size_t size) {
  char bytes[sizeof(size)];
  std::memcpy(bytes, &size, sizeof(size));
  out.append(bytes, sizeof(size));
}

void append_bytes(std::string& out, const std::byte* bytes, std::size_t size) {
  out.append(reinterpret_cast<const char*>(bytes), size);
}

void append_double(std::string& out, double value) {
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  if (value == 0) value = 0;  // -0.0 too
  char bytes[sizeof(value)];
  std::memcpy(bytes, &value, sizeof(value));
  out.append(bytes, sizeof(value));
}

void append_record(std::string& out, const StructLayout& layout, const std::byte* record) {
  for (std::uint32_t i = 0; i < layout.field_count; ++i) {
    const FieldLayout& field = layout.fields[i];
    const bool is_set = test_bit(record, field.bit);
    out.push_back(is_set ? '\1' : '\0');
    if (is_set) append_identity(out, *field.slot, field_cell(record, field));
  }
}

void append_unordered(std::string& out, const SlotLayout& slot, const std::byte* cell) {
  const auto container = load_cell<HashedSlot>(cell);
  std::vector<std::string> entries(container.size);
  for (std::uint32_t i = 0; i < container.size; ++i) {
    const std::byte* const entry = container.data + std::size_t{i} * slot.entry_size;
    if (slot.key != nullptr) append_identity(entries[i], *slot.key, entry);
    append_identity(entries[i], *slot.element, entry + slot.value_offset);
  }
  std::sort(entries.begin(), entries.end());
  append_size(out, entries.size());
  for (const std::string& entry : entries) {
    append_size(out, entry.size());
    out += entry;
  }
}

}  // namespace

const std::byte* field_cell(const std::byte* record, const FieldLayout& field) noexcept {
  const std::byte* const at = record + field.offset;
  return field.op == SlotOp::record ? load_cell<const std::byte*>(at) : at;
}

void append_identity(std::string& out, const SlotLayout& slot, const std::byte* cell) {
  switch (slot.op) {
    case SlotOp::double_: return append_double(out, load_cell<double>(cell));
    case SlotOp::string: {
      const std::string_view text = load_cell<StringSlot>(cell).view();
      append_size(out, text.size());
      out += text;
      return;
    }
    case SlotOp::record: return append_record(out, *slot.record, cell);
    case SlotOp::list: {
      const auto list = load_cell<ListSlot>(cell);
      append_size(out, list.size);
      for (std::uint32_t i = 0; i < list.size; ++i) {
        append_identity(out, *slot.element, list.data + std::size_t{i} * slot.entry_size);
      }
      return;
    }
    case SlotOp::set:
    case SlotOp::map: return append_unordered(out, slot, cell);
    default:  // scalars are their bytes
      return append_bytes(out, cell, slot.cell_size);
  }
}

}  // namespace thrift::loading
