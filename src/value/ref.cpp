#include <bit>
#include <thriftpp/base/error.hpp>
#include <thriftpp/value/ref.hpp>

#include "value/hashed.hpp"
#include "value/navigate.hpp"

namespace thrift {
namespace detail {

/// A field that is not set, or something below one. Lies in the Value's arena.
struct PendingPlace : RefContext {
  const Type* parent_type;
  std::byte* parent_cell;      // nullptr: the parent is pending itself
  const PendingPlace* parent;  // then this
  const Field* field;          // nullptr: an element or an entry's value
  std::size_t position;        // of that

  /// Where the place is by now, or nullptr. It may have come to be through another handle.
  [[nodiscard]] std::byte* existing() const noexcept {
    std::byte* const at = parent_cell != nullptr ? parent_cell : parent->existing();
    if (at == nullptr) return nullptr;
    if (field != nullptr) {
      return test_bit(at, field->layout().bit) ? field_cell(at, field->layout()) : nullptr;
    }
    return position < list_slot(at).size ? child_cell(at) : nullptr;
  }

  /// What the place reads as while it is pending.
  [[nodiscard]] ValueView current() const noexcept {
    const ValueView at =
        parent_cell != nullptr ? ValueView(*parent_type, parent_cell) : parent->current();
    if (field != nullptr) return at[*field];
    return {parent_type->as_container().element(), child_cell(at.cell())};
  }

  /// Makes the record or container that the place is in.
  [[nodiscard]] std::byte* materialise_parent() const {
    return parent_cell != nullptr ? parent_cell : parent->materialise();
  }

  /// Makes the place, with what it reads as, and all that leads to it.
  std::byte* materialise() const {
    std::byte* const at = materialise_parent();
    if (field == nullptr) return child_cell(at);
    const FieldLayout& layout = field->layout();
    if (!test_bit(at, layout.bit)) {
      if (parent_type->is_union()) clear_presence(at, parent_type->as_struct().layout());
      copy_field(layout, static_cast<const std::byte*>(field->default_slot()), at, *arena, 0);
    }
    return field_cell(at, layout);
  }

