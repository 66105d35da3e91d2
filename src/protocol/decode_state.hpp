#pragma once

// What the decoding loops of all protocols share: the input, the limits, memory, and what to say
// when the bytes are wrong.
//
// The loops pass the place in the input along as a pointer, and return where a value ended, or
// nullptr where it failed. What failed is then told here, by functions that all return nullptr, so
// that a loop says `return state.truncated(p, 4);`.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <thriftpp/protocol/protocol.hpp>
#include <utility>

#include "protocol/copy_short.hpp"
#include "protocol/trail.hpp"

namespace thrift {

/// Sizes on the wire are signed: nothing is longer than this.
inline constexpr std::uint32_t largest_wire_size = 0x7fffffff;

/// How the bytes of the input come to lie where the value's strings may view them.
enum class InputMemory : std::uint8_t {
  to_copy,  ///< They are copied into the arena first.
  owned,    ///< The arena owns them already, in a Buffer: there is memory behind them.
  foreign,  ///< Somebody else keeps them alive, and they do not count as the value's memory.
};

class DecodeState {
 public:
  /// For building a value in `arena`: `start` comes next. The options are looked at, not copied.
  [[gnu::always_inline]] DecodeState(const DecodeOptions& options, Arena& arena) noexcept
      : DecodeState(options, &arena) {}
  /// For looking at the input only, without building anything.
  DecodeState(std::span<const std::byte> input, const DecodeOptions& options) noexcept
      : DecodeState(options, nullptr) {
    free_ = free_end_ = nullptr;
    memory_left_ = 0;
    look_at(input);
  }
  DecodeState(const DecodeState&) = delete;
  DecodeState& operator=(const DecodeState&) = delete;
  [[gnu::always_inline]] ~DecodeState() {
    if (free_ != nullptr) arena_->take(free_);
    if (trouble_ != nullptr) [[unlikely]]
      forget_trouble();
  }

  [[nodiscard]] const std::byte* begin() const noexcept { return begin_; }
  [[nodiscard, gnu::always_inline]] const std::byte* end() const noexcept { return end_; }
  /// Up to here (exclusively) `margin` bytes may be read without looking where the input ends: they
  /// are input, or at least memory. Whether they were input must be asked before the value counts;
  /// and what is told of bytes that fail may be about what lies behind them.
  [[nodiscard, gnu::always_inline]] const std::byte* fast_end() const noexcept { return fast_end_; }
  /// Whether nothing but input is read.
  [[nodiscard]] bool is_exact() const noexcept { return fast_end_ != end_; }
  /// A field's header and the longest number or size, in any protocol.
  static constexpr std::size_t margin = 24;

  [[nodiscard]] const DecodeOptions& options() const noexcept { return *options_; }
  [[nodiscard]] std::uint32_t max_depth() const noexcept { return options_->max_depth; }
  [[nodiscard, gnu::always_inline]] std::uint32_t max_string() const noexcept {
    return max_string_;
  }
  [[nodiscard, gnu::always_inline]] std::uint32_t max_container() const noexcept {
    return max_container_;
  }
  [[nodiscard, gnu::always_inline]] bool keeps_unknown_fields() const noexcept {
    return options_->keep_unknown_fields;
  }
  [[nodiscard, gnu::always_inline]] const Strictness& strictness() const noexcept {
    return options_->strictness;
  }

  /// `size` bytes aligned to 8, or nullptr past the budget: then `return state.out_of_memory(p)`.
  [[nodiscard, gnu::always_inline]] std::byte* allocate(std::size_t size) noexcept {
    size = (size + 7) & ~std::size_t{7};
    if (size > static_cast<std::size_t>(free_end_ - free_)) [[unlikely]]
      return allocate_more(size);
    return std::exchange(free_, free_ + size);
  }

  // --- how deep the loops are
  // ---------------------------------------------------------------------

  /// Before the loops start: how many levels of structs and containers there may be.
  [[gnu::always_inline]] void set_depth(std::uint32_t levels) noexcept { depth_ = levels; }
  /// A level more; false where there is none left: then `return state.too_deep(p)`.
  [[nodiscard, gnu::always_inline]] bool enter() noexcept {
    if (depth_ == 0) [[unlikely]]
      return false;
    --depth_;
    return true;
  }
  [[gnu::always_inline]] void leave() noexcept { ++depth_; }
  [[nodiscard]] std::uint32_t depth_left() const noexcept { return depth_; }

