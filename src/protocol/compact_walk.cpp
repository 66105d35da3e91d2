// Skipping compact by the schema, as fast as can be: numbers and strings by what the wire says they
// are, which needs no look at the schema; structs and containers by their layouts, for which the
// ids are counted along.

#include "protocol/compact_walk.hpp"

#include <bit>

#include "protocol/big_endian.hpp"

namespace thrift::compact {

Place bad_varint(DecodeState& state, Place p) {
  if (is_cut_varint(p, state.end())) return state.truncated(p, bytes_between(p, state.end()) + 1);
  return state.fail(
      ProtocolErrorKind::invalid_data, p,
      "a number of variable length takes more than " + std::to_string(longest_varint) + " bytes");
}

namespace {

/// The most that a field takes whose id is near the one before and whose value is no string, struct
/// or container: a uuid.
constexpr std::size_t longest_scalar_field = 1 + 16;

/// Eight bytes, the first lowest.
[[gnu::always_inline]] inline std::uint64_t load_eight(Place p) noexcept {
  std::uint64_t v;
  std::memcpy(&v, p, sizeof(v));
  if constexpr (std::endian::native == std::endian::big) v = swap_bytes(v);
  return v;
}

/// The number at `p`, behind which there are longest_varint bytes of input at least.
[[gnu::always_inline]] inline Place skip_number(DecodeState& state, Place p) {
  const std::uint64_t last = ~load_eight(p) & 0x8080808080808080U;
  if (last != 0) [[likely]]
    return p + (std::countr_zero(last) >> 3) + 1;
  if ((p[8] & std::byte{0x80}) == std::byte{0}) return p + 9;
  if ((p[9] & std::byte{0x80}) == std::byte{0}) return p + 10;
  return bad_varint(state, p);
}

/// The string at `p`; nullptr, and nothing noted, where it is not right.
[[gnu::always_inline]] inline Place skip_text(const DecodeState& state, Place p, Place end) {
  std::uint64_t size = 0;
  p = read_varint(p, end, size);
  if (p == nullptr || size > bytes_between(p, end) || size > state.max_string()) [[unlikely]]
    return nullptr;
  return p + size;
}

/// Any field, wherever it stands. A stop sets `last_id`'s twin `stopped`.
[[gnu::noinline]] Place skip_any_field(DecodeState& state, Place p, const StructLayout& layout,
                                       std::int16_t& last_id, bool& stopped, std::uint32_t depth) {
  FieldHeader header;
  p = Wire::read_field(state, p, last_id, header);
  stopped = header.type == WireType::stop;
  if (p == nullptr || stopped) return p;
  last_id = header.id;
  return header.has_value ? Wire::skip_field(state, p, layout, header, depth) : p;
}

Place skip_record(DecodeState& state, Place p, const StructLayout& layout, std::uint32_t depth) {
  const Place end = state.end();
  std::int16_t id = 0;
  for (;;) {
    const Place begin = p;
    const std::int16_t last_id = id;
    if (bytes_between(p, end) >= longest_scalar_field && static_cast<unsigned>(*p) > 15)
        [[likely]] {
      const auto header = static_cast<unsigned>(*p++);
      id = static_cast<std::int16_t>(id + static_cast<int>(header >> 4));
      switch (static_cast<Code>(header & 15)) {
        case Code::true_:
        case Code::false_: continue;
        case Code::i8: p += 1; continue;
        case Code::i16:
        case Code::i32:
        case Code::i64: p = skip_number(state, p); break;
        case Code::double_: p += 8; continue;
        case Code::uuid: p += 16; continue;
        case Code::string: p = skip_text(state, p, end); break;
        default: p = nullptr; break;
      }
      if (p != nullptr) [[likely]]
        continue;
    } else if (p != end && *p == std::byte{0}) {
      return p + 1;
    }
    // Structs and containers; and all that is wrong, which is met again there.
    bool stopped = false;
    id = last_id;
    p = skip_any_field(state, begin, layout, id, stopped, depth);
    if (p == nullptr || stopped) [[unlikely]]
      return p;
  }
}

/// The elements of a list or set; of a map its entries.
Place skip_container(DecodeState& state, Place p, const SlotLayout& slot, std::uint32_t depth) {
  if (depth == 0) [[unlikely]]
    return state.too_deep(p);
  ContainerHeader header;
  const Place begin = p;
  const bool is_map = slot.op == SlotOp::map;
  p = is_map ? Wire::read_map(state, p, header) : Wire::read_list(state, p, header);
  if (p == nullptr || header.size == 0) return p;
  if (!is_as_declared(header, slot)) [[unlikely]] {
    bool left_out = false;
    if (!take_odd_container(state, begin, slot, header, left_out)) return nullptr;
    if (left_out) return skip(state, begin, slot.wire, depth);
  }
  const std::uint64_t least = least_size(header.element) + (is_map ? least_size(header.key) : 0);
  if (header.size * least > bytes_between(p, state.end())) [[unlikely]] {
    return state.bad_container_size(begin, header.size, least, p);
  }
  if (!is_map) return Wire::skip_elements(state, p, *slot.element, header.size, depth - 1);
  if (has_fixed_size(header.key) && has_fixed_size(header.element)) return p + header.size * least;
  for (std::uint32_t i = 0; i < header.size; ++i) {
    p = Wire::skip_slot(state, p, *slot.key, depth - 1);
    if (p != nullptr) p = Wire::skip_slot(state, p, *slot.element, depth - 1);
    if (p == nullptr) [[unlikely]]
      return state.in_element(i);
  }
  return p;
}

/// `n` numbers: eight bytes at a time, of which those that end a number are counted.
Place skip_numbers(DecodeState& state, Place p, std::uint32_t n) {
  const Place end = state.end();
  while (n >= 8 && bytes_between(p, end) >= 8) {
    const std::uint64_t word = load_eight(p);
    const std::uint64_t ends = ~word & 0x8080808080808080U;
    if (ends == 0) {
      const Place next = skip_varint(p, end);
      if (next == nullptr) [[unlikely]]
        return bad_varint(state, p);
      p = next;
      --n;
      continue;
    }
    n -= static_cast<std::uint32_t>(std::popcount(ends));
    p += 8 - (std::countl_zero(ends) >> 3);
  }
  for (; n != 0; --n) {
    const Place next = skip_varint(p, end);
    if (next == nullptr) [[unlikely]]
      return bad_varint(state, p);
    p = next;
  }
  return p;
}

}  // namespace

Place Wire::skip_field(DecodeState& state, Place p, const StructLayout& record,
                       const FieldHeader& header, std::uint32_t depth) {
  const FieldLayout* const field = record.find(header.id);
  if (field == nullptr || field->wire != header.type) [[unlikely]] {
    return compact::skip(state, p, header.type, depth);
  }
  const Place end = skip_slot(state, p, *field->slot, depth);
  if (end == nullptr) [[unlikely]]
    return state.in_field(record, *field);
  return end;
}

Place Wire::skip_slot(DecodeState& state, Place p, const SlotLayout& slot, std::uint32_t depth) {
  switch (slot.op) {
    case SlotOp::record:
      if (depth == 0) [[unlikely]]
        return state.too_deep(p);
      return skip_record(state, p, *slot.record, depth - 1);
    case SlotOp::list:
    case SlotOp::set:
    case SlotOp::map: return skip_container(state, p, slot, depth);
    case SlotOp::void_: return p;
    default: return compact::skip(state, p, slot.wire, depth);
  }
}

Place Wire::skip_elements(DecodeState& state, Place p, const SlotLayout& slot, std::uint32_t n,
                          std::uint32_t depth) {
  if (has_fixed_size(slot.wire)) return p + std::size_t{n} * compact::least_size(slot.wire);
  const Place end = state.end();
  switch (slot.op) {
    case SlotOp::i16:
    case SlotOp::i32:
    case SlotOp::i64: return skip_numbers(state, p, n);
    case SlotOp::string:
      for (std::uint32_t i = 0; i < n; ++i) {
        const Place next = skip_text(state, p, end);
        if (next == nullptr) [[unlikely]]
          return (void)compact::skip(state, p, WireType::string, 0), state.in_element(i);
        p = next;
      }
      return p;
    case SlotOp::record:
      if (depth == 0 && n != 0) [[unlikely]]
        return state.too_deep(p);
      for (std::uint32_t i = 0; i < n; ++i) {
        p = skip_record(state, p, *slot.record, depth - 1);
        if (p == nullptr) [[unlikely]]
          return state.in_element(i);
      }
      return p;
    default:
      for (std::uint32_t i = 0; i < n; ++i) {
        p = skip_slot(state, p, slot, depth);
        if (p == nullptr) [[unlikely]]
          return state.in_element(i);
      }
      return p;
  }
}

Place Wire::read_scalar(DecodeState& state, Place p, const SlotLayout& slot, std::byte* cell) {
  const Place end = compact::skip(state, p, slot.wire, 0);
  if (end == nullptr) return nullptr;
  std::uint64_t number = 0;
  switch (slot.op) {
    case SlotOp::bool_: *cell = std::byte{*p == std::byte{1}}; break;
    case SlotOp::i8: *cell = *p; break;
    case SlotOp::i16:
    case SlotOp::i32:
    case SlotOp::i64: {
      p = read_varint(p, end, number);
      // Of a number that is out of range the low bits, as Apache takes them.
      if (slot.op != SlotOp::i64) number = static_cast<std::uint32_t>(number);
      const std::int64_t value = unzigzag(number);
      const auto low = static_cast<std::int32_t>(value);
      const auto lowest = static_cast<std::int16_t>(value);
      if (slot.op == SlotOp::i64) std::memcpy(cell, &value, sizeof(value));
      if (slot.op == SlotOp::i32) std::memcpy(cell, &low, sizeof(low));
      if (slot.op == SlotOp::i16) std::memcpy(cell, &lowest, sizeof(lowest));
      break;
    }
    case SlotOp::double_: {
      const std::uint64_t bits = load_eight(p);
      std::memcpy(cell, &bits, 8);
      break;
    }
    case SlotOp::uuid: std::memcpy(cell, p, 16); break;
    case SlotOp::string: {
      p = read_varint(p, end, number);
      const StringSlot text{reinterpret_cast<const char*>(p), bytes_between(p, end)};
      std::memcpy(cell, &text, sizeof(text));
      break;
    }
    default: break;
  }
  return end;
}

}  // namespace thrift::compact
