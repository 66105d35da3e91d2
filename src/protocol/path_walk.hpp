#pragma once

// Walking along a compiled path through bytes: what find, set, erase and insert share.

#include <thriftpp/protocol/bytes_path.hpp>
#include <utility>

#include "protocol/binary_walk.hpp"
#include "protocol/codec.hpp"
#include "protocol/compact_walk.hpp"

namespace thrift {

/// Makes WireValues; WireValue's friend.
struct WireAccess {
  [[nodiscard]] static WireValue make(ProtocolId protocol, std::span<const std::byte> bytes,
                                      std::size_t offset, const Type& type,
                                      const DecodeOptions& options, std::uint32_t depth) noexcept {
    WireValue value(protocol, bytes, type, options);
    value.offset_ = offset;
    value.options_.max_depth = depth;
    return value;
  }
  static void set_in_header(WireValue& value, bool b) noexcept { value.in_header_ = b; }
  [[nodiscard]] static const DecodeOptions& options(const WireValue& value) noexcept {
    return value.options_;
  }
};

/// Throws what `state` says of a part of the input that starts at `offset`.
[[noreturn, gnu::cold]] void raise_at(const DecodeState& state, std::string_view root,
                                      std::size_t offset);

/// The value at `path` in the state's input, which starts at `offset` of the whole one, into `out`.
/// False where it fails.
[[nodiscard]] bool find_into(ProtocolId protocol, DecodeState& state, std::size_t offset,
                             const CompiledPath& path, const DecodeOptions& options,
                             std::optional<WireValue>& out);

/// Whether the protocol has a Wire; if not, what is wrong.
[[nodiscard]] constexpr bool has_wire(ProtocolId protocol) noexcept {
  return protocol == ProtocolId::binary || protocol == ProtocolId::compact;
}
[[nodiscard, gnu::cold]] Failure no_wire(ProtocolId protocol);

/// Calls `f` with the protocol's Wire; a ProtocolError where it has none.
template <class F>
decltype(auto) with_wire(ProtocolId protocol, F&& f) {
  switch (protocol) {
    case ProtocolId::binary: return std::forward<F>(f)(binary::Wire());
    case ProtocolId::compact: return std::forward<F>(f)(compact::Wire());
    case ProtocolId::json: break;
  }
  no_wire(protocol).raise();
}

/// Whether the key at `cell`, just read, is the one wanted.
[[nodiscard]] inline bool is_key(const SlotLayout& key, const std::byte* cell,
                                 const std::byte* wanted) noexcept {
  switch (key.op) {
    case SlotOp::string: {
      StringSlot a, b;
      std::memcpy(&a, cell, sizeof(a));
      std::memcpy(&b, wanted, sizeof(b));
      return a.size == b.size && (a.size == 0 || std::memcmp(a.data, b.data, a.size) == 0);
    }
    case SlotOp::double_: {
      double a, b;
      std::memcpy(&a, cell, sizeof(a));
      std::memcpy(&b, wanted, sizeof(b));
      return a == b || (a != a && b != b);
    }
    default: return std::memcmp(cell, wanted, key.cell_size) == 0;
  }
}

enum class Reached : std::uint8_t {
  found,
  absent,
  failed,  // the state knows why
};

template <class Wire>
class PathWalk {
 public:
  PathWalk(DecodeState& state, const SlotLayout& root) noexcept
      : state_(state), p_(state.begin()), depth_(state.max_depth()), slot_(&root) {}

  /// Goes one step after the other.
  Reached along(std::span<const CompiledPath::Step> steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Reached reached = take(steps[i]);
      if (reached == Reached::found) [[likely]]
        continue;
      if (reached == Reached::failed) add_trail(steps.first(i));
      return reached;
    }
    return Reached::found;
  }

  /// Where the value that was reached ends. nullptr where it fails, with the steps as its trail.
  Place end_of_value(std::span<const CompiledPath::Step> steps) {
    if (!has_value_) return p_;
    const Place end = Wire::skip_slot(state_, p_, *slot_, depth_);
    if (end == nullptr) add_trail(steps);
    return end;
  }

  /// Says of a failure where it happened.
  void add_trail(std::span<const CompiledPath::Step> steps) {
    for (std::size_t i = steps.size(); i-- > 0;) {
      const CompiledPath::Step& step = steps[i];
      switch (step.kind) {
        case CompiledPath::Step::Kind::field:
          state_.in_field(*step.from->record, *step.field);
          break;
        case CompiledPath::Step::Kind::index: state_.in_element(step.index); break;
        case CompiledPath::Step::Kind::key: state_.in_entry(*step.from->key, step.key); break;
      }
    }
  }

