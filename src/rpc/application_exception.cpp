#include "rpc/application_exception.hpp"

#include <thriftpp/schema/schema_builder.hpp>

namespace thrift::rpc {

namespace {

// A schema like any other, so that the codecs read and write it like any other struct.
const StructType& exception_type() {
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

}  // namespace

void write_application_exception(ProtocolId protocol, const ApplicationProblem& problem,
                                 Buffer& out) {
  const StructType& type = exception_type();
  Value value(type);
  value["message"] = problem.message;
  value["type"] = static_cast<std::int32_t>(problem.kind);
  encode(protocol, value, out);
}

ApplicationProblem read_application_exception(ProtocolId protocol,
                                              std::span<const std::byte> bytes) {
  const Value value = decode(protocol, bytes, exception_type());
  return {static_cast<ApplicationErrorKind>(value["type"].as<std::int32_t>()),
          value["message"].as<std::string>()};
}

}  // namespace thrift::rpc
