// The loop that reads Apache's JSON into records, driven by the schema's tables. Strings without
// escapes view the input; others, and what base64 stands for, get memory of their own.

#include "base/base64.hpp"
#include "protocol/tjson_text.hpp"
#include "protocol/unknown_fields.hpp"

namespace thrift::tjson {
namespace {

Place decode_record(DecodeState& state, Place p, std::byte* record, const StructLayout& layout,
                    std::uint32_t depth);
Place decode_list(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
                  std::uint32_t depth);
Place decode_map(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
                 std::uint32_t depth);

template <class T>
inline void store(std::byte* cell, const T& value) noexcept {
  std::memcpy(cell, &value, sizeof(value));
}

inline void store_text(std::byte* cell, Place begin, std::size_t size) noexcept {
  store(cell, StringSlot{reinterpret_cast<const char*>(begin), size});
}

// --- values of one cell --------------------------------------------------------------------------
//
// Where a value is left out its cell is not touched: the one that came before it stays there, which
// may be another member of a union.

/// An integer that does not fit into a T, or is none.
template <class T>
[[gnu::noinline]] Place decode_odd_integer(DecodeState& state, Place p, Place end,
                                           std::byte* cell) {
  std::int64_t value = 0;
  bool beyond = false;
  const Place behind = read_wide_integer(state, p, end, value, beyond);
  if (behind == nullptr) return nullptr;
  if ((beyond || value != static_cast<T>(value)) &&
      state.strictness().varint_overflow != Reaction::keep) {
    if (state.strictness().varint_overflow == Reaction::error) {
      return state.varint_overflow(skip_space(p, end), 8 * sizeof(T));
    }
    state.leave_out();
    return behind;
  }
  store(cell, nearest<T>(value));
  return behind;
}

template <class T>
inline Place decode_integer(DecodeState& state, Place p, Place end, std::byte* cell) {
  std::int64_t value = 0;
  const Place behind = read_integer<true>(state, p, end, value);
  if (behind == nullptr || value != static_cast<T>(value)) [[unlikely]]
    return decode_odd_integer<T>(state, p, end, cell);
  store(cell, static_cast<T>(value));
  return behind;
}

[[gnu::noinline]] Place decode_checked_enum(DecodeState& state, Place p, Place end, std::byte* cell,
                                            const SlotLayout& slot) {
  std::int32_t number = 0;
  const Place behind =
      decode_integer<std::int32_t>(state, p, end, reinterpret_cast<std::byte*>(&number));
  if (behind == nullptr || state.is_left_out()) return behind;
  if (state.knows_enum(*slot.type, number)) {
    store(cell, number);
  } else if (state.strictness().unknown_enum == Reaction::error) {
    return state.unknown_enum(skip_space(p, end), *slot.type, number);
  } else {
    state.leave_out();
  }
  return behind;
}

inline Place decode_i32(DecodeState& state, Place p, Place end, std::byte* cell,
                        const SlotLayout& slot) {
  if (state.strictness().unknown_enum != Reaction::keep && slot.type->is_enum()) [[unlikely]]
    return decode_checked_enum(state, p, end, cell, slot);
  return decode_integer<std::int32_t>(state, p, end, cell);
}

inline Place decode_bool(DecodeState& state, Place p, Place end, std::byte* cell) {
  bool value = false;
  p = read_bool(state, p, end, value);
  if (p != nullptr) [[likely]]
    *cell = std::byte{value};
  return p;
}

inline Place decode_double(DecodeState& state, Place p, Place end, std::byte* cell) {
  double value = 0;
  bool beyond = false;
  p = read_double(state, p, end, value, &beyond);
  if (p == nullptr) [[unlikely]]
    return nullptr;
  if (beyond && state.strictness().varint_overflow == Reaction::skip) [[unlikely]] {
    state.leave_out();
    return p;
  }
  store(cell, value);
  return p;
}

[[gnu::noinline]] Place decode_escaped(DecodeState& state, const Text& text, std::byte* cell) {
  std::byte* const memory = state.allocate(text.size);
  if (memory == nullptr) return state.out_of_memory(text.begin);
  unescape(text, memory);
  store_text(cell, memory, text.size);
  return text.end;
}

[[gnu::noinline]] Place decode_binary(DecodeState& state, const Text& text, std::byte* cell) {
  // With escapes (`\/`) the text itself has to be made first; its memory then holds the bytes too.
  const std::size_t room = text.has_escapes() ? text.size : base64_room(text.size);
  if (text.size / 4 * 3 > std::size_t{state.max_string()} + 3) {
    return state.bad_string_size(text.begin, text.size / 4 * 3, text.begin);
  }
  std::byte* const memory = state.allocate(room);
  if (memory == nullptr) return state.out_of_memory(text.begin);
  if (text.has_escapes()) unescape(text, memory);
  auto* const bytes = reinterpret_cast<char*>(memory);
  const char* const end =
      read_base64(bytes, text.has_escapes() ? bytes : reinterpret_cast<const char*>(text.begin),
                  text.size, SpareBits::ignore);
  if (end == nullptr) {
    return state.fail(ProtocolErrorKind::invalid_data, text.begin, "this is not base64");
  }
  const auto size = static_cast<std::size_t>(end - bytes);
  if (size > state.max_string()) return state.bad_string_size(text.begin, size, text.begin);
  store_text(cell, memory, size);
  return text.end;
}

/// Text whose size is allowed; nullptr past the budget.
inline Place store_unescaped(DecodeState& state, const Text& text, std::byte* cell) {
  if (text.has_escapes()) [[unlikely]]
    return decode_escaped(state, text, cell);
  store_text(cell, text.begin, text.size);
  return text.end;
}

[[gnu::noinline]] Place decode_checked_text(DecodeState& state, const Text& text, Place behind,
                                            std::byte* cell) {
  StringSlot slot;
  if (store_unescaped(state, text, reinterpret_cast<std::byte*>(&slot)) == nullptr) return nullptr;
  if (state.is_text(slot)) {
    store(cell, slot);
  } else if (state.strictness().invalid_utf8 == Reaction::error) {
    return state.invalid_utf8(text.begin, slot);
  } else {
    state.leave_out();
  }
  return behind;
}

inline Place decode_string(DecodeState& state, Place p, Place end, std::byte* cell,
                           const SlotLayout& slot) {
  Text text;
  const Place behind = read_text(state, p, end, text);
  if (behind == nullptr) [[unlikely]]
    return nullptr;
  if (slot.type->kind() == TypeKind::binary) {
    return decode_binary(state, text, cell) == nullptr ? nullptr : behind;
  }
  if (text.size > state.max_string()) [[unlikely]]
    return state.bad_string_size(text.begin, text.size, text.begin);
  if (state.strictness().invalid_utf8 != Reaction::keep) [[unlikely]]
    return decode_checked_text(state, text, behind, cell);
  return store_unescaped(state, text, cell) == nullptr ? nullptr : behind;
}

/// A nested struct in a record: the cell is a pointer to it.
inline Place decode_child(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
                          std::uint32_t depth) {
  std::byte* const child = state.allocate(slot.record->size);
  if (child == nullptr) [[unlikely]]
    return state.out_of_memory(p);
  p = decode_record(state, p, child, *slot.record, depth);
  if (!state.is_left_out()) [[likely]]
    store(cell, child);
  return p;
}

/// One value into its cell. `in_record`: a nested struct lies apart, behind a pointer.
template <bool in_record>
[[gnu::always_inline]] inline Place decode_cell(DecodeState& state, Place p, Place end,
                                                std::byte* cell, SlotOp op, const SlotLayout& slot,
                                                std::uint32_t depth) {
  switch (op) {
    case SlotOp::bool_: return decode_bool(state, p, end, cell);
    case SlotOp::i8: return decode_integer<std::int8_t>(state, p, end, cell);
    case SlotOp::i16: return decode_integer<std::int16_t>(state, p, end, cell);
    case SlotOp::i32: return decode_i32(state, p, end, cell, slot);
    case SlotOp::i64: return decode_integer<std::int64_t>(state, p, end, cell);
    case SlotOp::double_: return decode_double(state, p, end, cell);
    case SlotOp::string: return decode_string(state, p, end, cell, slot);
    case SlotOp::uuid: return read_uuid(state, p, end, cell);
    case SlotOp::record:
      if constexpr (in_record) {
        return decode_child(state, p, cell, slot, depth);
      } else {
        return decode_record(state, p, cell, *slot.record, depth);
      }
    case SlotOp::list:
    case SlotOp::set: return decode_list(state, p, cell, slot, depth);
    case SlotOp::map: return decode_map(state, p, cell, slot, depth);
    case SlotOp::void_: break;
  }
  return p;
}

// --- records -------------------------------------------------------------------------------------

/// Which fields of a record have come. The first word is gathered here and stored at the end; wider
/// records, which are rare, have all of theirs in memory.
class Presence {
 public:
  Presence(std::byte* record, const StructLayout& layout) noexcept
      : record_(record), layout_(layout), wide_(layout.presence_words > 1) {
    if (wide_) [[unlikely]]
      clear_presence(record, layout);
  }
  [[nodiscard]] bool has(unsigned bit) const noexcept {
    return wide_ ? test_bit(record_, bit) : (first_ >> bit & 1) != 0;
  }
  /// Of a union a further member replaces the one before.
  void add(unsigned bit) noexcept {
    if (wide_) [[unlikely]] {
      if (layout_.is_union) clear_presence(record_, layout_);
      set_bit(record_, bit);
    } else {
      first_ = (layout_.is_union ? 0 : first_) | std::uint64_t{1} << bit;
    }
  }
  void store_bits() const noexcept {
    if (!wide_) [[likely]]
      store(record_, first_);
  }
  /// After store_bits.
  [[nodiscard]] bool has_all_required() const noexcept {
    if (!wide_) [[likely]]
      return (layout_.required[0] & ~first_) == 0;
    for (std::size_t w = 0; w < layout_.presence_words; ++w) {
      std::uint64_t word;
      std::memcpy(&word, record_ + w * 8, sizeof(word));
      if ((layout_.required[w] & ~word) != 0) return false;
    }
    return true;
  }

