#pragma once

/// @file
/// The one JSON writer: escapes, numbers, base64. Everything that prints JSON (diagnostics,
/// `describe`, values, the gateway) goes through it.
/// Threads: a writer belongs to one thread; the free functions are safe everywhere.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thriftpp/base/export.hpp>

namespace thrift {

/// Appends JSON text to a string it does not own, and puts the commas and line breaks. The caller
/// keeps the order right (a key before each member of an object); nothing is validated.
class THRIFTPP_API JsonWriter {
 public:
  /// `indent` spaces a level; 0 or less writes one line without blanks.
  explicit JsonWriter(std::string& out, int indent = 0) noexcept
      : out_(out), indent_(indent < 0 ? 0 : indent) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& string(std::string_view text);
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& integer(std::int64_t value);
  JsonWriter& unsigned_integer(std::uint64_t value);
  /// The shortest text that reads back as `value`; NaN and infinities as `"NaN"`, `"Infinity"`,
  /// `"-Infinity"`.
  JsonWriter& number(double value);
  JsonWriter& null() { return raw("null"); }
  /// Text that is JSON already.
  JsonWriter& raw(std::string_view json);

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void begin_value();  // the comma and the line break before a value or a key
  void line_break();

  std::string& out_;
  int indent_;
  int depth_ = 0;
  bool first_ = true;       // nothing written yet in this object or array
  bool after_key_ = false;  // the next value belongs to the key just written
};

/// Appends `text` in quotes, escaped as RFC 8259 wants. Bytes above 0x7f are copied as they are:
/// whether they are UTF-8 is the caller's to know.
THRIFTPP_API void append_json_string(std::string& out, std::string_view text);
/// As JsonWriter::number.
THRIFTPP_API void append_json_number(std::string& out, double value);

/// RFC 4648 section 4, with padding.
THRIFTPP_API void append_base64(std::string& out, std::string_view bytes);
[[nodiscard]] THRIFTPP_API std::string to_base64(std::string_view bytes);
/// Reads base64 with or without padding; nothing where `text` is not base64.
[[nodiscard]] THRIFTPP_API std::optional<std::string> from_base64(std::string_view text);

/// Whether `text` is UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] THRIFTPP_API bool is_utf8(std::string_view text) noexcept;

}  // namespace thrift
