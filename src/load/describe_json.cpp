// Our own JSON of a schema: everything it holds. describe.schema.json defines the form; a change
// here is a change there.

#include <algorithm>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/load/describe.hpp>
#include <thriftpp/value/text.hpp>

#include "base/readable.hpp"

namespace thrift {
namespace {

class SchemaJson {
 public:
  SchemaJson(const Schema& schema, std::string& out, int indent)
      : schema_(schema), json_(out, indent) {}

  void write() {
    json_.begin_object();
    json_.key("format").string("thriftpp-idl");
    json_.key("version").integer(1);
    list("programs", schema_.programs(), [&](const Program* p) { write_program(*p); });
    json_.end_object();
  }

 private:
  template <class Nodes, class Write>
  void list(std::string_view name, const Nodes& nodes, Write write) {
    json_.key(name).begin_array();
    for (const auto& node : nodes) write(node);
    json_.end_array();
  }

  void flag(std::string_view name, bool value) {
    if (value) json_.key(name).boolean(true);
  }

  void text(std::string_view bytes) { json_.string(readable(bytes)); }

  void annotations(Annotations all) {
    if (all.empty()) return;
    list("annotations", all, [&](const Annotation& a) {
      json_.begin_object();
      json_.key("name").string(a.name);
      if (a.has_value) {
        json_.key("value");
        text(a.value);
      }
      json_.end_object();
    });
  }

  void docs(std::string_view docs) {
    if (docs.empty()) return;
    json_.key("doc");
    text(docs);
  }

  /// What all definitions may carry.
  template <class Node>
  void definition(const Node& node) {
    docs(node.docs());
    annotations(node.annotations());
    const SourceSpan span = node.source();
    if (span.begin.line == 0) return;
    json_.key("source").begin_object();
    position("begin", span.begin);
    position("end", span.end);
    json_.end_object();
  }
  void position(std::string_view name, const SourcePosition& at) {
    json_.key(name).begin_array().integer(at.line).integer(at.column).end_array();
  }

  std::int64_t number_of(const Program& program) const {
    const auto all = schema_.programs();
    return std::find(all.begin(), all.end(), &program) - all.begin();
  }

  /// A definition, by its program's place in "programs" and its name.
  void reference(std::string_view kind, std::string_view name, const Program& program) {
    json_.key("kind").string(kind);
    json_.key("name").string(name);
    json_.key("program").integer(number_of(program));
  }

  /// As it is written: what a typedef stands for is said where the typedef is defined. Recursion is
  /// bounded by the loader's limit of nesting.
  void type(const TypeUse& use) {
    const Type& t = use.type();
    json_.begin_object();
    if (use.alias() != nullptr) {
      reference("typedef", use.alias()->name(), use.alias()->program());
    } else if (t.is_struct()) {
      reference(to_string(t.kind()), t.name(), t.as_struct().program());
    } else if (t.is_enum()) {
      reference("enum", t.name(), t.as_enum().program());
    } else {
      json_.key("kind").string(to_string(t.kind()));
    }
    if (use.alias() == nullptr && t.is_container()) {
      const ContainerType& container = t.as_container();
      const bool is_map = t.kind() == TypeKind::map;
      const auto part = [&](std::size_t i, const Type& plain) {
        type(use.arguments().empty() ? TypeUse(plain) : use.arguments()[i]);
      };
      if (is_map) {
        json_.key("key");
        part(0, container.key());
      }
      json_.key(is_map ? "value" : "element");
      part(is_map ? 1 : 0, container.element());
    }
    if (!use.cpp_type().empty()) json_.key("cpp_type").string(use.cpp_type());
    annotations(use.annotations());
    json_.end_object();
  }

  void value(const Type& type, const void* cell) { json_.raw(to_json(ValueView(type, cell))); }