 private:
  std::byte* record_;
  const StructLayout& layout_;
  std::uint64_t first_ = 0;
  bool wide_;
};

/// A field whose value, at `p`, is passed over.
[[gnu::noinline]] Place pass_over(DecodeState& state, Place p, WireType type, std::uint32_t depth,
                                  bool& more) {
  p = skip(state, p, type, depth);
  return p == nullptr ? nullptr : read_field_end(state, p, state.end(), more);
}

/// A field that the schema does not have, or (`known`) has with another type. `start`: where the
/// field starts; `p`: its value.
[[gnu::noinline]] Place decode_unknown(DecodeState& state, Place start, Place p, std::byte* record,
                                       const StructLayout& layout, const FieldLayout* known,
                                       std::int32_t id, WireType type, bool& has_unknown,
                                       std::uint32_t depth, bool& more) {
  bool keep = state.keeps_unknown_fields();
  if (known != nullptr) {
    const Reaction reaction = state.strictness().field_type;
    if (reaction == Reaction::error) return state.wrong_field_type(start, layout, *known, type);
    keep |= reaction == Reaction::keep;
  }
  const Place value = skip_space(p, state.end());
  p = skip(state, value, type, depth);
  if (p == nullptr) return nullptr;
  if (keep) {
    const UnknownField field{.next = nullptr,
                             .value = value,
                             .size = static_cast<std::uint32_t>(left(value, p)),
                             .id = static_cast<std::int16_t>(id),
                             .type = static_cast<std::uint8_t>(type),
                             .protocol = static_cast<std::uint8_t>(ProtocolId::json)};
    if (left(value, p) > UINT32_MAX ||
        !keep_unknown_field(state, record, layout, !has_unknown, field)) {
      return state.out_of_memory(start);
    }
    has_unknown = true;
  }
  return read_field_end(state, p, state.end(), more);
}

Place decode_record(DecodeState& state, Place p, std::byte* record, const StructLayout& layout,
                    std::uint32_t depth) {
  if (depth == 0) [[unlikely]]
    return state.too_deep(p);
  const Place end = state.end();
  bool has_unknown = false;
  Presence present(record, layout);
  std::size_t members = 0;  // of a union: those that came, but for the one before once more

  const Place begin = p;
  bool more = false;
  p = read_open(state, p, end, more);
  if (p == nullptr) [[unlikely]]
    return nullptr;
  while (more) {
    const Place start = p;
    std::int32_t id = 0;
    p = read_field_id(state, p, end, id);
    if (p == nullptr) [[unlikely]]
      return nullptr;
    const FieldLayout* const field = layout.find(id);
    const std::size_t tag = field == nullptr ? 0 : match_tag(p, end, field->wire);
    WireType type = WireType::stop;
    if (tag != 0) [[likely]] {
      type = field->wire;
      p += tag;
    } else {
      p = read_tag(state, p, end, type);
      if (p == nullptr) return nullptr;
    }
    if (field == nullptr || type != field->wire) [[unlikely]] {
      p = decode_unknown(state, start, p, record, layout, field, id, type, has_unknown, depth - 1,
                         more);
      if (p == nullptr) return nullptr;
      continue;
    }
    if (present.has(field->bit) && state.strictness().duplicate_field != Reaction::keep)
        [[unlikely]] {
      if (state.strictness().duplicate_field == Reaction::error) {
        return state.duplicate_field(start, layout, *field);
      }
      p = pass_over(state, p, type, depth - 1, more);
      if (p == nullptr) return nullptr;
      continue;
    }
    p = decode_cell<true>(state, p, end, record + field->offset, field->op, *field->slot,
                          depth - 1);
    if (p != nullptr) [[likely]]
      p = read_field_end(state, p, end, more);
    if (p == nullptr) [[unlikely]]
      return state.in_field(layout, *field);
    if (state.take_left_out()) [[unlikely]]
      continue;
    if (layout.is_union && !present.has(field->bit)) ++members;
    present.add(field->bit);
  }

  present.store_bits();
  if (has_unknown) [[unlikely]] {
    end_unknown_fields(record, layout);
    set_bit(record, layout.unknown_bit);
  }
  if (!present.has_all_required() && state.strictness().missing_required == Reaction::error)
      [[unlikely]] {
    return state.missing_field(p - 1, layout, record);
  }
  if (layout.is_union && members != 1 && state.strictness().union_members != Reaction::keep)
      [[unlikely]] {
    if (state.strictness().union_members == Reaction::error) {
      return state.odd_union(begin, layout, members > 1);
    }
    state.leave_out();
  }
  return p;
}

// --- containers ----------------------------------------------------------------------------------

/// Allocates the cells of a container of `size` and points its slot at them; nullptr past the
/// budget.
inline std::byte* new_cells(DecodeState& state, std::byte* cell, const SlotLayout& slot,
                            std::uint32_t size) {
  std::byte* const data = state.allocate(std::size_t{size} * slot.entry_size);
  store(cell, ListSlot{data, size, size});
  return data;
}

/// An empty container, without an index.
inline void clear_container(std::byte* cell, const SlotLayout& slot) noexcept {
  std::memset(cell, 0, slot.op == SlotOp::list ? sizeof(ListSlot) : sizeof(HashedSlot));
}

/// The size of a container of whose elements some have been left out.
[[gnu::noinline]] void set_size(std::byte* cell, std::uint32_t size) noexcept {
  ListSlot list;
  std::memcpy(&list, cell, sizeof(list));
  list.size = size;
  store(cell, list);
}

/// A container, at `p`, whose header names other types than the schema: left out, or an error.
[[gnu::noinline]] Place odd_container(DecodeState& state, Place p, const SlotLayout& slot,
                                      const ContainerHeader& header, std::uint32_t depth) {
  if (state.strictness().element_type == Reaction::error) {
    return state.wrong_element_type(header.types, slot, header.key, header.element);
  }
  state.leave_out();
  return skip(state, p, slot.wire, depth);
}

Place decode_list(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
                  std::uint32_t depth) {
  if (depth == 0) [[unlikely]]
    return state.too_deep(p);
  const Place end = state.end();
  const Place start = p;
  const SlotLayout& element = *slot.element;
  ContainerHeader header;
  p = read_list_header(state, p, end, header);
  if (p == nullptr) [[unlikely]]
    return nullptr;
  if (header.size != 0 && header.element != element.wire &&
      state.strictness().element_type != Reaction::keep) [[unlikely]] {
    return odd_container(state, start, slot, header, depth);
  }
  clear_container(cell, slot);
  if (header.size == 0) return read_mark(state, p, end, ']');  // whatever type it claims
  std::byte* data = new_cells(state, cell, slot, header.size);
  if (data == nullptr) [[unlikely]]
    return state.out_of_memory(p);
  const auto elements = [&](auto&& decode_one) -> Place {
    std::uint32_t left_out = 0;
    for (std::uint32_t i = 0; i < header.size; ++i) {
      p = read_mark(state, p, end, ',');
      if (p == nullptr) [[unlikely]]
        return nullptr;
      p = decode_one();
      if (p == nullptr) [[unlikely]]
        return state.in_element(i);
      if (state.take_left_out()) [[unlikely]] {
        ++left_out;
      } else {
        data += element.cell_size;
      }
    }
    if (left_out != 0) [[unlikely]]
      set_size(cell, header.size - left_out);
    return read_mark(state, p, end, ']');
  };
  switch (element.op) {
    case SlotOp::i32: return elements([&] { return decode_i32(state, p, end, data, element); });
    case SlotOp::i64:
      return elements([&] { return decode_integer<std::int64_t>(state, p, end, data); });
    case SlotOp::double_: return elements([&] { return decode_double(state, p, end, data); });
    case SlotOp::string:
      return elements([&] { return decode_string(state, p, end, data, element); });
    case SlotOp::record:
      return elements([&] { return decode_record(state, p, data, *element.record, depth - 1); });
    default:
      return elements(
          [&] { return decode_cell<false>(state, p, end, data, element.op, element, depth - 1); });
  }
}

Place decode_map(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
                 std::uint32_t depth) {
  if (depth == 0) [[unlikely]]
    return state.too_deep(p);
  const Place end = state.end();
  const Place start = p;
  ContainerHeader header;
  p = read_map_header(state, p, end, header);
  if (p == nullptr) [[unlikely]]
    return nullptr;
  const SlotLayout& key = *slot.key;
  const SlotLayout& value = *slot.element;
  if (header.size != 0 && (header.key != key.wire || header.element != value.wire) &&
      state.strictness().element_type != Reaction::keep) [[unlikely]] {
    return odd_container(state, start, slot, header, depth);
  }
  clear_container(cell, slot);
  if (header.size == 0) return read_map_end(state, p, end);
  std::byte* entry = new_cells(state, cell, slot, header.size);
  if (entry == nullptr) [[unlikely]]
    return state.out_of_memory(p);
  std::uint32_t left_out = 0;
  for (std::uint32_t i = 0; i < header.size; ++i) {
    if (i != 0) p = read_mark(state, p, end, ',');
    if (p == nullptr) [[unlikely]]
      return nullptr;
    p = decode_cell<false>(state, p, end, entry, key.op, key, depth - 1);
    if (p == nullptr) [[unlikely]]
      return nullptr;
    bool leaves_out = state.take_left_out();
    p = read_mark(state, p, end, ':');
    if (p != nullptr) [[likely]] {
      p = decode_cell<false>(state, p, end, entry + slot.value_offset, value.op, value, depth - 1);
    }
    if (p == nullptr) [[unlikely]]
      return leaves_out ? nullptr : state.in_entry(key, entry);
    leaves_out |= state.take_left_out();
    if (leaves_out) [[unlikely]] {
      ++left_out;
    } else {
      entry += slot.entry_size;
    }
  }
  if (left_out != 0) [[unlikely]]
    set_size(cell, header.size - left_out);
  return read_map_end(state, p, end);
}

}  // namespace

Place decode(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
             std::uint32_t depth) {
  const Place end = decode_cell<false>(state, p, state.end(), cell, slot.op, slot, depth);
  if (end != nullptr && state.take_left_out()) [[unlikely]]
    return state.odd_root(p, *slot.type);
  return end;
}

}  // namespace thrift::tjson
