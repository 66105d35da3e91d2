#pragma once

// Whether two elements of a set, or two keys of a map, are the same, told by their bytes.

#include <string_view>
#include <vector>

#include "base/keyed_hash.hpp"

namespace thrift {

/// Remembers bytes by a hash of 64 bits: what it has not seen is new for certain, and what it
/// claims to have seen has nearly always been there.
class KeySet {
 public:
  /// Whether these bytes may have been there before.
  [[nodiscard]] bool insert(std::string_view bytes) {
    const std::uint64_t hash = hash_of(bytes);
    if (table_.empty()) {
      for (std::size_t i = 0; i < count_; ++i) {
        if (few_[i] == hash) return true;
      }
      if (count_ < few) {
        few_[count_++] = hash;
        return false;
      }
      table_.resize(8 * few);
      for (const std::uint64_t known : few_) (void)put(known);
    } else if (2 * count_ >= table_.size()) {
      grow();
    }
    ++count_;
    return put(hash);
  }

 private:
  static constexpr std::size_t few = 16;

  /// Never 0, which stands for a free place.
  static std::uint64_t hash_of(std::string_view bytes) {
    const std::uint64_t hash = keyed_hash(bytes);
    return hash == 0 ? 1 : hash;
  }
  /// Whether it was there. At most half of the places are taken.
  [[nodiscard]] bool put(std::uint64_t hash) noexcept {
    const std::size_t mask = table_.size() - 1;
    for (std::size_t at = hash;; ++at) {
      std::uint64_t& place = table_[at & mask];
      if (place == hash) return true;
      if (place != 0) continue;
      place = hash;
      return false;
    }
  }
  void grow() {
    std::vector<std::uint64_t> old(4 * table_.size());
    old.swap(table_);
    for (const std::uint64_t known : old) {
      if (known != 0) (void)put(known);
    }
  }

  std::uint64_t few_[few];
  std::size_t count_ = 0;
  std::vector<std::uint64_t> table_;
};

}  // namespace thrift
