// JSON in, JSON out: nothing of any value is lost on its way through gateway, upstream and back.

#include <doctest/doctest.h>

#include <thriftpp/gateway/gateway.hpp>
#include <thriftpp/json/read.hpp>
#include <thriftpp/rpc/server.hpp>
#include <thriftpp/schema/schema_builder.hpp>

#include "gateway/http_client.hpp"
#include "json/random_value.hpp"

using namespace thrift;

namespace {

// A service that echoes each type that RandomValues makes: S.echoA to S.echoX, as IDL text, since a
// schema is finished once it is built.
std::string type_text(const Type& type) {
  return std::string(type.name());
}

std::string field_text(const Field& field) {
  std::string out = std::to_string(field.id()) + ": ";
  if (field.requiredness() == Requiredness::required) out += "required ";
  if (field.requiredness() == Requiredness::optional) out += "optional ";
  return out + type_text(field.type()) + " " + std::string(field.name());
}

std::string idl_text(const Schema& schema) {
  std::string out = "enum Color { RED = 1, ROT = 1, GREEN = 7, DEEP = -5 }\n";
  std::string service = "service Echo {\n";
  for (const StructType* type : schema.program().structs()) {
    out += type->is_union() ? "union " : type->is_exception() ? "exception " : "struct ";
    out += std::string(type->name()) + " {\n";
    for (const Field& field : type->fields()) out += "  " + field_text(field) + "\n";
    out += "}\n";
    if (!type->is_exception()) {
      service += "  " + std::string(type->name()) + " echo" + std::string(type->name()) +
                 "(1: " + std::string(type->name()) + " value)\n";
    }
  }
  return out + service + "}\n";
}

}  // namespace

TEST_CASE("random values of random schemas come back as they went") {
  std::size_t calls = 0;
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    thrift::test::RandomValues random(seed);
    const SchemaPtr schema = random.schema();
    const Idl idl = loads(idl_text(*schema));
    Server server(idl, "Echo");
    server.on_any([](Call& call) {
      const ValueView value = call.arguments()["value"];
      call.reply(value);
    });
    server.start("tcp://127.0.0.1:0");
    const bool compact = seed % 2 == 0;
    Gateway gateway(idl, {.threads = 1});
    gateway.upstream("Echo", server.endpoint().address() +
                                 (compact ? "?transport=framed&protocol=compact" : ""));
    gateway.start("http://127.0.0.1:0");
    ::test::HttpClient client(gateway.endpoint().port);
    for (const StructType* type : schema->program().structs()) {
      if (type->is_exception()) continue;
      for (int i = 0; i < 12; ++i) {
        const Value value = random.value(*type);
        const std::string text = to_json(value);
        const ::test::HttpReply reply = client.request(
            "POST", "/Echo/echo" + std::string(type->name()), "{\"value\":" + text + "}");
        CAPTURE(text);
        CHECK(reply.status == 200);
        if (reply.status != 200) MESSAGE(reply.body);
        CHECK(from_json(reply.body, *type) == value);
        ++calls;
      }
    }
  }
  CHECK(calls >= 500);
}
