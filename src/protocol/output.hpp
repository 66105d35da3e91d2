#pragma once

// Where transcoding writes: into a Buffer, or piece by piece into a Sink.

#include <algorithm>
#include <cstddef>
#include <thriftpp/base/buffer.hpp>
#include <thriftpp/base/sink.hpp>

namespace thrift {

/// As EncodeState, the place to write is passed along as a pointer: `p = output.room(p, n)`.
/// Nothing is committed to a Buffer before `finish`.
class Output {
 public:
  /// Appends to `buffer`.
  explicit Output(Buffer& buffer) noexcept : buffer_(buffer), begin_(buffer.size()) {}
  /// Gathers pieces in `buffer`, which must be empty, and hands them to `sink`.
  Output(Buffer& buffer, Sink& sink) noexcept : buffer_(buffer), sink_(&sink) {}

  /// Where the first byte goes. Call once.
  [[nodiscard]] std::byte* start() {
    std::byte* const p = buffer_.prepare(sink_ == nullptr ? first_room : sink_piece);
    limit_ = buffer_.data() + buffer_.capacity();
    return p;
  }
  /// Room for `n` bytes from `p` on; the new `p`.
  [[nodiscard]] std::byte* room(std::byte* p, std::size_t n) {
    if (static_cast<std::size_t>(limit_ - p) < n) [[unlikely]]
      p = more(p, n);
    return p;
  }
  /// Everything up to `p` has been written.
  void finish(std::byte* p) {
    if (sink_ == nullptr) {
      buffer_.commit(written(p));
    } else {
      hand_over(p);
    }
  }

 private:
  static constexpr std::size_t first_room = 256;

  [[nodiscard]] std::size_t written(const std::byte* p) const noexcept {
    return static_cast<std::size_t>(p - buffer_.data()) - begin_;
  }
  void hand_over(const std::byte* p) {
    if (const std::size_t n = written(p); n != 0) sink_->write({buffer_.data(), n});
  }
  [[gnu::noinline]] std::byte* more(std::byte* p, std::size_t n) {
    if (sink_ != nullptr) {
      hand_over(p);
      p = buffer_.prepare(n);
    } else {
      // Committed for the while, so that what is written survives the move.
      const std::size_t before = buffer_.size();
      const Restore restore{buffer_, before};
      buffer_.commit(written(p));
      p = buffer_.prepare(n);
    }
    limit_ = buffer_.data() + buffer_.capacity();
    return p;
  }
  struct Restore {
    Buffer& buffer;
    std::size_t size;
    ~Restore() { buffer.truncate(size); }
  };

  Buffer& buffer_;
  Sink* sink_ = nullptr;
  std::size_t begin_ = 0;
  const std::byte* limit_ = nullptr;
};

}  // namespace thrift
