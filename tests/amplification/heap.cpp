#include "heap.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

// One thread only: doctest's cases and what they test.
static std::size_t in_use = 0;
static std::size_t peak = 0;

void* operator new(std::size_t size) {
  void* const p = std::malloc(size);
  if (p == nullptr) throw std::bad_alloc();
  in_use += malloc_usable_size(p);
  peak = std::max(peak, in_use);
  return p;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return operator new(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* p) noexcept {
  in_use -= malloc_usable_size(p);
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
  operator delete(p);
}

namespace amplification {

HeapPeak::HeapPeak() noexcept : before_(in_use) {
  peak = in_use;
}
std::size_t HeapPeak::bytes() const noexcept {
  return peak - before_;
}

}  // namespace amplification
