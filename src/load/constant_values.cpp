// Writing one value into one cell, checked against its type.

#include <algorithm>
#include <limits>
#include <thriftpp/base/near_name.hpp>
#include <thriftpp/value/text.hpp>

#include "load/cells.hpp"
#include "load/constants.hpp"

namespace thrift::loading {
namespace {

const char* kind_of(const ast::ConstValue& value) {
  static constexpr const char* kinds[] = {"an integer", "a bool", "a double", "a string",
                                          "a name",     "a list", "a map"};
  return kinds[value.value.index()];
}

/// The range of an integer type.
std::pair<std::int64_t, std::int64_t> range_of(TypeKind kind) {
  const auto of = [](auto zero) {
    using Limits = std::numeric_limits<decltype(zero)>;
    return std::pair<std::int64_t, std::int64_t>(Limits::min(), Limits::max());
  };
  switch (kind) {
    case TypeKind::i8: return of(std::int8_t{});
    case TypeKind::i16: return of(std::int16_t{});
    case TypeKind::i32: return of(std::int32_t{});
    default: return of(std::int64_t{});
  }
}

void store_integer(std::byte* cell, std::int64_t number, TypeKind kind) {
  switch (kind) {
    case TypeKind::i8: return store(cell, static_cast<std::int8_t>(number));
    case TypeKind::i16: return store(cell, static_cast<std::int16_t>(number));
    case TypeKind::i64: return store(cell, number);
    default: return store(cell, static_cast<std::int32_t>(number));
  }
}

}  // namespace

bool Evaluator::write(const ast::ConstValue& value, const Type& type, std::byte* cell,
                      const Place& place) {
  if (&type == load_.broken) return false;
  return std::visit(
      [&](const auto& v) {
        using V = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<V, ast::Integer>) {
          return !v.overflow && write_integer(v.value, value, type, cell, place);
        } else if constexpr (std::is_same_v<V, ast::Boolean>) {
          return write_integer(v.value ? 1 : 0, value, type, cell, place);
        } else if constexpr (std::is_same_v<V, ast::Double>) {
          return write_double(v.value, value, type, cell, place);
        } else if constexpr (std::is_same_v<V, ast::String>) {
          return write_string(v, value, type, cell, place);
        } else if constexpr (std::is_same_v<V, ast::Identifier>) {
          return write_reference(value, type, cell, place);
        } else if constexpr (std::is_same_v<V, ast::ListValue>) {
          return write_list(v, value, type, cell, place);
        } else {
          return write_map(v, value, type, cell, place);
        }
      },
      value.value);
}

bool Evaluator::write_integer(std::int64_t number, const ast::ConstValue& value, const Type& type,
                              std::byte* cell, const Place& place) {
  if (type.is_integer()) {
    const auto [low, high] = loading::range_of(type.kind());
    if (number < low || (number > high && number / 2 > high)) {
      return refuse("constant-range", value, place,
                    std::to_string(number) + " is out of the range of " + backquoted(type.name()));
    }
    if (number > high) {  // `byte b = 200`, `i32 mask = 0xFFFFFFFF`
      load_.diagnostics.warning("unsigned-constant", Evaluator::range_of(value, place),
                                std::to_string(number) + " is out of the range of " +
                                    backquoted(type.name()) + "; its bits are taken as " +
                                    std::to_string(number - 2 * (high + 1)));
    }
    store_integer(cell, number, type.kind());
  } else if (type.is_enum()) {
    if (number != static_cast<std::int32_t>(number) ||
        type.as_enum().find(static_cast<std::int32_t>(number)) == nullptr) {
      return refuse("unknown-enum-value", value, place,
                    "enum " + backquoted(type.name()) + " has no value with the number " +
                        std::to_string(number));
    }
    store_integer(cell, number, TypeKind::i32);
  } else if (type.kind() == TypeKind::bool_) {
    store(cell, static_cast<std::uint8_t>(number != 0 ? 1 : 0));
  } else if (type.kind() == TypeKind::double_) {
    store(cell, static_cast<double>(number));
  } else {
    return wrong_type(value, type, place);
  }
  return count(1, place.depth, value, place);
}

bool Evaluator::write_double(double number, const ast::ConstValue& value, const Type& type,
                             std::byte* cell, const Place& place) {
  if (type.kind() != TypeKind::double_) return wrong_type(value, type, place);
  store(cell, number);
  return count(1, place.depth, value, place);
}

