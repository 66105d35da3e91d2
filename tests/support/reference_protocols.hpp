#pragma once

// The protocols once more, as plainly as they can be written: readers and writers of tokens for
// BasicProtocol. They are what the fast codecs are compared with, and examples of how to bring a
// protocol of one's own. LittleEndian is one: Apache's TLEBinaryProtocol.

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/protocol/basic_protocol.hpp>
#include <thriftpp/value/text.hpp>
#include <vector>

namespace reference {

using namespace thrift;

/// Reads bytes one after the other, and never past their end.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t position() const { return at_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

 protected:
  [[noreturn]] void fail(ProtocolErrorKind kind, const std::string& problem) const {
    throw ProtocolError(kind, problem, at_);
  }
  std::string_view take(std::size_t n) {
    if (n > left()) fail(ProtocolErrorKind::truncated, "the input ends here");
    const std::string_view taken(reinterpret_cast<const char*>(bytes_.data()) + at_, n);
    at_ += n;
    return taken;
  }
  std::uint8_t byte() { return static_cast<std::uint8_t>(take(1)[0]); }
  /// `size` bytes as a number, the highest or the lowest first.
  std::uint64_t number(unsigned size, bool little) {
    const std::string_view taken = take(size);
    std::uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) {
      const auto digit = static_cast<std::uint8_t>(taken[little ? size - 1 - i : i]);
      value = value << 8 | digit;
    }
    return value;
  }
  WireType wire_type(unsigned code) const {
    const auto type = static_cast<WireType>(code);
    if (code == 0 || to_string(type) == "unknown type" || type == WireType::void_) {
      fail(ProtocolErrorKind::invalid_data, "there is no such type");
    }
    return type;
  }
  std::uint32_t size(std::int64_t value) const {
    if (value < 0) fail(ProtocolErrorKind::negative_size, "a negative size");
    return static_cast<std::uint32_t>(value);
  }
  Uuid uuid() {
    Uuid value{};
    std::memcpy(value.data(), take(16).data(), 16);
    return value;
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

class ByteWriter {
 public:
  explicit ByteWriter(Buffer& out) : out_(&out) {}

 protected:
  void raw(std::string_view text) { out_->append(text); }
  void byte(unsigned value) { out_->push_back(static_cast<std::byte>(value)); }
  void number(std::uint64_t value, unsigned size, bool little) {
    for (unsigned i = 0; i < size; ++i) byte(value >> 8 * (little ? i : size - 1 - i) & 0xff);
  }
  void uuid(const Uuid& value) { raw({reinterpret_cast<const char*>(value.data()), 16}); }

 private:
  Buffer* out_;
};

// --- binary, and its little-endian sister
// ----------------------------------------------------------

template <bool little>
class BinaryReader : public ByteReader {
 public:
  using ByteReader::ByteReader;

  MessageHeader read_message_begin() {
    MessageHeader header;
    const auto version = static_cast<std::uint32_t>(number(4, little));
    if (version >> 16 != 0x8001) fail(ProtocolErrorKind::bad_version, "another version");
    header.type = static_cast<MessageType>(version & 0xff);
    header.name = read_string();
    header.sequence_id = read_i32();
    return header;
  }
  void read_struct_begin() {}
  void read_struct_end() {}
  FieldToken read_field_begin() {
    const unsigned type = byte();
    if (type == 0) return {};
    const auto id = read_i16();
    return {wire_type(type), id};
  }
  void read_field_end() {}
  ListToken read_list_begin() {
    const unsigned type = byte();
    const std::uint32_t n = size(read_i32());
    return {n == 0 ? WireType::stop : wire_type(type), n};
  }
  void read_list_end() {}
  ListToken read_set_begin() { return read_list_begin(); }
  void read_set_end() {}
  MapToken read_map_begin() {
    const unsigned key = byte();
    const unsigned value = byte();
    const std::uint32_t n = size(read_i32());
    if (n == 0) return {};
    return {wire_type(key), wire_type(value), n};
  }
  void read_map_end() {}
  bool read_bool() { return byte() != 0; }
  std::int8_t read_i8() { return static_cast<std::int8_t>(byte()); }
  std::int16_t read_i16() { return static_cast<std::int16_t>(number(2, little)); }
  std::int32_t read_i32() { return static_cast<std::int32_t>(number(4, little)); }
  std::int64_t read_i64() { return static_cast<std::int64_t>(number(8, little)); }
  double read_double() { return std::bit_cast<double>(number(8, little)); }
  std::string_view read_string() { return take(size(read_i32())); }
  std::string_view read_binary() { return read_string(); }
  Uuid read_uuid() { return uuid(); }
};

template <bool little>
class BinaryWriter : public ByteWriter {
 public:
  using ByteWriter::ByteWriter;

  void write_message_begin(const MessageHeader& header) {
    number(0x80010000 | static_cast<unsigned>(header.type), 4, little);
    write_string(header.name);
    write_i32(header.sequence_id);
  }
  void write_message_end() {}
  void write_struct_begin() {}
  void write_struct_end() {}
  void write_field_begin(const FieldToken& field) {
    byte(static_cast<unsigned>(field.type));
    write_i16(field.id);
  }
  void write_field_end() {}
  void write_field_stop() { byte(0); }
  void write_list_begin(const ListToken& list) {
    byte(static_cast<unsigned>(list.element));
    number(list.size, 4, little);
  }
  void write_list_end() {}
  void write_set_begin(const ListToken& list) { write_list_begin(list); }
  void write_set_end() {}
  void write_map_begin(const MapToken& map) {
    byte(static_cast<unsigned>(map.key));
    byte(static_cast<unsigned>(map.value));
    number(map.size, 4, little);
  }
  void write_map_end() {}
  void write_bool(bool value) { byte(value ? 1 : 0); }
  void write_i8(std::int8_t value) { number(static_cast<std::uint8_t>(value), 1, little); }
  void write_i16(std::int16_t value) { number(static_cast<std::uint16_t>(value), 2, little); }
  void write_i32(std::int32_t value) { number(static_cast<std::uint32_t>(value), 4, little); }
  void write_i64(std::int64_t value) { number(static_cast<std::uint64_t>(value), 8, little); }
  void write_double(double value) { number(std::bit_cast<std::uint64_t>(value), 8, little); }
  void write_string(std::string_view text) {
    number(text.size(), 4, little);
    raw(text);
  }
  void write_binary(std::string_view bytes) { write_string(bytes); }
  void write_uuid(const Uuid& value) { uuid(value); }
};

using Binary = BasicProtocol<BinaryReader<false>, BinaryWriter<false>>;
using LittleEndian = BasicProtocol<BinaryReader<true>, BinaryWriter<true>>;

// --- compact
// ---------------------------------------------------------------------------------------

/// The types by compact's number for them.
inline constexpr WireType compact_types[] = {
    WireType::stop,    WireType::bool_, WireType::bool_, WireType::i8,
    WireType::i16,     WireType::i32,   WireType::i64,   WireType::double_,
    WireType::string,  WireType::list,  WireType::set,   WireType::map,
    WireType::struct_, WireType::uuid,  WireType::stop,  WireType::stop};

class CompactReader : public ByteReader {
 public:
  using ByteReader::ByteReader;

  MessageHeader read_message_begin() {
    if (byte() != 0x82) fail(ProtocolErrorKind::bad_version, "not compact");
    const unsigned version = byte();
    if ((version & 0x1f) != 1) fail(ProtocolErrorKind::bad_version, "another version");
    MessageHeader header;
    header.type = static_cast<MessageType>(version >> 5);
    header.sequence_id = static_cast<std::int32_t>(varint());
    header.name = read_string();
    return header;
  }
  void read_struct_begin() {
    last_ids_.push_back(last_id_);
    last_id_ = 0;
  }
  void read_struct_end() {
    last_id_ = last_ids_.back();
    last_ids_.pop_back();
  }
  FieldToken read_field_begin() {
    const unsigned head = byte();
    if ((head & 15) == 0) return {};  // as Apache's runtimes, whatever the upper half says
    const WireType type = compact_type(head);
    const unsigned delta = head >> 4;
    last_id_ =
        static_cast<std::int16_t>(delta == 0 ? read_i16() : last_id_ + static_cast<int>(delta));
    if (type == WireType::bool_) flag_ = (head & 15) == 1;
    return {type, last_id_};
  }
  void read_field_end() { flag_.reset(); }
  ListToken read_list_begin() {
    const unsigned head = byte();
    const std::uint32_t n = (head >> 4) == 15 ? varint_size() : head >> 4;
    return {n == 0 ? WireType::stop : compact_type(head), n};
  }
  void read_list_end() {}
  ListToken read_set_begin() { return read_list_begin(); }
  void read_set_end() {}
  MapToken read_map_begin() {
    const std::uint32_t n = varint_size();
    if (n == 0) return {};
    const unsigned types = byte();
    return {compact_type(types >> 4), compact_type(types), n};
  }
  void read_map_end() {}
  bool read_bool() {
    if (flag_) {  // a field's, whose header has said it
      const bool value = *flag_;
      flag_.reset();
      return value;
    }
    return byte() == 1;
  }
  std::int8_t read_i8() { return static_cast<std::int8_t>(byte()); }
  std::int16_t read_i16() { return static_cast<std::int16_t>(read_i32()); }
  // As Apache: the low 32 bits first, then their sign.
  std::int32_t read_i32() { return static_cast<std::int32_t>(zigzag(varint() & 0xffffffff)); }
  std::int64_t read_i64() { return zigzag(varint()); }
  double read_double() { return std::bit_cast<double>(number(8, true)); }
  std::string_view read_string() { return take(varint_size()); }
  std::string_view read_binary() { return read_string(); }
  Uuid read_uuid() { return uuid(); }

 private:
  WireType compact_type(unsigned code) const {
    const WireType type = compact_types[code & 15];
    if (type == WireType::stop) fail(ProtocolErrorKind::invalid_data, "there is no such type");
    return type;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 10; ++i) {
      const std::uint64_t next = byte();
      value |= (next & 0x7f) << (7 * i);
      if (next < 0x80) return value;
    }
    fail(ProtocolErrorKind::invalid_data, "a varint of more than 10 bytes");
  }
  std::uint32_t varint_size() {
    const std::uint64_t n = varint();
    if (n > 0x7fffffff) fail(ProtocolErrorKind::size_limit, "a size of more than 31 bits");
    return static_cast<std::uint32_t>(n);
  }
  static std::int64_t zigzag(std::uint64_t value) {
    return static_cast<std::int64_t>(value >> 1 ^ (0 - (value & 1)));
  }

  std::int16_t last_id_ = 0;
  std::vector<std::int16_t> last_ids_;
  std::optional<bool> flag_;
};

