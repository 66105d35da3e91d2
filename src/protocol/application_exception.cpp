#include <thriftpp/protocol/message.hpp>
#include <thriftpp/schema/schema_builder.hpp>

namespace thrift {

const StructType& application_exception_type() {
  static const SchemaPtr schema = [] {
    SchemaBuilder b;
    Program& program = b.add_program("thrift", "<built in>");
    StructType& type = b.add_struct(program, "TApplicationException", TypeKind::exception);
    b.define(type, {{.id = 1, .name = "message", .type = base_type(TypeKind::string)},
                    {.id = 2, .name = "type", .type = base_type(TypeKind::i32)}});
    b.lay_out();
    return std::move(b).build();
  }();
  static const StructType& type = schema->struct_type("TApplicationException");
  return type;
}

}  // namespace thrift
