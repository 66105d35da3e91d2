#pragma once

// What the decoding loops of all protocols share: the input, the limits, memory, and what to say
// when the bytes are wrong.
//
// The loops pass the place in the input along as a pointer, and return where a value ended, or
// nullptr where it failed. What failed is then told here, by functions that all return nullptr, so
// that a loop says `return state.truncated(p, 4);`.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thriftpp/protocol/protocol.hpp>

#include "protocol/trail.hpp"

namespace thrift {

/// How the bytes of the input come to lie where the value's strings may view them.
enum class InputMemory : std::uint8_t {
  to_copy,  ///< They are copied into the arena first.
  owned,    ///< The arena owns them already.
  foreign,  ///< Somebody else keeps them alive, and they do not count as the value's memory.
};

class DecodeState {
 public:
  /// `memory` is how many bytes may be taken from `arena`.
  DecodeState(std::span<const std::byte> input, const DecodeOptions& options, Arena& arena,
              std::size_t memory) noexcept
      : DecodeState(input, options, &arena, memory) {}
  /// For looking at the input only, without building anything.
  DecodeState(std::span<const std::byte> input, const DecodeOptions& options) noexcept
      : DecodeState(input, options, nullptr, 0) {}

  [[nodiscard]] const std::byte* begin() const noexcept { return begin_; }
  [[nodiscard]] const std::byte* end() const noexcept { return end_; }
  [[nodiscard]] std::uint32_t max_depth() const noexcept { return max_depth_; }
  [[nodiscard]] std::uint32_t max_string() const noexcept { return max_string_; }
  [[nodiscard]] std::uint32_t max_container() const noexcept { return max_container_; }
  [[nodiscard]] bool keeps_unknown_fields() const noexcept { return keep_unknown_fields_; }
  [[nodiscard]] const Strictness& strictness() const noexcept { return strictness_; }
  [[nodiscard]] bool allows_missing_required() const noexcept {
    return strictness_.missing_required != Reaction::error;
  }

  /// `size` bytes aligned to 8, or nullptr past the budget: then `return state.out_of_memory(p)`.
  [[nodiscard]] std::byte* allocate(std::size_t size) noexcept {
    if (size > memory_left_) [[unlikely]]
      return nullptr;
    memory_left_ -= size;
    return static_cast<std::byte*>(arena_->try_allocate(size, 8));
  }

  // --- failures: `p` is the byte that is wrong ---------------------------------------------------

  using Place = const std::byte*;
  [[gnu::cold]] Place truncated(Place p, std::uint64_t wanted);
  [[gnu::cold]] Place too_deep(Place p);
  [[gnu::cold]] Place out_of_memory(Place p);
  /// A string's size that is negative, over the limit or beyond the input.
  [[gnu::cold]] Place bad_string_size(Place p, std::int64_t size);
  /// A container's, whose elements take `least` bytes each at least.
  [[gnu::cold]] Place bad_container_size(Place p, std::int64_t size, std::uint64_t least);
  [[gnu::cold]] Place bad_wire_type(Place p, unsigned code);
  /// The elements (or keys) on the wire are not what the schema says.
  [[gnu::cold]] Place wrong_element_type(Place p, const SlotLayout& container,
                                         std::string_view what, WireType wanted, WireType got);
  [[gnu::cold]] Place missing_field(Place p, const StructLayout& layout, const std::byte* record);
  [[gnu::cold]] Place fail(ProtocolErrorKind kind, Place p, std::string problem);

  // --- on the way out: where it failed -----------------------------------------------------------

  [[gnu::cold]] Place in_field(const StructLayout& record, const FieldLayout& field);
  [[gnu::cold]] Place in_element(std::size_t index);
  [[gnu::cold]] Place in_entry(const SlotLayout& key, const std::byte* cell);

  /// What went wrong, with the path below `root`. Call where something did.
  [[nodiscard]] Failure failure(std::string_view root) const;

  // --- before the loops --------------------------------------------------------------------------

  /// Makes the input lie where strings may view it; nullptr past the budget.
  [[nodiscard]] Place take_input(InputMemory memory);

 private:
  DecodeState(std::span<const std::byte> input, const DecodeOptions& options, Arena* arena,
              std::size_t memory) noexcept;

  const std::byte* begin_;
  const std::byte* end_;
  Arena* arena_;
  std::size_t memory_left_;
  std::uint32_t max_depth_;
  std::uint32_t max_string_;
  std::uint32_t max_container_;
  bool keep_unknown_fields_;
  Strictness strictness_;
  std::size_t memory_;

  struct Trouble {
    ProtocolErrorKind kind;
    std::uint64_t offset;
    std::string problem;
    Trail trail;
  };
  std::unique_ptr<Trouble> trouble_;  // made when something fails, so that it costs nothing before
};

/// Sizes on the wire are signed: nothing is longer than this.
inline constexpr std::uint32_t largest_wire_size = 0x7fffffff;

}  // namespace thrift
