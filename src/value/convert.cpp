#include <thriftpp/base/error.hpp>
#include <thriftpp/value/view.hpp>

#include "value/cells.hpp"

namespace thrift::detail {
namespace {

/// What a C++ integer of that range is called in messages.
std::string_view integer_name(std::int64_t max) {
  if (max <= INT8_MAX) return "an 8-bit integer";
  if (max <= INT16_MAX) return "a 16-bit integer";
  if (max <= INT32_MAX) return "a 32-bit integer";
  return "a 64-bit integer";
}

struct Held {
  std::int64_t value;
  std::int64_t type_max;  // the largest of the type, not of this value
};

Held held(ValueView value, std::string_view wanted) {
  const std::byte* const cell = value.cell();
  switch (value.type().slot().op) {
    case SlotOp::i8: return {load<std::int8_t>(cell), INT8_MAX};
    case SlotOp::i16: return {load<std::int16_t>(cell), INT16_MAX};
    case SlotOp::i32: return {load<std::int32_t>(cell), INT32_MAX};
    case SlotOp::i64: return {load<std::int64_t>(cell), INT64_MAX};
    default: throw_no_conversion(value, wanted);
  }
}

}  // namespace

void throw_no_conversion(ValueView value, std::string_view wanted) {
  throw TypeError({}, describe(value.type()) + " does not convert to " + std::string(wanted),
                  std::string(wanted), std::string(value.type().name()));
}

bool to_bool(ValueView value) {
  if (value.type().kind() != TypeKind::bool_) throw_no_conversion(value, "bool");
  return load<std::uint8_t>(value.cell()) != 0;
}

std::int64_t to_integer(ValueView value, std::int64_t /*min*/, std::int64_t max) {
  const Held number = held(value, integer_name(max));
  // By the type, not the value: what works for one value works for all of them.
  if (number.type_max > max) throw_no_conversion(value, integer_name(max));
  return number.value;
}

double to_double(ValueView value) {
  if (value.type().kind() == TypeKind::double_) return load<double>(value.cell());
  if (!value.type().is_integer()) throw_no_conversion(value, "double");
  const Held number = held(value, "double");
  if (number.type_max > INT32_MAX) throw_no_conversion(value, "double");
  return static_cast<double>(number.value);
}

std::string_view to_bytes(ValueView value) {
  if (!value.type().is_string()) throw_no_conversion(value, "bytes");
  return load<StringSlot>(value.cell()).view();
}

std::string_view to_text(ValueView value) {
  if (value.type().is_string()) return load<StringSlot>(value.cell()).view();
  if (!value.type().is_enum()) throw_no_conversion(value, "a string");
  const auto number = load<std::int32_t>(value.cell());
  const EnumValue* const named = value.type().as_enum().find(number);
  if (named != nullptr) return named->name();
  throw TypeError(describe(value.type()) + " has no name for " + std::to_string(number));
}

Uuid to_uuid(ValueView value) {
  if (value.type().kind() != TypeKind::uuid) throw_no_conversion(value, "a uuid");
  return load<Uuid>(value.cell());
}

const ListSlot& to_numbers(ValueView value, SlotOp op) {
  const SlotLayout& slot = value.type().slot();
  if (slot.op != SlotOp::list || slot.element->op != op) {
    throw_no_conversion(value, "a span of those numbers");
  }
  return list_slot(value.cell());
}

}  // namespace thrift::detail
