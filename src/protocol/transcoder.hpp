#pragma once

// The pass from a reader's protocol to a writer's. `slot` is what the schema says a value is, or
// nullptr where there is no schema, or where it says something else of a field than the wire.

#include <algorithm>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/protocol/transcode.hpp>

#include "base/base64.hpp"
#include "protocol/tokens_binary.hpp"

namespace thrift::tokens {

template <class Reader, class Writer>
class Transcoder {
 public:
  Transcoder(DecodeState& state, Output& output, const TranscodeOptions& options)
      : in_(state, state.begin()), out_(output), check_utf8_(options.check_utf8) {}

  /// The value at the start of the input; where it ends, or nullptr.
  [[nodiscard]] Place run(WireType type, std::uint32_t depth, const SlotLayout* slot) {
    out_.room(Writer::value_room);
    if (!value<false>(type, depth, slot)) return nullptr;
    out_.output.finish(out_.q);
    return in_.p;
  }

  /// Whether what was written claims other types than what was read: that had headers that lie.
  [[nodiscard]] bool has_mended() const noexcept { return mended_; }

 private:
  static constexpr bool from_json = Reader::protocol == ProtocolId::json;
  static constexpr bool to_json = Writer::protocol == ProtocolId::json;

  bool failed(Place /*nothing*/) noexcept { return false; }

  static const SlotLayout* if_agreed(const SlotLayout* slot, WireType type) noexcept {
    return slot != nullptr && slot->wire == type ? slot : nullptr;
  }

  /// One value, for which there is room, and behind which there is. `key`: of a map.
  template <bool key>
  bool value(WireType type, std::uint32_t depth, const SlotLayout* slot) {
    switch (type) {
      case WireType::bool_: {
        bool v = false;
        if (!in_.read_bool(v)) return false;
        out_.template put_bool<key>(v);
        break;
      }
      case WireType::i8: return integer<WireType::i8, key>();
      case WireType::i16: return integer<WireType::i16, key>();
      case WireType::i32: return integer<WireType::i32, key>();
      case WireType::i64: return integer<WireType::i64, key>();
      case WireType::double_: {
        std::uint64_t bits = 0;
        if (!in_.read_double(bits)) return false;
        out_.template put_double<key>(bits);
        break;
      }
      case WireType::uuid: {
        std::byte uuid[sizeof(Uuid)];
        if (!in_.read_uuid(uuid)) return false;
        out_.put_uuid(uuid);
        break;
      }
      case WireType::string: return string(slot);
      case WireType::struct_: return record(depth, slot);
      case WireType::list:
      case WireType::set: return list(depth, slot);
      case WireType::map: return map(depth, slot);
      default: return failed(in_.state.bad_wire_type(in_.p, static_cast<unsigned>(type)));
    }
    out_.room(Writer::value_room);
    return true;
  }

  template <WireType type, bool key>
  bool integer() {
    std::int64_t v = 0;
    if (!in_.template read_integer<type>(v)) return false;
    out_.template put_integer<type, key>(v);
    out_.room(Writer::value_room);
    return true;
  }

  bool string(const SlotLayout* slot) {
    Text text;
    if (!in_.read_string(text)) return false;
    const bool is_binary = (from_json || to_json || check_utf8_) && slot != nullptr &&
                           slot->type->kind() == TypeKind::binary;
    if (!is_binary) {
      if (from_json && text.size > in_.state.max_string()) [[unlikely]]
        return failed(in_.state.bad_string_size(text.begin, text.size, text.begin));
      if (check_utf8_ && !is_text(text)) [[unlikely]] {
        return failed(
            in_.state.fail(ProtocolErrorKind::invalid_data, text.begin, "the string is not UTF-8"));
      }
    }
    if constexpr (to_json) {
      if (is_binary) {
        out_.write_base64(text);
      } else {
        out_.write_text(text);
      }
      return true;
    } else {
      if (from_json && is_binary) return base64(text);
      out_.begin_string(text.size);
      if (from_json && text.has_escapes()) {
        tjson::unescape(text, out_.q);
      } else if (text.size <= short_bytes) {
        copy_short(out_.q, text.begin, text.size);
      } else {
        std::memcpy(out_.q, text.begin, text.size);
      }
      out_.q += text.size;
      return true;
    }
  }

  /// Whether it is UTF-8. Escapes, which are ASCII and stand for whole letters, change nothing.
  static bool is_text(const Text& text) noexcept {
    return is_utf8({reinterpret_cast<const char*>(text.begin), tjson::left(text.begin, text.end)});
  }

  /// A binary of JSON.
  bool base64(const Text& text) {
    Place from = text.begin;
    std::unique_ptr<std::byte[]> plain;
    if (text.has_escapes()) {
      plain = std::make_unique_for_overwrite<std::byte[]>(text.size);
      tjson::unescape(text, plain.get());
      from = plain.get();
    }
    // The size comes first, so that it has to be known before.
    std::size_t n = text.size;
    for (int i = 0; i < 2 && n != 0 && text.size % 4 == 0 && from[n - 1] == std::byte{'='}; ++i)
      --n;
    const std::size_t size = n * 3 / 4;
    if (size > in_.state.max_string())
      return failed(in_.state.bad_string_size(text.begin, size, text.begin));
    out_.begin_string(size);
    auto* const to = reinterpret_cast<char*>(out_.q);
    if (read_base64(to, reinterpret_cast<const char*>(from), n, SpareBits::ignore) != to + size) {
      return failed(
          in_.state.fail(ProtocolErrorKind::invalid_data, text.begin, "this is not base64"));
    }
    out_.q += size;
    return true;
  }