class CompactWriter : public ByteWriter {
 public:
  using ByteWriter::ByteWriter;

  void write_message_begin(const MessageHeader& header) {
    byte(0x82);
    byte(static_cast<unsigned>(header.type) << 5 | 1);
    varint(static_cast<std::uint32_t>(header.sequence_id));
    write_string(header.name);
  }
  void write_message_end() {}
  void write_struct_begin() {
    last_ids_.push_back(last_id_);
    last_id_ = 0;
  }
  void write_struct_end() {
    last_id_ = last_ids_.back();
    last_ids_.pop_back();
  }
  void write_field_begin(const FieldToken& field) {
    if (field.type == WireType::bool_) {
      bool_field_ = field.id;  // the header says the value
    } else {
      header(code(field.type), field.id);
    }
  }
  void write_field_end() {}
  void write_field_stop() { byte(0); }
  void write_list_begin(const ListToken& list) {
    byte(std::min(list.size, 15U) << 4 | code(list.element));
    if (list.size >= 15) varint(list.size);
  }
  void write_list_end() {}
  void write_set_begin(const ListToken& list) { write_list_begin(list); }
  void write_set_end() {}
  void write_map_begin(const MapToken& map) {
    varint(map.size);
    if (map.size != 0) byte(code(map.key) << 4 | code(map.value));
  }
  void write_map_end() {}
  void write_bool(bool value) {
    if (bool_field_) {
      header(value ? 1 : 2, *bool_field_);
      bool_field_.reset();
    } else {
      byte(value ? 1 : 2);
    }
  }
  void write_i8(std::int8_t value) { byte(static_cast<std::uint8_t>(value)); }
  void write_i16(std::int16_t value) { write_i64(value); }
  void write_i32(std::int32_t value) { write_i64(value); }
  void write_i64(std::int64_t value) {
    varint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  void write_double(double value) { number(std::bit_cast<std::uint64_t>(value), 8, true); }
  void write_string(std::string_view text) {
    varint(text.size());
    raw(text);
  }
  void write_binary(std::string_view bytes) { write_string(bytes); }
  void write_uuid(const Uuid& value) { uuid(value); }

 private:
  static unsigned code(WireType type) {
    for (unsigned i = 1; i < 16; ++i) {
      if (compact_types[i] == type) return i;
    }
    return 0;
  }
  void header(unsigned code, std::int16_t id) {
    const int delta = id - last_id_;
    last_id_ = id;
    if (delta >= 1 && delta <= 15) {
      byte(static_cast<unsigned>(delta) << 4 | code);
    } else {
      byte(code);
      write_i16(id);
    }
  }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<unsigned>(value & 0x7f) | 0x80);
    byte(static_cast<unsigned>(value));
  }

  std::int16_t last_id_ = 0;
  std::vector<std::int16_t> last_ids_;
  std::optional<std::int16_t> bool_field_;
};

using Compact = BasicProtocol<CompactReader, CompactWriter>;

}  // namespace reference
