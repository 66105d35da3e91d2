#pragma once

// What the encoding loops of all protocols share: where they write, the options, and what to say
// about values that cannot be written.
//
// The loops pass the place in the output along as a pointer, and return where they stopped, or
// nullptr where they failed. Nothing is committed to the Buffer before the whole value has been
// written, so that a failure leaves it as it was.
//
// *Room.* A step (a field's header and number, say) that starts at or before limit() has room for
// `reserve` bytes, and may scribble over Buffer::slack bytes more. So the loops need not ask for
// room before they write, but only look at where they are before the next step. Longer things ask.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thriftpp/protocol/protocol.hpp>

#include "protocol/copy_short.hpp"
#include "protocol/trail.hpp"

namespace thrift {

class EncodeState {
 public:
  using Place = std::byte*;

  EncodeState(Buffer& out, const EncodeOptions& options) noexcept
      : depth_(options.max_depth),
        has_wishes_(options.write_unset_defaults ||
                    options.field_order != EncodeOptions::FieldOrder::by_id),
        options_(options),
        out_(out) {}

  static constexpr std::ptrdiff_t reserve = 96;

  /// Where the first byte goes. Call once.
  [[nodiscard, gnu::always_inline]] Place start() {
    const Place p = out_.data() + out_.size();
    const std::size_t room = out_.capacity() - out_.size();
    if (room - first_room > largest_window - first_room) [[unlikely]]  // or less than first_room
      return grow(p, first_room);
    limit_ = p + room - reserve;
    return p;
  }
  /// Everything up to `end` has been written.
  [[gnu::always_inline]] void finish(const std::byte* end) noexcept {
    out_.commit(static_cast<std::size_t>(end - out_.data()) - out_.size());
  }

  [[nodiscard, gnu::always_inline]] const std::byte* limit() const noexcept { return limit_; }
  /// Whether the limit is `n` bytes behind `p` at least. It is never so far that something would
  /// have room which is longer than a protocol can say (largest_wire_size).
  [[nodiscard, gnu::always_inline]] bool has_room(const std::byte* p,
                                                  std::size_t n) const noexcept {
    return limit_ - p >= static_cast<std::ptrdiff_t>(n);
  }
  /// Sees to that; the new `p`, as the output may move.
  [[nodiscard, gnu::always_inline]] Place room(Place p, std::size_t n = 0) {
    if (!has_room(p, n)) [[unlikely]]
      p = grow(p, n);
    return p;
  }
  [[nodiscard]] Place grow(Place p, std::size_t n);

  /// Whether one more level of structs and containers is allowed. Each `enter` needs a `leave`.
  [[nodiscard, gnu::always_inline]] bool enter() noexcept {
    if (depth_ == 0) [[unlikely]]
      return false;
    --depth_;
    return true;
  }
  [[gnu::always_inline]] void leave() noexcept { ++depth_; }

  /// Whether an option asks for more than the set fields by rising id.
  [[nodiscard, gnu::always_inline]] bool has_wishes() const noexcept { return has_wishes_; }
  [[nodiscard, gnu::always_inline]] bool writes_defaults() const noexcept {
    return options_.write_unset_defaults;
  }
  /// Whether a field that nobody has set is written with its default. Required ones always are, as
  /// Apache's generated code does it: values that the IDL itself has may lack them.
  [[nodiscard]] bool writes_default(const StructLayout& layout, const Field& field) const noexcept {
    if (!field.has_default() || layout.is_union) return false;
    return field.is_required() ||
           (writes_defaults() && field.requiredness() == Requiredness::default_);
  }
  /// The first required field that is neither set nor has a default, or nullptr.
  [[nodiscard]] static const FieldLayout* find_missing(const StructLayout& layout,
                                                       const std::byte* record) noexcept;
  [[nodiscard, gnu::always_inline]] bool declared_order() const noexcept {
    return options_.field_order == EncodeOptions::FieldOrder::declared;
  }

  // --- failures, and on the way out where: all return nullptr ------------------------------------

  [[gnu::cold]] Place too_deep();
  [[gnu::cold]] Place too_long(std::string_view what, std::uint64_t size);
  [[gnu::cold]] Place missing_field(const FieldLayout& field, const StructLayout& layout);
  [[gnu::cold]] Place no_member(const StructLayout& layout);

  /// A record's loop does not know the names of its fields, so it only says which one failed, and
  /// whoever had the record written says what it was.
  [[gnu::cold]] Place in_field(const FieldLayout& field);
  [[gnu::cold]] Place in_record(const StructLayout& layout);
  [[gnu::cold]] Place in_element(std::size_t index);
  [[gnu::cold]] Place in_entry(const SlotLayout& key, const std::byte* cell);

  /// The TypeError of a value of that type, as a Failure.
  [[nodiscard, gnu::cold]] Failure failure(const SlotLayout& root);

 private:
  [[gnu::cold]] Place fail(std::string problem);

  static constexpr std::size_t first_room = 128;
  /// However much room the buffer has, the limit is not further away than that.
  static constexpr std::size_t largest_window = std::size_t{1} << 30;

  const std::byte* limit_ = nullptr;
  std::uint32_t depth_;  // levels that are left
  bool has_wishes_;
  const EncodeOptions& options_;
  Buffer& out_;

  struct Trouble {
    std::string problem;
    const FieldLayout* field = nullptr;  // where its record's name is not known yet
    Trail trail;
  };
  std::unique_ptr<Trouble> trouble_;  // made when something fails, so that it costs nothing before
};

}  // namespace thrift
