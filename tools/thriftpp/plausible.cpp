#include "plausible.hpp"

namespace thrift::command {
namespace {

constexpr int full_levels = 4;   // of structs and containers, before what may be left out is
constexpr int most_levels = 32;  // where even required fields end: no value of such a type exists

void fill(const ValueRef& place, std::string_view name, int level);

void fill_struct(const ValueRef& place, int level) {
  const StructType& type = place.type().as_struct();
  place = Value(type);  // so that it is there even where it has no fields
  for (const Field& field : type.fields()) {
    const bool nested = field.type().is_struct();
    const bool needed = field.is_required() || type.is_union();
    if (level >= (needed ? most_levels : full_levels) && nested) continue;
    if (field.has_default()) {
      place[field] = ValueView(field.type(), field.default_slot());
    } else {
      fill(place[field], field.name(), level + 1);
    }
    if (type.is_union()) break;
  }
}

void fill_container(const ValueRef& place, std::string_view name, int level) {
  place = Value(place.type());
  if (level >= full_levels) return;
  const ContainerType& type = place.type().as_container();
  Value element(type.element());
  fill(element.ref(), name, level + 1);
  if (type.kind() == TypeKind::list) {
    place.append(element);
  } else if (type.kind() == TypeKind::set) {
    place.insert(element);
  } else {
    Value key(type.key());
    fill(key.ref(), name, level + 1);
    place.insert(key, element);
  }
}

void fill(const ValueRef& place, std::string_view name, int level) {
  const Type& type = place.type();
  switch (type.kind()) {
    case TypeKind::void_: return;
    case TypeKind::bool_: place = true; return;
    case TypeKind::i8:
    case TypeKind::i16:
    case TypeKind::i32:
    case TypeKind::i64: place = 1; return;
    case TypeKind::double_: place = 1.5; return;
    case TypeKind::string:
    case TypeKind::binary: place = name; return;
    case TypeKind::uuid: place = Uuid{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}; return;
    case TypeKind::enum_: {
      const auto values = type.as_enum().values();
      place = values.empty() ? 0 : values.front().number();
      return;
    }
    case TypeKind::struct_:
    case TypeKind::union_:
    case TypeKind::exception: return fill_struct(place, level);
    case TypeKind::list:
    case TypeKind::set:
    case TypeKind::map: return fill_container(place, name, level);
  }
}

}  // namespace

Value plausible_value(const Type& type, std::string_view name) {
  Value value(type);
  if (!type.is_void()) fill(value.ref(), name, 0);
  return value;
}

}  // namespace thrift::command
