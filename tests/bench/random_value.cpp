#include "random_value.hpp"

#include <algorithm>
#include <string>
#include <thriftpp/schema/struct_type.hpp>
#include <utility>

namespace bench {
namespace {

using thrift::SlotLayout;
using thrift::SlotOp;

class Generator {
 public:
  using Bytes = std::vector<std::byte>;

  void value(const SlotLayout& slot, int depth) {
    switch (slot.op) {
      case SlotOp::void_: break;
      case SlotOp::bool_: number(random() % 2, 1); break;
      case SlotOp::i8: number(random(), 1); break;
      case SlotOp::i16: number(random(), 2); break;
      case SlotOp::i32:  // all widths, so that variable-length protocols get something to do
        number(slot.type->is_enum() ? random() % 3 : random() % 0x80000000 >> random() % 31, 4);
        break;
      case SlotOp::i64: number(random() >> random() % 64, 8); break;
      // Between 1 and 2: no NaN, whose bits not everybody keeps.
      case SlotOp::double_: number(0x3ff0000000000000 | random() >> 12, 8); break;
      case SlotOp::string: string(); break;
      case SlotOp::uuid: number(random(), 8), number(random(), 8); break;
      case SlotOp::record: record(*slot.record, depth); break;
      case SlotOp::list: list(slot, depth); break;
      case SlotOp::set:
      case SlotOp::map: sorted(slot, depth); break;
    }
  }

  Bytes bytes;

 private:
  std::uint64_t random() {  // splitmix64
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }

  void number(std::uint64_t v, int size) {
    while (size-- > 0) bytes.push_back(static_cast<std::byte>(v >> (8 * size)));
  }

  void string() {
    const std::uint64_t size = 3 + random() % 20;
    number(size, 4);
    for (std::uint64_t i = 0; i < size; ++i) number('a' + random() % 26, 1);
  }

  void record(const thrift::StructLayout& layout, int depth) {
    for (std::uint32_t i = 0; i < layout.field_count; ++i) {
      const thrift::FieldLayout& field = layout.fields[i];
      // Apache's code writes fields of default requiredness whether they were set or not.
      const bool optional =
          layout.type->fields()[field.index].requiredness() == thrift::Requiredness::optional;
      if (optional && random() % 4 == 0) continue;
      number(static_cast<std::uint64_t>(field.wire), 1);
      number(static_cast<std::uint16_t>(field.id), 2);
      value(*field.slot, depth + 1);
    }
    number(0, 1);
  }

  void list(const SlotLayout& slot, int depth) {
    // Long at the top, shorter within: some thousand values in all.
    const bool plain = slot.element->op < SlotOp::string;
    const std::uint64_t size = depth <= 1 ? (plain ? 10'000 : 50) : 2 + random() % 6;
    number(static_cast<std::uint64_t>(slot.element->wire), 1);
    number(size, 4);
    for (std::uint64_t i = 0; i < size; ++i) value(*slot.element, depth + 1);
  }

  /// Sets, and maps by their keys, which are strings or integers in our IDLs. Strings and numbers
  /// without a sign sort as their values do.
  void sorted(const SlotLayout& slot, int depth) {
    const bool is_map = slot.op == SlotOp::map;
    const SlotLayout& key = is_map ? *slot.key : *slot.element;
    std::vector<std::pair<std::string, Bytes>> entries(depth <= 1 ? 500 : 4);
    for (auto& [text, entry] : entries) {
      Bytes outside = std::exchange(bytes, {});
      if (key.op == SlotOp::string) {
        string();
        text.assign(reinterpret_cast<const char*>(bytes.data()) + 4, bytes.size() - 4);
      } else {
        number(random() >> (65 - 8 * key.cell_size) % 64, static_cast<int>(key.cell_size));
        text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      }
      if (is_map) value(*slot.element, depth + 1);
      entry = std::exchange(bytes, std::move(outside));
    }
    std::sort(entries.begin(), entries.end());
    const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
    entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
    number(static_cast<std::uint64_t>(key.wire), 1);
    if (is_map) number(static_cast<std::uint64_t>(slot.element->wire), 1);
    number(entries.size(), 4);
    for (const auto& entry : entries) {
      bytes.insert(bytes.end(), entry.second.begin(), entry.second.end());
    }
  }

  std::uint64_t state_ = 42;
};

}  // namespace

std::vector<std::byte> random_value(const SlotLayout& slot) {
  Generator generator;
  generator.value(slot, 0);
  return std::move(generator.bytes);
}

}  // namespace bench