  bool record(std::uint32_t depth, const SlotLayout* slot) {
    if (depth == 0) return failed(in_.state.too_deep(in_.p));
    const StructLayout* const layout = slot == nullptr ? nullptr : slot->record;
    Frame reading;
    Frame writing;
    if (!in_.begin_struct(reading)) return false;
    out_.room(Writer::value_room);
    out_.put_struct(writing);
    for (;;) {
      Field field;
      if (!in_.next_field(reading, field)) return false;
      if (field.type == WireType::stop) break;
      const FieldLayout* const known = layout == nullptr ? nullptr : layout->find(field.id);
      if (!one_field(reading, writing, field, depth - 1, known)) {
        if (known != nullptr) in_.state.in_field(*layout, *known);
        return false;
      }
    }
    out_.put_struct_end();
    out_.room(Writer::value_room);
    return true;
  }

  bool one_field(Frame& reading, Frame& writing, const Field& field, std::uint32_t depth,
                 const FieldLayout* known) {
    if (field.type == WireType::bool_) {
      bool v = false;
      if (!in_.read_field_bool(field, v)) return false;
      out_.put_field_bool(writing, field.id, v);
    } else {
      out_.put_field(writing, field.type, field.id);
      if (!value<false>(field.type, depth,
                        known == nullptr ? nullptr : if_agreed(known->slot, field.type))) {
        return false;
      }
    }
    out_.put_field_end();
    out_.room(Writer::value_room);
    return in_.end_field(reading);
  }

  /// The elements of a list of numbers: room is made for many at once.
  template <class One>
  bool numbers(std::uint32_t n, One&& one) {
    constexpr std::uint32_t at_once = 256;
    for (std::uint32_t i = 0; i < n;) {
      const std::uint32_t stop = i + std::min(n - i, at_once);
      out_.room((stop - i) * Writer::value_room);
      for (; i < stop; ++i) {
        if (!in_.next_element(i)) return false;
        out_.put_element(i);
        if (!one()) return false;
      }
    }
    out_.room(Writer::value_room);
    return true;
  }
  template <WireType type>
  bool integers(std::uint32_t n) {
    return numbers(n, [this] {
      std::int64_t v = 0;
      if (!in_.template read_integer<type>(v)) return false;
      out_.template put_integer<type, false>(v);
      return true;
    });
  }

  bool elements(const Container& list, std::uint32_t depth, const SlotLayout* element) {
    switch (list.element) {
      case WireType::i8: return integers<WireType::i8>(list.size);
      case WireType::i16: return integers<WireType::i16>(list.size);
      case WireType::i32: return integers<WireType::i32>(list.size);
      case WireType::i64: return integers<WireType::i64>(list.size);
      case WireType::double_:
        return numbers(list.size, [this] {
          std::uint64_t bits = 0;
          if (!in_.read_double(bits)) return false;
          out_.template put_double<false>(bits);
          return true;
        });
      default: break;
    }
    for (std::uint32_t i = 0; i < list.size; ++i) {
      if (!in_.next_element(i)) return false;
      out_.put_element(i);
      if (!value<false>(list.element, depth, element)) {
        if (element != nullptr) in_.state.in_element(i);
        return false;
      }
    }
    return true;
  }

  bool list(std::uint32_t depth, const SlotLayout* slot) {
    if (depth == 0) return failed(in_.state.too_deep(in_.p));
    Container list;
    if (!in_.begin_list(list, slot)) return false;
    const SlotLayout* const element = slot == nullptr ? nullptr : slot->element;
    if (list.size == 0) {
      settle(list.element, element);
    } else {
      mended_ |= list.mended;
    }
    out_.room(Writer::value_room);
    out_.put_list(list);
    out_.room(Writer::value_room);
    if (!elements(list, depth - 1, element)) return false;
    out_.put_list_end();
    out_.room(Writer::value_room);
    return in_.end_list();
  }

  /// An empty container's type may be anything on the wire, and need not be there.
  static void settle(WireType& type, const SlotLayout* slot) noexcept {
    if (slot != nullptr) {
      type = slot->wire;
    } else if (binary::least_size(type) == 0) {
      type = WireType::string;
    }
  }

  bool map(std::uint32_t depth, const SlotLayout* slot) {
    if (depth == 0) return failed(in_.state.too_deep(in_.p));
    Container map;
    if (!in_.begin_map(map, slot)) return false;
    const SlotLayout* const key = slot == nullptr ? nullptr : slot->key;
    const SlotLayout* const element = slot == nullptr ? nullptr : slot->element;
    if (map.size == 0) {
      settle(map.key, key);
      settle(map.element, element);
    } else {
      mended_ |= map.mended;
    }
    out_.room(Writer::value_room);
    out_.put_map(map);
    out_.room(Writer::value_room);
    for (std::uint32_t i = 0; i < map.size; ++i) {
      if (!in_.next_entry(i)) return false;
      out_.put_entry(i);
      if (!value<true>(map.key, depth - 1, key) || !in_.between()) return false;
      out_.put_between();
      if (!value<false>(map.element, depth - 1, element)) return false;
    }
    out_.put_map_end();
    out_.room(Writer::value_room);
    return in_.end_map();
  }

  Reader in_;
  Writer out_;
  bool check_utf8_;
  bool mended_ = false;
};

}  // namespace thrift::tokens