bool Evaluator::write_string(const ast::String& text, const ast::ConstValue& value,
                             const Type& type, std::byte* cell, const Place& place) {
  if (type.is_string()) {
    std::byte* const copy = allocate(text.value.size(), value, place);
    if (copy == nullptr) return false;
    if (!text.value.empty()) std::memcpy(copy, text.value.data(), text.value.size());
    store(cell, StringSlot{reinterpret_cast<const char*>(copy), text.value.size()});
  } else if (type.kind() == TypeKind::uuid) {
    const auto uuid = parse_uuid(text.value);
    if (!uuid) {
      return refuse("invalid-uuid", value, place,
                    "this is no uuid: 00112233-4455-6677-8899-aabbccddeeff is the form of one");
    }
    store(cell, *uuid);
    std::string_view spelling = text.value;
    if (spelling.size() == 38) spelling = spelling.substr(1, 36);
    if (spelling != to_string(*uuid)) load_.uuids.try_emplace(*uuid, spelling);
  } else if (type.is_enum()) {
    const bool is_value = type.as_enum().find(text.value) != nullptr;
    return refuse("constant-type", value, place,
                  "a value of enum " + backquoted(type.name()) + " is wanted, this is a string",
                  is_value ? std::string(type.name()) + '.' + std::string(text.value) : "");
  } else {
    return wrong_type(value, type, place);
  }
  return count(1, place.depth, value, place);
}

bool Evaluator::write_list(const ast::ListValue& list, const ast::ConstValue& value,
                           const Type& type, std::byte* cell, const Place& place) {
  // `[]` is an empty map, too. Its cell stays without memory: describe_apache.cpp tells by that.
  if (type.kind() == TypeKind::map && list.elements.empty()) {
    return count(1, place.depth, value, place);
  }
  if (type.kind() != TypeKind::list && type.kind() != TypeKind::set) {
    return wrong_type(value, type, place);
  }
  if (!count(1, place.depth, value, place)) return false;
  const SlotLayout& slot = type.slot();
  const Type& element = type.as_container().element();
  std::byte* const data = allocate(list.elements.size() * slot.entry_size, value, place);
  if (data == nullptr) return false;
  const Place inner{place.unit, place.blame, place.depth + 1, place.size};
  const bool is_set = type.kind() == TypeKind::set;
  std::unordered_map<std::string, std::uint32_t> seen;
  std::uint32_t size = 0;
  bool good = true;
  for (const ast::ConstValue& item : list.elements) {
    std::byte* const at = data + std::size_t{size} * slot.entry_size;
    if (!write(item, element, at, inner)) {
      good = false;
      std::memset(at, 0, slot.entry_size);  // what was written halfway
      continue;
    }
    if (is_set && list.elements.size() > 1) {
      std::string identity;
      append_identity(identity, *slot.element, at);
      if (!seen.try_emplace(std::move(identity), size).second) {
        load_.diagnostics.warning("duplicate-set-element", Evaluator::range_of(item, inner),
                                  "this element is in the set already");
        std::memset(at, 0, slot.entry_size);
        continue;
      }
    }
    ++size;
  }
  store(cell, ListSlot{.data = data, .size = size, .capacity = 0});
  return good;
}

bool Evaluator::write_map(const ast::MapValue& map, const ast::ConstValue& value, const Type& type,
                          std::byte* cell, const Place& place) {
  if (type.kind() == TypeKind::map) {
    return write_entries(map, value, type.as_container(), cell, place);
  }
  if (type.is_struct()) {
    return count(1, place.depth, value, place) && write_struct(map, type.as_struct(), cell, place);
  }
  // `{}` is an empty list or set, too; its cell stays without memory.
  if (map.entries.empty() && type.is_container()) return count(1, place.depth, value, place);
  return wrong_type(value, type, place);
}

bool Evaluator::write_entries(const ast::MapValue& map, const ast::ConstValue& value,
                              const ContainerType& type, std::byte* cell, const Place& place) {
  if (!count(1, place.depth, value, place)) return false;
  const SlotLayout& slot = type.slot();
  std::byte* const data = allocate(map.entries.size() * slot.entry_size, value, place);
  if (data == nullptr) return false;
  const Place inner{place.unit, place.blame, place.depth + 1, place.size};
  const Place key{place.unit, place.blame, place.depth + 1, place.size, true};
  std::unordered_map<std::string, std::uint32_t> seen;
  std::uint32_t size = 0;
  bool good = true;
  for (const ast::MapEntry& entry : map.entries) {
    std::byte* const at = data + std::size_t{size} * slot.entry_size;
    const bool has_key = write(entry.key, type.key(), at, key);
    const bool has_value = write(entry.value, type.element(), at + slot.value_offset, inner);
    if (!has_key || !has_value) {
      good = false;
      std::memset(at, 0, slot.entry_size);
      continue;
    }
    if (map.entries.size() > 1) {
      std::string identity;
      append_identity(identity, *slot.key, at);
      const auto [first, is_new] = seen.try_emplace(std::move(identity), size);
      if (!is_new) {  // the last one counts, in the place of the first
        load_.diagnostics.warning("duplicate-map-key", Evaluator::range_of(entry.key, inner),
                                  "this key is in the map already; the last one counts");
        std::memcpy(data + std::size_t{first->second} * slot.entry_size, at, slot.entry_size);
        std::memset(at, 0, slot.entry_size);
        continue;
      }
    }
    ++size;
  }
  store(cell, ListSlot{.data = data, .size = size, .capacity = 0});
  return good;
}