 private:
  template <class Byte>
  [[nodiscard]] Byte* child_cell(Byte* container) const noexcept {
    const SlotLayout& slot = parent_type->slot();
    return list_slot(container).data + position * slot.entry_size + slot.value_offset;
  }
};

namespace {
const PendingPlace& pending(const RefParts& parts) {
  return static_cast<const PendingPlace&>(*parts.context);
}
}  // namespace

NewCell::NewCell(const Type& type, Arena& arena) {
  const std::size_t size = type.slot().cell_size;
  // Records are pointed at by their parents, so they must lie in the arena from the start.
  data_ = type.is_struct() ? static_cast<std::byte*>(arena.allocate(size)) : small_;
  std::memset(data_, 0, size);
}

}  // namespace detail

using detail::pending;
using detail::PendingPlace;

std::byte* ValueRef::existing() const noexcept {
  return parts_.cell != nullptr ? parts_.cell : pending(parts_).existing();
}

std::byte* ValueRef::materialise() const {
  return parts_.cell != nullptr ? parts_.cell : pending(parts_).materialise();
}

ValueView ValueRef::view() const noexcept {
  if (std::byte* const cell = existing()) return {type(), cell};
  return parts_.type->is_void() ? ValueView() : pending(parts_).current();
}

ValueRef ValueRef::below(const Type& type, std::byte* cell) const noexcept {
  // A place below a pending one that exists by now needs no way to it, only the arena.
  return ValueRef({&type, cell, parts_.context});
}

ValueRef ValueRef::operator[](const Field& field) const {
  if (std::byte* const record = existing();
      record != nullptr && test_bit(record, field.layout().bit)) {
    return below(field.type(), field_cell(record, field.layout()));
  }
  void* const memory = arena().allocate(sizeof(PendingPlace));
  auto* const place = new (memory) PendingPlace{
      {&arena()}, &type(), existing(), parts_.cell == nullptr ? &pending(parts_) : nullptr,
      &field,     0};
  return ValueRef({&field.type(), nullptr, place});
}

ValueRef ValueRef::child_at(std::size_t position) const {
  require_container("has no elements");
  const ValueView now = view();
  if (position >= now.size()) {
    throw TypeError({}, describe(type()) + " of " + std::to_string(now.size()) +
                            " elements has no element " + std::to_string(position));
  }
  const Type& child = type().as_container().element();
  if (std::byte* const container = existing()) {
    const SlotLayout& slot = type().slot();
    return below(child, list_slot(container).data + position * slot.entry_size + slot.value_offset);
  }
  void* const memory = arena().allocate(sizeof(PendingPlace));
  auto* const place =
      new (memory) PendingPlace{{&arena()}, &type(), nullptr, &pending(parts_), nullptr, position};
  return ValueRef({&child, nullptr, place});
}

ValueRef ValueRef::operator[](std::string_view name) const {
  if (type().kind() == TypeKind::map) {
    (void)view()[name];  // throws where there is no such entry
    return child_at(position_of_name(view(), name));
  }
  if (!type().is_struct()) (void)view()[name];  // throws
  return (*this)[type().as_struct().field(name)];
}

ValueRef ValueRef::at_index(std::int64_t index) const {
  (void)view()[index];  // throws where there is none
  if (type().kind() == TypeKind::map) return child_at(position_of_number(view(), index));
  return child_at(static_cast<std::size_t>(index));
}

ListRef ValueRef::as_list() const {
  require(TypeKind::list, "is no list");
  return ListRef(*this);
}

const ListSlot& ValueRef::numbers(SlotOp op) const {
  (void)detail::to_numbers(view(), op);  // throws where it is no such list
  return list_slot(materialise());
}

void ValueRef::require(TypeKind kind, std::string_view doing) const {
  if (type().kind() != kind) throw TypeError(describe(type()) + " " + std::string(doing));
}

void ValueRef::require_container(std::string_view doing) const {
  if (!type().is_container()) throw TypeError(describe(type()) + " " + std::string(doing));
}

void ValueRef::assign(const Literal& value) const {
  detail::NewCell built(type(), arena());
  const BuildPath root;
  CellWriter writer(type(), built.data(), arena(), root);
  value.write(writer);
  place(built.data());
}

void ValueRef::place(const std::byte* built) const {
  const std::size_t size = type().slot().cell_size;
  if (std::byte* const cell = existing()) {
    if (size != 0) std::memcpy(cell, built, size);
    return;
  }
  const PendingPlace& place = pending(parts_);
  std::byte* const parent = place.materialise_parent();
  if (place.field == nullptr) {
    std::memcpy(place.materialise(), built, size);
    return;
  }
  const FieldLayout& layout = place.field->layout();
  if (place.parent_type->is_union()) {
    clear_presence(parent, place.parent_type->as_struct().layout());
  }
  if (layout.op == SlotOp::record) {
    store(parent + layout.offset, built);  // in the arena already: the field points at it
  } else {
    std::memcpy(parent + layout.offset, built, size);
  }
  set_bit(parent, layout.bit);
}

void ValueRef::unset(std::string_view field) const {
  if (!type().is_struct()) throw TypeError(describe(type()) + " has no fields");
  unset(type().as_struct().field(field));
}

void ValueRef::unset(const Field& field) const {
  if (std::byte* const record = existing()) clear_bit(record, field.layout().bit);
}

ValueRef ValueRef::append() const {
  require(TypeKind::list, "cannot be appended to: it is no list");
  ListSlot& list = list_slot(materialise());
  const SlotLayout& slot = type().slot();
  if (list.size == list.capacity) {
    reserve_cells(list, slot.entry_size, std::max<std::size_t>(4, 2 * std::size_t{list.capacity}),
                  arena());
  }
  std::byte* const cell = list.data + std::size_t{list.size} * slot.entry_size;
  std::memset(cell, 0, slot.entry_size);
  ++list.size;
  return below(type().as_container().element(), cell);
}

ValueRef ValueRef::append(const Literal& value) const {
  require(TypeKind::list, "cannot be appended to: it is no list");
  const Type& element = type().as_container().element();
  detail::NewCell built(element, arena());
  const BuildPath root;
  const BuildPath here{&root, {}, size(), 1};
  CellWriter writer(element, built.data(), arena(), here);
  value.write(writer);
  ValueRef added = append();
  std::memcpy(added.parts_.cell, built.data(), element.slot().cell_size);
  return added;
}

namespace {

/// Builds a key and finds it, or adds an entry with it; the value's place is zero when new.
struct BuiltKey {
  BuiltKey(const Type& type, Arena& arena, const Literal& literal) : cell(type, arena) {
    const BuildPath root;
    CellWriter writer(type, cell.data(), arena, root);
    literal.write(writer);
  }
  detail::NewCell cell;
};

std::size_t add_key(const SlotLayout& slot, HashedSlot& entries, Arena& arena,
                    const std::byte* key) {
  if (entries.size == entries.capacity) {
    reserve_cells(entries, slot.entry_size,
                  std::max<std::size_t>(4, 2 * std::size_t{entries.capacity}), arena);
  }
  std::byte* const at = entries.data + std::size_t{entries.size} * slot.entry_size;
  std::memset(at, 0, slot.entry_size);
  std::memcpy(at, key, key_slot(slot).cell_size);
  return add_last(slot, entries, arena);
}

}  // namespace

ValueRef ValueRef::insert(const Literal& element) const {
  require(TypeKind::set, "is no set");
  BuiltKey key(type().as_container().element(), arena(), element);
  HashedSlot& set = hashed_slot(materialise());
  if (const std::size_t known = find_position(type().slot(), set, key.cell.data());
      known != no_position) {
    return child_at(known);
  }
  return child_at(add_key(type().slot(), set, arena(), key.cell.data()));
}

ValueRef ValueRef::insert_key(const Literal& key) const {
  require(TypeKind::map, "is no map");
  BuiltKey built(type().as_container().key(), arena(), key);
  HashedSlot& map = hashed_slot(materialise());
  std::size_t position = find_position(type().slot(), map, built.cell.data());
  if (position == no_position) {
    position = add_key(type().slot(), map, arena(), built.cell.data());
  }
  return child_at(position);
}

ValueRef ValueRef::insert(const Literal& key, const Literal& value) const {
  require(TypeKind::map, "is no map");
  const Type& element = type().as_container().element();
  detail::NewCell built(element, arena());
  const BuildPath root;
  CellWriter writer(element, built.data(), arena(), root);
  value.write(writer);
  ValueRef entry = insert_key(key);
  std::memcpy(entry.parts_.cell, built.data(), element.slot().cell_size);
  return entry;
}

bool ValueRef::erase_at(std::size_t position) const {
  require_container("has no elements");
  if (position >= size()) return false;
  std::byte* const cell = materialise();
  if (type().kind() == TypeKind::list) {
    ListSlot& list = list_slot(cell);
    const std::size_t stride = type().slot().entry_size;
    std::byte* const at = list.data + position * stride;
    std::memmove(at, at + stride, (list.size - position - 1) * stride);
    --list.size;
  } else {
    erase_position(type().slot(), hashed_slot(cell), position);
  }
  return true;
}

bool ValueRef::erase(const Literal& key) const {
  if (type().kind() != TypeKind::set) require(TypeKind::map, "has no keys");
  const ContainerType& container = type().as_container();
  BuiltKey built(type().kind() == TypeKind::map ? container.key() : container.element(), arena(),
                 key);
  bool erased = false;
  // Shadowed entries of that key go too: else an older value would come to light.
  for (;;) {
    const std::size_t position =
        find_position(type().slot(), hashed_slot(view().cell()), built.cell.data());
    if (position == no_position) return erased;
    erased = erase_at(position);
  }
}

void ValueRef::clear() const {
  if (type().is_struct()) {
    if (std::byte* const record = existing()) clear_presence(record, type().as_struct().layout());
    return;
  }
  require_container("cannot be cleared");
  std::byte* const cell = materialise();
  list_slot(cell).size = 0;
  if (type().kind() != TypeKind::list) hashed_slot(cell).index = nullptr;
}

void ValueRef::resize(std::size_t size) const {
  require(TypeKind::list, "is no list");
  ListSlot& list = list_slot(materialise());
  const std::size_t stride = type().slot().entry_size;
  reserve_cells(list, stride, size, arena());
  if (size > list.size) {
    std::memset(list.data + list.size * stride, 0, (size - list.size) * stride);
  }
  list.size = static_cast<std::uint32_t>(size);
}

void ValueRef::reserve(std::size_t capacity) const {
  require_container("has no elements");
  reserve_cells(list_slot(materialise()), type().slot().entry_size, capacity, arena());
}

void ValueRef::index() const {
  require_container("has no keys");
  if (type().kind() == TypeKind::list) throw TypeError(describe(type()) + " has no keys");
  HashedSlot& entries = hashed_slot(materialise());
  if (entries.index == nullptr) build_index(type().slot(), entries, arena());
}

}  // namespace thrift
