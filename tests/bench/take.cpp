#include "take.hpp"

#include <thriftpp/schema/enum_type.hpp>
#include <thriftpp/schema/struct_type.hpp>

namespace bench {
namespace {

template <class T>
std::uint64_t take_numbers(thrift::ValueView v) {
  std::uint64_t sum = 0;
  for (const T number : v.as_span<T>()) sum += take(number);
  return sum;
}

std::uint64_t take_list(thrift::ValueView v) {
  using thrift::TypeKind;
  if (v.type().kind() == TypeKind::list) {
    switch (v.type().as_container().element().kind()) {
      case TypeKind::i16: return take_numbers<std::int16_t>(v);
      case TypeKind::i32: return take_numbers<std::int32_t>(v);
      case TypeKind::i64: return take_numbers<std::int64_t>(v);
      case TypeKind::double_: return take_numbers<double>(v);
      default: break;
    }
  }
  std::uint64_t sum = 0;
  for (const thrift::ValueView element : v.as_list()) sum += take(element);
  return sum;
}

}  // namespace

std::uint64_t take(thrift::ValueView v) {
  using thrift::TypeKind;
  std::uint64_t sum = 0;
  switch (v.type().kind()) {
    case TypeKind::void_: break;
    case TypeKind::bool_: return take(v.as<bool>());
    case TypeKind::i8:
    case TypeKind::i16:
    case TypeKind::i32:
    case TypeKind::i64:
    case TypeKind::enum_: return take(v.as<std::int64_t>());
    case TypeKind::double_: return take(v.as<double>());
    case TypeKind::string:
    case TypeKind::binary: return take(v.as<std::string_view>());
    case TypeKind::uuid:
      for (const std::uint8_t b : v.as<thrift::Uuid>()) sum += take(b);
      break;
    case TypeKind::struct_:
    case TypeKind::union_:
    case TypeKind::exception:
      for (const auto& [field, value] : v.fields()) sum += take(value);
      break;
    case TypeKind::list:
    case TypeKind::set: return take_list(v);
    case TypeKind::map:
      for (const auto& [key, value] : v.as_map()) sum += take(key) + take(value);
      break;
  }
  return sum;
}

}  // namespace bench