  void write_program(const Program& program) {
    json_.begin_object();
    json_.key("name").string(program.name());
    json_.key("path");
    text(program.path());
    docs(program.docs());
    list("namespaces", program.namespaces(), [&](const Namespace& n) {
      json_.begin_object();
      json_.key("scope").string(n.scope);
      json_.key("name");
      text(n.name);
      annotations(n.annotations);
      json_.end_object();
    });
    list("includes", program.includes(), [&](const Program* p) { json_.integer(number_of(*p)); });
    list("cpp_includes", program.cpp_includes(), [&](std::string_view file) { text(file); });
    list("typedefs", program.typedefs(), [&](const Typedef* t) { write_typedef(*t); });
    list("enums", program.enums(), [&](const EnumType* e) { write_enum(*e); });
    list("structs", program.structs(), [&](const StructType* s) { write_struct(*s); });
    list("constants", program.constants(), [&](const Constant* c) { write_constant(*c); });
    list("services", program.services(), [&](const Service* s) { write_service(*s); });
    json_.end_object();
  }

  void write_typedef(const Typedef& alias) {
    json_.begin_object();
    json_.key("name").string(alias.name());
    json_.key("type");
    type(alias.target());
    definition(alias);
    json_.end_object();
  }

  void write_enum(const EnumType& e) {
    json_.begin_object();
    json_.key("name").string(e.name());
    definition(e);
    list("values", e.values(), [&](const EnumValue& v) {
      json_.begin_object();
      json_.key("name").string(v.name());
      json_.key("number").integer(v.number());
      json_.key("explicit_number").boolean(v.has_explicit_number());
      definition(v);
      json_.end_object();
    });
    json_.end_object();
  }

  void write_struct(const StructType& s) {
    json_.begin_object();
    json_.key("name").string(s.name());
    json_.key("kind").string(to_string(s.kind()));
    flag("xsd_all", s.is_xsd_all());
    definition(s);
    list("fields", s.fields(), [&](const Field& f) { write_field(f); });
    json_.end_object();
  }

  void write_field(const Field& f) {
    json_.begin_object();
    json_.key("id").integer(f.id());
    json_.key("explicit_id").boolean(f.has_explicit_id());
    json_.key("name").string(f.name());
    json_.key("requiredness").string(to_string(f.requiredness()));
    json_.key("type");
    type(f.type_use());
    if (f.has_default()) {
      json_.key("default");
      value(f.type(), f.default_slot());
    }
    flag("reference", f.is_reference());
    flag("xsd_optional", f.is_xsd_optional());
    flag("xsd_nillable", f.is_xsd_nillable());
    if (f.xsd_attrs() != nullptr) {
      list("xsd_attrs", f.xsd_attrs()->fields(), [&](const Field& a) { write_field(a); });
    }
    definition(f);
    json_.end_object();
  }

  void write_constant(const Constant& c) {
    json_.begin_object();
    json_.key("name").string(c.name());
    json_.key("type");
    type(c.type_use());
    json_.key("value");
    value(c.type(), c.slot());
    definition(c);
    json_.end_object();
  }

  void write_service(const Service& s) {
    json_.begin_object();
    json_.key("name").string(s.name());
    if (s.base() != nullptr) {
      json_.key("extends").begin_object();
      reference("service", s.base()->name(), s.base()->program());
      json_.end_object();
    }
    definition(s);
    list("functions", s.functions(), [&](const Function& f) { write_function(f); });
    if (s.base() != nullptr) {
      list("inherited_functions", s.base()->all_functions(), [&](const Function* f) {
        json_.begin_object();
        json_.key("name").string(f->name());
        json_.key("service").begin_object();
        reference("service", f->service().name(), f->service().program());
        json_.end_object();
        json_.end_object();
      });
    }
    json_.end_object();
  }

  void write_function(const Function& f) {
    json_.begin_object();
    json_.key("name").string(f.name());
    json_.key("oneway").boolean(f.is_oneway());
    flag("async", f.is_async());
    json_.key("returns");
    type(f.return_type_use());
    list("arguments", f.arguments().fields(), [&](const Field& a) { write_field(a); });
    list("exceptions", f.exceptions(), [&](const Field& e) { write_field(e); });
    definition(f);
    json_.end_object();
  }

  const Schema& schema_;
  JsonWriter json_;
};

}  // namespace

std::string describe_json(const Idl& idl, int indent) {
  std::string out;
  SchemaJson(idl.schema(), out, indent).write();
  return out;
}

}  // namespace thrift
