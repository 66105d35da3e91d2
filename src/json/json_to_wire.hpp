#pragma once

// The loop that writes the wire from JSON text, driven by the schema's tables, over the places that
// simdjson's first stage finds. It takes what is plain; where it meets something odd or wrong it
// gives up, and the way through values decides, or says what is wrong.
//
// What it accepts must give the bytes that the way through values gives, and nothing else: when in
// doubt it gives up.

#include <algorithm>
#include <thriftpp/json/transcode.hpp>
#include <thriftpp/schema/enum_type.hpp>
#include <thriftpp/schema/struct_type.hpp>

#include "base/base64.hpp"
#include "base/json_text.hpp"
#include "json/json_pieces.hpp"
#include "json/key_set.hpp"
#include "json/text_out.hpp"
#include "json/wire_out.hpp"
#include "value/hashed.hpp"

namespace thrift {

namespace json_to_wire {

/// Where reading and writing are. `in == nullptr`: it gave up.
struct At {
  JsonPieces::Place in;
  char* out;
};
inline constexpr At gave_up{nullptr, nullptr};

/// Room for a header and a number.
inline constexpr std::size_t value_room = 2 * wire_out::room;

template <class Wire>
class Writer : private JsonPieces {
 public:
  Writer(std::string_view text, TextOut& out, const FromJsonOptions& json,
         const EncodeOptions& encoding)
      : JsonPieces(text),
        out_(out),
        json_(json),
        encoding_(encoding),
        deepest_(std::min(encoding.max_depth, static_cast<std::uint32_t>(max_value_depth))) {
    // Blocks that an arena cannot fill are lost, at most as much again as is used: what half of
    // the budget holds fits for certain.
    const std::size_t budget =
        json.max_memory != 0 ? json.max_memory : std::size_t{64} * 1024 + 32 * text.size();
    constexpr std::size_t blocks = 8192;
    memory_left_ = budget > blocks ? (budget - blocks) / 2 : 0;
    segments_.swap(spare_segments());
  }
  ~Writer() {
    segments_.clear();
    if (segments_.capacity() < 4096) segments_.swap(spare_segments());
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// All of the text, a value of `type`. Where the bytes end, or nullptr where it gave up.
  [[nodiscard]] char* write(const JsonStructure& structure, const Type& type) {
    set_places(structure);
    char* const out = out_.room(out_.start(), value_room);
    if (!take(type.slot().cell_size)) return nullptr;
    const At at = element({structure.places, out}, type.kind(), type.slot(), 0);
    return at.in == last_ ? at.out : nullptr;
  }

 private:
  /// A field that has been written: its header starts `header` bytes behind the output's begin, its
  /// value `value`.
  struct Segment {
    std::uint32_t bit;
    std::size_t header;
    std::size_t value;
  };

  /// Memory that the thread used for the text before: short ones do without allocating then.
  static std::vector<Segment>& spare_segments() {
    thread_local std::vector<Segment> spare;
    return spare;
  }

  [[nodiscard]] bool take(std::size_t size) noexcept {
    if (size + 8 > memory_left_) [[unlikely]]
      return false;
    memory_left_ -= size + 8;
    return true;
  }
  /// The cells of a container, and its indices.
  [[nodiscard]] bool take_container(const SlotLayout& slot, std::size_t count) noexcept {
    const std::size_t indices = slot.op == SlotOp::list ? 0 : most_index_memory(count);
    return take(count * slot.entry_size + indices);
  }

  // --- scalars -----------------------------------------------------------------------------------

  template <class T>
  [[nodiscard]] At put_integer(At at) const noexcept {
    T value{};
    if (!integer(at.in, value)) [[unlikely]]
      return gave_up;
    return {at.in + 1, Wire::integer(at.out, value)};
  }
  [[nodiscard]] At put_int64(At at) const noexcept {
    if (peek(at.in) != '"') [[likely]]
      return put_integer<std::int64_t>(at);
    const Text text = string(at.in);
    std::int64_t value = 0;
    if (text.data == nullptr || !integer_text(text, value)) return gave_up;
    return {at.in + 1, Wire::integer(at.out, value)};
  }
  [[nodiscard]] At put_real(At at) const noexcept {
    double value = 0;
    if (!real(at.in, value)) [[unlikely]]
      return gave_up;
    return {at.in + 1, Wire::number(at.out, value)};
  }
  [[nodiscard]] At put_enum(At at, const EnumType& type) {
    if (peek(at.in) != '"') return put_integer<std::int32_t>(at);
    const Text text = string(at.in);
    if (text.data == nullptr) return gave_up;
    const EnumValue* const value = type.find(std::string_view(text.data, text.size));
    if (value == nullptr) [[unlikely]]
      return gave_up;
    return {at.in + 1, Wire::integer(at.out, value->number())};
  }
  [[nodiscard]] At put_uuid(At at) const {
    const Text text = string(at.in);
    if (text.data == nullptr) return gave_up;
    return {at.in + 1, uuid(at.out, text)};
  }
  [[nodiscard]] static char* uuid(char* o, Text text) {
    const std::optional<Uuid> value = parse_uuid({text.data, text.size});
    if (!value) return nullptr;
    std::memcpy(o, value->data(), value->size());
    return o + value->size();
  }

  /// A string's own bytes. `value_room` is free behind what is returned, or nullptr.
  [[nodiscard]] char* put_text(char* o, Text text) {
    if (text.data == nullptr || text.size > largest_wire_size || !take(text.size)) [[unlikely]]
      return nullptr;
    o = out_.room(o, wire_out::room + text.size + text_slack + value_room);
    char* const body = Wire::size(o, static_cast<std::uint32_t>(text.size));
    const CopiedText copied = copy_unescaped(body, text.data, text.size, end_);
    if (copied.size == text.size) [[likely]]
      return body + text.size;
    text = resolved(text, scratch_);
    if (text.data == nullptr) return nullptr;
    o = Wire::size(o, static_cast<std::uint32_t>(text.size));
    std::memcpy(o, text.data, text.size);
    return o + text.size;
  }
  [[nodiscard]] char* put_base64(char* o, Text text) {
    if (text.data == nullptr || text.size > largest_wire_size || !take(text.size)) [[unlikely]]
      return nullptr;
    o = out_.room(o, wire_out::room + base64_room(text.size) + value_room);
    constexpr std::size_t header = Wire::protocol == ProtocolId::binary ? 4 : 5;
    const char* end = read_base64(o + header, text.data, text.size);
    if (end == nullptr) [[unlikely]] {  // `\/` is a digit too
      text = resolved(text, scratch_);
      if (text.data == nullptr) return nullptr;
      end = read_base64(o + header, text.data, text.size);
      if (end == nullptr) return nullptr;
    }
    const auto size = static_cast<std::size_t>(end - (o + header));
    char* const body = Wire::size(o, static_cast<std::uint32_t>(size));
    if (body != o + header) std::memmove(body, o + header, size);
    return body + size;
  }
  [[nodiscard]] bool is_base64(TypeKind kind) const noexcept {
    return kind == TypeKind::binary && json_.binary == JsonOptions::Binary::base64;
  }
  [[nodiscard]] At put_string(At at, TypeKind kind) {
    if (peek(at.in) == '{') [[unlikely]] {  // {"base64": "..."}
      const Text name = string(at.in + 1);
      if (name.data == nullptr || std::string_view(name.data, name.size) != "base64" ||
          peek(at.in + 2) != ':' || peek(at.in + 4) != '}') {
        return gave_up;
      }
      char* const o = put_base64(at.out, string(at.in + 3));
      return o == nullptr ? gave_up : At{at.in + 5, o};
    }
    const Text text = string(at.in);
    char* const o = is_base64(kind) ? put_base64(at.out, text) : put_text(at.out, text);
    return o == nullptr ? gave_up : At{at.in + 1, o};
  }

  // --- values ------------------------------------------------------------------------------------

  /// Any value but a bool; `value_room` is free. `depth` counts the steps from the root.
  [[gnu::always_inline]] inline At value(At at, TypeKind kind, const SlotLayout& slot,
                                         std::uint32_t depth) {
    switch (kind) {
      case TypeKind::i8: return put_integer<std::int8_t>(at);
      case TypeKind::i16: return put_integer<std::int16_t>(at);
      case TypeKind::i32: return put_integer<std::int32_t>(at);
      case TypeKind::i64: return put_int64(at);
      case TypeKind::double_: return put_real(at);
      case TypeKind::enum_: return put_enum(at, slot.type->as_enum());
      case TypeKind::string:
      case TypeKind::binary: return put_string(at, kind);
      case TypeKind::uuid: {
        at = put_uuid(at);
        return at.out == nullptr ? gave_up : at;
      }
      case TypeKind::struct_:
      case TypeKind::union_:
      case TypeKind::exception: return record(at, *slot.record, depth);
      case TypeKind::list:
      case TypeKind::set: return list(at, slot, depth);
      case TypeKind::map: return map(at, slot, depth);
      default: return gave_up;
    }
  }
  /// A value that is no field; room is made.
  [[nodiscard]] At element(At at, TypeKind kind, const SlotLayout& slot, std::uint32_t depth) {
    at.out = out_.room(at.out, value_room);
    if (kind != TypeKind::bool_) return value(at, kind, slot, depth);
    bool yes = false;
    if (!boolean(at.in, yes)) return gave_up;
    return {at.in + 1, Wire::element_bool(at.out, yes)};
  }

  template <class Put>
  [[gnu::always_inline]] inline At each(At at, std::uint32_t& count, Put put) {
    for (;;) {
      at.out = out_.room(at.out, value_room);
      at = put(at);
      if (at.in == nullptr) [[unlikely]]
        return gave_up;
      ++count;
      const char next = peek(at.in++);
      if (next == ']') return at;
      if (next != ',') [[unlikely]]
        return gave_up;
    }
  }

  /// Whether equal bytes mean equal values and the other way round.
  [[nodiscard]] static bool has_one_form(TypeKind kind) noexcept {
    return kind != TypeKind::double_ && kind < TypeKind::struct_;
  }

  [[gnu::noinline]] At list(At at, const SlotLayout& slot, std::uint32_t depth) {
    if (depth >= deepest_ || peek(at.in) != '[') [[unlikely]]
      return gave_up;
    ++depth;
    const std::ptrdiff_t header = at.out - out_.begin();
    at = {at.in + 1, Wire::list(at.out)};
    const SlotLayout& inner = *slot.element;
    const TypeKind kind = inner.type->kind();
    std::uint32_t count = 0;
    if (peek(at.in) == ']') {
      ++at.in;
    } else if (slot.op == SlotOp::set) {
      at = set_elements(at, count, inner, kind, depth);
    } else {
      switch (kind) {
        case TypeKind::i32:
          at = each(at, count, [&](At i) { return put_integer<std::int32_t>(i); });
          break;
        case TypeKind::i64: at = each(at, count, [&](At i) { return put_int64(i); }); break;
        case TypeKind::double_: at = each(at, count, [&](At i) { return put_real(i); }); break;
        case TypeKind::string:
          at = each(at, count, [&](At i) { return put_string(i, TypeKind::string); });
          break;
        case TypeKind::struct_:
          at = each(at, count, [&](At i) { return record(i, *inner.record, depth); });
          break;
        default: at = each(at, count, [&](At i) { return element(i, kind, inner, depth); });
      }
    }
    if (at.in == nullptr || !take_container(slot, count)) [[unlikely]]
      return gave_up;
    at.out = out_.room(at.out, value_room);
    at.out = Wire::end_list(out_.begin() + header, at.out, inner, count);
    return at;
  }

  [[nodiscard]] At set_elements(At at, std::uint32_t& count, const SlotLayout& inner, TypeKind kind,
                                std::uint32_t depth) {
    KeySet known;
    return each(at, count, [&](At i) {
      const std::ptrdiff_t start = i.out - out_.begin();
      i = element(i, kind, inner, depth);
      if (i.in == nullptr) return gave_up;
      // Of several elements all but the first of equal ones are left out: not here.
      if (!has_one_form(kind)) return count == 0 ? i : gave_up;
      const char* const bytes = out_.begin() + start;
      return known.insert({bytes, static_cast<std::size_t>(i.out - bytes)}) ? gave_up : i;
    });
  }

  /// A member's name as a key.
  [[nodiscard]] At key(At at, TypeKind kind, const SlotLayout& slot) {
    const Text raw = string(at.in);
    if (kind == TypeKind::string || kind == TypeKind::binary) {
      at.out = is_base64(kind) ? put_base64(at.out, raw) : put_text(at.out, raw);
      return at.out == nullptr ? gave_up : At{at.in + 1, at.out};
    }
    const Text text = resolved(raw, scratch_);
    if (text.data == nullptr) return gave_up;
    const std::string_view name(text.data, text.size);
    std::int64_t number = 0;
    ++at.in;
    switch (kind) {
      case TypeKind::bool_:
        if (name != "true" && name != "false") return gave_up;
        return {at.in, Wire::element_bool(at.out, name == "true")};
      case TypeKind::i8: return key_integer<std::int8_t>(at, text);
      case TypeKind::i16: return key_integer<std::int16_t>(at, text);
      case TypeKind::i32: return key_integer<std::int32_t>(at, text);
      case TypeKind::i64: return key_integer<std::int64_t>(at, text);
      case TypeKind::enum_: {
        if (integer_text(text, number)) return key_integer<std::int32_t>(at, text);
        const EnumValue* const value = slot.type->as_enum().find(name);
        if (value == nullptr) return gave_up;
        return {at.in, Wire::integer(at.out, value->number())};
      }
      case TypeKind::uuid: at.out = uuid(at.out, text); return at.out == nullptr ? gave_up : at;
      default: return gave_up;
    }
  }
  template <class T>
  [[nodiscard]] static At key_integer(At at, Text text) noexcept {
    std::int64_t number = 0;
    if (!integer_text(text, number)) return gave_up;
    const auto value = static_cast<T>(number);
    return value == number ? At{at.in, Wire::integer(at.out, value)} : gave_up;
  }

  [[gnu::noinline]] At map(At at, const SlotLayout& slot, std::uint32_t depth) {
    const char open = peek(at.in);
    if (depth >= deepest_ || (open != '{' && open != '[')) [[unlikely]]
      return gave_up;
    ++depth;
    const bool pairs = open == '[';
    const char close = pairs ? ']' : '}';
    const std::ptrdiff_t header = at.out - out_.begin();
    at = {at.in + 1, Wire::map(at.out)};
    const TypeKind key_kind = slot.key->type->kind();
    const TypeKind value_kind = slot.element->type->kind();
    KeySet known;
    std::uint32_t count = 0;
    if (peek(at.in) == close) {
      ++at.in;
    } else {
      for (;;) {
        at.out = out_.room(at.out, value_room);
        const std::ptrdiff_t start = at.out - out_.begin();
        if (pairs) {
          if (peek(at.in++) != '[') return gave_up;
          at = element(at, key_kind, *slot.key, depth);
        } else {
          at = key(at, key_kind, *slot.key);
        }
        if (at.in == nullptr) [[unlikely]]
          return gave_up;
        // Of equal keys the last counts, in the place of the first: not here.
        const char* const bytes = out_.begin() + start;
        if (!has_one_form(key_kind)) {
          if (count != 0) return gave_up;
        } else if (known.insert({bytes, static_cast<std::size_t>(at.out - bytes)})) [[unlikely]] {
          return gave_up;
        }
        if (peek(at.in++) != (pairs ? ',' : ':')) return gave_up;
        at = element(at, value_kind, *slot.element, depth);
        if (at.in == nullptr) [[unlikely]]
          return gave_up;
        if (pairs && peek(at.in++) != ']') return gave_up;
        ++count;
        const char next = peek(at.in++);
        if (next == close) break;
        if (next != ',') return gave_up;
      }
    }
    if (!take_container(slot, count)) return gave_up;
    at.out = out_.room(at.out, value_room);
    at.out = Wire::end_map(out_.begin() + header, at.out, *slot.key, *slot.element, count);
    return at;
  }

  // --- structs -----------------------------------------------------------------------------------

  /// Whether the member's name at `p` is that one, in the form in which we would write it.
  [[nodiscard]] bool is_name(const char* p, const JsonName& name) const noexcept {
    const std::size_t size = name.size - 1;  // without the colon
    const auto left = static_cast<std::size_t>(end_ - p);
    if (left < (size + TextBlock::size - 1) / TextBlock::size * TextBlock::size) [[unlikely]] {
      return left >= size && std::memcmp(p, name.text, size) == 0;
    }
    for (std::size_t done = 0;; done += TextBlock::size) {
      const std::uint32_t same = TextBlock(p + done).equal(TextBlock(name.text + done));
      if (size - done > TextBlock::size) {
        if (same != 0xFFFF) return false;
        continue;
      }
      const std::uint32_t wanted = 0xFFFFU >> (TextBlock::size - (size - done));
      return (same & wanted) == wanted;
    }
  }

  /// The field of the member at `in`, or nullptr. `next`: where it is looked for first, since most
  /// texts have them in order.
  [[nodiscard]] const FieldLayout* find(Place in, const StructLayout& layout, std::uint32_t next) {
    const char* const p = text_ + in[0];
    constexpr std::uint32_t guesses = 16;
    const std::uint32_t stop = std::min<std::uint32_t>(next + guesses, layout.field_count);
    for (std::uint32_t bit = next; bit < stop; ++bit) {
      if (is_name(p, layout.json_names[bit])) return layout.fields + bit;
    }
    const Text text = resolved(string(in), scratch_);
    if (text.data == nullptr) return nullptr;
    const Field* const field = layout.type->find_field(std::string_view(text.data, text.size));
    return field == nullptr ? nullptr : &field->layout();
  }

  static constexpr std::size_t most_words = 8;

  [[gnu::noinline]] At record(At at, const StructLayout& layout, std::uint32_t depth) {
    if (depth >= deepest_ || layout.presence_words > most_words || peek(at.in) != '{')
        [[unlikely]] {
      return gave_up;
    }
    std::uint64_t seen[most_words];     // named, if only as null
    std::uint64_t present[most_words];  // set
    for (std::size_t i = 0; i < layout.presence_words; ++i) seen[i] = present[i] = 0;
    const std::size_t first_segment = segments_.size();
    const std::ptrdiff_t start = at.out - out_.begin();
    std::uint32_t next = 0;
    std::int16_t before = 0;
    bool in_order = true;

    ++at.in;
    if (peek(at.in) == '}') {
      ++at.in;
    } else {
      for (;;) {
        if (peek(at.in) != '"') [[unlikely]]
          return gave_up;
        const FieldLayout* const field = find(at.in, layout, next);
        if (peek(at.in + 1) != ':') [[unlikely]]
          return gave_up;
        if (field == nullptr) [[unlikely]] {
          if (!json_.skip_unknown_fields || !is_string(at.in)) return gave_up;
          at.in = skip(at.in + 2, 2 * std::size_t{depth} + 1);
        } else {
          const std::uint64_t mask = std::uint64_t{1} << field->bit % 64;
          std::uint64_t& named = seen[field->bit / 64];
          if ((named & mask) != 0) [[unlikely]]
            return gave_up;
          named |= mask;
          at.in += 2;
          if (peek(at.in) == 'n') [[unlikely]] {
            at.in = literal(at.in, "null") ? at.in + 1 : nullptr;
          } else {
            present[field->bit / 64] |= mask;
            in_order = in_order && field->bit >= next;
            next = field->bit + 1U;
            at = member(at, layout, *field, before, depth + 1);
            before = field->id;
          }
        }
        if (at.in == nullptr) [[unlikely]]
          return gave_up;
        const char separator = peek(at.in++);
        if (separator == '}') break;
        if (separator != ',') [[unlikely]]
          return gave_up;
      }
    }
    if (layout.is_union) {
      if (segments_.size() != first_segment + 1) return gave_up;
    } else if (!complete(at, layout, present, in_order)) [[unlikely]] {
      return gave_up;
    }
    if (!in_order) [[unlikely]]
      at.out = arrange(at.out, layout, first_segment, start);
    segments_.resize(first_segment);
    at.out = out_.room(at.out, value_room);
    *at.out++ = '\0';
    return at;
  }

  [[nodiscard]] At member(At at, const StructLayout& layout, const FieldLayout& field,
                          std::int16_t before, std::uint32_t depth) {
    at.out = out_.room(at.out, value_room);
    Segment segment{field.bit, static_cast<std::size_t>(at.out - out_.begin()), 0};
    if (field.op == SlotOp::bool_) {
      bool yes = false;
      if (!boolean(at.in, yes)) return gave_up;
      at = {at.in + 1, Wire::field_bool(at.out, field, before, yes)};
      segment.value = static_cast<std::size_t>(at.out - out_.begin());
      if constexpr (Wire::protocol == ProtocolId::binary) --segment.value;
      segments_.push_back(segment);
      return at;
    }
    if (field.op == SlotOp::record && !take(field.slot->record->size)) return gave_up;
    at.out = Wire::field(at.out, field, before);
    segment.value = static_cast<std::size_t>(at.out - out_.begin());
    segments_.push_back(segment);
    return value(at, layout.json_names[field.bit].kind, *field.slot, depth);
  }

  /// Adds the fields that are written though nobody named them; false where a required one is
  /// missing.
  [[nodiscard]] bool complete(At& at, const StructLayout& layout, const std::uint64_t* present,
                              bool& in_order) {
    const bool defaults = json_.set_defaults || encoding_.write_unset_defaults;
    bool lacking = defaults;
    for (std::size_t i = 0; i < layout.presence_words; ++i) {
      lacking = lacking || (layout.required[i] & ~present[i]) != 0;
    }
    if (!lacking) [[likely]]
      return true;
    for (std::uint32_t bit = 0; bit < layout.field_count; ++bit) {
      if ((present[bit / 64] >> bit % 64 & 1) != 0) continue;
      const FieldLayout& layout_of = layout.fields[bit];
      const Field& field = layout.type->fields()[layout_of.index];
      if (field.is_required() && !field.has_default()) return false;
      const bool wanted =
          field.is_required() || (defaults && field.requiredness() == Requiredness::default_);
      if (!wanted || !field.has_default()) continue;
      // A struct or a container has requirements of its own; a value would copy a string.
      if (field.type().is_struct() || field.type().is_container()) return false;
      const ValueView value(field.type(), static_cast<const std::byte*>(field.default_slot()));
      if (layout_of.op == SlotOp::string && !take(value.size())) return false;
      at.out = put_default(at.out, layout_of, value);
      in_order = false;
    }
    return true;
  }
  [[nodiscard]] char* put_default(char* o, const FieldLayout& field, ValueView value) {
    o = out_.room(o, value_room);
    Segment segment{field.bit, static_cast<std::size_t>(o - out_.begin()), 0};
    if (field.op == SlotOp::bool_) {
      o = Wire::field_bool(o, field, 0, value.as<bool>());
      segment.value = static_cast<std::size_t>(o - out_.begin());
      if constexpr (Wire::protocol == ProtocolId::binary) --segment.value;
    } else {
      o = Wire::field(o, field, 0);
      segment.value = static_cast<std::size_t>(o - out_.begin());
      other_.clear();
      encode(Wire::protocol, value, other_);
      o = out_.room(o, other_.size() + value_room);
      std::memcpy(o, other_.data(), other_.size());
      o += other_.size();
    }
    segments_.push_back(segment);
    return o;
  }

  /// Puts the fields of a record in order, which were written as they came; where they end.
  [[nodiscard]] char* arrange(char* o, const StructLayout& layout, std::size_t first_segment,
                              std::ptrdiff_t start) {
    struct Piece {
      Segment segment;
      std::size_t end;
    };
    std::vector<Piece> pieces;
    for (std::size_t i = first_segment; i < segments_.size(); ++i) {
      const auto all = static_cast<std::size_t>(o - out_.begin());
      pieces.push_back({segments_[i], i + 1 < segments_.size() ? segments_[i + 1].header : all});
    }
    std::sort(pieces.begin(), pieces.end(),
              [](const Piece& a, const Piece& b) { return a.segment.bit < b.segment.bit; });
    const auto base = static_cast<std::size_t>(start);
    const char* const old = out_.begin() + start;
    const std::string copy(old, static_cast<std::size_t>(o - old));
    // Headers may grow.
    (void)out_.room(o, pieces.size() * wire_out::room + value_room);
    o = out_.begin() + start;
    std::int16_t before = 0;
    for (const Piece& piece : pieces) {
      const FieldLayout& field = layout.fields[piece.segment.bit];
      o = Wire::move_field(o, field, before, copy.data() + (piece.segment.header - base));
      const std::size_t size = piece.end - piece.segment.value;
      std::memcpy(o, copy.data() + (piece.segment.value - base), size);
      o += size;
      before = field.id;
    }
    return o;
  }

  TextOut& out_;
  const FromJsonOptions& json_;
  const EncodeOptions& encoding_;
  const std::uint32_t deepest_;
  std::size_t memory_left_;
  std::vector<Segment> segments_;
  Buffer other_;
};

}  // namespace json_to_wire
}  // namespace thrift
