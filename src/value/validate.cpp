#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/value/literal.hpp>
#include <thriftpp/value/validate.hpp>

#include "value/cells.hpp"

namespace thrift {
namespace {

class Validator {
 public:
  explicit Validator(const ValidateOptions& options) : options_(options) {}

  void check(ValueView value, const BuildPath& path) const {
    switch (value.type().slot().op) {
      case SlotOp::record: return check_struct(value, path);
      case SlotOp::list:
      case SlotOp::set: {
        // Numbers need no look, and lists of them are long.
        if (!needs_look(value.type().as_container().element())) return;
        std::size_t i = 0;
        for (const ValueView element : value.as_list()) check(element, step(path, {}, i++));
        return;
      }
      case SlotOp::map: {
        std::size_t i = 0;
        for (const auto [key, mapped] : value.as_map()) {
          const BuildPath here = step(path, {}, i++);
          check(key, here);
          check(mapped, here);
        }
        return;
      }
      case SlotOp::string:
        if (options_.utf8 && value.type().kind() == TypeKind::string &&
            !is_utf8(value.as<std::string_view>())) {
          fail(path, "is not UTF-8");
        }
        return;
      case SlotOp::i32:
        if (options_.enum_values && value.type().is_enum() &&
            value.type().as_enum().find(value.as<std::int32_t>()) == nullptr) {
          fail(path, describe(value.type()) + " has no value " +
                         std::to_string(value.as<std::int32_t>()));
        }
        return;
      default: return;
    }
  }

 private:
  [[nodiscard]] bool needs_look(const Type& type) const {
    return type.is_struct() || type.is_container() || (options_.utf8 && type.is_string()) ||
           (options_.enum_values && type.is_enum());
  }

  void check_struct(ValueView value, const BuildPath& path) const {
    const StructType& type = value.type().as_struct();
    std::size_t members = 0;
    for (const Field& field : type.fields()) {
      if (value.has(field)) {
        ++members;
        check(value[field], step(path, field.name(), 0));
      } else if (field.is_required() && !field.has_default() && !type.is_union()) {
        fail(step(path, field.name(), 0), "required field of " + describe(type) + " is missing");
      }
    }
    if (type.is_union() && members != 1) fail(path, describe(type) + " has no member set");
  }

  static BuildPath step(const BuildPath& path, std::string_view field, std::size_t index) {
    check_depth(path.depth + 1);
    return {&path, field, index, path.depth + 1};
  }

  [[noreturn]] static void fail(const BuildPath& path, std::string problem) {
    throw TypeError(path.text(), std::move(problem));
  }

  const ValidateOptions& options_;
};

}  // namespace

void validate(ValueView value, const ValidateOptions& options) {
  Validator(options).check(value, BuildPath{});
}

Result<void> try_validate(ValueView value, const ValidateOptions& options) {
  try {
    validate(value, options);
    return {};
  } catch (const Error& e) {
    return e.failure();
  }
}

}  // namespace thrift
