#include "rpc/arguments.hpp"

#include <cstring>
#include <thriftpp/schema/schema.hpp>

#include "base/backquoted.hpp"
#include "base/unknown_name.hpp"

namespace thrift::rpc {

namespace {

bool may_be_left_out(const Field& argument) {
  return argument.has_default() || argument.requiredness() == Requiredness::optional;
}

// "(string userId, User user)"
std::string parameters(const Function& function) {
  std::string text = "(";
  for (const Field& field : function.arguments().fields()) {
    if (text.size() > 1) text += ", ";
    text.append(field.type().name()).append(" ").append(field.name());
  }
  return text + ')';
}

// Collects the arguments of one call.
class Builder {
 public:
  Builder(const Function& function, Arena& arena)
      : type_(function.arguments()),
        cell_(static_cast<std::byte*>(arena.allocate(type_.layout().size))),
        writer_(type_, cell_, arena, root_) {
    std::memset(cell_, 0, type_.layout().size);
    writer_.begin_struct();
  }
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  void put(const Field& argument, const Literal& value) {
    if (!value.is_null()) {
      writer_.field(argument, [&](CellWriter inner) { value.write(inner); });
    }
  }
  [[nodiscard]] ValueView finish() {
    writer_.end_struct();
    return {type_, cell_};
  }

 private:
  const StructType& type_;
  std::byte* cell_;
  BuildPath root_;
  CellWriter writer_;
};

}  // namespace

void rethrow_as_argument(const Function& function, const TypeError& error) {
  auto detail = std::make_shared<TypeErrorDetail>(error.info());
  detail->message = backquoted(function.name());
  if (!error.path().empty()) detail->message += ", argument " + backquoted(error.path());
  detail->message += ": " + error.problem();
  throw TypeError(Failure(std::move(detail)));
}

ValueView build_arguments(const Function& function, std::span<const Literal> by_position,
                          Arena& arena) {
  const std::span<const Field> fields = function.arguments().fields();
  std::size_t needed = fields.size();
  while (needed > 0 && may_be_left_out(fields[needed - 1])) --needed;
  if (by_position.size() > fields.size() || by_position.size() < needed) {
    throw TypeError(
        backquoted(function.name()) + " takes " +
        (needed < fields.size() ? "at least " + std::to_string(needed) : std::to_string(needed)) +
        (needed == 1 ? " argument " : " arguments ") + parameters(function) + ", not " +
        std::to_string(by_position.size()));
  }
  return as_argument_of(function, [&] {
    Builder builder(function, arena);
    for (std::size_t i = 0; i < by_position.size(); ++i) builder.put(fields[i], by_position[i]);
    return builder.finish();
  });
}

ValueView build_arguments(const Function& function, std::span<const NamedLiteral> by_name,
                          Arena& arena) {
  const std::span<const Field> fields = function.arguments().fields();
  std::vector<bool> given(fields.size());
  return as_argument_of(function, [&] {
    Builder builder(function, arena);
    for (const NamedLiteral& argument : by_name) {
      const Field* const field = function.arguments().find_field(argument.name);
      if (field == nullptr) {
        std::vector<std::string_view> names;
        for (const Field& f : fields) names.push_back(f.name());
        throw_unknown_name({}, "there is no argument " + backquoted(argument.name), argument.name,
                           names);
      }
      if (given[field->index()]) throw TypeError(std::string(field->name()), "given twice");
      given[field->index()] = true;
      builder.put(*field, argument.value);
    }
    for (const Field& field : fields) {
      if (!given[field.index()] && !may_be_left_out(field)) {
        throw TypeError(std::string(field.name()), "missing", std::string(field.type().name()));
      }
    }
    return builder.finish();
  });
}

void check_arguments(const Function& function, ValueView arguments) {
  const StructType& type = function.arguments();
  if (same_structure(type, arguments.type())) return;
  throw TypeError({},
                  backquoted(function.name()) + " takes " + backquoted(type.name()) + ", not " +
                      backquoted(arguments.type().name()) + ": " +
                      first_difference(type, arguments.type()),
                  std::string(type.name()), std::string(arguments.type().name()));
}

}  // namespace thrift::rpc
