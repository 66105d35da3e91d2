// The listing of a file, and the look-up of what a name means to a person.

#include <thriftpp/base/error.hpp>
#include <thriftpp/base/near_name.hpp>
#include <thriftpp/load/describe.hpp>
#include <vector>

#include "load/idl_text.hpp"

namespace thrift {
namespace {

using loading::IdlText;

/// A line of the listing, with what its documentation begins with.
void line(IdlText& text, std::string_view docs, std::string_view indent = {}) {
  const std::string sentence = loading::first_sentence(docs);
  if (!sentence.empty()) text.raw(indent).raw("  // ").raw(sentence);
  text.raw("\n");
}

void list_services(IdlText& text, const Program& program) {
  for (const Service* service : program.services()) {
    line(text.raw("\n").head(*service), service->docs());
    for (const Function& function : service->functions()) {
      line(text.raw("  ").signature(function), function.docs());
    }
  }
}

void list_types(IdlText& text, const Program& program) {
  if (!program.typedefs().empty()) text.raw("\n");
  for (const Typedef* alias : program.typedefs()) line(text.head(*alias), alias->docs());
  for (const EnumType* type : program.enums()) {
    line(text.raw("\nenum ").raw(type->name()), type->docs());
    for (const EnumValue& value : type->values()) {
      line(text.raw("  ").raw(value.name()).raw(" = ").raw(std::to_string(value.number())),
           value.docs());
    }
  }
  for (const StructType* type : program.structs()) {
    line(text.raw("\n").head(*type), type->docs());
    for (const Field& field : type->fields()) line(text.raw("  ").field(field), field.docs());
  }
}

std::string listing(const Program& program) {
  IdlText text(program);
  line(text.raw(program.path()), program.docs());
  for (const Namespace& n : program.namespaces()) {
    text.raw("namespace ").raw(n.scope).raw(" ").raw(n.name).raw("\n");
  }
  for (const Program* include : program.includes()) {
    text.raw("include \"").raw(include->path()).raw("\"\n");
  }
  list_services(text, program);
  list_types(text, program);
  if (!program.constants().empty()) text.raw("\n");
  for (const Constant* constant : program.constants()) {
    line(text.head(*constant), constant->docs());
  }
  return std::move(text).take();
}

/// What `name` means in one program: a definition, or one member of it. Appends nothing where it
/// means nothing. A type and a constant may share a name: both are shown.
void find_in(const Program& program, std::string_view name, IdlText& text) {
  if (const auto* s = program.find_struct(name)) text.definition(*s);
  if (const auto* e = program.find_enum(name)) text.definition(*e);
  if (const auto* t = program.find_typedef(name)) text.definition(*t);
  if (const auto* s = program.find_service(name)) text.definition(*s);
  if (const auto* c = program.find_constant(name)) text.definition(*c);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return;
  const std::string_view owner = name.substr(0, dot);
  const std::string_view member = name.substr(dot + 1);
  if (const auto* s = program.find_struct(owner)) {
    if (const auto* f = s->find_field(member)) text.docs(f->docs()).field(*f).raw("\n");
  }
  if (const auto* e = program.find_enum(owner)) {
    if (const auto* v = e->find(member)) text.docs(v->docs()).member(*v).raw("\n");
  }
  if (const auto* s = program.find_service(owner)) {
    if (const auto* f = s->find_function(member)) text.docs(f->docs()).signature(*f).raw("\n");
  }
}

void add_names(const Program& program, const std::string& prefix, std::vector<std::string>& names) {
  const auto add = [&](std::string_view name) { names.push_back(prefix + std::string(name)); };
  const auto add_member = [&](std::string_view owner, std::string_view name) {
    names.push_back(prefix + std::string(owner) + '.' + std::string(name));
  };
  for (const auto* s : program.structs()) {
    add(s->name());
    for (const Field& f : s->fields()) add_member(s->name(), f.name());
  }
  for (const auto* e : program.enums()) {
    add(e->name());
    for (const EnumValue& v : e->values()) add_member(e->name(), v.name());
  }
  for (const auto* t : program.typedefs()) add(t->name());
  for (const auto* c : program.constants()) add(c->name());
  for (const auto* s : program.services()) {
    add(s->name());
    for (const Function* f : s->all_functions()) add_member(s->name(), f->name());
  }
}

}  // namespace

std::string describe_text(const Idl& idl, std::string_view name) {
  const Program& root = idl.program();
  if (name.empty()) return listing(root);
  IdlText text(root);
  find_in(root, name, text);
  for (auto dot = name.rfind('.'); text.text().empty() && dot != std::string_view::npos && dot != 0;
       dot = name.rfind('.', dot - 1)) {
    for (std::size_t i = root.includes().size(); i-- > 0 && text.text().empty();) {
      const Program& include = *root.includes()[i];
      if (include.name() != name.substr(0, dot)) continue;
      IdlText there(include);
      find_in(include, name.substr(dot + 1), there);
      text.raw(there.text());
    }
  }
  if (!text.text().empty()) return std::move(text).take();
  std::vector<std::string> names;
  add_names(root, {}, names);
  for (const Program* include : root.includes()) {
    add_names(*include, std::string(include->name()) + '.', names);
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  throw TypeError("`" + std::string(root.path()) + "` defines no `" + std::string(name) + "`" +
                  did_you_mean(name, views));
}

}  // namespace thrift
