#include <cmath>
#include <new>
#include <thriftpp/base/error.hpp>
#include <thriftpp/schema/schema.hpp>
#include <thriftpp/value/literal.hpp>
#include <thriftpp/value/text.hpp>

#include "base/unknown_name.hpp"
#include "value/hashed.hpp"

namespace thrift {
namespace {

struct Range {
  std::int64_t min;
  std::int64_t max;
};

Range range_of(SlotOp op) {
  switch (op) {
    case SlotOp::i8: return {INT8_MIN, INT8_MAX};
    case SlotOp::i16: return {INT16_MIN, INT16_MAX};
    case SlotOp::i32: return {INT32_MIN, INT32_MAX};
    default: return {INT64_MIN, INT64_MAX};
  }
}

/// Doubles hold every integer up to this one, and from there on only some.
constexpr std::int64_t exact_double = std::int64_t{1} << 53;

bool is_exact(std::int64_t value) {
  if (value >= -exact_double && value <= exact_double) return true;
  const auto rounded = static_cast<double>(value);
  return rounded < 0x1p63 && static_cast<std::int64_t>(rounded) == value;
}

[[noreturn]] void fail_unknown(const BuildPath& path, const EnumType& type, std::string_view name) {
  std::vector<std::string_view> names;
  for (const EnumValue& value : type.values()) names.push_back(value.name());
  TypeErrorDetail detail = unknown_name(
      path.text(), describe(type) + " has no value `" + std::string(name) + "`", name, names);
  detail.expected = type.name();
  throw TypeError(make_failure<TypeErrorDetail>(std::move(detail)));
}

}  // namespace

std::string BuildPath::text() const {
  std::string text;
  if (parent == nullptr) return text;
  text = parent->text();
  if (field.empty()) return text + '[' + std::to_string(index) + ']';
  if (!text.empty()) text += '.';
  return text += field;
}

BuildPath CellWriter::step(std::string_view field, std::size_t index) const {
  if (path_.depth >= max_value_depth) {
    fail("nested deeper than " + std::to_string(max_value_depth) + " levels");
  }
  return {&path_, field, index, path_.depth + 1};
}

void CellWriter::fail(const std::string& problem) const {
  throw TypeError(path_.text(), problem, std::string(type_.name()));
}

void CellWriter::reject(std::string_view what) const {
  throw TypeError(path_.text(), "expected " + describe(type_) + ", got " + std::string(what),
                  std::string(type_.name()), std::string(what));
}

void CellWriter::boolean(bool value) {
  if (type_.kind() != TypeKind::bool_) reject("a bool");
  store(cell_, static_cast<std::uint8_t>(value));
}

void CellWriter::integer(std::int64_t value) {
  const SlotOp op = type_.slot().op;
  if (op == SlotOp::double_) {
    if (!is_exact(value)) fail(std::to_string(value) + " is not exact as a `double`");
    return store(cell_, static_cast<double>(value));
  }
  if (!type_.is_integer() && !type_.is_enum()) reject("the integer " + std::to_string(value));
  const Range range = range_of(op);
  if (value < range.min || value > range.max) {
    fail(std::to_string(value) + " does not fit " + describe(type_));
  }
  switch (op) {
    case SlotOp::i8: return store(cell_, static_cast<std::int8_t>(value));
    case SlotOp::i16: return store(cell_, static_cast<std::int16_t>(value));
    case SlotOp::i32: return store(cell_, static_cast<std::int32_t>(value));
    default: return store(cell_, value);
  }
}

void CellWriter::unsigned_integer(std::uint64_t value) {
  if (value <= INT64_MAX) return integer(static_cast<std::int64_t>(value));
  if (type_.is_integer() || type_.is_enum()) {
    fail(std::to_string(value) + " does not fit " + describe(type_));
  }
  reject("the integer " + std::to_string(value));
}

void CellWriter::number(double value) {
  if (type_.kind() != TypeKind::double_) reject("a double");
  store(cell_, value);
}

void CellWriter::text(std::string_view value) {
  if (type_.is_string()) {
    if (value.size() > INT32_MAX) fail("a string of more than 2147483647 bytes");
    const std::string_view copy = arena_.copy(value);
    return store(cell_, StringSlot{copy.data(), copy.size()});
  }
  if (type_.is_enum()) {
    const EnumValue* const found = type_.as_enum().find(value);
    if (found == nullptr) fail_unknown(path_, type_.as_enum(), value);
    return store(cell_, found->number());
  }
  if (type_.kind() == TypeKind::uuid) {
    const std::optional<Uuid> parsed = parse_uuid(value);
    if (!parsed) fail("`" + std::string(value.substr(0, 64)) + "` is no uuid");
    return store(cell_, *parsed);
  }
  reject("a string");
}

void CellWriter::uuid(const Uuid& value) {
  if (type_.kind() != TypeKind::uuid) reject("a uuid");
  store(cell_, value);
}

void CellWriter::copy(ValueView value) {
  const Type& given = value.type();
  if (same_structure(type_, given)) {
    return copy_cell(type_.slot(), value.cell(), cell_, arena_, path_.depth);
  }
  // Scalars convert as C++ values of their kind do; everything else must agree.
  if (given.is_integer()) return integer(detail::to_integer(value, INT64_MIN, INT64_MAX));
  if (given.is_string() && type_.is_enum()) return text(detail::to_bytes(value));
  if (given.is_enum() && type_.is_integer()) {
    return integer(detail::to_integer(value, INT32_MIN, INT32_MAX));
  }
  const std::string difference = first_difference(type_, given);
  const bool of_one_kind = type_.slot().op == given.slot().op && !difference.empty();
  throw TypeError(path_.text(),
                  "expected " + describe(type_) + ", got " + describe(given) +
                      (of_one_kind ? ": " + difference : std::string()),
                  std::string(type_.name()), std::string(given.name()));
}

void CellWriter::items(std::initializer_list<Literal> items) {
  if (type_.is_struct()) {
    begin_struct();
    for (const Literal& item : items) {
      if (!item.is_items() || item.items().size() != 2 || !item.items().begin()->name()) {
        fail("a literal of " + describe(type_) + " is a list of {\"field\", value} pairs");
      }
      const std::string_view name = *item.items().begin()->name();
      const Literal& value = item.items().begin()[1];
      if (value.is_null()) {
        (void)find_field(name);
      } else {
        field(name, [&](CellWriter inner) { value.write(inner); });
      }
    }
    end_struct();
  } else if (type_.kind() == TypeKind::map) {
    begin_map(items.size());
    for (const Literal& item : items) {
      if (!item.is_items() || item.items().size() != 2) {
        fail("a literal of " + describe(type_) + " is a list of {key, value} pairs");
      }
      entry([&](CellWriter inner) { item.items().begin()[0].write(inner); },
            [&](CellWriter inner) { item.items().begin()[1].write(inner); });
    }
    end_container();
  } else if (type_.is_container()) {
    begin_list(items.size());
    std::size_t i = 0;
    for (const Literal& item : items) {
      element(i++, [&](CellWriter inner) { item.write(inner); });
    }
    end_container();
  } else {
    reject("a list of " + std::to_string(items.size()));
  }
}

void CellWriter::begin_list(std::size_t count) {
  if (type_.kind() != TypeKind::list && type_.kind() != TypeKind::set) reject("a list");
  if (count > INT32_MAX) fail("more than 2147483647 elements");
  ListSlot& slot = list_slot(cell_);
  const std::size_t bytes = count * type_.slot().entry_size;
  slot.data = count == 0 ? nullptr : static_cast<std::byte*>(arena_.allocate(bytes));
  if (bytes != 0) std::memset(slot.data, 0, bytes);
  slot.size = slot.capacity = static_cast<std::uint32_t>(count);
}

std::byte* CellWriter::list_data() const noexcept {
  return list_slot(cell_).data;
}
std::size_t CellWriter::map_size() const noexcept {
  return list_slot(cell_).size;
}

void CellWriter::begin_map(std::size_t count) {
  if (type_.kind() != TypeKind::map) reject("a map");
  if (count > INT32_MAX) fail("more than 2147483647 entries");
  reserve_cells(list_slot(cell_), type_.slot().entry_size, count, arena_);
}

std::byte* CellWriter::new_entry() {
  HashedSlot& map = hashed_slot(cell_);
  const std::size_t entry_size = type_.slot().entry_size;
  if (map.size == map.capacity) {
    reserve_cells(map, entry_size, 2 * std::size_t{map.capacity} + 4, arena_);
  }
  std::byte* const at = map.data + map.size * entry_size;
  std::memset(at, 0, entry_size);
  return at;
}

void CellWriter::end_entry() {
  (void)add_last(type_.slot(), hashed_slot(cell_), arena_);
}

void CellWriter::end_container() {
  if (type_.kind() != TypeKind::set) return;
  // Elements were written side by side; now each is added to those before it.
  HashedSlot& set = hashed_slot(cell_);
  const std::uint32_t given = set.size;
  const std::size_t stride = type_.slot().entry_size;
  std::byte* const elements = set.data;
  set.size = 0;
  for (std::uint32_t i = 0; i < given; ++i) {
    if (set.size != i) std::memcpy(elements + set.size * stride, elements + i * stride, stride);
    (void)add_last(type_.slot(), set, arena_);
  }
}

void CellWriter::begin_struct() {
  if (!type_.is_struct()) reject("a struct");
  clear_presence(cell_, type_.as_struct().layout());
}

const Field& CellWriter::find_field(std::string_view name) const {
  if (!type_.is_struct()) reject("a struct");
  if (const Field* const found = type_.as_struct().find_field(name)) return *found;
  std::vector<std::string_view> names;
  for (const Field& field : type_.as_struct().fields()) names.push_back(field.name());
  TypeErrorDetail detail = unknown_name(
      path_.text(), describe(type_) + " has no field `" + std::string(name) + "`", name, names);
  detail.expected = type_.name();
  detail.unknown_field = name;
  throw TypeError(make_failure<TypeErrorDetail>(std::move(detail)));
}

std::byte* CellWriter::new_field_cell(const Field& field) {
  const FieldLayout& layout = field.layout();
  if (type_.is_union()) {
    const Field* const other = ValueView(type_, cell_).member();
    if (other != nullptr && other != &field) {
      fail("a union takes one member: `" + std::string(other->name()) +
           "` is given already, and `" + std::string(field.name()) + "` too");
    }
  }
  std::byte* cell = cell_ + layout.offset;
  if (layout.op == SlotOp::record)
    cell = static_cast<std::byte*>(arena_.allocate(layout.slot->cell_size));
  std::memset(cell, 0, layout.slot->cell_size);
  return cell;
}

void CellWriter::put_field(const Field& field, const std::byte* cell) {
  if (field.layout().op == SlotOp::record) store(cell_ + field.layout().offset, cell);
  set_bit(cell_, field.layout().bit);
}

void CellWriter::end_struct(bool set_defaults) {
  const StructType& type = type_.as_struct();
  const StructLayout& layout = type.layout();
  if (layout.is_union) {
    if (ValueView(type_, cell_).member() == nullptr) {
      fail("a union takes one member, none is given");
    }
    return;
  }
  for (const Field& field : type.fields()) {
    if (test_bit(cell_, field.layout().bit)) continue;
    const bool wanted =
        field.is_required() || (set_defaults && field.requiredness() == Requiredness::default_);
    if (field.has_default() && wanted) {
      copy_field(field.layout(), static_cast<const std::byte*>(field.default_slot()), cell_, arena_,
                 path_.depth);
    } else if (field.is_required()) {
      const std::string path = path_.text();
      throw TypeError(
          path.empty() ? std::string(field.name()) : path + '.' + std::string(field.name()),
          "required field of " + describe(type_) + " is missing", std::string(field.type().name()));
    }
  }
}

}  // namespace thrift
