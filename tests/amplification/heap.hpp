#pragma once

// How much memory a piece of work takes from the heap: this program's operator new counts
// (heap.cpp). Arenas take theirs from malloc; they say themselves how much.

#include <cstddef>

namespace amplification {

/// From its construction on, the most bytes that were in use at a time, above what was then.
class HeapPeak {
 public:
  HeapPeak() noexcept;
  [[nodiscard]] std::size_t bytes() const noexcept;

 private:
  std::size_t before_;
};

}  // namespace amplification