  [[nodiscard]] Place place() const noexcept { return p_; }
  [[nodiscard]] std::uint32_t depth() const noexcept { return depth_; }
  [[nodiscard]] const SlotLayout& slot() const noexcept { return *slot_; }
  /// False of a bool that its field's header says; then what it says.
  [[nodiscard]] bool has_value() const noexcept { return has_value_; }
  [[nodiscard]] bool header_value() const noexcept { return header_value_; }

  /// The header of the list, set or map at `p`, whose type is `slot`; nullptr where it fails. An
  /// odd one that is to be left out has the size 0, and `left_out` is set.
  static Place read_container(DecodeState& state, Place p, const SlotLayout& slot,
                              ContainerHeader& header, bool& left_out) {
    const Place begin = p;
    const bool is_map = slot.op == SlotOp::map;
    p = is_map ? Wire::read_map(state, p, header) : Wire::read_list(state, p, header);
    if (p == nullptr || header.size == 0) return p;
    if (!is_as_declared(header, slot)) [[unlikely]] {
      if (!take_odd_container(state, begin, slot, header, left_out)) return nullptr;
      if (left_out) {
        header.size = 0;
        return p;
      }
    }
    const std::uint64_t least =
        Wire::least_size(header.element) + (is_map ? Wire::least_size(header.key) : 0);
    if (header.size * least > bytes_between(p, state.end())) [[unlikely]] {
      return state.bad_container_size(begin, header.size, least, p);
    }
    return p;
  }

 private:
  Reached take(const CompiledPath::Step& step) {
    if (depth_ == 0) [[unlikely]] {
      state_.too_deep(p_);
      return Reached::failed;
    }
    --depth_;
    switch (step.kind) {
      case CompiledPath::Step::Kind::field: return to_field(*step.from->record, *step.field);
      case CompiledPath::Step::Kind::index: return to_element(*step.from, step.index);
      case CompiledPath::Step::Kind::key: return to_value(*step.from, step.key);
    }
    return Reached::absent;
  }

  Reached to_field(const StructLayout& record, const FieldLayout& wanted) {
    Place p = p_;
    FieldHeader header;
    for (;;) {
      p = Wire::read_field(state_, p, header.id, header);
      if (p == nullptr) [[unlikely]]
        return Reached::failed;
      if (header.type == WireType::stop) return Reached::absent;
      if (header.id == wanted.id && header.type == wanted.wire) break;
      if (!Wire::has_bool_headers || header.has_value) {
        p = Wire::skip_field(state_, p, record, header, depth_);
        if (p == nullptr) [[unlikely]]
          return Reached::failed;
      }
    }
    p_ = p;
    slot_ = wanted.slot;
    has_value_ = header.has_value;
    header_value_ = header.value;
    return Reached::found;
  }

  Reached to_element(const SlotLayout& slot, std::uint64_t index) {
    ContainerHeader header;
    bool left_out = false;
    Place p = read_container(state_, p_, slot, header, left_out);
    if (p == nullptr) return Reached::failed;
    if (index >= header.size) return Reached::absent;
    p = Wire::skip_elements(state_, p, *slot.element, static_cast<std::uint32_t>(index), depth_);
    if (p == nullptr) return Reached::failed;
    p_ = p;
    slot_ = slot.element;
    return Reached::found;
  }

  /// Of several entries with that key the last counts.
  Reached to_value(const SlotLayout& slot, const std::byte* wanted) {
    ContainerHeader header;
    bool left_out = false;
    Place p = read_container(state_, p_, slot, header, left_out);
    if (p == nullptr) return Reached::failed;
    Place found = nullptr;
    for (std::uint32_t i = 0; i < header.size; ++i) {
      alignas(8) std::byte key[16];
      p = Wire::read_scalar(state_, p, *slot.key, key);
      if (p == nullptr) return state_.in_element(i), Reached::failed;
      if (is_key(*slot.key, key, wanted)) found = p;
      p = Wire::skip_slot(state_, p, *slot.element, depth_);
      if (p == nullptr) return state_.in_entry(*slot.key, key), Reached::failed;
    }
    if (found == nullptr) return Reached::absent;
    p_ = found;
    slot_ = slot.element;
    return Reached::found;
  }

  DecodeState& state_;
  Place p_;
  std::uint32_t depth_;
  const SlotLayout* slot_;
  bool has_value_ = true;
  bool header_value_ = false;
};

}  // namespace thrift
