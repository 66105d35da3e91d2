#include <atomic>
#include <thriftpp/base/error.hpp>
#include <thriftpp/schema/schema.hpp>
#include <vector>

#include "base/unknown_name.hpp"
#include "schema/schema_state.hpp"

namespace thrift {
namespace {

/// Calls look_up(program, bare name) for every way to read `name`: as a name of the root, or as
/// PREFIX.name of a direct include, the longest prefix first. The first hit counts.
template <class LookUp>
auto resolve(const Schema& schema, std::string_view name, LookUp look_up)
    -> decltype(look_up(schema.program(), name)) {
  if (auto* const found = look_up(schema.program(), name)) return found;
  for (std::size_t dot = name.rfind('.'); dot != std::string_view::npos && dot != 0;
       dot = name.rfind('.', dot - 1)) {
    const std::string_view prefix = name.substr(0, dot);
    // Of two includes with one base name the later comes first, as in Apache's compiler.
    const auto includes = schema.program().includes();
    for (std::size_t i = includes.size(); i-- > 0;) {
      if (includes[i]->name() != prefix) continue;
      if (auto* const found = look_up(*includes[i], name.substr(dot + 1))) return found;
    }
    // Its own file's name is a prefix too: what error messages print can be typed.
    if (schema.program().name() == prefix) {
      if (auto* const found = look_up(schema.program(), name.substr(dot + 1))) return found;
    }
  }
  return nullptr;
}

const Type* type_of(const Program& program, std::string_view name) {
  if (const auto* s = program.find_struct(name)) return s;
  if (const auto* e = program.find_enum(name)) return e;
  if (const auto* t = program.find_typedef(name)) return &t->type();
  return nullptr;
}

template <class Add>
void each_program(const Schema& schema, Add add) {
  add(schema.program(), std::string());
  for (const Program* include : schema.program().includes()) {
    add(*include, std::string(include->name()) + '.');
  }
}

[[noreturn]] void throw_unknown(std::string_view what, std::string_view name,
                                const std::vector<std::string>& names) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  throw_unknown_name({}, "no " + std::string(what) + " `" + std::string(name) + "`", name, views);
}

}  // namespace

std::uint64_t Schema::State::next_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

Schema::Schema() : state_(std::make_unique<State>(*this)) {}
Schema::~Schema() = default;

const Type* Schema::find_type(std::string_view name) const noexcept {
  return resolve(*this, name, type_of);
}

const StructType& Schema::struct_type(std::string_view name) const {
  const Type* const found = find_type(name);
  if (found != nullptr && found->is_struct()) return found->as_struct();
  if (found != nullptr) {
    throw TypeError("`" + std::string(name) + "` is no struct, it is " +
                    std::string(to_string(found->kind())));
  }
  std::vector<std::string> names;
  each_program(*this, [&](const Program& program, const std::string& prefix) {
    for (const StructType* s : program.structs()) names.push_back(prefix + std::string(s->name()));
  });
  throw_unknown("struct", name, names);
}

const EnumType& Schema::enum_type(std::string_view name) const {
  const Type* const found = find_type(name);
  if (found != nullptr && found->is_enum()) return found->as_enum();
  std::vector<std::string> names;
  each_program(*this, [&](const Program& program, const std::string& prefix) {
    for (const EnumType* e : program.enums()) names.push_back(prefix + std::string(e->name()));
  });
  throw_unknown("enum", name, names);
}

const Constant* Schema::find_constant(std::string_view name) const noexcept {
  return resolve(*this, name,
                 [](const Program& p, std::string_view n) { return p.find_constant(n); });
}

const Constant& Schema::constant(std::string_view name) const {
  if (const Constant* const found = find_constant(name)) return *found;
  std::vector<std::string> names;
  each_program(*this, [&](const Program& program, const std::string& prefix) {
    for (const Constant* c : program.constants()) names.push_back(prefix + std::string(c->name()));
  });
  throw_unknown("constant", name, names);
}

const Service* Schema::find_service(std::string_view name) const noexcept {
  return resolve(*this, name,
                 [](const Program& p, std::string_view n) { return p.find_service(n); });
}

const Service& Schema::service(std::string_view name) const {
  if (name.empty() && program().services().size() == 1) return *program().services().front();
  if (const Service* const found = find_service(name)) return *found;
  std::vector<std::string> names;
  each_program(*this, [&](const Program& program, const std::string& prefix) {
    for (const Service* s : program.services()) names.push_back(prefix + std::string(s->name()));
  });
  if (name.empty()) {
    std::string list;
    for (const std::string& known : names) list += (list.empty() ? " `" : ", `") + known + "`";
    throw TypeError(names.empty() ? "`" + std::string(program().path()) + "` defines no service"
                                  : "which service? there are" + list);
  }
  throw_unknown("service", name, names);
}

const ContainerType& Schema::list_of(const Type& element) const {
  return state_->containers.get(TypeKind::list, nullptr, element);
}
const ContainerType& Schema::set_of(const Type& element) const {
  return state_->containers.get(TypeKind::set, nullptr, element);
}
const ContainerType& Schema::map_of(const Type& key, const Type& value) const {
  return state_->containers.get(TypeKind::map, &key, value);
}

std::string qualified_name(const Type& type) {
  const Program* program = nullptr;
  if (type.is_struct()) program = &type.as_struct().program();
  if (type.is_enum()) program = &type.as_enum().program();
  std::string name(type.name());
  if (program == nullptr || type.schema() == nullptr || program == &type.schema()->program()) {
    return name;
  }
  return std::string(program->name()) + '.' + name;
}

}  // namespace thrift
