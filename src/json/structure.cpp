#include "json/structure.hpp"

#include <simdjson.h>

#include <limits>
#include <memory>

namespace thrift {
namespace {

using Stages = simdjson::internal::dom_parser_implementation;

/// A thread's memory for places: four bytes per byte of text. It is kept for the next text unless
/// it is large.
struct Workspace {
  std::unique_ptr<Stages> stages;
  std::size_t capacity = 0;

  [[nodiscard]] bool reserve(std::size_t size) noexcept {
    constexpr std::size_t least = 4096;
    constexpr std::size_t kept = std::size_t{1} << 20;
    if (stages != nullptr && size <= capacity && (capacity <= kept || size > kept)) return true;
    const std::size_t wanted = size < least ? least : size + size / 4;
    capacity = 0;
    stages.reset();
    // No depth: that is the second stage's.
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(
            wanted, 1, stages) != simdjson::SUCCESS) {
      stages.reset();
      return false;
    }
    capacity = wanted;
    return true;
  }
};

}  // namespace

JsonStructure find_structure(std::string_view text) noexcept {
  thread_local Workspace workspace;  // NOLINT(misc-use-internal-linkage): it has none
  constexpr std::size_t largest = std::numeric_limits<std::uint32_t>::max() / 2;
  if (text.empty() || text.size() > largest || !workspace.reserve(text.size())) return {};
  Stages& stages = *workspace.stages;
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  if (stages.stage1(bytes, text.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS) {
    return {};
  }
  return {stages.structural_indexes.get(), stages.n_structural_indexes};
}

}  // namespace thrift
