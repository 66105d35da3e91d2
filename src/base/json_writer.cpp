#include <array>
#include <cstring>
#include <thriftpp/base/json_writer.hpp>

#include "base/json_text.hpp"

namespace thrift {

void JsonWriter::line_break() {
  if (indent_ == 0) return;
  out_ += '\n';
  out_.append(static_cast<std::size_t>(depth_) * static_cast<std::size_t>(indent_), ' ');
}

void JsonWriter::begin_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (depth_ == 0) return;
  if (!first_) out_ += ',';
  first_ = false;
  line_break();
}

JsonWriter& JsonWriter::open(char bracket) {
  begin_value();
  out_ += bracket;
  ++depth_;
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  --depth_;
  if (!first_) line_break();
  first_ = false;
  out_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  begin_value();
  append_json_string(out_, name);
  out_ += indent_ == 0 ? ":" : ": ";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
  begin_value();
  append_json_string(out_, text);
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  std::array<char, number_room> text;
  const char* const end = write_integer(text.data(), value);
  return raw({text.data(), static_cast<std::size_t>(end - text.data())});
}

JsonWriter& JsonWriter::unsigned_integer(std::uint64_t value) {
  std::array<char, number_room> text;
  const char* const end = write_unsigned(text.data(), value);
  return raw({text.data(), static_cast<std::size_t>(end - text.data())});
}

JsonWriter& JsonWriter::number(double value) {
  begin_value();
  append_json_number(out_, value);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  begin_value();
  out_ += json;
  return *this;
}

char* write_escaped(char* p, const char* text, std::size_t size) noexcept {
  constexpr std::string_view hex = "0123456789abcdef";
  const auto pair = [&p](char letter) {
    p[0] = '\\';
    p[1] = letter;
    p += 2;
  };
  for (std::size_t i = 0; i < size; ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    switch (c) {
      case '"':
      case '\\': pair(text[i]); break;
      case '\b': pair('b'); break;
      case '\f': pair('f'); break;
      case '\n': pair('n'); break;
      case '\r': pair('r'); break;
      case '\t': pair('t'); break;
      default:
        if (c >= 0x20) {
          *p++ = text[i];
          break;
        }
        pair('u');
        p[0] = p[1] = '0';
        p[2] = hex[c >> 4];
        p[3] = hex[c & 15];
        p += 4;
    }
  }
  return p;
}

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::size_t step = 1024;  // bytes escaped at a time
  out += '"';
  while (!text.empty()) {
    const std::string_view part = text.substr(0, step);
    text.remove_prefix(part.size());
    const std::size_t before = out.size();
    out.resize(before + part.size() + text_slack);
    const CopiedText copied =
        copy_unescaped(out.data() + before, part.data(), part.size(), part.data() + part.size());
    out.resize(before + copied.size);
    if (copied.size == part.size()) continue;
    const std::size_t left = part.size() - copied.size;
    out.resize(out.size() + left * longest_escape);
    const char* const end =
        write_escaped(out.data() + before + copied.size, part.data() + copied.size, left);
    out.resize(static_cast<std::size_t>(end - out.data()));
  }
  out += '"';
}

void append_json_number(std::string& out, double value) {
  std::array<char, number_room> text;
  const char* const end = write_json_number(text.data(), value);
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

}  // namespace thrift
