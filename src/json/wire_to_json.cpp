// The loop that prints the wire's bytes as JSON, driven by the schema's tables. It prints what is
// plain; where it meets something odd or wrong it gives up, and the way through values decides.
//
// Each value leaves a comma behind itself, which the end of its object or array replaces.

#include <algorithm>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/json/transcode.hpp>
#include <thriftpp/schema/enum_type.hpp>
#include <thriftpp/schema/struct_type.hpp>

#include "base/base64.hpp"
#include "base/json_text.hpp"
#include "json/text_out.hpp"
#include "json/wire_in.hpp"
#include "protocol/codec.hpp"

namespace thrift {
namespace {

using wire_in::left;
using wire_in::Place;

/// Where reading and writing are. `in == nullptr`: it gave up.
struct At {
  Place in;
  char* out;
};
constexpr At gave_up{nullptr, nullptr};

/// Room for a number, quotes, a comma, and a bracket.
constexpr std::size_t value_room = number_room + 24;

[[nodiscard]] inline char* put(char* o, std::string_view text) noexcept {
  std::memcpy(o, text.data(), text.size());
  return o + text.size();
}

/// A name of the schema, which may be read and is written by whole blocks.
[[nodiscard]] inline char* put_blocks(char* o, const char* text, std::size_t size) noexcept {
  std::size_t done = 0;
  do {
    TextBlock(text + done).store(o + done);
    done += TextBlock::size;
  } while (done < size);
  return o + size;
}

/// Whether all that is printed of a value, with the defaults of what is not set in it, takes no
/// more levels than that.
[[nodiscard]] bool fits(ValueView value, std::uint32_t levels) {
  const Type& type = value.type();
  if (!type.is_struct() && !type.is_container()) return true;
  if (levels-- == 0) return false;
  if (type.is_struct()) {
    return std::ranges::all_of(type.as_struct().fields(), [&](const Field& field) {
      const bool printed = value.has(field) || (field.has_default() && !type.is_union());
      return !printed || fits(value[field], levels);
    });
  }
  if (type.kind() != TypeKind::map) {
    for (const ValueView element : value.as_list()) {
      if (!fits(element, levels)) return false;
    }
    return true;
  }
  for (const auto [key, mapped] : value.as_map()) {
    if (!fits(key, levels) || !fits(mapped, levels)) return false;
  }
  return true;
}

template <class Wire>
class Printer {
 public:
  Printer(std::span<const std::byte> input, TextOut& out, const JsonOptions& json,
          const DecodeOptions& decoding)
      : end_(input.data() + input.size()),
        out_(out),
        json_(json),
        decoding_(decoding),
        memory_left_(memory_limit(input.size(), decoding)),
        skipping_(input, decoding) {}

  /// All of the input, a value of `type`. Where the text ends, or nullptr where it gave up.
  [[nodiscard]] char* print(std::span<const std::byte> input, const Type& type) {
    constexpr auto deepest = static_cast<std::uint32_t>(max_value_depth);
    if (!decoding_.alias_input && !take(input.size())) return nullptr;
    if (!take(type.slot().cell_size)) return nullptr;
    char* const out = out_.room(out_.start(), value_room);
    const At at = element({input.data(), out}, type.kind(), type.slot(),
                          std::min(decoding_.max_depth, deepest));
    if (at.in == nullptr) return nullptr;
    if (at.in != end_ && decoding_.strictness.trailing_bytes == Reaction::error) return nullptr;
    return at.out - 1;  // without the comma
  }

 private:
  /// What decoding may take from the arena is counted here too, so that both ways agree. Blocks of
  /// an arena that cannot be filled are lost, at most as much again as is used: what takes half of
  /// the budget would have fitted for certain, and beyond it the way through values decides.
  static std::size_t memory_limit(std::size_t input, const DecodeOptions& decoding) {
    std::size_t budget = decoding.max_memory;
    if (budget == 0) budget = std::size_t{64} * 1024 + 64 * input;
    constexpr std::size_t blocks = 4096;
    return budget > blocks ? (budget - blocks) / 2 : 0;
  }
  [[nodiscard]] bool take(std::size_t size) noexcept {
    size += 8;
    if (size > memory_left_) [[unlikely]]
      return false;
    memory_left_ -= size;
    return true;
  }

  [[nodiscard]] static At number(At at, std::int64_t value) noexcept {
    char* const end = write_integer(at.out, value);
    *end = ',';
    return {at.in, end + 1};
  }

