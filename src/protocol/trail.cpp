#include "protocol/trail.hpp"

#include <cstring>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/schema/struct_type.hpp>

namespace thrift {
namespace {

constexpr std::size_t longest_key = 64;  // bytes shown; the path is for people

template <class T>
T read(const std::byte* cell) {
  T v;
  std::memcpy(&v, cell, sizeof(v));
  return v;
}

std::string key_text(const SlotLayout& key, const std::byte* cell) {
  switch (key.op) {
    case SlotOp::bool_: return *cell == std::byte{0} ? "false" : "true";
    case SlotOp::i8: return std::to_string(read<std::int8_t>(cell));
    case SlotOp::i16: return std::to_string(read<std::int16_t>(cell));
    case SlotOp::i32: return std::to_string(read<std::int32_t>(cell));
    case SlotOp::i64: return std::to_string(read<std::int64_t>(cell));
    case SlotOp::double_: {
      std::string text;
      append_json_number(text, read<double>(cell));
      return text;
    }
    case SlotOp::string: {
      const std::string_view whole = read<StringSlot>(cell).view();
      std::string_view shown = whole.substr(0, longest_key);
      // Not through the middle of a letter.
      while (shown.size() < whole.size() && !shown.empty() && !is_utf8(shown) &&
             shown.size() + 4 > longest_key) {
        shown.remove_suffix(1);
      }
      if (!is_utf8(shown)) return "base64 " + to_base64(shown);
      std::string text;
      append_json_string(text, shown);
      if (shown.size() < whole.size()) text += "...";
      return text;
    }
    default: return std::string(to_string(key.wire));  // a struct, a list, ...: too long to show
  }
}

}  // namespace

void Trail::add_field(const StructLayout& record, const FieldLayout& field) {
  steps_.push_back("." + std::string(record.type->fields()[field.index].name()));
}

void Trail::add_index(std::size_t index) {
  steps_.push_back("[" + std::to_string(index) + "]");
}

void Trail::add_key(const SlotLayout& key, const std::byte* cell) {
  steps_.push_back("{" + key_text(key, cell) + "}");
}

std::string Trail::text(std::string_view root) const {
  std::string text(root);
  for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
    text += text.empty() && step->front() == '.' ? step->substr(1) : *step;
  }
  return text;
}

}  // namespace thrift