bool Evaluator::write_struct(const ast::MapValue& map, const StructType& type, std::byte* record,
                             const Place& place) {
  const Place inner{place.unit, place.blame, place.depth + 1, place.size};
  const Field* member = nullptr;
  bool good = true;
  for (const ast::MapEntry& entry : map.entries) {
    const Field* const field = find_field(entry.key, type, inner);
    if (field == nullptr) {
      good = false;
      continue;
    }
    if (type.is_union() && member != nullptr && member != field) {
      good = refuse("union-members", entry.key, inner,
                    "union " + backquoted(type.name()) + " can hold one member, and has " +
                        backquoted(member->name()) + " already");
      continue;
    }
    member = field;
    good = write_field(entry.value, *field, record, inner) && good;
  }
  return good;
}

bool Evaluator::write_field(const ast::ConstValue& value, const Field& field, std::byte* record,
                            const Place& place) {
  const SlotLayout& slot = field.type().slot();
  if (&field.type() == load_.broken) return false;
  std::byte* const at = record + field.layout().offset;
  std::memset(at, 0, slot.field_size);  // a field that is named twice: the last one counts
  if (slot.op == SlotOp::record) {
    std::byte* const nested = allocate(slot.cell_size, value, place);
    if (nested == nullptr || !write(value, field.type(), nested, place)) return false;
    store(at, nested);
  } else if (!write(value, field.type(), at, place)) {
    return false;
  }
  set_bit(record, field.layout().bit);
  return true;
}

const Field* Evaluator::find_field(const ast::ConstValue& key, const StructType& type,
                                   const Place& place) {
  const auto text = [&]() -> std::optional<std::string_view> {
    if (const auto* string = std::get_if<ast::String>(&key.value)) return string->value;
    // The name of a string constant will do.
    std::byte cell[sizeof(StringSlot)] = {};
    const auto* const name = std::get_if<ast::Identifier>(&key.value);
    if (name == nullptr || type.find_field(name->text) != nullptr) return std::nullopt;
    ValueSize size;
    const Place there{place.unit, place.blame, 1, size};
    if (!write_reference(key, base_type(TypeKind::string), cell, there)) return std::string_view();
    return load_cell<StringSlot>(cell).view();
  }();
  if (!text) {
    const auto* const name = std::get_if<ast::Identifier>(&key.value);
    refuse("constant-type", key, place, "the name of a field is written as a string here",
           name == nullptr ? std::string() : '"' + std::string(name->text) + '"');
    return nullptr;
  }
  if (text->data() == nullptr) return nullptr;  // reported
  if (const Field* const field = type.find_field(*text)) return field;
  if (load_.incomplete.contains(&type)) return nullptr;
  std::vector<std::string_view> names;
  if (!load_.diagnostics.full() && text->size() < 256) {
    for (const Field& field : type.fields()) names.push_back(field.name());
  }
  refuse("unknown-field", key, place,
         std::string(to_string(type.kind())) + ' ' + backquoted(type.name()) + " has no field " +
             backquoted(*text),
         std::string(near_name(*text, names)));
  return nullptr;
}

bool Evaluator::refuse(std::string_view id, const ast::ConstValue& value, const Place& place,
                       std::string message, std::string suggestion) {
  std::vector<DiagnosticNote> notes;
  if (place.blame && place.blame != value.range)
    notes.push_back({"this is the value", value.range});
  load_.diagnostics.error(id, Evaluator::range_of(value, place), std::move(message),
                          std::move(suggestion), std::move(notes));
  return false;
}

bool Evaluator::wrong_type(const ast::ConstValue& value, const Type& type, const Place& place) {
  return refuse("constant-type", value, place,
                backquoted(type.name()) + " is wanted, this is " + kind_of(value));
}

}  // namespace thrift::loading
