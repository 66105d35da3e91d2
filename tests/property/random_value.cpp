#include "random_value.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <thriftpp/schema/enum_type.hpp>
#include <thriftpp/schema/struct_type.hpp>
#include <utility>

namespace property {
namespace {

using thrift::Field;
using thrift::Requiredness;
using thrift::Type;
using thrift::TypeKind;
using thrift::Value;

class Generator {
 public:
  explicit Generator(std::function<std::uint64_t()> random)
      : random_(std::move(random)), left_(static_cast<std::int64_t>(random_() % 400)) {}

  Value value(const Type& type, int depth, bool is_key) {
    if (--left_ < 0) depth = 0;
    switch (type.kind()) {
      case TypeKind::bool_: return {type, below(2) == 0};
      case TypeKind::i8: return {type, static_cast<std::int8_t>(integer(8))};
      case TypeKind::i16: return {type, static_cast<std::int16_t>(integer(16))};
      case TypeKind::i32: return {type, static_cast<std::int32_t>(integer(32))};
      case TypeKind::i64: return {type, integer(64)};
      case TypeKind::double_: return {type, is_key ? finite() : any_double()};
      case TypeKind::string: return {type, text()};
      case TypeKind::binary: return {type, bytes()};
      case TypeKind::enum_: return {type, enum_number(type.as_enum())};
      case TypeKind::struct_:
      case TypeKind::union_:
      case TypeKind::exception: return record(type.as_struct(), depth - 1, is_key);
      case TypeKind::list:
      case TypeKind::set:
      case TypeKind::map: return container(type.as_container(), depth);
      case TypeKind::uuid: return {type, uuid()};
      case TypeKind::void_: break;
    }
    return Value(type);
  }

 private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  /// Of all widths, so that each length of a varint comes.
  std::int64_t integer(int bits) {
    const std::uint64_t magnitude =
        random_() >> (64 - bits + 1) >> below(static_cast<std::uint64_t>(bits));
    const auto v = static_cast<std::int64_t>(magnitude);
    return below(2) == 0 ? v : -v - 1;
  }
  double finite() { return static_cast<double>(integer(40)) / 64 + 0.015625; }
  double any_double() {
    using Limits = std::numeric_limits<double>;
    switch (below(8)) {
      case 0: return 0.0;
      case 1: return -0.0;
      case 2: return below(2) == 0 ? Limits::infinity() : -Limits::infinity();
      case 3: return Limits::quiet_NaN();
      case 4: return Limits::denorm_min();
      case 5: {
        const double v = std::bit_cast<double>(random_());
        return std::isnan(v) ? Limits::max() : v;  // Python does not keep the bits of all NaNs
      }
      default: return finite();
    }
  }
  std::uint64_t size(std::uint64_t most) { return below(4) == 0 ? below(most + 1) : below(3); }
  thrift::Uuid uuid() {
    thrift::Uuid made;
    for (std::uint8_t& byte : made) byte = static_cast<std::uint8_t>(random_());
    return made;
  }
  std::string text() {
    static constexpr std::string_view letters[] = {"a",
                                                   "Z",
                                                   "0",
                                                   " ",
                                                   "/",
                                                   "\\",
                                                   "\"",
                                                   "\n",
                                                   "\x1f",
                                                   "\x7f",
                                                   "\xc3\xa4",
                                                   "\xe2\x82\xac",
                                                   "\xef\xbf\xbf",
                                                   "\xf0\x9f\x98\x80",
                                                   "\xf4\x8f\xbf\xbf",
                                                   std::string_view("\0", 1)};
    std::string made;
    for (std::uint64_t n = size(60); n > 0; --n) made += letters[below(std::size(letters))];
    return made;
  }
  std::string bytes() {
    std::string made;
    for (std::uint64_t n = size(60); n > 0; --n) made += static_cast<char>(random_());
    return made;
  }
  std::int32_t enum_number(const thrift::EnumType& type) {
    if (type.values().empty() || below(4) == 0) return static_cast<std::int32_t>(below(1 << 20));
    return static_cast<std::int32_t>(type.values()[below(type.values().size())].number());
  }

  static bool is_record(const Field& field) { return field.type().is_struct(); }

  Value record(const thrift::StructType& type, int depth, bool is_key) {
    Value made(type);
    const auto fields = type.fields();
    if (type.is_union()) {  // the first member is no struct, so that this ends
      const Field* member = &fields[below(fields.size())];
      if (depth <= 0 && is_record(*member)) member = &fields[0];
      made.ref()[*member] = value(member->type(), depth, is_key);
      return made;
    }
    const std::uint64_t share = 1 + 4 * below(3);  // of ten
    for (const Field& field : fields) {
      const bool must = field.is_required() || field.has_default();
      if (must || (below(10) < share && left_ > 0 && (depth > 0 || !is_record(field)))) {
        made.ref()[field] = value(field.type(), depth, is_key);
      }
    }
    return made;
  }

  Value container(const thrift::ContainerType& type, int depth) {
    Value made(type);
    std::uint64_t count = depth > 0 ? size(depth > 1 ? 8 : 2) : 0;
    if (type.element().kind() <= TypeKind::string && below(20) == 0) count = 15 + below(200);
    for (; count > 0; --count) {
      switch (type.kind()) {
        case TypeKind::list: made.append(value(type.element(), depth - 1, false)); break;
        case TypeKind::set: made.insert(value(type.element(), depth - 1, true)); break;
        default:
          made.insert(value(type.key(), depth - 1, true), value(type.element(), depth - 1, false));
      }
    }
    return made;
  }

  std::function<std::uint64_t()> random_;
  std::int64_t left_;  // values that this one may still hold
};

}  // namespace

Value random_value(const Type& type, std::function<std::uint64_t()> random) {
  return Generator(std::move(random)).value(type, 4, false);
}

}  // namespace property
