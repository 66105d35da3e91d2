#include "value/cells.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <new>
#include <thriftpp/base/error.hpp>
#include <thriftpp/schema/schema.hpp>
#include <utility>

#include "base/keyed_hash.hpp"
#include "value/hashed.hpp"

namespace thrift {
namespace {

bool is_flat(SlotOp op) {
  return op != SlotOp::string && op != SlotOp::record && op != SlotOp::list && op != SlotOp::set &&
         op != SlotOp::map;
}

std::uint64_t mix(std::uint64_t h) {
  h ^= h >> 30;
  h *= 0xbf58476d1ce4e5b9U;
  h ^= h >> 27;
  h *= 0x94d049bb133111ebU;
  return h ^ h >> 31;
}

std::uint64_t hash_number(std::uint64_t bits) {
  return mix(bits + hash_key().number);
}

double canonical(double value) {
  if (std::isnan(value)) return std::numeric_limits<double>::quiet_NaN();
  return value == 0 ? 0 : value;
}

void copy_unknown_fields(const StructLayout& layout, const std::byte* from, std::byte* to,
                         Arena& arena) {
  const UnknownField* source = unknown_fields(layout, from);
  if (source == nullptr) return;
  std::byte* link = to + layout.unknown_offset;
  for (; source != nullptr; source = source->next) {
    const auto value = arena.copy({reinterpret_cast<const char*>(source->value), source->size});
    auto* const copy = new (arena.allocate(sizeof(UnknownField))) UnknownField(*source);
    copy->value = reinterpret_cast<const std::byte*>(value.data());
    store<const UnknownField*>(link, copy);
    link = reinterpret_cast<std::byte*>(&copy->next);
  }
  set_bit(to, layout.unknown_bit);
}

bool equal_unknown_fields(const UnknownField* a, const UnknownField* b) {
  for (; a != nullptr && b != nullptr; a = a->next, b = b->next) {
    if (a->protocol != b->protocol || a->type != b->type || a->id != b->id || a->size != b->size ||
        (a->size != 0 && std::memcmp(a->value, b->value, a->size) != 0)) {
      return false;
    }
  }
  return a == b;
}

void copy_record(const StructLayout& layout, const std::byte* from, std::byte* to, Arena& arena,
                 std::size_t depth) {
  clear_presence(to, layout);
  for (std::size_t i = 0; i < layout.field_count; ++i) {
    const FieldLayout& field = layout.fields[i];
    if (test_bit(from, field.bit)) {
      copy_field(field, field_cell(from, field), to, arena, depth);
    }
  }
  copy_unknown_fields(layout, from, to, arena);
}

void copy_container(const SlotLayout& slot, const std::byte* from, std::byte* to, Arena& arena,
                    std::size_t depth) {
  std::memset(to, 0, slot.cell_size);
  const ListSlot& source = list_slot(from);
  if (source.size == 0) return;
  ListSlot target{nullptr, source.size, source.size};
  const std::size_t bytes = std::size_t{source.size} * slot.entry_size;
  target.data = static_cast<std::byte*>(arena.allocate(bytes));
  if (is_flat(slot.element->op) && (slot.key == nullptr || is_flat(slot.key->op))) {
    std::memcpy(target.data, source.data, bytes);
  } else {
    for (std::size_t at = 0; at < bytes; at += slot.entry_size) {
      if (slot.key != nullptr) {
        copy_cell(*slot.key, source.data + at, target.data + at, arena, depth);
      }
      copy_cell(*slot.element, source.data + at + slot.value_offset,
                target.data + at + slot.value_offset, arena, depth);
    }
  }
  std::memcpy(to, &target, sizeof(target));
}

bool equal_records(const StructLayout& layout, const std::byte* a, const std::byte* b,
                   std::size_t depth) {
  for (std::size_t i = 0; i < layout.field_count; ++i) {
    const FieldLayout& field = layout.fields[i];
    if (test_bit(a, field.bit) != test_bit(b, field.bit)) return false;
    if (test_bit(a, field.bit) &&
        !equal_cells(*field.slot, field_cell(a, field), field_cell(b, field), depth)) {
      return false;
    }
  }
  return equal_unknown_fields(unknown_fields(layout, a), unknown_fields(layout, b));
}

bool equal_lists(const SlotLayout& slot, const ListSlot& a, const ListSlot& b, std::size_t depth) {
  if (a.size != b.size) return false;
  for (std::size_t i = 0; i < a.size; ++i) {
    if (!equal_cells(*slot.element, a.data + i * slot.entry_size, b.data + i * slot.entry_size,
                     depth)) {
      return false;
    }
  }
  return true;
}

bool equal_hashed(const SlotLayout& slot, const HashedSlot& a, const HashedSlot& b,
                  std::size_t depth) {
  // No key and no value is compared twice with the same one: each level would double what the
  // levels below it take.
  EffectiveEntries mine = effective_entries(slot, a, depth);
  EffectiveEntries other = effective_entries(slot, b, depth);
  const std::size_t size = mine.positions.size();
  if (size != other.positions.size()) return false;
  const auto entry = [&slot](const HashedSlot& of, std::size_t position) {
    return of.data + position * slot.entry_size;
  };
  const auto equal_keys = [&](std::size_t x, std::size_t y) {
    return equal_cells(key_slot(slot), entry(a, x), entry(b, y), depth);
  };
  const auto equal_values = [&](std::size_t x, std::size_t y) {
    return slot.key == nullptr || equal_cells(*slot.element, entry(a, x) + slot.value_offset,
                                              entry(b, y) + slot.value_offset, depth);
  };
  // The common case: the same order on both sides. From the first difference on, look keys up.
  std::size_t i = 0;
  for (; i < size; ++i) {
    if (!mine.hashes.empty() && !other.hashes.empty() && mine.hashes[i] != other.hashes[i]) break;
    if (!equal_keys(mine.positions[i], other.positions[i])) break;
    if (!equal_values(mine.positions[i], other.positions[i])) return false;
  }
  if (i == size) return true;
  if (i + 1 == size) return false;
  need_hashes(slot, a, mine, depth);
  need_hashes(slot, b, other, depth);
  std::vector<std::pair<std::size_t, std::uint32_t>> by_hash;  // of what is left of the other
  for (std::size_t k = i; k < size; ++k) by_hash.emplace_back(other.hashes[k], other.positions[k]);
  std::ranges::sort(by_hash);
  for (; i < size; ++i) {
    const std::uint32_t x = mine.positions[i];
    auto y = std::ranges::lower_bound(by_hash, std::pair(mine.hashes[i], std::uint32_t{0}));
    while (y != by_hash.end() && y->first == mine.hashes[i] && !equal_keys(x, y->second)) ++y;
    if (y == by_hash.end() || y->first != mine.hashes[i]) return false;
    if (!equal_values(x, y->second)) return false;
  }
  return true;
}

std::size_t hash_hashed(const SlotLayout& slot, const HashedSlot& entries, std::size_t depth) {
  EffectiveEntries effective = effective_entries(slot, entries, depth);
  need_hashes(slot, entries, effective, depth);
  std::uint64_t sum = 0;  // addition: order does not matter
  for (std::size_t i = 0; i < effective.positions.size(); ++i) {
    std::uint64_t h = effective.hashes[i];
    if (slot.key != nullptr) {
      const std::byte* const entry =
          entries.data + std::size_t{effective.positions[i]} * slot.entry_size;
      h = mix(h) ^ hash_cell(*slot.element, entry + slot.value_offset, depth);
    }
    sum += mix(h);
  }
  return sum;
}

std::size_t hash_record(const StructLayout& layout, const std::byte* record, std::size_t depth) {
  std::uint64_t h = 0;
  for (std::size_t i = 0; i < layout.field_count; ++i) {
    const FieldLayout& field = layout.fields[i];
    if (!test_bit(record, field.bit)) continue;
    h = mix(h + static_cast<std::uint16_t>(field.id)) ^
        hash_cell(*field.slot, field_cell(record, field), depth);
  }
  return h;
}

}  // namespace

void check_depth(std::size_t depth) {
  if (depth > max_value_depth) {
    throw TypeError("nested deeper than " + std::to_string(max_value_depth) + " levels");
  }
}

std::string describe(const Type& type) {
  if (type.is_struct() || type.is_enum()) {
    return std::string(to_string(type.kind())) + " `" + qualified_name(type) + "`";
  }
  return "`" + std::string(type.name()) + "`";
}

void copy_field(const FieldLayout& field, const std::byte* from_cell, std::byte* to_record,
                Arena& arena, std::size_t depth) {
  if (field.op == SlotOp::record) {
    auto* const record = static_cast<std::byte*>(arena.allocate(field.slot->cell_size));
    copy_cell(*field.slot, from_cell, record, arena, depth);
    store(to_record + field.offset, record);
  } else {
    copy_cell(*field.slot, from_cell, to_record + field.offset, arena, depth);
  }
  set_bit(to_record, field.bit);
}

void copy_cell(const SlotLayout& slot, const std::byte* from, std::byte* to, Arena& arena,
               std::size_t depth) {
  switch (slot.op) {
    case SlotOp::void_: return;
    case SlotOp::string: {
      const std::string_view copy = arena.copy(load<StringSlot>(from).view());
      store(to, StringSlot{copy.data(), copy.size()});
      return;
    }
    case SlotOp::record:
      check_depth(depth + 1);
      return copy_record(*slot.record, from, to, arena, depth + 1);
    case SlotOp::list:
    case SlotOp::set:
    case SlotOp::map:
      check_depth(depth + 1);
      return copy_container(slot, from, to, arena, depth + 1);
    default: std::memcpy(to, from, slot.cell_size);
  }
}

bool equal_cells(const SlotLayout& slot, const std::byte* a, const std::byte* b,
                 std::size_t depth) {
  switch (slot.op) {
    case SlotOp::void_: return true;
    case SlotOp::double_: {
      const double x = load<double>(a);
      const double y = load<double>(b);
      return x == y || (std::isnan(x) && std::isnan(y));
    }
    case SlotOp::string: return load<StringSlot>(a).view() == load<StringSlot>(b).view();
    case SlotOp::record:
      check_depth(depth + 1);
      return equal_records(*slot.record, a, b, depth + 1);
    case SlotOp::list:
      check_depth(depth + 1);
      return equal_lists(slot, list_slot(a), list_slot(b), depth + 1);
    case SlotOp::set:
    case SlotOp::map:
      check_depth(depth + 1);
      return equal_hashed(slot, hashed_slot(a), hashed_slot(b), depth + 1);
    default: return std::memcmp(a, b, slot.cell_size) == 0;
  }
}

std::size_t hash_cell(const SlotLayout& slot, const std::byte* cell, std::size_t depth) {
  switch (slot.op) {
    case SlotOp::void_: return 0;
    case SlotOp::bool_:
    case SlotOp::i8: return hash_number(load<std::uint8_t>(cell));
    case SlotOp::i16: return hash_number(load<std::uint16_t>(cell));
    case SlotOp::i32: return hash_number(load<std::uint32_t>(cell));
    case SlotOp::i64: return hash_number(load<std::uint64_t>(cell));
    case SlotOp::double_:
      return hash_number(std::bit_cast<std::uint64_t>(canonical(load<double>(cell))));
    case SlotOp::string: return keyed_hash(load<StringSlot>(cell).view());
    case SlotOp::uuid: return keyed_hash({reinterpret_cast<const char*>(cell), sizeof(Uuid)});
    case SlotOp::record: check_depth(depth + 1); return hash_record(*slot.record, cell, depth + 1);
    case SlotOp::list: {
      check_depth(depth + 1);
      const ListSlot& list = list_slot(cell);
      std::uint64_t h = list.size;
      for (std::size_t i = 0; i < list.size; ++i) {
        h = mix(h) ^ hash_cell(*slot.element, list.data + i * slot.entry_size, depth + 1);
      }
      return h;
    }
    case SlotOp::set:
    case SlotOp::map:
      check_depth(depth + 1);
      return hash_hashed(slot, hashed_slot(cell), depth + 1);
  }
  return 0;
}

void reserve_cells(ListSlot& slot, std::size_t entry_size, std::size_t capacity, Arena& arena) {
  if (capacity <= slot.capacity) return;
  // The wire cannot carry more than 2^31 - 1 elements.
  if (capacity > INT32_MAX) throw std::bad_alloc();
  auto* const data = static_cast<std::byte*>(arena.allocate(capacity * entry_size));
  if (slot.size != 0) {
    std::memcpy(data, slot.data, slot.size * entry_size);
    if (slot.capacity != 0) Arena::poison(slot.data, slot.size * entry_size);
  }
  slot.data = data;
  slot.capacity = static_cast<std::uint32_t>(capacity);
}

}  // namespace thrift
