#pragma once

// Sets and maps: entries in the order written, found by a scan or through an index.
//
// The index is an open-addressing table of positions. Small containers have none (a scan of 16 is
// faster), decoding builds none (most maps are never searched), and `find` builds none (it is
// const, and may run in several threads at once). Adding entries beyond 16 builds it.
//
// Decoding keeps what the wire has, so a key may stand there twice: the last one counts, and the
// earlier are *shadowed*.

#include <vector>

#include "value/cells.hpp"

namespace thrift {

inline constexpr std::size_t index_threshold = 16;
inline constexpr std::size_t no_position = SIZE_MAX;

/// The slot layout of a set's elements or a map's keys.
[[nodiscard]] inline const SlotLayout& key_slot(const SlotLayout& container) noexcept {
  return container.key != nullptr ? *container.key : *container.element;
}

/// The position of the last entry with that key, or no_position.
[[nodiscard]] std::size_t find_position(const SlotLayout& container, const HashedSlot& entries,
                                        const std::byte* key);

/// Adds the entry that lies at data[size], for which there is room, if its key is new; otherwise
/// moves its value (of a map) into the entry that has the key. Returns the entry's position.
std::size_t add_last(const SlotLayout& container, HashedSlot& entries, Arena& arena);

/// The most memory that indices take, all together, where so many entries are added one by one.
[[nodiscard]] constexpr std::size_t most_index_memory(std::size_t entries) noexcept {
  // Each table has twice the places of the one before, the last less than four an entry and 32.
  return entries < index_threshold ? 0 : 2 * sizeof(std::uint32_t) * (4 * entries + 64);
}

/// Drops shadowed entries and builds the index.
void build_index(const SlotLayout& container, HashedSlot& entries, Arena& arena);

void erase_position(const SlotLayout& container, HashedSlot& entries, std::size_t position);

/// Entries that are not shadowed, in order. Where it takes them to be found, with the hashes of
/// their keys: a key that holds sets and maps again is costly to look at, and at every level above
/// it what is done twice would be done four times.
struct EffectiveEntries {
  std::vector<std::uint32_t> positions;
  std::vector<std::size_t> hashes;  ///< As many as positions, or none.
};
[[nodiscard]] EffectiveEntries effective_entries(const SlotLayout& container,
                                                 const HashedSlot& entries, std::size_t depth);
/// The hashes of the keys, computed if they are not there.
void need_hashes(const SlotLayout& container, const HashedSlot& entries, EffectiveEntries& of,
                 std::size_t depth);

}  // namespace thrift
