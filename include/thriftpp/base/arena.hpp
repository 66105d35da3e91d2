#pragma once

/// @file
/// `Arena`: memory that is taken piece by piece and given back all at once.
/// Threads: an Arena belongs to one thread at a time.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <thriftpp/base/buffer.hpp>
#include <thriftpp/base/export.hpp>

namespace thrift {

/// A bump allocator. Nothing allocated from it is ever destroyed or freed on its own, so only
/// trivially destructible things live here.
///
/// Budget: every allocation counts against `budget()`, so that hostile input cannot make a small
/// message cost much memory. Past it, `try_allocate` returns nullptr and `allocate` throws
/// std::bad_alloc.
class THRIFTPP_API Arena {
 public:
  /// The first block is taken at the first allocation; `first_block` is its size in bytes.
  explicit Arena(std::size_t first_block = 1024) noexcept : next_block_(first_block) {}
  /// An arena that lies in one piece of memory with its first block, of that many bytes: for values
  /// so small that allocating would cost more than all the rest.
  [[nodiscard]] static std::unique_ptr<Arena> make(std::size_t first_block);
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() {
    if (blocks_ != nullptr || adopted_ != nullptr) release();
  }
  static void* operator new(std::size_t size);
  static void* operator new(std::size_t, void* at) noexcept { return at; }
  static void operator delete(void* p) noexcept;

  /// `size` bytes aligned to `align` (a power of two up to 16), or nullptr where the budget or the
  /// system's memory is exhausted. A size of 0 gives a valid, unique-enough pointer.
  [[nodiscard, gnu::always_inline]] void* try_allocate(std::size_t size,
                                                       std::size_t align = 8) noexcept {
    const std::uintptr_t at = (position_ + align - 1) & ~(std::uintptr_t{align} - 1);
    if (at <= end_ && size <= end_ - at) [[likely]] {
      position_ = at + size;
      return reinterpret_cast<void*>(at);
    }
    return allocate_block(size, align);
  }
  /// As try_allocate, but throws std::bad_alloc.
  [[nodiscard]] void* allocate(std::size_t size, std::size_t align = 8) {
    void* const p = try_allocate(size, align);
    if (p == nullptr) throw std::bad_alloc();
    return p;
  }
  /// A copy of `text` that lives as long as the arena.
  [[nodiscard]] std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* const p = static_cast<char*>(allocate(text.size(), 1));
    std::memcpy(p, text.data(), text.size());
    return {p, text.size()};
  }
  /// Takes the buffer's memory over; the view of its bytes lives as long as the arena. Counts
  /// against the budget with the buffer's capacity.
  [[nodiscard]] std::span<const std::byte> adopt(Buffer&& buffer);

  /// Everything allocated is gone; the largest block is kept for the next use.
  void reset() noexcept {
    if (is_simple_) [[likely]] {
      position_ = begin_;
    } else {
      reset_blocks();
    }
  }

  /// Whether memory at `p` was allocated here since the last reset (that of adopted buffers was
  /// not).
  [[nodiscard]] bool contains(const void* p) const noexcept;

  /// What is left of the newest block, from an address that is aligned to 8, for loops that
  /// allocate so much that a call each would be felt: they hand pieces out themselves and say with
  /// `take` where they stopped, before anybody allocates here again.
  struct Room {
    std::byte* begin;
    std::byte* end;
  };
  [[nodiscard, gnu::always_inline]] Room room() noexcept {
    const std::uintptr_t at = (position_ + 7) & ~std::uintptr_t{7};
    auto* const end = reinterpret_cast<std::byte*>(end_);
    return {at < end_ ? reinterpret_cast<std::byte*>(at) : end, end};
  }
  [[gnu::always_inline]] void take(std::byte* end) noexcept {
    position_ = reinterpret_cast<std::uintptr_t>(end);
  }

  /// Bytes that blocks may take from the system in all. Default: no limit.
  [[nodiscard]] std::size_t budget() const noexcept { return budget_; }
  void set_budget(std::size_t bytes) noexcept { budget_ = bytes; }
  /// Bytes taken from the system.
  [[nodiscard]] std::size_t reserved() const noexcept { return reserved_; }
  /// Bytes handed out (padding included); reserved() is never less.
  [[nodiscard]] std::size_t used() const noexcept { return retired_ + (position_ - begin_); }

  /// Says that [p, p + size) is dead: nothing may look at it again. Debug builds overwrite it and
  /// AddressSanitizer poisons it, so that a view that outlived its list is found.
  static void poison(void* p, std::size_t size) noexcept;

 private:
  struct Block {
    Block* previous;
    std::size_t size;  // of the whole block, header included
  };
  [[nodiscard]] void* allocate_block(std::size_t size, std::size_t align) noexcept;
  void reset_blocks() noexcept;
  void start_own_block() noexcept;
  void release() noexcept;

  // Where an arena without blocks stands: aligned, and not null, so that it can hand out 0 bytes.
  static constexpr std::uintptr_t nowhere = 16;

  std::uintptr_t position_ = nowhere;  // the next free byte of the newest block
  std::uintptr_t end_ = nowhere;
  std::uintptr_t begin_ = nowhere;  // the newest block's first byte behind its header
  std::size_t own_block_ = 0;       // bytes right behind this object: see make()
  bool is_simple_ = true;           // at most one block, nothing adopted: reset only has to go back
  Block* blocks_ = nullptr;
  std::size_t next_block_;
  std::size_t budget_ = SIZE_MAX;
  std::size_t reserved_ = 0;
  std::size_t retired_ = 0;  // bytes used in the blocks before the newest
  struct Adopted;
  Adopted* adopted_ = nullptr;
};

}  // namespace thrift