  template <class T>
  [[nodiscard]] At integer(At at) const noexcept {
    T value{};
    at.in = Wire::integer(at.in, end_, value);
    if (at.in == nullptr) [[unlikely]]
      return gave_up;
    return number(at, value);
  }

  [[nodiscard]] At int64(At at) const noexcept {
    if (json_.int64 == JsonOptions::Int64::number) [[likely]]
      return integer<std::int64_t>(at);
    *at.out++ = '"';
    at = integer<std::int64_t>(at);
    if (at.in == nullptr) [[unlikely]]
      return gave_up;
    at.out[-1] = '"';
    *at.out++ = ',';
    return at;
  }

  [[nodiscard]] At real(At at) const noexcept {
    double value = 0;
    at.in = Wire::number(at.in, end_, value);
    if (at.in == nullptr) [[unlikely]]
      return gave_up;
    char* const end = write_json_number(at.out, value);
    *end = ',';
    return {at.in, end + 1};
  }

  [[nodiscard]] static At boolean(At at, bool value) noexcept {
    if (at.in == nullptr) [[unlikely]]
      return gave_up;
    return {at.in, put(at.out, value ? "true," : "false,")};
  }

  /// In quotes where `as_key`, whatever it is.
  [[nodiscard]] At enumerator(At at, const Type& type, bool as_key) {
    std::int32_t value = 0;
    at.in = Wire::integer(at.in, end_, value);
    if (at.in == nullptr) [[unlikely]]
      return gave_up;
    const EnumValue* const named = type.as_enum().find(value);
    if (named == nullptr && decoding_.strictness.unknown_enum != Reaction::keep) return gave_up;
    if (named == nullptr || json_.enums == JsonOptions::Enums::number) [[unlikely]] {
      if (as_key) *at.out++ = '"';
      at = number(at, value);
      if (as_key) at.out = put(at.out - 1, "\",");
      return at;
    }
    const std::string_view name = named->json_name();
    at.out = put_blocks(out_.room(at.out, name.size() + TextBlock::size + value_room), name.data(),
                        name.size());
    *at.out++ = ',';
    return at;
  }

  [[nodiscard]] Place string_size(Place p, std::uint32_t& size) const noexcept {
    p = Wire::size(p, end_, size);
    if (p == nullptr || size > left(p, end_) || size > decoding_.max_string ||
        size > largest_wire_size) [[unlikely]] {
      return nullptr;
    }
    return p;
  }

  [[nodiscard]] char* base64(char* o, Place p, std::size_t size) {
    o = out_.room(o, base64_size(size) + value_room);
    *o++ = '"';
    o = write_base64(o, reinterpret_cast<const char*>(p), size);
    return put(o, "\",");
  }

  /// A string with something to escape: `done` bytes stand in the output already.
  [[gnu::noinline]] char* escape(char* o, std::string_view text, std::size_t done) {
    constexpr std::size_t step = 512;
    while (done != text.size()) {
      const std::string_view part = text.substr(done, step);
      o = out_.room(o, part.size() * longest_escape + value_room);
      o = write_escaped(o, part.data(), part.size());
      done += part.size();
    }
    return o;
  }

  /// Text, or {"base64": "..."} where it is not UTF-8: then nothing where `as_key`.
  [[nodiscard]] At text(At at, bool check, bool as_key) {
    std::uint32_t size = 0;
    const Place p = string_size(at.in, size);
    if (p == nullptr) [[unlikely]]
      return gave_up;
    const auto* const bytes = reinterpret_cast<const char*>(p);
    char* o = out_.room(at.out, size + text_slack + value_room);
    *o++ = '"';
    const CopiedText copied = copy_unescaped(o, bytes, size, reinterpret_cast<const char*>(end_));
    if (copied.high != 0 || copied.size != size) [[unlikely]] {
      if (!is_utf8({bytes, size})) {
        if (as_key || (check && decoding_.strictness.invalid_utf8 != Reaction::keep)) {
          return gave_up;
        }
        o = base64(put(o - 1, "{\"base64\":"), p, size);
        return {p + size, put(o - 1, "},")};
      }
      o = escape(o + copied.size, {bytes, size}, copied.size);
      return {p + size, put(o, "\",")};
    }
    return {p + size, put(o + size, "\",")};
  }

  [[nodiscard]] At binary(At at, bool as_key) {
    if (json_.binary == JsonOptions::Binary::text) return text(at, false, as_key);
    std::uint32_t size = 0;
    const Place p = string_size(at.in, size);
    if (p == nullptr) [[unlikely]]
      return gave_up;
    return {p + size, base64(at.out, p, size)};
  }

