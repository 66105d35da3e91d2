#include <array>
#include <thriftpp/schema/layout.hpp>
#include <thriftpp/schema/struct_type.hpp>
#include <thriftpp/schema/type.hpp>

namespace thrift {

std::string_view to_string(TypeKind kind) noexcept {
  constexpr std::array<std::string_view, 17> names{
      "void", "bool", "i8",     "i16",   "i32",       "i64",  "double", "string", "binary",
      "uuid", "enum", "struct", "union", "exception", "list", "set",    "map"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(WireType type) noexcept {
  switch (type) {
    case WireType::stop: return "stop";
    case WireType::void_: return "void";
    case WireType::bool_: return "bool";
    case WireType::i8: return "i8";
    case WireType::double_: return "double";
    case WireType::i16: return "i16";
    case WireType::i32: return "i32";
    case WireType::i64: return "i64";
    case WireType::string: return "string";
    case WireType::struct_: return "struct";
    case WireType::map: return "map";
    case WireType::set: return "set";
    case WireType::list: return "list";
    case WireType::uuid: return "uuid";
  }
  return "unknown type";
}

std::string_view to_string(Requiredness requiredness) noexcept {
  constexpr std::array<std::string_view, 3> names{"default", "required", "optional"};
  return names[static_cast<std::size_t>(requiredness)];
}

/// The base types and their layouts: constant-initialised, so that they exist before anything runs.
struct BaseTypes {
  static constexpr SlotLayout scalar(SlotOp op, WireType wire, std::uint32_t size,
                                     std::uint32_t align, std::uint8_t min_wire_size) {
    SlotLayout slot;
    slot.op = op;
    slot.wire = wire;
    slot.field_align = static_cast<std::uint8_t>(align);
    slot.min_wire_size = min_wire_size;
    slot.field_size = slot.cell_size = size;
    slot.cell_align = align;
    return slot;
  }
  struct Node {
    SlotLayout slot;
    struct Base : Type {
      constexpr Base(TypeKind kind, std::string_view name, const SlotLayout* slot) noexcept
          : Type(kind, name, nullptr, slot) {}
    } type;
    Node(TypeKind kind, SlotLayout layout) noexcept
        : slot(layout), type(kind, to_string(kind), &slot) {
      slot.type = &type;
    }
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    ~Node() = default;
  };
  // In the order of TypeKind. The least size on the wire is the compact protocol's (a varint of one
  // byte); what only costs more elsewhere need not be told apart.
  std::array<Node, 10> nodes{
      Node(TypeKind::void_, scalar(SlotOp::void_, WireType::void_, 0, 1, 0)),
      Node(TypeKind::bool_, scalar(SlotOp::bool_, WireType::bool_, 1, 1, 1)),
      Node(TypeKind::i8, scalar(SlotOp::i8, WireType::i8, 1, 1, 1)),
      Node(TypeKind::i16, scalar(SlotOp::i16, WireType::i16, 2, 2, 1)),
      Node(TypeKind::i32, scalar(SlotOp::i32, WireType::i32, 4, 4, 1)),
      Node(TypeKind::i64, scalar(SlotOp::i64, WireType::i64, 8, 8, 1)),
      Node(TypeKind::double_, scalar(SlotOp::double_, WireType::double_, 8, 8, 8)),
      Node(TypeKind::string, scalar(SlotOp::string, WireType::string, 16, 8, 1)),
      Node(TypeKind::binary, scalar(SlotOp::string, WireType::string, 16, 8, 1)),
      Node(TypeKind::uuid, scalar(SlotOp::uuid, WireType::uuid, 16, 1, 16)),
  };
};

const Type& base_type(TypeKind kind) noexcept {
  static const BaseTypes types;
  return types.nodes[static_cast<std::size_t>(kind)].type;
}

const FieldLayout* StructLayout::find_sparse(std::int32_t id) const noexcept {
  std::uint32_t low = 0, high = field_count;
  while (low < high) {
    const std::uint32_t middle = (low + high) / 2;
    if (fields[middle].id < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < field_count && fields[low].id == id ? fields + low : nullptr;
}

}  // namespace thrift
