#include <thriftpp/rpc/signature.hpp>

#include "base/backquoted.hpp"

namespace thrift::detail {

namespace {

using Kind = CppType::Kind;

std::string name_of(const CppType& c) {
  std::string text = c.name;
  if (c.element == nullptr) return text;
  text += '<';
  if (c.key != nullptr) text += name_of(*c.key) + ", ";
  return text + name_of(*c.element) + '>';
}

std::size_t integer_size(const Type& type) {
  switch (type.slot().op) {
    case SlotOp::i8: return 1;
    case SlotOp::i16: return 2;
    case SlotOp::i32: return 4;
    default: return 8;
  }
}

bool is_sequence(const Type& type) {
  return type.kind() == TypeKind::list || type.kind() == TypeKind::set;
}

// Whether `ValueView::as<C>()` of a value of `type` works whatever the value: convert.hpp.
bool reads(const CppType& c, const Type& type) {
  switch (c.kind) {
    case Kind::void_: return false;
    case Kind::boolean: return type.kind() == TypeKind::bool_;
    case Kind::integer:
      return (type.is_integer() || type.is_enum()) && integer_size(type) <= c.size;
    case Kind::enumeration: return (type.is_integer() || type.is_enum()) && integer_size(type) <= 4;
    case Kind::number:
      return type.kind() == TypeKind::double_ || (type.is_integer() && integer_size(type) <= 4);
    case Kind::text: return type.is_string() || type.is_enum();
    case Kind::bytes: return type.is_string();
    case Kind::uuid: return type.kind() == TypeKind::uuid;
    case Kind::numbers:
      return type.kind() == TypeKind::list && type.as_container().element().slot().op == c.op;
    case Kind::sequence:
      return is_sequence(type) && reads(*c.element, type.as_container().element());
    case Kind::map:
      return type.kind() == TypeKind::map && reads(*c.key, type.as_container().key()) &&
             reads(*c.element, type.as_container().element());
    case Kind::optional: return reads(*c.element, type);
    case Kind::any: return true;
  }
  return false;
}

// Whether some values of C may be written into `type`: literal.hpp. Ranges are checked each time.
bool writes(const CppType& c, const Type& type) {
  switch (c.kind) {
    case Kind::void_: return type.is_void();
    case Kind::boolean: return type.kind() == TypeKind::bool_;
    case Kind::integer:
    case Kind::enumeration:
      return type.is_integer() || type.is_enum() || type.kind() == TypeKind::double_;
    case Kind::number: return type.kind() == TypeKind::double_;
    case Kind::text: return type.is_string() || type.is_enum() || type.kind() == TypeKind::uuid;
    case Kind::bytes: return type.is_string();
    case Kind::uuid: return type.kind() == TypeKind::uuid;
    case Kind::numbers:
    case Kind::sequence:
      return is_sequence(type) && writes(*c.element, type.as_container().element());
    case Kind::map:
      return type.kind() == TypeKind::map && writes(*c.key, type.as_container().key()) &&
             writes(*c.element, type.as_container().element());
    case Kind::optional: return writes(*c.element, type);
    case Kind::any: return !type.is_void();
  }
  return false;
}

// "2 arguments (string id, User user)"
std::string arguments_text(const Function& function) {
  const std::span<const Field> fields = function.arguments().fields();
  std::string text =
      std::to_string(fields.size()) + (fields.size() == 1 ? " argument" : " arguments");
  if (fields.empty()) return text;
  text += " (";
  for (const Field& field : fields) {
    if (&field != fields.data()) text += ", ";
    text.append(field.type().name()).append(" ").append(field.name());
  }
  return text + ')';
}

}  // namespace

void check_signature(const Function& function, std::span<const CppType* const> parameters,
                     const CppType& result) {
  const std::span<const Field> fields = function.arguments().fields();
  const std::string method = backquoted(function.name());
  if (parameters.size() != fields.size()) {
    throw TypeError(method + " has " + arguments_text(function) + ", the handler takes " +
                    std::to_string(parameters.size()));
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (reads(*parameters[i], fields[i].type())) continue;
    throw TypeError({},
                    method + ": argument " + backquoted(fields[i].name()) + " is " +
                        backquoted(fields[i].type().name()) + ", which the handler takes as " +
                        backquoted(name_of(*parameters[i])),
                    std::string(fields[i].type().name()), name_of(*parameters[i]));
  }
  if (writes(result, function.return_type())) return;
  const auto what = [](std::string_view name) {
    return name == "void" ? std::string("nothing") : backquoted(name);
  };
  throw TypeError({},
                  method + " returns " + what(function.return_type().name()) +
                      ", the handler returns " + what(name_of(result)),
                  std::string(function.return_type().name()), name_of(result));
}

}  // namespace thrift::detail