  // --- values to be left out (Reaction::skip)
  // -------------------------------------------------------

  /// The value that ends here is to be left out: whoever holds it asks for that.
  void leave_out() noexcept { left_out_ = true; }
  [[nodiscard]] bool is_left_out() const noexcept { return left_out_; }
  [[nodiscard]] bool take_left_out() noexcept { return std::exchange(left_out_, false); }

  // --- failures: `p` is the byte that is wrong ---------------------------------------------------

  using Place = const std::byte*;
  [[gnu::cold]] Place truncated(Place p, std::uint64_t wanted);
  [[gnu::cold]] Place too_deep(Place p);
  [[gnu::cold]] Place out_of_memory(Place p);
  /// The size of a string whose bytes would start at `text`: negative, over the limit or beyond the
  /// input.
  [[gnu::cold]] Place bad_string_size(Place p, std::uint64_t size, Place text);
  /// A container's, whose elements, from `elements` on, take `least` bytes each at least.
  [[gnu::cold]] Place bad_container_size(Place p, std::uint64_t size, std::uint64_t least,
                                         Place elements);
  [[gnu::cold]] Place bad_wire_type(Place p, unsigned code);
  /// A number of variable length that does not end within `most` bytes.
  [[gnu::cold]] Place endless_varint(Place p, std::uint64_t most);
  [[gnu::cold]] Place missing_field(Place p, const StructLayout& layout, const std::byte* record);
  [[gnu::cold]] Place fail(ProtocolErrorKind kind, Place p, std::string problem);

  // --- oddities that are not allowed (Reaction::error); see decode_oddities.cpp ------------------

  /// The elements, keys or values on the wire are not what the schema says.
  [[gnu::cold]] Place wrong_element_type(Place p, const SlotLayout& container, WireType key,
                                         WireType element);
  [[gnu::cold]] Place wrong_field_type(Place p, const StructLayout& layout,
                                       const FieldLayout& field, WireType got);
  [[gnu::cold]] Place duplicate_field(Place p, const StructLayout& layout,
                                      const FieldLayout& field);
  /// `several`: more than one, instead of none.
  [[gnu::cold]] Place odd_union(Place p, const StructLayout& layout, bool several);
  [[gnu::cold]] Place unknown_enum(Place p, const Type& type, std::int32_t number);
  [[gnu::cold]] Place invalid_utf8(Place p, const StringSlot& text);
  /// A number of variable length that has more than `bits` bits.
  [[gnu::cold]] Place varint_overflow(Place p, unsigned bits);
  /// The whole value is to be left out.
  [[gnu::cold]] Place odd_root(Place p, const Type& type);

  [[nodiscard]] static bool knows_enum(const Type& type, std::int32_t number) noexcept;
  [[nodiscard]] static bool is_text(const StringSlot& text) noexcept;

  // --- on the way out: where it failed -----------------------------------------------------------

  [[gnu::cold]] Place in_field(const StructLayout& record, const FieldLayout& field);
  [[gnu::cold]] Place in_element(std::size_t index);
  [[gnu::cold]] Place in_entry(const SlotLayout& key, const std::byte* cell);

  /// What went wrong, with the path below `root`. Call where something did.
  [[nodiscard]] Failure failure(std::string_view root) const;
  [[nodiscard]] ProtocolErrorKind failure_kind() const noexcept { return trouble_->kind; }

  // --- before the loops --------------------------------------------------------------------------

  /// Makes `input` lie where strings may view it. Memory for the value's cell, or nullptr past the
  /// budget.
  [[nodiscard, gnu::always_inline]] std::byte* start(std::span<const std::byte> input,
                                                     InputMemory memory,
                                                     std::size_t cell_size) noexcept {
    memory_left_ = budget(input.size(), *options_);
    if (memory == InputMemory::to_copy) [[likely]]
      return copy_input(input, cell_size);
    look_at(input);
    bool fits = true;
    if (memory == InputMemory::owned) {
      fast_end_ = end_;
      fits = input.size() <= memory_left_;
      memory_left_ -= std::min(input.size(), memory_left_);
    }
    take_room();
    return fits ? allocate(cell_size) : nullptr;
  }

