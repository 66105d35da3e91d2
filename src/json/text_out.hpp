#pragma once

// Where the JSON printer writes: a Buffer, grown as needed, or a Sink, piece by piece.

#include <cstddef>
#include <thriftpp/base/buffer.hpp>
#include <thriftpp/base/sink.hpp>

namespace thrift {

/// The printer passes the place along as a pointer and asks for room before it writes. Nothing is
/// committed to the buffer before `finish`, so that a failure leaves it as it was.
class TextOut {
 public:
  explicit TextOut(Buffer& buffer) noexcept : buffer_(buffer) {}
  /// Pieces of `piece` bytes at least go to `sink` as they are full.
  TextOut(Buffer& buffer, Sink& sink, std::size_t piece) noexcept
      : buffer_(buffer), sink_(&sink), piece_(piece) {}

  [[nodiscard]] char* start() {
    (void)buffer_.prepare(first_room);
    begin_ = at(buffer_.size());
    limit_ = at(buffer_.capacity());
    return begin_;
  }
  /// Room for `n` bytes from `p` on; the new `p`, as the output may move. At least the last byte
  /// before `p` stays where it can be written again.
  [[nodiscard]] char* room(char* p, std::size_t n) {
    if (static_cast<std::size_t>(limit_ - p) < n) [[unlikely]]
      p = make_room(p, n);
    return p;
  }
  /// Where what has not been committed or handed over starts.
  [[nodiscard]] char* begin() const noexcept { return begin_; }
  /// All up to `end` has been written.
  void finish(const char* end) {
    const auto written = static_cast<std::size_t>(end - begin_);
    if (sink_ == nullptr) {
      buffer_.commit(written);
    } else if (written != 0) {
      sink_->write({reinterpret_cast<const std::byte*>(begin_), written});
    }
  }

 private:
  [[nodiscard]] char* at(std::size_t offset) noexcept {
    return reinterpret_cast<char*>(buffer_.data()) + offset;
  }
  [[gnu::noinline]] char* make_room(char* p, std::size_t n);

  static constexpr std::size_t first_room = 256;

  Buffer& buffer_;
  Sink* sink_ = nullptr;
  std::size_t piece_ = 0;
  char* begin_ = nullptr;  // what has not been committed or handed over starts here
  const char* limit_ = nullptr;
};

}  // namespace thrift
