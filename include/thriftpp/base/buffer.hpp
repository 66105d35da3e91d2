#pragma once

/// @file
/// `Buffer`: the growable byte array that messages are written to and read from.
/// Threads: const is safe concurrently, everything else belongs to one thread.

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <thriftpp/base/export.hpp>
#include <utility>

namespace thrift {

/// Bytes, contiguous, growing at the end. Unlike std::vector it never zero-fills what it grows by,
/// and `slack` bytes past its capacity always belong to it, so that copies may overrun the end by a
/// vector register's width. Move-only: a message is never copied by accident.
class THRIFTPP_API Buffer {
 public:
  /// Bytes past `data() + capacity()` that may be read and written (their content means nothing).
  static constexpr std::size_t slack = 64;

  Buffer() noexcept = default;
  explicit Buffer(std::size_t capacity) { reserve(capacity); }
  /// A copy of `bytes`.
  explicit Buffer(std::span<const std::byte> bytes) { append(bytes); }
  Buffer(Buffer&& other) noexcept
      : data_(std::move(other.data_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() = default;

  [[nodiscard]] std::byte* data() noexcept { return data_.get(); }
  [[nodiscard]] const std::byte* data() const noexcept { return data_.get(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {data(), size_}; }
  [[nodiscard]] std::string_view text() const noexcept {
    return {reinterpret_cast<const char*>(data()), size_};
  }
  operator std::span<const std::byte>() const noexcept { return bytes(); }  // NOLINT: a view

  /// Keeps the memory.
  void clear() noexcept { size_ = 0; }
  /// Room for `capacity` bytes in all, at least.
  void reserve(std::size_t capacity) {
    if (capacity > capacity_) grow(capacity);
  }
  /// Makes room for `n` more bytes and returns where they go; `commit` then says how many came.
  [[nodiscard]] std::byte* prepare(std::size_t n) {
    if (n > capacity_ - size_) grow(size_ + n);
    return data() + size_;
  }
  /// `n` of the prepared bytes have been written.
  void commit(std::size_t n) noexcept { size_ += n; }
  /// Drops what is beyond `size` (which must not exceed size()).
  void truncate(std::size_t size) noexcept { size_ = size; }
  /// The bytes must not be this buffer's own.
  void append(std::span<const std::byte> bytes) { append(bytes.data(), bytes.size()); }
  void append(std::string_view text) { append(text.data(), text.size()); }
  void append(const void* bytes, std::size_t n) {
    if (n == 0) return;
    std::memcpy(prepare(n), bytes, n);
    commit(n);
  }
  void push_back(std::byte b) { append(&b, 1); }
  /// Removes the first `n` bytes (n <= size()); what follows moves to the front. O(size).
  void consume(std::size_t n) noexcept {
    size_ -= n;
    if (size_ != 0) std::memmove(data(), data() + n, size_);
  }

 private:
  friend class Arena;
  void grow(std::size_t wanted);  // at least doubles

  struct Free {
    void operator()(std::byte* p) const noexcept;
  };
  std::unique_ptr<std::byte[], Free> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace thrift
