#pragma once

// What the encoding loops of all protocols share: where they write, the options, and what to say
// about values that cannot be written.
//
// The loops pass the place in the output along as a pointer, and return where they stopped, or
// nullptr where they failed. Nothing is committed to the Buffer before the whole value has been
// written, so that a failure leaves it as it was.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <thriftpp/protocol/protocol.hpp>

#include "protocol/trail.hpp"

namespace thrift {

class EncodeState {
 public:
  EncodeState(Buffer& out, const EncodeOptions& options) noexcept
      : out_(out), max_depth_(options.max_depth), write_defaults_(options.write_unset_defaults) {}

  /// Where the first byte goes. Call once.
  [[nodiscard]] std::byte* start() {
    std::byte* const p = out_.prepare(first_room);
    limit_ = out_.data() + out_.capacity();
    return p;
  }
  /// Everything up to `end` has been written.
  void finish(const std::byte* end) noexcept {
    out_.commit(static_cast<std::size_t>(end - out_.data()) - out_.size());
  }

  /// Room for `n` bytes from `p` on; the new `p`, as the output may move.
  [[nodiscard]] std::byte* room(std::byte* p, std::size_t n) {
    if (static_cast<std::size_t>(limit_ - p) < n) [[unlikely]]
      p = grow(p, n);
    return p;
  }
  [[nodiscard]] std::uint32_t max_depth() const noexcept { return max_depth_; }
  [[nodiscard]] bool writes_defaults() const noexcept { return write_defaults_; }

  // --- failures, and on the way out where: all return nullptr ------------------------------------

  using Place = std::byte*;
  [[gnu::cold]] Place too_deep();
  [[gnu::cold]] Place too_long(std::string_view what, std::uint64_t size);
  [[gnu::cold]] Place missing_field(const StructLayout& layout, const std::byte* record);
  [[gnu::cold]] Place no_member(const StructLayout& layout);

  [[gnu::cold]] Place in_field(const StructLayout& record, const FieldLayout& field);
  [[gnu::cold]] Place in_element(std::size_t index);
  [[gnu::cold]] Place in_entry(const SlotLayout& key, const std::byte* cell);

  /// The TypeError, as a Failure.
  [[nodiscard]] Failure failure() const;

 private:
  [[gnu::noinline]] std::byte* grow(std::byte* p, std::size_t n);
  [[gnu::cold]] Place fail(std::string problem);

  static constexpr std::size_t first_room = 128;

  Buffer& out_;
  const std::byte* limit_ = nullptr;
  std::uint32_t max_depth_;
  bool write_defaults_;

  struct Trouble {
    std::string problem;
    Trail trail;
  };
  std::unique_ptr<Trouble> trouble_;  // made when something fails, so that it costs nothing before
};

/// memcpy for the short strings that messages are full of, without a call.
inline void copy_short(std::byte* to, const void* from, std::size_t n) noexcept {
  const auto* const source = static_cast<const std::byte*>(from);
  // Two overlapping copies of a fixed size cover every length between that size and twice it.
  const auto ends = [&]<class Part>(Part) {
    Part first, last;
    std::memcpy(&first, source, sizeof(Part));
    std::memcpy(&last, source + n - sizeof(Part), sizeof(Part));
    std::memcpy(to, &first, sizeof(Part));
    std::memcpy(to + n - sizeof(Part), &last, sizeof(Part));
  };
  struct Sixteen {
    std::uint64_t a, b;
  };
  if (n > 32) {
    std::memcpy(to, source, n);
  } else if (n >= 16) {
    ends(Sixteen{});
  } else if (n >= 8) {
    ends(std::uint64_t{});
  } else if (n >= 4) {
    ends(std::uint32_t{});
  } else if (n != 0) {
    to[0] = source[0];
    to[n / 2] = source[n / 2];
    to[n - 1] = source[n - 1];
  }
}

}  // namespace thrift
