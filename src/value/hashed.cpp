#include "value/hashed.hpp"

#include <bit>

namespace thrift {

struct HashIndex {
  std::uint32_t mask;    // table size - 1
  std::uint32_t* table;  // position + 1, or 0
};

namespace {

const std::byte* entry_at(const SlotLayout& container, const HashedSlot& entries,
                          std::size_t position) {
  return entries.data + position * container.entry_size;
}

/// The table's place for `key`: the one that holds an equal key, or the free one where it belongs.
std::uint32_t& probe(const SlotLayout& container, const HashedSlot& entries, HashIndex& index,
                     const std::byte* key) {
  const SlotLayout& slot = key_slot(container);
  for (std::size_t at = hash_cell(slot, key);; ++at) {
    std::uint32_t& place = index.table[at & index.mask];
    if (place == 0 || equal_cells(slot, entry_at(container, entries, place - 1), key)) return place;
  }
}

std::size_t table_size(std::size_t entries) {
  return std::bit_ceil(entries * 2 + 16);
}

/// An index of all entries, in which later ones replace earlier ones of the same key.
void fill(const SlotLayout& container, const HashedSlot& entries, HashIndex& index) {
  for (std::uint32_t i = 0; i < entries.size; ++i) {
    probe(container, entries, index, entry_at(container, entries, i)) = i + 1;
  }
}

HashIndex* new_index(std::size_t entries, Arena& arena) {
  const std::size_t size = table_size(entries);
  auto* const index = static_cast<HashIndex*>(arena.allocate(sizeof(HashIndex)));
  index->mask = static_cast<std::uint32_t>(size - 1);
  index->table = static_cast<std::uint32_t*>(arena.allocate(size * sizeof(std::uint32_t)));
  std::memset(index->table, 0, size * sizeof(std::uint32_t));
  return index;
}

std::size_t scan(const SlotLayout& container, const HashedSlot& entries, std::size_t count,
                 const std::byte* key) {
  const SlotLayout& slot = key_slot(container);
  for (std::size_t i = count; i-- > 0;) {
    if (equal_cells(slot, entry_at(container, entries, i), key)) return i;
  }
  return no_position;
}

}  // namespace

std::size_t find_position(const SlotLayout& container, const HashedSlot& entries,
                          const std::byte* key) {
  if (entries.index == nullptr) return scan(container, entries, entries.size, key);
  return std::size_t{probe(container, entries, *entries.index, key)} - 1;  // 0 - 1: no_position
}

std::size_t add_last(const SlotLayout& container, HashedSlot& entries, Arena& arena) {
  std::byte* const entry = entries.data + std::size_t{entries.size} * container.entry_size;
  std::size_t known = no_position;
  std::uint32_t* place = nullptr;
  if (entries.index == nullptr && entries.size >= index_threshold) {
    build_index(container, entries, arena);
    // Dropping shadowed entries may have moved the end: the new entry follows it.
    std::byte* const moved = entries.data + std::size_t{entries.size} * container.entry_size;
    if (moved != entry) {
      std::memmove(moved, entry, container.entry_size);
      return add_last(container, entries, arena);
    }
  }
  if (entries.index == nullptr) {
    known = scan(container, entries, entries.size, entry);
  } else {
    if (table_size(entries.size) > std::size_t{entries.index->mask} + 1) {
      entries.index = new_index(2 * std::size_t{entries.size}, arena);
      fill(container, entries, *entries.index);
    }
    place = &probe(container, entries, *entries.index, entry);
    known = std::size_t{*place} - 1;
  }
  if (known == no_position) {
    if (place != nullptr) *place = entries.size + 1;
    return entries.size++;
  }
  if (container.key != nullptr) {
    std::memcpy(entries.data + known * container.entry_size + container.value_offset,
                entry + container.value_offset, container.element->cell_size);
  }
  return known;
}

void build_index(const SlotLayout& container, HashedSlot& entries, Arena& arena) {
  HashIndex* const index = new_index(entries.size, arena);
  fill(container, entries, *index);
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < entries.size; ++i) {
    const std::byte* const entry = entry_at(container, entries, i);
    std::uint32_t& place = probe(container, entries, *index, entry);
    if (place != i + 1) continue;  // shadowed
    // Entries only move down onto ones that are dropped or have moved themselves.
    place = kept + 1;
    if (kept != i) {
      std::memcpy(entries.data + std::size_t{kept} * container.entry_size, entry,
                  container.entry_size);
    }
    ++kept;
  }
  entries.size = kept;
  entries.index = index;
}

void erase_position(const SlotLayout& container, HashedSlot& entries, std::size_t position) {
  std::byte* const at = entries.data + position * container.entry_size;
  const std::size_t after = entries.size - position - 1;
  std::memmove(at, at + container.entry_size, after * container.entry_size);
  --entries.size;
  entries.index = nullptr;  // positions have changed; the next insert builds it again
}

EffectiveEntries effective_entries(const SlotLayout& container, const HashedSlot& entries,
                                   std::size_t depth) {
  const SlotLayout& slot = key_slot(container);
  EffectiveEntries out;
  out.positions.reserve(entries.size);
  const bool is_nested = slot.op == SlotOp::record || slot.op == SlotOp::list ||
                         slot.op == SlotOp::set || slot.op == SlotOp::map;
  if (entries.size <= 1 || (!is_nested && entries.size <= index_threshold)) {
    for (std::uint32_t i = 0; i < entries.size; ++i) {
      const std::byte* const key = entry_at(container, entries, i);
      bool shadowed = false;
      for (std::uint32_t later = i + 1; later < entries.size && !shadowed; ++later) {
        shadowed = equal_cells(slot, key, entry_at(container, entries, later), depth);
      }
      if (!shadowed) out.positions.push_back(i);
    }
    return out;
  }
  std::vector<std::size_t> hashes(entries.size);
  std::vector<std::uint32_t> table(table_size(entries.size), 0);  // position + 1, or 0
  std::vector<bool> shadowed(entries.size);
  for (std::uint32_t i = 0; i < entries.size; ++i) {
    const std::byte* const key = entry_at(container, entries, i);
    hashes[i] = hash_cell(slot, key, depth);
    std::size_t at = hashes[i] & (table.size() - 1);
    for (; table[at] != 0; at = (at + 1) & (table.size() - 1)) {
      const std::uint32_t known = table[at] - 1;
      if (hashes[known] != hashes[i]) continue;
      if (!equal_cells(slot, entry_at(container, entries, known), key, depth)) continue;
      shadowed[known] = true;
      break;
    }
    table[at] = i + 1;
  }
  for (std::uint32_t i = 0; i < entries.size; ++i) {
    if (shadowed[i]) continue;
    out.positions.push_back(i);
    out.hashes.push_back(hashes[i]);
  }
  return out;
}

void need_hashes(const SlotLayout& container, const HashedSlot& entries, EffectiveEntries& of,
                 std::size_t depth) {
  if (!of.hashes.empty()) return;
  for (const std::uint32_t i : of.positions) {
    of.hashes.push_back(hash_cell(key_slot(container), entry_at(container, entries, i), depth));
  }
}

}  // namespace thrift
