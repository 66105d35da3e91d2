// thriftpp_bench_accessors NAME.thrift TYPE: writes a C++ header that reaches into values of that
// type as a program's author would by hand, in the two flavours of Apache's generated code and in
// ours:
//
//     take(v)                   reads everything there is and sums it up (Apache's; ours needs no
//                               generated code for that: use_bench.hpp)
//     Access_NAME::change(v)    assigns to one field
//     Access_NAME::map(v)       a map to look up keys in, where has_map

#include <array>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thriftpp/load/load.hpp>

namespace {

using thrift::Field;
using thrift::StructType;
using thrift::TypeKind;

/// Names of the fields on the way from the root to somewhere.
using Way = std::vector<std::string>;

/// The nearest field that `wanted` accepts, through structs that are always there.
template <class Predicate>
bool find_field(const StructType& type, const Predicate& wanted, Way& way, int depth) {
  for (const Field& field : type.fields()) {
    if (field.requiredness() == thrift::Requiredness::optional && !wanted.optional) continue;
    way.emplace_back(field.name());
    if (depth == 0 ? wanted(field.type())
                   : field.type().kind() == TypeKind::struct_ &&
                         find_field(field.type().as_struct(), wanted, way, depth - 1)) {
      return true;
    }
    way.pop_back();
  }
  return false;
}
template <class Predicate>
Way find_field(const StructType& type, const Predicate& wanted) {
  Way way;
  for (int depth = 0; depth < 3 && !find_field(type, wanted, way, depth); ++depth) {
  }
  return way;
}

struct IsScalar {
  static constexpr bool optional = false;
  bool operator()(const thrift::Type& type) const {
    return type.kind() == TypeKind::i32 || type.kind() == TypeKind::i64 ||
           type.kind() == TypeKind::string;
  }
};
struct IsIntegers {
  static constexpr bool optional = false;
  bool operator()(const thrift::Type& type) const {
    return type.kind() == TypeKind::list && type.as_container().element().is_integer();
  }
};
struct IsMap {
  static constexpr bool optional = true;
  bool operator()(const thrift::Type& type) const {
    return type.kind() == TypeKind::map && type.as_container().key().is_string();
  }
};

std::string members(const Way& way) {
  std::string code = "v";
  for (const std::string& name : way) code += "." + name;
  return code;
}
std::string subscripts(const Way& way) {
  std::string code = "v";
  for (const std::string& name : way) code += "[\"" + name + "\"]";
  return code;
}

void write_take(const thrift::Program& program, const std::string& space) {
  std::cout << "namespace " << space << " {\n";
  for (const StructType* type : program.structs()) {
    std::cout << "inline std::uint64_t take(const " << type->name() << "& v);\n";
  }
  for (const StructType* type : program.structs()) {
    std::cout << "inline std::uint64_t take([[maybe_unused]] const " << type->name()
              << "& v) {\n  using bench::take;\n  std::uint64_t sum = 0;\n";
    for (const Field& field : type->fields()) {
      std::cout << "  ";
      if (!field.is_required()) std::cout << "if (v.__isset." << field.name() << ") ";
      std::cout << "sum += take(v." << field.name() << ");\n";
    }
    std::cout << "  return sum;\n}\n";
  }
  std::cout << "}\n";
}

void write_access(const StructType& type, const std::string& name) {
  std::string element;
  Way changed = find_field(type, IsScalar());
  if (changed.empty()) {
    changed = find_field(type, IsIntegers());
    element = "[0]";
  }
  if (changed.empty()) throw std::runtime_error("it has no field to change");
  const Way map = find_field(type, IsMap());
  const thrift::Type* field = &type;
  for (const std::string& step : changed) field = &field->as_struct().field(step).type();
  const std::string value = field->is_string() ? "\"changed\"" : "7";

  const std::array spaces{"bench_apache::" + name, "bench_templates::" + name};
  std::cout << "struct Access_" << name << " {\n";
  for (const std::string& space : spaces) {
    std::cout << "  static void change(" << space << "::" << type.name() << "& v) { "
              << members(changed) << element << " = " << value << "; }\n";
  }
  std::cout << "  static void change(thrift::ValueRef v) { " << subscripts(changed) << element
            << " = " << value << "; }\n"
            << "  static constexpr bool has_map = " << (map.empty() ? "false" : "true") << ";\n";
  if (!map.empty()) {
    for (const std::string& space : spaces) {
      std::cout << "  static const auto& map(const " << space << "::" << type.name()
                << "& v) { return " << members(map) << "; }\n";
    }
    std::cout << "  static auto map(thrift::ValueView v) { return " << subscripts(map) << "; }\n"
              << "  static auto map(thrift::ValueRef v) { return " << subscripts(map) << "; }\n";
  }
  std::cout << "};\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: thriftpp_bench_accessors NAME.thrift TYPE\n";
    return 2;
  }
  try {
    const thrift::Idl idl = thrift::load(argv[1]);
    const std::string name(idl.program().name());
    std::cout << "#pragma once\n#include \"apache_" << name << "_types.h\"\n#include \"templates_"
              << name << "_types.h\"\n#include \"take.hpp\"\n";
    write_take(idl.program(), "bench_apache::" + name);
    write_take(idl.program(), "bench_templates::" + name);
    write_access(idl.struct_type(argv[2]), name);
  } catch (const std::exception& e) {
    std::cerr << "thriftpp_bench_accessors: " << argv[1] << ": " << e.what() << '\n';
    return 1;
  }
  return 0;
}
