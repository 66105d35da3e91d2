#pragma once

// Hashes for tables whose keys strangers choose: they depend on words drawn when the program first
// hashes something, so that nobody can prepare keys that all fall onto one place. (The standard
// library's hash of a string has no such key: texts that collide can be computed.)

#include <cstdint>
#include <cstring>
#include <random>
#include <string_view>

namespace thrift {

struct HashKey {
  std::uint64_t number;
  std::uint64_t first;
  std::uint64_t second;
};

/// The same for as long as the program runs.
[[nodiscard]] inline const HashKey& hash_key() {
  static const HashKey key = [] {
    std::random_device random;
    const auto word = [&random] { return std::uint64_t{random()} << 32 | random(); };
    return HashKey{word(), word(), word()};
  }();
  return key;
}

/// Both halves of the product: every bit of either factor reaches every bit of it.
[[nodiscard]] inline std::uint64_t fold(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

[[nodiscard]] inline std::uint64_t keyed_hash(std::string_view bytes) {
  const HashKey& key = hash_key();
  std::uint64_t h = key.number ^ bytes.size();
  const char* p = bytes.data();
  std::size_t left = bytes.size();
  const auto take = [&](std::uint64_t& word) {
    const std::size_t n = left < sizeof(word) ? left : sizeof(word);
    word = 0;
    if (n != 0) std::memcpy(&word, p, n);
    p += n;
    left -= n;
  };
  do {
    std::uint64_t low;
    std::uint64_t high;
    take(low);
    take(high);
    h = fold(low ^ key.first, high ^ h);
  } while (left != 0);
  return fold(h ^ key.second, key.first);
}

}  // namespace thrift
