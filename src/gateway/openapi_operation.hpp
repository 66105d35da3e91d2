#pragma once

// One operation of the OpenAPI document.

#include "gateway/openapi.hpp"
#include "gateway/schema_writer.hpp"

namespace thrift::gateway {

struct Operation {
  JsonWriter& json;
  SchemaWriter& schemas;
  const OpenApiOptions& options;
  const Route& route;
  std::string_view id;
  std::string_view path;  // whose names of parameters count, in place of the route's
};

void write_operation(const Operation& operation);

// What every operation may fail with: a member of components.schemas, and of components.responses.
void write_error_schema(JsonWriter& json);
void write_error_response(JsonWriter& json);

}  // namespace thrift::gateway