  [[nodiscard]] At uuid(At at) const noexcept {
    if (left(at.in, end_) < sizeof(Uuid)) [[unlikely]]
      return gave_up;
    constexpr std::string_view hex = "0123456789abcdef";
    char* o = at.out;
    *o++ = '"';
    for (std::size_t i = 0; i < sizeof(Uuid); ++i) {
      if (i == 4 || i == 6 || i == 8 || i == 10) *o++ = '-';
      const auto byte = static_cast<std::uint8_t>(at.in[i]);
      *o++ = hex[byte >> 4];
      *o++ = hex[byte & 15];
    }
    return {at.in + sizeof(Uuid), put(o, "\",")};
  }

  /// Any value but a bool; `value_room` is free.
  [[gnu::always_inline]] inline At value(At at, TypeKind kind, const SlotLayout& slot,
                                         std::uint32_t depth) {
    switch (kind) {
      case TypeKind::i8: return integer<std::int8_t>(at);
      case TypeKind::i16: return integer<std::int16_t>(at);
      case TypeKind::i32: return integer<std::int32_t>(at);
      case TypeKind::i64: return int64(at);
      case TypeKind::double_: return real(at);
      case TypeKind::enum_: return enumerator(at, *slot.type, false);
      case TypeKind::string: return text(at, true, false);
      case TypeKind::binary: return binary(at, false);
      case TypeKind::uuid: return uuid(at);
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
    bool value = false;
    at.in = Wire::element_bool(at.in, end_, value);
    return boolean(at, value);
  }

  /// Past a field that the schema does not have, or has with another type.
  [[gnu::noinline]] Place skip(Place p, WireType type, bool known, std::uint32_t depth) {
    if (!Wire::has_type(type) || decoding_.keep_unknown_fields ||
        (known && decoding_.strictness.field_type != Reaction::skip)) {
      return nullptr;
    }
    if (Wire::is_in_header(type)) return p;
    return codec(Wire::protocol).skip(skipping_, p, type, depth);
  }

  /// The defaults of fields from that bit on up to another, none of which is set. nullptr where one
  /// takes more levels than that: a value would be refused, but not before all has been read.
  [[gnu::noinline]] char* defaults(char* o, const StructLayout& layout, std::uint32_t bit,
                                   std::uint32_t end, std::uint32_t levels) {
    for (; bit < end; ++bit) {
      const JsonName& name = layout.json_names[bit];
      if (!name.has_default) continue;
      const Field& field = layout.type->fields()[layout.fields[bit].index];
      const ValueView value(field.type(), static_cast<const std::byte*>(field.default_slot()));
      if (!fits(value, levels)) return nullptr;
      const std::string text = thrift::to_json(value, json_);
      o = out_.room(o, name.size + TextBlock::size + text.size() + value_room);
      o = put(put_blocks(o, name.text, name.size), text);
      *o++ = ',';
    }
    return o;
  }

  [[nodiscard]] char* close(char* o, char bracket) {
    o = out_.room(o, 2);
    if (o[-1] == ',') --o;
    o[0] = bracket;
    o[1] = ',';
    return o + 2;
  }

  [[gnu::noinline]] At record(At at, const StructLayout& layout, std::uint32_t depth) {
    if (depth == 0) [[unlikely]]
      return gave_up;
    const bool write_defaults = json_.defaults == JsonOptions::Defaults::write && !layout.is_union;
    Place p = at.in;
    char* o = at.out;
    *o++ = '{';
    std::uint32_t next = 0;     // fields come by rising bit: the least that the next may have
    std::uint64_t present = 0;  // of the first 64
    std::uint32_t count = 0;
    std::uint32_t required = 0;  // of a wide struct: how many have come
    const bool wide = layout.presence_words > 1;
    typename Wire::Before before;
    for (;;) {
      typename Wire::Header header;
      p = Wire::field(p, end_, header, before);
      if (p == nullptr) [[unlikely]]
        return gave_up;
      if (header.type == WireType::stop) break;
      const FieldLayout* const field = layout.find(header.id);
      if (field == nullptr || header.type != field->wire) [[unlikely]] {
        p = skip(p, header.type, field != nullptr, depth - 1);
        if (p == nullptr) return gave_up;
        continue;
      }
      const std::uint32_t bit = field->bit;
      if (bit < next) [[unlikely]]
        return gave_up;
      if (write_defaults) [[unlikely]] {
        o = defaults(o, layout, next, bit, depth - 1);
        if (o == nullptr) return gave_up;
      }
      next = bit + 1;
      ++count;
      if (wide) [[unlikely]] {
        required += static_cast<std::uint32_t>(is_required(layout, *field));
      } else {
        present |= std::uint64_t{1} << bit;
      }
      const JsonName& name = layout.json_names[bit];
      o = put_blocks(out_.room(o, name.size + TextBlock::size + value_room), name.text, name.size);
      if (field->op == SlotOp::bool_) {
        bool yes = false;
        p = Wire::field_bool(p, end_, header, yes);
        at = boolean({p, o}, yes);
      } else {
        if (field->op == SlotOp::record && !take(field->slot->record->size)) return gave_up;
        at = value({p, o}, name.kind, *field->slot, depth - 1);
      }
      if (at.in == nullptr) [[unlikely]]
        return gave_up;
      p = at.in;
      o = at.out;
    }
    if (!is_whole(layout, present, required, count)) [[unlikely]]
      return gave_up;
    if (write_defaults) [[unlikely]] {
      o = defaults(o, layout, next, layout.field_count, depth - 1);
      if (o == nullptr) return gave_up;
    }
    return {p, close(o, '}')};
  }

  [[nodiscard]] bool is_whole(const StructLayout& layout, std::uint64_t present,
                              std::uint32_t required, std::uint32_t count) const noexcept {
    if (layout.is_union) return count == 1;
    if (decoding_.strictness.missing_required != Reaction::error) return true;
    if (layout.presence_words == 1) return (layout.required[0] & ~present) == 0;
    std::uint32_t wanted = 0;
    for (std::size_t i = 0; i < layout.presence_words; ++i) {
      wanted += static_cast<std::uint32_t>(std::popcount(layout.required[i]));
    }
    return required == wanted;
  }

  template <class Print>
  [[gnu::always_inline]] inline At each(At at, std::uint32_t size, Print print) {
    for (std::uint32_t i = 0; i < size; ++i) {
      at.out = out_.room(at.out, value_room);
      at = print(at);
      if (at.in == nullptr) [[unlikely]]
        return gave_up;
    }
    return at;
  }

  [[gnu::noinline]] At list(At at, const SlotLayout& slot, std::uint32_t depth) {
    if (depth-- == 0) [[unlikely]]
      return gave_up;
    const SlotLayout& inner = *slot.element;
    std::uint32_t size = 0;
    at.in = Wire::list(at.in, end_, inner, size);
    if (at.in == nullptr || size > decoding_.max_container || size > largest_wire_size ||
        !take(std::size_t{size} * slot.entry_size)) [[unlikely]] {
      return gave_up;
    }
    *at.out++ = '[';
    const TypeKind kind = inner.type->kind();
    switch (kind) {
      case TypeKind::i32:
        at = each(at, size, [&](At i) { return integer<std::int32_t>(i); });
        break;
      case TypeKind::i64: at = each(at, size, [&](At i) { return int64(i); }); break;
      case TypeKind::double_: at = each(at, size, [&](At i) { return real(i); }); break;
      case TypeKind::string: at = each(at, size, [&](At i) { return text(i, true, false); }); break;
      case TypeKind::struct_:
        at = each(at, size, [&](At i) { return record(i, *inner.record, depth); });
        break;
      default: at = each(at, size, [&](At i) { return element(i, kind, inner, depth); });
    }
    if (at.in == nullptr) [[unlikely]]
      return gave_up;
    at.out = close(at.out, ']');
    return at;
  }

  /// A key as a member's name, with a comma where the colon belongs.
  [[nodiscard]] At key(At at, TypeKind kind, const SlotLayout& slot) {
    switch (kind) {
      case TypeKind::string: return text(at, true, true);
      case TypeKind::binary: return binary(at, true);
      case TypeKind::enum_: return enumerator(at, *slot.type, true);
      case TypeKind::uuid: return uuid(at);
      default: break;
    }
    // Numbers and bools get their quotes here; some doubles have them. `element` finds the room
    // that it asks for, so that the output stays where it is.
    at.out = out_.room(at.out, 2 * value_room);
    char* const start = at.out;
    at.out = start + 1;
    at = kind == TypeKind::i64 ? integer<std::int64_t>(at) : element(at, kind, slot, 0);
    if (at.in == nullptr) [[unlikely]]
      return gave_up;
    if (start[1] == '"') {
      const auto size = static_cast<std::size_t>(at.out - (start + 1));
      std::memmove(start, start + 1, size);
      return {at.in, start + size};
    }
    *start = '"';
    at.out = put(at.out - 1, "\",");
    return at;
  }

  [[gnu::noinline]] At map(At at, const SlotLayout& slot, std::uint32_t depth) {
    if (depth-- == 0) [[unlikely]]
      return gave_up;
    std::uint32_t size = 0;
    at.in = Wire::map(at.in, end_, *slot.key, *slot.element, size);
    if (at.in == nullptr || size > decoding_.max_container || size > largest_wire_size ||
        !take(std::size_t{size} * slot.entry_size)) [[unlikely]] {
      return gave_up;
    }
    const Type& key_type = *slot.key->type;
    const TypeKind value_kind = slot.element->type->kind();
    const bool pairs =
        json_.maps == JsonOptions::Maps::pairs || key_type.is_struct() || key_type.is_container();
    *at.out++ = pairs ? '[' : '{';
    for (std::uint32_t i = 0; i < size; ++i) {
      at.out = out_.room(at.out, value_room);
      if (pairs) {
        *at.out++ = '[';
        at = element(at, key_type.kind(), *slot.key, depth);
      } else {
        at = key(at, key_type.kind(), *slot.key);
      }
      if (at.in == nullptr) [[unlikely]]
        return gave_up;
      if (!pairs) at.out[-1] = ':';
      at = element(at, value_kind, *slot.element, depth);
      if (at.in == nullptr) [[unlikely]]
        return gave_up;
      if (pairs) at.out = close(at.out, ']');
    }
    at.out = close(at.out, pairs ? ']' : '}');
    return at;
  }

  const Place end_;
  TextOut& out_;
  const JsonOptions& json_;
  const DecodeOptions& decoding_;
  std::size_t memory_left_;
  DecodeState skipping_;
};

/// Whether all of it was plain, and stands in `out` now.
bool print(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type, TextOut& out,
           const JsonOptions& json, const DecodeOptions& decoding) {
  if (json.indent != 0 || bytes.empty()) return false;
  const char* end = nullptr;
  if (protocol == ProtocolId::binary) {
    end = Printer<wire_in::Binary>(bytes, out, json, decoding).print(bytes, type);
  } else if (protocol == ProtocolId::compact && find_codec(protocol) != nullptr) {
    end = Printer<wire_in::Compact>(bytes, out, json, decoding).print(bytes, type);
  }
  if (end == nullptr) return false;
  out.finish(end);
  return true;
}

/// The way through a value.
std::string print_value(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                        const JsonOptions& json, DecodeOptions decoding) {
  Arena arena;
  return to_json(decode(protocol, bytes, type, arena, decoding), json);
}

}  // namespace

void to_json(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type, Buffer& out,
             const JsonOptions& json, const DecodeOptions& decoding) {
  TextOut text(out);
  if (!print(protocol, bytes, type, text, json, decoding)) {
    out.append(print_value(protocol, bytes, type, json, decoding));
  }
}

void to_json(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
             std::string& out, const JsonOptions& json, const DecodeOptions& decoding) {
  Buffer text;
  to_json(protocol, bytes, type, text, json, decoding);
  out.append(text.text());
}

std::string to_json(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type,
                    const JsonOptions& json, const DecodeOptions& decoding) {
  std::string out;
  to_json(protocol, bytes, type, out, json, decoding);
  return out;
}

void to_json(ProtocolId protocol, std::span<const std::byte> bytes, const Type& type, Sink& out,
             const JsonOptions& json, const DecodeOptions& decoding) {
  // Nothing goes out before all has been looked at: short text waits in memory, long text is made
  // twice, the first time for nothing.
  constexpr std::size_t short_input = 4 * sink_piece;
  Buffer buffer;
  if (bytes.size() > short_input) {
    FunctionSink nowhere([](std::span<const std::byte>) {});
    TextOut dropped(buffer, nowhere, sink_piece);
    if (print(protocol, bytes, type, dropped, json, decoding)) {
      buffer.clear();
      TextOut text(buffer, out, sink_piece);
      if (!print(protocol, bytes, type, text, json, decoding)) {
        throw std::logic_error("the same bytes printed twice differ");
      }
      return;
    }
  }
  to_json(protocol, bytes, type, buffer, json, decoding);
  for (std::span<const std::byte> rest = buffer; !rest.empty();) {
    const std::size_t piece = std::min(rest.size(), sink_piece);
    out.write(rest.first(piece));
    rest = rest.subspan(piece);
  }
}

}  // namespace thrift
