#pragma once

// Bytes of a protocol, token by token, true or not: a container may claim any size, a struct may
// hold any field. What the protocols themselves ask for (headers, commas, quotes) is written right.

#include <cstdint>
#include <string>
#include <string_view>
#include <thriftpp/schema/type.hpp>
#include <vector>

namespace amplification {

class Tokens {
 public:
  virtual ~Tokens() = default;
  virtual void begin_struct() = 0;
  /// The header of a field; its value follows, then end_field.
  virtual void field(thrift::WireType type, int id) = 0;
  virtual void end_field() {}
  virtual void end_struct() = 0;
  /// A list (or set) that claims `size` elements; end_list after those that come.
  virtual void list(thrift::WireType element, std::uint32_t size) = 0;
  virtual void end_list() {}
  virtual void map(thrift::WireType key, thrift::WireType value, std::uint32_t size) = 0;
  virtual void end_map() {}
  /// i8 to i64 and bools, as an element, a key or the value of a field.
  virtual void number(thrift::WireType type, std::int64_t value) = 0;
  virtual void string(std::string_view text) = 0;

  std::string bytes;
};

class Binary : public Tokens {
 public:
  void begin_struct() override {}
  void field(thrift::WireType type, int id) override {
    put(static_cast<std::uint64_t>(type), 1);
    put(static_cast<std::uint64_t>(id), 2);
  }
  void end_struct() override { put(0, 1); }
  void list(thrift::WireType element, std::uint32_t size) override {
    put(static_cast<std::uint64_t>(element), 1);
    put(size, 4);
  }
  void map(thrift::WireType key, thrift::WireType value, std::uint32_t size) override {
    put(static_cast<std::uint64_t>(key), 1);
    list(value, size);
  }
  void number(thrift::WireType type, std::int64_t value) override {
    using thrift::WireType;
    const int size = type == WireType::i64   ? 8
                     : type == WireType::i32 ? 4
                     : type == WireType::i16 ? 2
                                             : 1;
    put(static_cast<std::uint64_t>(value), size);
  }
  void string(std::string_view text) override {
    put(text.size(), 4);
    bytes += text;
  }

 private:
  void put(std::uint64_t value, int size) {
    while (size-- > 0) bytes += static_cast<char>(value >> (8 * size));
  }
};

class Compact : public Tokens {
 public:
  void begin_struct() override { last_.push_back(0); }
  void field(thrift::WireType type, int id) override {
    in_header_ = type == thrift::WireType::bool_;
    const int delta = id - last_.back();
    last_.back() = id;
    if (delta > 0 && delta < 16) {
      bytes += static_cast<char>(delta << 4 | code(type));
    } else {
      bytes += static_cast<char>(code(type));
      zigzag(id);
    }
  }
  void end_struct() override {
    bytes += '\0';
    last_.pop_back();
  }
  void list(thrift::WireType element, std::uint32_t size) override {
    if (size < 15) {
      bytes += static_cast<char>(size << 4 | static_cast<unsigned>(code(element)));
    } else {
      bytes += static_cast<char>(0xf0 | code(element));
      varint(size);
    }
  }
  void map(thrift::WireType key, thrift::WireType value, std::uint32_t size) override {
    varint(size);
    if (size > 0) bytes += static_cast<char>(code(key) << 4 | code(value));
  }
  void number(thrift::WireType type, std::int64_t value) override {
    if (type == thrift::WireType::bool_ && in_header_) {
      in_header_ = false;  // the header says true
    } else if (type == thrift::WireType::bool_ || type == thrift::WireType::i8) {
      bytes += static_cast<char>(value);
    } else {
      zigzag(value);
    }
  }
  void string(std::string_view text) override {
    varint(text.size());
    bytes += text;
  }

 private:
  static int code(thrift::WireType type) {
    using thrift::WireType;
    switch (type) {
      case WireType::bool_: return 1;
      case WireType::i8: return 3;
      case WireType::i16: return 4;
      case WireType::i32: return 5;
      case WireType::i64: return 6;
      case WireType::double_: return 7;
      case WireType::string: return 8;
      case WireType::list: return 9;
      case WireType::set: return 10;
      case WireType::map: return 11;
      case WireType::struct_: return 12;
      case WireType::uuid: return 13;
      default: return 0;
    }
  }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
    bytes += static_cast<char>(value);
  }
  void zigzag(std::int64_t value) {
    varint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }

  std::vector<int> last_;
  bool in_header_ = false;
};

/// Apache's JSON.
class Json : public Tokens {
 public:
  void begin_struct() override {
    item();
    bytes += '{';
    levels_.push_back({});
  }
  void field(thrift::WireType type, int id) override {
    if (levels_.back().count++ > 0) bytes += ',';
    bytes += '"' + std::to_string(id) + "\":{\"" + std::string(name(type)) + "\":";
    levels_.push_back({.value = true});
  }
  void end_field() override {
    levels_.pop_back();
    bytes += '}';
  }
  void end_struct() override {
    levels_.pop_back();
    bytes += '}';
  }
  void list(thrift::WireType element, std::uint32_t size) override {
    item();
    bytes += "[\"" + std::string(name(element)) + "\"," + std::to_string(size);
    levels_.push_back({.count = 2});
  }
  void end_list() override {
    levels_.pop_back();
    bytes += ']';
  }
  void map(thrift::WireType key, thrift::WireType value, std::uint32_t size) override {
    item();
    bytes += "[\"" + std::string(name(key)) + "\",\"" + std::string(name(value)) + "\"," +
             std::to_string(size) + ",{";
    levels_.push_back({.pairs = true});
  }
  void end_map() override {
    levels_.pop_back();
    bytes += "}]";
  }
  void number(thrift::WireType, std::int64_t value) override {
    const bool quoted = item();
    bytes += quoted ? '"' + std::to_string(value) + '"' : std::to_string(value);
  }
  void string(std::string_view text) override {
    item();
    bytes += '"' + std::string(text) + '"';
  }

 private:
  struct Level {
    bool value = false;  // of a field: one item, nothing before it
    bool pairs = false;  // of a map: keys and values in turn
    std::size_t count = 0;
  };
  /// Writes what has to stand before an item; whether it is a map's key.
  bool item() {
    if (levels_.empty() || levels_.back().value) return false;
    Level& level = levels_.back();
    const std::size_t index = level.count++;
    const bool is_value = level.pairs && index % 2 == 1;
    if (index > 0) bytes += is_value ? ':' : ',';
    return level.pairs && !is_value;
  }
  static std::string_view name(thrift::WireType type) {
    using thrift::WireType;
    switch (type) {
      case WireType::bool_: return "tf";
      case WireType::i8: return "i8";
      case WireType::i16: return "i16";
      case WireType::i32: return "i32";
      case WireType::i64: return "i64";
      case WireType::double_: return "dbl";
      case WireType::string: return "str";
      case WireType::list: return "lst";
      case WireType::set: return "set";
      case WireType::map: return "map";
      case WireType::struct_: return "rec";
      case WireType::uuid: return "uid";
      default: return "?";
    }
  }

  std::vector<Level> levels_;
};

}  // namespace amplification
