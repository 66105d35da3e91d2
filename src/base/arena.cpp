#include <algorithm>
#include <cstdlib>
#include <thriftpp/base/arena.hpp>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define THRIFTPP_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define THRIFTPP_ASAN 1
#endif
#endif

namespace thrift {
namespace {

// Blocks double up to this size: large enough that malloc is not seen, small enough not to waste.
constexpr std::size_t largest_step = std::size_t{1} << 20;

// Whether memory that comes back has to be made accessible again.
#ifdef THRIFTPP_ASAN
constexpr bool poisons = true;
#else
constexpr bool poisons = false;
#endif

void unpoison([[maybe_unused]] void* p, [[maybe_unused]] std::size_t size) noexcept {
#ifdef THRIFTPP_ASAN
  __asan_unpoison_memory_region(p, size);
#endif
}

}  // namespace

struct Arena::Adopted {
  Adopted* previous;
  Buffer buffer;
};

std::unique_ptr<Arena> Arena::make(std::size_t first_block) {
  void* const memory = std::malloc(sizeof(Arena) + first_block);
  if (memory == nullptr) throw std::bad_alloc();
  std::unique_ptr<Arena> arena(new (memory) Arena(2 * first_block));
  arena->own_block_ = first_block;
  arena->start_own_block();
  return arena;
}

void* Arena::operator new(std::size_t size) {
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void Arena::operator delete(void* p) noexcept {
  std::free(p);
}

void Arena::start_own_block() noexcept {
  is_simple_ = !poisons;
  reserved_ = own_block_;
  position_ = begin_ = reinterpret_cast<std::uintptr_t>(this + 1);
  end_ = begin_ + own_block_;
}

void* Arena::allocate_block(std::size_t size, std::size_t align) noexcept {
  static_assert(sizeof(Block) == 16, "the header keeps the block's alignment of 16");
  if (size > SIZE_MAX / 2) return nullptr;
  const std::size_t needed = sizeof(Block) + size + align;
  std::size_t wanted = std::max(needed, next_block_);
  const std::size_t left = budget_ - std::min(budget_, reserved_);
  wanted = std::min(wanted, std::max(left, needed));
  if (wanted > left) return nullptr;
  auto* const block = static_cast<Block*>(std::malloc(wanted));
  if (block == nullptr) return nullptr;
  reserved_ += wanted;
  next_block_ = std::min(2 * wanted, largest_step);
  retired_ += position_ - begin_;
  is_simple_ = blocks_ == nullptr && adopted_ == nullptr && own_block_ == 0 && !poisons;
  block->previous = blocks_;
  block->size = wanted;
  blocks_ = block;
  begin_ = reinterpret_cast<std::uintptr_t>(block) + sizeof(Block);
  end_ = reinterpret_cast<std::uintptr_t>(block) + wanted;
  const std::uintptr_t at = (begin_ + align - 1) & ~(std::uintptr_t{align} - 1);
  position_ = at + size;
  return reinterpret_cast<void*>(at);
}

std::span<const std::byte> Arena::adopt(Buffer&& buffer) {
  if (buffer.capacity() > budget_ - std::min(budget_, reserved_)) throw std::bad_alloc();
  const std::span<const std::byte> bytes = buffer.bytes();
  const std::size_t capacity = buffer.capacity();
  adopted_ = new Adopted{adopted_, std::move(buffer)};
  reserved_ += capacity;
  is_simple_ = false;
  return bytes;
}

bool Arena::contains(const void* p) const noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(p);
  const auto lies_in = [at](const void* begin, std::size_t size) {
    return at - reinterpret_cast<std::uintptr_t>(begin) < size;
  };
  if (lies_in(this + 1, own_block_)) return true;
  for (const Block* b = blocks_; b != nullptr; b = b->previous) {
    if (lies_in(b, b->size)) return true;
  }
  return false;
}

void Arena::reset_blocks() noexcept {
  // What was needed in pieces will, the next time, come in one piece, so that memory which is used
  // again and again ends up as one block.
  if (blocks_ != nullptr && blocks_->previous != nullptr) {
    next_block_ = std::max(next_block_, retired_ + (position_ - begin_) + sizeof(Block) + 64);
  }
  Block* largest = blocks_;
  for (Block* b = blocks_; b != nullptr; b = b->previous) {
    if (b->size > largest->size) largest = b;
  }
  Block* next = nullptr;
  for (Block* b = blocks_; b != nullptr; b = next) {
    next = b->previous;
    if (b == largest) continue;
    unpoison(b, b->size);
    std::free(b);
  }
  while (adopted_ != nullptr) delete std::exchange(adopted_, adopted_->previous);
  retired_ = 0;
  is_simple_ = !poisons;
  blocks_ = largest;
  reserved_ = 0;
  position_ = begin_ = end_ = nowhere;
  if (largest == nullptr) {
    if (own_block_ != 0) {
      unpoison(this + 1, own_block_);
      start_own_block();
    }
    return;
  }
  unpoison(largest, largest->size);
  largest->previous = nullptr;
  reserved_ = largest->size;
  position_ = begin_ = reinterpret_cast<std::uintptr_t>(largest) + sizeof(Block);
  end_ = reinterpret_cast<std::uintptr_t>(largest) + largest->size;
}

void Arena::release() noexcept {
  reset_blocks();
  std::free(blocks_);
}

void Arena::poison([[maybe_unused]] void* p, [[maybe_unused]] std::size_t size) noexcept {
#ifndef NDEBUG
  if (size != 0) std::memset(p, 0xDD, size);
#endif
#ifdef THRIFTPP_ASAN
  __asan_poison_memory_region(p, size);
#endif
}

}  // namespace thrift
