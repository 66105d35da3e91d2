#include "schema/container_types.hpp"

#include "base/align.hpp"

namespace thrift {
namespace {

WireType wire_type(TypeKind kind) {
  return kind == TypeKind::list  ? WireType::list
         : kind == TypeKind::set ? WireType::set
                                 : WireType::map;
}

SlotOp slot_op(TypeKind kind) {
  return kind == TypeKind::list ? SlotOp::list : kind == TypeKind::set ? SlotOp::set : SlotOp::map;
}

}  // namespace

const ContainerType& ContainerTypes::get(TypeKind kind, const Type* key, const Type& element) {
  const std::scoped_lock lock(mutex_);
  auto& known = by_id_[Id{kind, key, &element}];
  if (known != nullptr) return *known;

  std::string name(to_string(kind));
  name += '<';
  if (key != nullptr) name += qualified_name(*key) + ", ";
  name += qualified_name(element) + '>';

  const std::uint32_t size = kind == TypeKind::list ? sizeof(ListSlot) : sizeof(HashedSlot);
  const SlotLayout slot{.op = slot_op(kind),
                        .wire = wire_type(kind),
                        .field_align = 8,
                        .min_wire_size = 1,  // compact: one byte of size and element type
                        .field_size = size,
                        .cell_size = size,
                        .cell_align = 8,
                        .key = key == nullptr ? nullptr : &key->slot(),
                        .element = &element.slot()};
  auto node = std::unique_ptr<Node>(
      new Node{std::move(name), slot, ContainerType(kind, {}, &schema_, nullptr, key, element)});
  node->type.name_ = node->name;
  node->type.slot_ = &node->slot;
  node->slot.type = &node->type;
  if (laid_out_) lay_out(*node);
  known = &node->type;
  nodes_.push_back(std::move(node));
  return *known;
}

void ContainerTypes::lay_out() {
  const std::scoped_lock lock(mutex_);
  laid_out_ = true;
  for (const auto& node : nodes_) lay_out(*node);
}

void ContainerTypes::lay_out(Node& node) {
  SlotLayout& slot = node.slot;
  const SlotLayout& element = *slot.element;
  if (slot.key == nullptr) {
    slot.entry_size = element.cell_size;
    return;
  }
  const std::uint32_t align = std::max(slot.key->cell_align, element.cell_align);
  slot.value_offset = align_up(slot.key->cell_size, element.cell_align);
  slot.entry_size = align_up(slot.value_offset + element.cell_size, align);
}

}  // namespace thrift
