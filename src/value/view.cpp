#include <bit>
#include <ostream>
#include <thriftpp/base/error.hpp>
#include <thriftpp/schema/schema.hpp>
#include <thriftpp/value/literal.hpp>
#include <thriftpp/value/path.hpp>
#include <thriftpp/value/text.hpp>
#include <thriftpp/value/view.hpp>

#include "value/hashed.hpp"
#include "value/navigate.hpp"

namespace thrift {
namespace {

[[noreturn]] void throw_not(ValueView value, std::string_view what) {
  throw TypeError({}, describe(value.type()) + " " + std::string(what), {},
                  std::string(value.type().name()));
}

const StructType& struct_of(ValueView value) {
  if (!value.type().is_struct()) throw_not(value, "has no fields");
  return value.type().as_struct();
}

ValueView entry_value(ValueView map, std::size_t position) {
  const SlotLayout& slot = map.type().slot();
  return {map.type().as_container().element(),
          list_slot(map.cell()).data + position * slot.entry_size + slot.value_offset};
}

ValueView element_at(ValueView list, std::size_t position) {
  return {list.type().as_container().element(),
          list_slot(list.cell()).data + position * list.type().slot().entry_size};
}

bool is_list(ValueView value) {
  return value.type().kind() == TypeKind::list || value.type().kind() == TypeKind::set;
}

}  // namespace

std::size_t position_of_name(ValueView map, std::string_view key) {
  const Type& type = map.type().as_container().key();
  if (type.is_enum()) {
    const EnumValue* const value = type.as_enum().find(key);
    if (value == nullptr) return no_position;
    const std::int32_t number = value->number();
    return find_position(map.type().slot(), hashed_slot(map.cell()),
                         reinterpret_cast<const std::byte*>(&number));
  }
  if (!type.is_string()) throw_not(map, "has no string keys");
  const StringSlot slot{key.data(), key.size()};
  return find_position(map.type().slot(), hashed_slot(map.cell()),
                       reinterpret_cast<const std::byte*>(&slot));
}

std::size_t position_of_number(ValueView map, std::int64_t key) {
  const Type& type = map.type().as_container().key();
  if (!type.is_integer() && !type.is_enum()) throw_not(map, "has no integer keys");
  alignas(8) std::byte cell[8] = {};
  const BuildPath path;
  Arena none;
  try {
    CellWriter(type, cell, none, path).integer(key);
  } catch (const TypeError&) {
    return no_position;  // beyond the range of the key's type: such a key cannot be there
  }
  return find_position(map.type().slot(), hashed_slot(map.cell()), cell);
}

std::size_t position_of_value(ValueView container, ValueView key) {
  const ContainerType& type = container.type().as_container();
  const Type& wanted = type.kind() == TypeKind::map ? type.key() : type.element();
  if (!same_structure(wanted, key.type())) {
    throw_not(container, "has no keys of type " + describe(key.type()));
  }
  return find_position(container.type().slot(), hashed_slot(container.cell()), key.cell());
}

bool ValueView::has(std::string_view field) const {
  return has(struct_of(*this).field(field));
}

ValueView ValueView::operator[](std::string_view name) const {
  if (type_->kind() != TypeKind::map) return (*this)[struct_of(*this).field(name)];
  const std::size_t position = position_of_name(*this, name);
  if (position == no_position) throw_not(*this, "has no entry `" + std::string(name) + "`");
  return entry_value(*this, position);
}

ValueView ValueView::at_index(std::int64_t index) const {
  if (type_->kind() == TypeKind::map) {
    const std::size_t position = position_of_number(*this, index);
    if (position == no_position) throw_not(*this, "has no entry " + std::to_string(index));
    return entry_value(*this, position);
  }
  if (!is_list(*this)) throw_not(*this, "has no elements");
  const std::size_t count = list_slot(cell_).size;
  if (index < 0 || static_cast<std::uint64_t>(index) >= count) {
    throw_not(*this,
              "of " + std::to_string(count) + " elements has no element " + std::to_string(index));
  }
  return element_at(*this, static_cast<std::size_t>(index));
}

std::optional<ValueView> ValueView::find_index(std::int64_t index) const {
  if (type_->kind() == TypeKind::map) {
    const std::size_t position = position_of_number(*this, index);
    if (position == no_position) return std::nullopt;
    return entry_value(*this, position);
  }
  if (!is_list(*this)) throw_not(*this, "has no elements");
  if (index < 0 || static_cast<std::uint64_t>(index) >= list_slot(cell_).size) return std::nullopt;
  return element_at(*this, static_cast<std::size_t>(index));
}

std::optional<ValueView> ValueView::find(std::string_view name) const {
  if (type_->kind() == TypeKind::map) {
    const std::size_t position = position_of_name(*this, name);
    if (position == no_position) return std::nullopt;
    return entry_value(*this, position);
  }
  const Field& field = struct_of(*this).field(name);
  if (!has(field)) return std::nullopt;
  return (*this)[field];
}

std::optional<ValueView> ValueView::find(ValueView key) const {
  if (type_->kind() != TypeKind::map && type_->kind() != TypeKind::set) {
    throw_not(*this, "has no keys");
  }
  const std::size_t position = position_of_value(*this, key);
  if (position == no_position) return std::nullopt;
  return type_->kind() == TypeKind::map ? entry_value(*this, position)
                                        : element_at(*this, position);
}

FieldRange ValueView::fields() const {
  (void)struct_of(*this);
  return FieldRange(*this);
}

const Field* ValueView::member() const {
  for (const Field& field : struct_of(*this).fields()) {
    if (has(field)) return &field;
  }
  return nullptr;
}

const UnknownField* ValueView::unknown_fields() const noexcept {
  return type_->is_struct() ? thrift::unknown_fields(type_->as_struct().layout(), cell_) : nullptr;
}

std::size_t ValueView::size() const {
  switch (type_->slot().op) {
    case SlotOp::list:
    case SlotOp::set:
    case SlotOp::map: return list_slot(cell_).size;
    case SlotOp::string: return load<StringSlot>(cell_).size;
    case SlotOp::record: {
      std::size_t set = 0;
      for (const Field& field : type_->as_struct().fields()) set += has(field) ? 1U : 0U;
      return set;
    }
    default: throw_not(*this, "has no size");
  }
}

ListView ValueView::as_list() const {
  if (!is_list(*this)) throw_not(*this, "is no list or set");
  return {type_->as_container().element(), list_slot(cell_), type_->slot().entry_size};
}

MapView ValueView::as_map() const {
  if (type_->kind() != TypeKind::map) throw_not(*this, "is no map");
  return {*type_, list_slot(cell_)};
}

bool ValueView::equal(ValueView a, ValueView b) {
  return same_structure(*a.type_, *b.type_) && equal_cells(a.type_->slot(), a.cell_, b.cell_);
}

std::size_t ValueView::hash() const {
  return hash_cell(type_->slot(), cell_);
}

std::ostream& operator<<(std::ostream& out, ValueView value) {
  return out << to_json(value);
}

}  // namespace thrift
