#pragma once

#include <thriftpp/base/arena.hpp>

#include "schema/container_types.hpp"

namespace thrift {

struct Schema::State {
  explicit State(const Schema& schema) : containers(schema), id(next_id()) {}

  Arena arena{4096};
  ContainerTypes containers;

  /// Unlike an address, never used twice: the key under which other schemas remember this one.
  const std::uint64_t id;

  /// Pairs (own type, type of another schema) known to agree, or not, in structure.
  struct Pair {
    const Type* own;
    const Type* other;
    std::uint64_t other_schema;
    bool operator==(const Pair&) const = default;
  };
  struct PairHash {
    std::size_t operator()(const Pair& p) const noexcept {
      return (reinterpret_cast<std::uintptr_t>(p.own) * 31 +
              reinterpret_cast<std::uintptr_t>(p.other)) *
                 31 +
             p.other_schema;
    }
  };
  std::mutex pairs_mutex;
  std::unordered_map<Pair, bool, PairHash> pairs;

 private:
  static std::uint64_t next_id();
};

}  // namespace thrift
