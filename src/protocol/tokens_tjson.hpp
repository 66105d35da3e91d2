#pragma once

#include "protocol/tjson_write.hpp"
#include "protocol/tokens_binary.hpp"

namespace thrift::tokens {

class TjsonReader {
 public:
  static constexpr ProtocolId protocol = ProtocolId::json;
  static constexpr bool says_empty_maps = true;

  TjsonReader(DecodeState& s, Place from) noexcept : state(s), p(from), end(s.end()) {}

  bool begin_struct(Frame& frame) { return at(tjson::read_open(state, p, end, frame.more)); }
  bool next_field(Frame& frame, Field& field) {
    field.type = WireType::stop;
    if (!frame.more) return true;
    std::int32_t id = 0;
    if (!at(tjson::read_field_id(state, p, end, id))) return false;
    field.id = static_cast<std::int16_t>(id);
    return at(tjson::read_tag(state, p, end, field.type));
  }
  bool end_field(Frame& frame) { return at(tjson::read_field_end(state, p, end, frame.more)); }

  bool begin_list(Container& list, const SlotLayout* slot) {
    tjson::ContainerHeader header;
    if (!at(tjson::read_list_header(state, p, end, header))) return false;
    list = {.element = header.element, .size = header.size};
    follow_schema(list, slot);
    return true;
  }
  bool begin_map(Container& map, const SlotLayout* slot) {
    tjson::ContainerHeader header;
    if (!at(tjson::read_map_header(state, p, end, header))) return false;
    map = {.key = header.key, .element = header.element, .size = header.size};
    follow_schema(map, slot);
    return true;
  }
  bool next_element(std::uint32_t /*i*/) { return at(tjson::read_mark(state, p, end, ',')); }
  bool next_entry(std::uint32_t i) { return i == 0 || at(tjson::read_mark(state, p, end, ',')); }
  bool between() { return at(tjson::read_mark(state, p, end, ':')); }
  bool end_list() { return at(tjson::read_mark(state, p, end, ']')); }
  bool end_map() { return at(tjson::read_map_end(state, p, end)); }

  bool read_bool(bool& value) { return at(tjson::read_bool(state, p, end, value)); }
  bool read_field_bool(const Field& /*field*/, bool& value) { return read_bool(value); }
  template <WireType type>
  bool read_integer(std::int64_t& value) {
    Place behind = tjson::read_integer<true>(state, p, end, value);
    if (behind == nullptr) [[unlikely]] {
      bool beyond = false;
      behind = tjson::read_wide_integer(state, p, end, value, beyond);
    }
    value = tjson::nearest<Number<type>>(value);
    return at(behind);
  }
  bool read_double(std::uint64_t& bits) {
    double value = 0;
    bool beyond = false;
    if (!at(tjson::read_double(state, p, end, value, &beyond))) return false;
    bits = std::bit_cast<std::uint64_t>(value);
    return true;
  }
  bool read_uuid(std::byte* to) { return at(tjson::read_uuid(state, p, end, to)); }
  /// Its size is for the caller to compare with the limit: that of a binary is not its text's.
  bool read_string(Text& text) { return at(tjson::read_text(state, p, end, text)); }

  DecodeState& state;
  Place p;
  Place end;

 private:
  /// Goes on at `next`, unless that is where something failed.
  bool at(Place next) noexcept {
    if (next == nullptr) [[unlikely]]
      return false;
    p = next;
    return true;
  }
};

class TjsonWriter {
 public:
  static constexpr ProtocolId protocol = ProtocolId::json;
  static constexpr std::size_t value_room = tjson::value_room;

  explicit TjsonWriter(Output& out) : output(out), q(out.start()) {}
  void room(std::size_t n) { q = output.room(q, n); }

  void put_struct(Frame& frame) noexcept {
    frame.any = false;
    put('{');
  }
  void put_field(Frame& frame, WireType type, std::int16_t id) noexcept {
    q = tjson::write_field_header(q, id, type, frame.any);
    frame.any = true;
  }
  void put_field_bool(Frame& frame, std::int16_t id, bool value) noexcept {
    put_field(frame, WireType::bool_, id);
    put_bool<false>(value);
  }
  void put_field_end() noexcept { put('}'); }
  void put_struct_end() noexcept { put('}'); }

  void put_list(const Container& list) noexcept {
    q = tjson::write_list_header(q, list.element, list.size);
  }
  void put_map(const Container& map) noexcept {
    q = tjson::write_map_header(q, map.key, map.element, map.size);
  }
  void put_element(std::uint32_t /*i*/) noexcept { put(','); }
  void put_entry(std::uint32_t i) noexcept {
    if (i != 0) put(',');
  }
  void put_between() noexcept { put(':'); }
  void put_list_end() noexcept { put(']'); }
  void put_map_end() noexcept {
    put('}');
    put(']');
  }

  template <bool key>
  void put_bool(bool value) noexcept {
    q = tjson::write_integer<key>(q, value ? 1 : 0);
  }
  template <WireType type, bool key>
  void put_integer(std::int64_t value) noexcept {
    q = tjson::write_integer<key>(q, value);
  }
  template <bool key>
  void put_double(std::uint64_t bits) noexcept {
    q = tjson::write_double<key>(q, std::bit_cast<double>(bits));
  }
  void put_uuid(const std::byte* from) noexcept {
    Uuid uuid;
    std::memcpy(uuid.data(), from, sizeof(uuid));
    q = tjson::write_uuid(q, uuid);
  }
  void write_text(const Text& text) { q = tjson::write_text(output, q, text.begin, text.size); }
  void write_base64(const Text& text) { q = tjson::write_base64(output, q, text.begin, text.size); }

  Output& output;
  std::byte* q;

 private:
  void put(char c) noexcept { q = tjson::write_character(q, c); }
};

}  // namespace thrift::tokens