 private:
  [[gnu::always_inline]] DecodeState(const DecodeOptions& options, Arena* arena) noexcept
      : max_string_(options.max_string),
        max_container_(options.max_container),
        arena_(arena),
        options_(&options) {
    if ((max_string_ | max_container_) > largest_wire_size) [[unlikely]] {
      max_string_ = std::min(max_string_, largest_wire_size);
      max_container_ = std::min(max_container_, largest_wire_size);
    }
  }
  /// Bytes that a decode of `input` bytes may take.
  [[nodiscard, gnu::always_inline]] static std::size_t budget(
      std::size_t input, const DecodeOptions& options) noexcept {
    constexpr std::size_t base = std::size_t{64} * 1024;
    constexpr std::size_t factor = 64;
    constexpr std::size_t most = SIZE_MAX / 2;  // so that sums do not overflow
    if (options.max_memory != 0) [[unlikely]]
      return std::min(options.max_memory, most);
    // No address space of 64 bits is that large.
    if constexpr (sizeof(std::size_t) < 8) input = std::min(input, (most - base) / factor);
    return base + factor * input;
  }
  Place bad_size(Place p, std::string_view what, std::string_view of, std::uint64_t size,
                 std::uint64_t limit, Place content, std::string_view each);
  /// Reads the input where it lies.
  [[gnu::always_inline]] void look_at(std::span<const std::byte> input) noexcept {
    // an address for inputs that have none: nullptr means failure
    begin_ = input.empty() ? reinterpret_cast<const std::byte*>(this) : input.data();
    end_ = begin_ + input.size();
    fast_end_ = input.size() < margin ? begin_ : end_ - margin;
  }
  /// Reads a copy of it. One piece of memory is for both the copy and the cell behind it.
  [[gnu::always_inline]] std::byte* copy_input(std::span<const std::byte> input,
                                               std::size_t cell_size) noexcept {
    const std::size_t size = input.size();
    const std::size_t room = (size + margin + 7) & ~std::size_t{7};
    memory_left_ += margin;  // it is not counted, since it is the same for all inputs
    take_room();
    std::byte* const copy = allocate(room + cell_size);
    if (copy == nullptr) [[unlikely]] {
      look_at(input);
      return nullptr;
    }
    if (size <= short_bytes) {
      copy_short(copy, input.data(), size);
    } else {
      std::memcpy(copy, input.data(), size);
    }
    begin_ = copy;
    end_ = fast_end_ = copy + size;
    std::memset(copy + size, 0, margin);  // which is read before it is known to be no input
    return copy + room;
  }
  std::byte* allocate_more(std::size_t size) noexcept;
  void forget_trouble() noexcept;
  /// Hands out no more than the budget lets.
  [[gnu::always_inline]] void take_room() noexcept {
    const Arena::Room room = arena_->room();
    const std::size_t size =
        std::min(static_cast<std::size_t>(room.end - room.begin), memory_left_);
    free_ = room.begin;
    free_end_ = room.begin + size;
    memory_left_ -= size;
  }

  // Without initializers, which hot code would feel: the constructors and `start` set these.
  const std::byte* end_;
  std::byte* free_;  // what may be handed out: the arena's newest block, or part of it
  const std::byte* fast_end_;
  std::byte* free_end_;
  std::uint32_t depth_;  // set_depth sets it
  std::uint32_t max_string_;
  std::uint32_t max_container_;
  bool left_out_ = false;
  const std::byte* begin_;
  Arena* arena_;
  std::size_t memory_left_;  // of the budget, without what lies in [free_, free_end_)
  const DecodeOptions* options_;

  struct Trouble {
    ProtocolErrorKind kind;
    std::uint64_t offset;
    std::string problem;
    Trail trail;
  };
  Trouble* trouble_ = nullptr;  // made when something fails, so that it costs nothing before
};

}  // namespace thrift
