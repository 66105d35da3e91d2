// What the gateway tells programs, for validators of others to look at:
//
//   thriftpp_gateway_documents openapi FILE...
//       two lines each: {"file", "openapi"} or {"file", "error"}
//   thriftpp_gateway_documents schemas SEED
//       lines {"schema": ..., "values": [...]}: the JSON Schema of a type of a random schema, and
//       values of it

#include <cstdlib>
#include <iostream>
#include <string_view>
#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/gateway/json_schema.hpp>
#include <thriftpp/load/load.hpp>

#include "gateway/openapi.hpp"
#include "json/random_value.hpp"

using namespace thrift;

namespace {

std::string openapi_of(const char* file, bool odd_form) {
  const Idl idl = load(file);
  const gateway::RouteTable routes(idl.schema());
  gateway::OpenApiOptions options;
  if (odd_form) {
    options.json.int64 = JsonOptions::Int64::string;
    options.json.enums = JsonOptions::Enums::number;
    options.json.maps = JsonOptions::Maps::pairs;
  }
  return gateway::openapi(routes, options);
}

void print_openapi(const char* file) {
  for (const bool odd_form : {false, true}) {
    std::string line;
    JsonWriter json(line);
    json.begin_object().key("file").string(file);
    try {
      const std::string made = openapi_of(file, odd_form);
      json.key("openapi").raw(made);
    } catch (const IdlError& error) {
      json.key("error").string(error.message());
    }
    json.end_object();
    std::cout << line << '\n';
  }
}

void print_schemas(std::uint32_t seed) {
  test::RandomValues random(seed);
  const SchemaPtr schema = random.schema();
  for (const StructType* type : schema->program().structs()) {
    for (unsigned form = 0; form < 16; ++form) {
      JsonOptions options;
      if (form & 1) options.enums = JsonOptions::Enums::number;
      if (form & 2) options.maps = JsonOptions::Maps::pairs;
      if (form & 4) options.int64 = JsonOptions::Int64::string;
      if (form & 8) options.binary = JsonOptions::Binary::text;
      std::string line;
      JsonWriter json(line);
      json.begin_object().key("schema").raw(json_schema(*type, options));
      json.key("values").begin_array();
      for (int i = 0; i < 3; ++i) json.raw(to_json(random.value(*type), options));
      json.end_array().end_object();
      std::cout << line << '\n';
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 2 ? argv[1] : "";
  if (what == "openapi") {
    for (int i = 2; i < argc; ++i) print_openapi(argv[i]);
  } else if (what == "schemas") {
    print_schemas(static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10)));
  } else {
    std::cerr << "usage: thriftpp_gateway_documents openapi FILE... | schemas SEED\n";
    return 2;
  }
}
