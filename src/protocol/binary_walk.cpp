// Skipping binary by the schema, as fast as can be: numbers and strings by what the wire says they
// are, which needs no look at the schema; structs and containers by their layouts.

#include "protocol/binary_walk.hpp"

namespace thrift::binary {
namespace {

/// The most that a field takes whose value is no string, struct or container: its header and a
/// uuid.
constexpr std::size_t longest_scalar_field = field_header_size + 16;

/// The string at `p`, whose size is there.
[[gnu::always_inline]] inline Place skip_text(DecodeState& state, Place p, Place end) {
  const auto size = load_big<std::uint32_t>(p);
  if (size > bytes_between(p, end) - 4 || size > state.max_string()) [[unlikely]] {
    return state.bad_string_size(p, size, p + 4);
  }
  return p + 4 + size;
}

/// A struct or container that is a field; `p` is its header.
[[gnu::noinline]] Place skip_nested(DecodeState& state, Place p, const StructLayout& layout,
                                    std::uint32_t depth) {
  FieldHeader header;
  header.type = static_cast<WireType>(*p);
  header.id = load_big<std::int16_t>(p + 1);
  return Wire::skip_field(state, p + field_header_size, layout, header, depth);
}

/// The last fields of an input, near whose end every byte is counted.
[[gnu::noinline]] Place skip_last_field(DecodeState& state, Place p, const StructLayout& layout,
                                        std::uint32_t depth) {
  FieldHeader header;
  p = Wire::read_field(state, p, 0, header);
  if (p == nullptr || header.type == WireType::stop) return p;
  return Wire::skip_field(state, p, layout, header, depth);
}

Place skip_record(DecodeState& state, Place p, const StructLayout& layout, std::uint32_t depth) {
  const Place end = state.end();
  for (;;) {
    if (bytes_between(p, end) < longest_scalar_field) [[unlikely]] {
      const bool last = p != end && *p == std::byte{0};
      p = skip_last_field(state, p, layout, depth);
      if (p == nullptr || last) return p;
      continue;
    }
    switch (static_cast<WireType>(*p)) {
      case WireType::stop: return p + 1;
      case WireType::bool_:
      case WireType::i8: p += field_header_size + 1; break;
      case WireType::i16: p += field_header_size + 2; break;
      case WireType::i32: p += field_header_size + 4; break;
      case WireType::i64:
      case WireType::double_: p += field_header_size + 8; break;
      case WireType::uuid: p += field_header_size + 16; break;
      case WireType::string: {
        const Place text = skip_text(state, p + field_header_size, end);
        if (text == nullptr) [[unlikely]]
          return skip_nested(state, p, layout, depth);  // says where
        p = text;
        break;
      }
      case WireType::struct_:
      case WireType::list:
      case WireType::set:
      case WireType::map:
        p = skip_nested(state, p, layout, depth);
        if (p == nullptr) [[unlikely]]
          return nullptr;
        break;
      default: return state.bad_wire_type(p, static_cast<unsigned>(*p));
    }
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

}  // namespace

Place Wire::skip_field(DecodeState& state, Place p, const StructLayout& record,
                       const FieldHeader& header, std::uint32_t depth) {
  const FieldLayout* const field = record.find(header.id);
  if (field == nullptr || field->wire != header.type) [[unlikely]] {
    return binary::skip(state, p, header.type, depth);
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
    default: return binary::skip(state, p, slot.wire, depth);
  }
}

Place Wire::skip_elements(DecodeState& state, Place p, const SlotLayout& slot, std::uint32_t n,
                          std::uint32_t depth) {
  if (has_fixed_size(slot.wire)) return p + std::size_t{n} * binary::least_size(slot.wire);
  const Place end = state.end();
  switch (slot.op) {
    case SlotOp::string:
      for (std::uint32_t i = 0; i < n; ++i) {
        if (bytes_between(p, end) < 4) [[unlikely]]
          return state.truncated(p, 4), state.in_element(i);
        p = skip_text(state, p, end);
        if (p == nullptr) [[unlikely]]
          return state.in_element(i);
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
  const Place end = binary::skip(state, p, slot.wire, 0);
  if (end == nullptr) return nullptr;
  switch (slot.op) {
    case SlotOp::bool_: *cell = std::byte{*p != std::byte{0}}; break;
    case SlotOp::i8: *cell = *p; break;
    case SlotOp::i16: copy_big<std::uint16_t>(cell, p); break;
    case SlotOp::i32: copy_big<std::uint32_t>(cell, p); break;
    case SlotOp::i64:
    case SlotOp::double_: copy_big<std::uint64_t>(cell, p); break;
    case SlotOp::uuid: std::memcpy(cell, p, 16); break;
    case SlotOp::string: {
      const StringSlot text{reinterpret_cast<const char*>(p + 4), bytes_between(p + 4, end)};
      std::memcpy(cell, &text, sizeof(text));
      break;
    }
    default: break;
  }
  return end;
}

}  // namespace thrift::binary
