#pragma once

// Whether two elements of a set, or two keys of a map, are the same, told by their bytes.

#include <cstdint>
#include <cstring>
#include <vector>

namespace thrift {

/// Remembers bytes by a hash of 64 bits: what it has not seen is new for certain, and what it
/// claims to have seen has nearly always been there. Made for text that has no duplicates, so that
/// a claim may cost much.
class KeySet {
 public:
  /// Whether these bytes may have been there before. Also says so where many hashes meet in one
  /// place, which only a hostile text brings about.
  [[nodiscard]] bool insert(const char* bytes, std::size_t size) {
    const std::uint64_t hash = hash_of(bytes, size);
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
    } else if (4 * count_ > 3 * table_.size()) {
      grow();
    }
    ++count_;
    return put(hash);
  }

 private:
  static constexpr std::size_t few = 16;
  static constexpr std::size_t longest_probe = 64;

  /// Never 0, which stands for a free place.
  static std::uint64_t hash_of(const char* bytes, std::size_t size) noexcept {
    constexpr std::uint64_t a = 0x9E37'79B9'7F4A'7C15U;
    constexpr std::uint64_t b = 0xBF58'476D'1CE4'E5B9U;
    std::uint64_t hash = size * a;
    const auto mix = [&](std::uint64_t word) {
      hash = (hash ^ word) * b;
      hash ^= hash >> 29;
      hash *= a;
      hash ^= hash >> 32;
    };
    for (; size > 8; bytes += 8, size -= 8) {
      std::uint64_t word;
      std::memcpy(&word, bytes, sizeof(word));
      mix(word);
    }
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, size);
    mix(word);
    return hash == 0 ? 1 : hash;
  }
  [[nodiscard]] bool put(std::uint64_t hash) noexcept {
    const std::size_t mask = table_.size() - 1;
    for (std::size_t probe = 0; probe < longest_probe; ++probe) {
      std::uint64_t& place = table_[(hash + probe) & mask];
      if (place == hash) return true;
      if (place != 0) continue;
      place = hash;
      return false;
    }
    return true;
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
