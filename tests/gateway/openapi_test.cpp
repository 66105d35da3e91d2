#include "gateway/openapi.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <thriftpp/gateway/json_schema.hpp>
#include <thriftpp/load/load.hpp>

using namespace thrift;
using nlohmann::json;

namespace {

Idl idl_of(std::string_view text) {
  return loads(text);
}

json schema_of(std::string_view idl, std::string_view type, const JsonOptions& options = {},
               RareForms rare = RareForms::leave_out) {
  return json::parse(json_schema(idl_of(idl).type(type), options, rare));
}

json openapi_of(std::string_view text, gateway::OpenApiOptions options = {}) {
  const Idl idl = idl_of(text);
  const gateway::RouteTable routes(idl.schema());
  REQUIRE(routes.problems().empty());
  return json::parse(gateway::openapi(routes, options));
}

}  // namespace

TEST_CASE("a struct's JSON Schema has its fields, what is required, defaults and documentation") {
  const json schema = schema_of(R"(
    /** Who somebody is. */
    struct User {
      1: required string id
      /** In years. */
      2: i32 age = 18
      3: optional i8 level (deprecated)
    })",
                                "User");
  CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  const std::string ref = schema["$ref"];
  REQUIRE(ref.starts_with("#/$defs/"));
  const json user = schema["$defs"][ref.substr(8)];
  CHECK(user == json::parse(R"({
    "type": "object", "description": "Who somebody is.",
    "properties": {
      "id": {"type": "string"},
      "age": {"type": "integer", "format": "int32", "description": "In years.", "default": 18},
      "level": {"type": "integer", "minimum": -128, "maximum": 127, "deprecated": true}},
    "required": ["id"], "additionalProperties": false})"));
}

TEST_CASE("the schema of a container stands by itself and refers to what it holds") {
  const json schema = schema_of("struct Node { 1: list<Node> next }", "map<string, list<Node>>");
  CHECK(schema["type"] == "object");
  CHECK(schema["additionalProperties"]["type"] == "array");
  const std::string ref = schema["additionalProperties"]["items"]["$ref"];
  REQUIRE(schema["$defs"].size() == 1);
  CHECK(ref == "#/$defs/" + schema["$defs"].begin().key());
  CHECK(schema["$defs"].front()["properties"]["next"]["items"]["$ref"] == ref);
}

TEST_CASE("options say how integers, enums, maps and bytes look") {
  const char* idl =
      "enum E { A = 1, B = 2, C = 2 } struct S { 1: i64 i, 2: E e, 3: map<i32, bool> m, 4: binary "
      "b }";
  const auto fields = [&](const JsonOptions& options, RareForms rare) {
    const json schema = schema_of(idl, "S", options, rare);
    json out = schema["$defs"][schema["$ref"].get<std::string>().substr(8)]["properties"];
    const std::string e = out["e"]["$ref"];
    out["e"] = schema["$defs"][e.substr(8)];
    return out;
  };
  const json plain = fields({}, RareForms::leave_out);
  CHECK(plain["i"] == json{{"type", "integer"}, {"format", "int64"}});
  CHECK(plain["e"]["enum"] == json{"A", "B", "C"});
  CHECK(plain["m"]["propertyNames"]["pattern"] == "^-?[0-9]+$");
  CHECK(plain["b"] == json{{"type", "string"}, {"contentEncoding", "base64"}});

  JsonOptions other;
  other.int64 = JsonOptions::Int64::string;
  other.enums = JsonOptions::Enums::number;
  other.maps = JsonOptions::Maps::pairs;
  other.binary = JsonOptions::Binary::text;
  const json odd = fields(other, RareForms::leave_out);
  CHECK(odd["i"]["type"] == "string");
  CHECK(odd["e"]["enum"] == json{1, 2});
  CHECK(odd["m"]["items"]["prefixItems"][0]["format"] == "int32");
  CHECK(odd["m"]["items"]["minItems"] == 2);
  CHECK(odd["b"] == json{{"type", "string"}});

  const json all = fields({}, RareForms::allow);
  CHECK(all["e"]["anyOf"][1]["type"] == "integer");
}

TEST_CASE(
    "strings that may be bytes, and numbers that are none, are allowed where rare forms are") {
  const auto of = [](std::string_view type) {
    return schema_of("struct S {}", type, {}, RareForms::allow);
  };
  CHECK(of("string")["anyOf"][1]["properties"]["base64"]["contentEncoding"] == "base64");
  CHECK(of("double")["anyOf"][1]["enum"] == json{"NaN", "Infinity", "-Infinity"});
  CHECK(of("map<string, i32>")["anyOf"][1]["type"] == "array");
  CHECK(of("map<uuid, i32>")["propertyNames"]["pattern"].get<std::string>().starts_with(
      "^[0-9a-fA-F]{8}"));
  CHECK(of("map<S, i32>")["items"]["prefixItems"][0].contains("$ref"));
}

TEST_CASE("a union has exactly one member, and a typedef is a definition of its own") {
  const json schema =
      schema_of("/** Seconds. */ typedef i64 Time\nunion U { 1: Time at, 2: string s }", "U");
  const json definition = schema["$defs"][schema["$ref"].get<std::string>().substr(8)];
  CHECK(definition["minProperties"] == 1);
  CHECK(definition["maxProperties"] == 1);
  const json time =
      schema["$defs"][definition["properties"]["at"]["$ref"].get<std::string>().substr(8)];
  CHECK(time["description"] == "Seconds.");
  CHECK(time["format"] == "int64");
}

TEST_CASE("documentation that is not UTF-8 is read as Latin-1") {
  const json schema = schema_of(
      "/** Stra\xdf"
      "e */ struct S {}",
      "S");
  CHECK(schema["$defs"].front()["description"] ==
        "Stra\xc3\x9f"
        "e");
}

TEST_CASE("every function is an operation with its arguments, result and exceptions") {
  const json doc = openapi_of(R"(
    exception Missing { 1: string what } (api.http_code = "404")
    exception Full {}
    struct User { 1: required string id }
    /** Who is who. */
    service People {
      /** Finds one. Only those that are there. */
      User get(1: required string id) throws (1: Missing missing, 2: Full full)
      oneway void seen(1: string id)
    })");
  CHECK(doc["openapi"] == "3.1.0");
  CHECK(doc["info"]["title"] == "People");
  CHECK(doc["tags"] == json::parse(R"([{"name": "People", "description": "Who is who."}])"));
  const json get = doc["paths"]["/People/get"]["post"];
  CHECK(get["operationId"] == "People.get");
  CHECK(get["summary"] == "Finds one");
  CHECK(get["description"] == "Finds one. Only those that are there.");
  CHECK(get["x-thrift"] == json{{"service", "People"}, {"method", "get"}});
  CHECK(get["requestBody"]["required"] == true);
  CHECK(get["requestBody"]["content"]["application/json"]["schema"]["required"] == json{"id"});
  const std::string user = get["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
  CHECK(doc["components"]["schemas"].contains(user.substr(21)));
  CHECK(get["responses"]["404"]["description"] == "Missing");
  const json envelope = get["responses"]["404"]["content"]["application/json"]["schema"];
  const json error = envelope["properties"]["error"];
  CHECK(error["properties"]["name"]["const"] == "Missing");
  CHECK(error["properties"]["exception"]["$ref"].get<std::string>().ends_with(".Missing"));
  CHECK(error["required"] == json{"name", "status", "exception"});
  CHECK(get["responses"]["500"]["description"] == "Full");
  CHECK(get["responses"]["default"]["$ref"] == "#/components/responses/Error");
  CHECK(doc["paths"]["/People/seen"]["post"]["responses"].contains("202"));
}

TEST_CASE("an exception with the status of a result is told beside it") {
  const json document = openapi_of(R"(
    exception Old { 1: string at } (api.http_code = "200")
    struct Shaped { 1: i32 code (api.http_code), 2: string text }
    service S {
      i32 number() throws (1: Old old)
      Shaped shaped() throws (1: Old old) (api.get = "/shaped")
    })");
  const json plain = document["paths"]["/S/number"]["post"]["responses"];
  CHECK(plain["200"]["description"] == "The result, or Old");
  const json either = plain["200"]["content"]["application/json"]["schema"]["anyOf"];
  REQUIRE(either.size() == 2);
  CHECK(either[0]["type"] == "integer");
  const json old = either[1]["properties"]["error"]["properties"]["exception"];
  CHECK(old["$ref"].get<std::string>().ends_with(".Old"));
  const json shaped = document["paths"]["/shaped"]["get"]["responses"];
  CHECK(shaped["2XX"]["content"]["application/json"]["schema"]["anyOf"].size() == 2);
  CHECK_FALSE(shaped.contains("200"));
}

TEST_CASE("exceptions have the status that the gateway answers with") {
  gateway::OpenApiOptions options;
  options.status = [](const Field&) { return 409; };
  const json doc = openapi_of(
      "exception A {} exception B {} service S { void f() throws (1: A a, 2: B b) }", options);
  const json conflict = doc["paths"]["/S/f"]["post"]["responses"]["409"];
  CHECK(conflict["description"] == "A or B");
  CHECK(conflict["content"]["application/json"]["schema"]["oneOf"].size() == 2);
}

TEST_CASE("annotated routes have parameters and bodies from where their fields are bound") {
  const json doc = openapi_of(R"(
    struct Query {
      1: required string id (api.path = "user"),
      2: i32 limit = 10 (api.query = "max"),
      3: string token (api.header = "X-Token"),
      4: string session (api.cookie = "sid"),
      5: i64 big (api.query = "big", api.js_conv = "true"),
    }
    struct Change { 1: required string id (api.path = "id"), 2: required string name, 3: i32 age (api.form) }
    service Users {
      string get(1: Query q) (api.get = "/users/:user")
      void change(1: Change c) (api.put = "/users/{id}")
    })");
  const json& path = doc["paths"]["/users/{user}"];
  REQUIRE(path.contains("get"));
  REQUIRE(path.contains("put"));  // the same path for OpenAPI, so that the parameter has one name
  const json& parameters = path["get"]["parameters"];
  REQUIRE(parameters.size() == 5);
  CHECK(parameters[0] ==
        json::parse(
            R"({"name": "user", "in": "path", "required": true, "schema": {"type": "string"}})"));
  CHECK(parameters[1]["name"] == "max");
  CHECK(parameters[1]["in"] == "query");
  CHECK(parameters[1]["required"] == false);
  CHECK(parameters[2]["in"] == "header");
  CHECK(parameters[3]["in"] == "cookie");
  CHECK(parameters[4]["schema"]["type"] == "string");
  CHECK(path["put"]["parameters"][0]["name"] == "user");
  const json& content = path["put"]["requestBody"]["content"];
  CHECK(content["application/json"]["schema"]["required"] == json{"name"});
  CHECK(content["application/x-www-form-urlencoded"]["schema"]["properties"].contains("age"));
  CHECK(path["get"]["operationId"] == "Users.get.get");
  const json& thrift = path["get"]["x-thrift"];
  CHECK(thrift["unpacked"] == "q");
  CHECK(thrift["bindings"][1] == json{{"field", "limit"}, {"in", "query"}, {"name", "max"}});
}

TEST_CASE("answers that annotations spread have headers, and members by their names there") {
  const json doc = openapi_of(R"(
    struct Answer { 1: string token (api.header = "X-Token"), 2: string text (api.body = "message"), 3: string hidden (api.none) }
    service S { Answer ask() (api.get = "/ask") })");
  const json& fine = doc["paths"]["/ask"]["get"]["responses"]["200"];
  CHECK(fine["headers"].contains("X-Token"));
  const json& members = fine["content"]["application/json"]["schema"]["properties"];
  CHECK(members.contains("message"));
  CHECK(members.size() == 1);
}

TEST_CASE("types of the same name in two files are two components, and one file's are one") {
  LoadOptions options;
  const auto files = std::make_shared<MemoryFiles>();
  files->add("a.thrift",
             "include \"x/s.thrift\"\ninclude \"y/t.thrift\"\n"
             "service A { void f(1: s.T a, 2: t.U b, 3: s.T c) }");
  files->add("x/s.thrift", "struct T { 1: i32 a }");
  files->add("y/t.thrift", "include \"s.thrift\"\nstruct U { 1: s.T t }");
  files->add("y/s.thrift", "struct T { 1: string b }");
  options.provider = files;
  const Idl first = load("a.thrift", options);
  const Idl second = load("a.thrift", options);
  // Two schemas of the same files, as when two IDLs include the same one.
  const std::vector<const Service*> services{&first.service("A"), &second.service("A")};
  const gateway::RouteTable routes(services);
  const json schemas = json::parse(gateway::openapi(routes))["components"]["schemas"];
  std::vector<std::string> names;
  for (const auto& [name, schema] : schemas.items()) names.push_back(name);
  CHECK(names == std::vector<std::string>{"Error", "s.T", "s.T-2", "t.U"});
  CHECK(schemas["t.U"]["properties"]["t"]["$ref"] == "#/components/schemas/s.T-2");
}

TEST_CASE("the options of JSON are parameters, but where a route binds their names") {
  const json doc = openapi_of(R"(
    service S {
      void f(1: string indent (api.query)) (api.get = "/f", api.post = "/g")
      void g(1: string a) (api.get = "/g") })");
  const auto has_option = [&](const char* path) {
    const json option{{"$ref", "#/components/parameters/indent"}};
    const json& all = doc["paths"][path]["parameters"];
    return std::ranges::find(all, option) != all.end();
  };
  CHECK(!has_option("/f"));
  CHECK(has_option("/g"));  // of the one method; the other's own parameter hides it
  CHECK(has_option("/S/f"));
  CHECK(doc["paths"]["/f"]["parameters"].size() == 5);
}

TEST_CASE("parameters that are JSON say so, and have the defaults of the IDL") {
  const json doc = openapi_of(R"(
    struct Point { 1: i32 x }
    struct Query {
      1: Point at (api.query), 2: map<string, i32> m (api.query), 3: list<Point> ps (api.query),
      4: i32 limit = 10 (api.query), 5: i64 big = 7 (api.query, api.js_conv = "true"),
      6: list<i32> ns (api.query) }
    service S { void f(1: Query q) (api.get = "/f") })");
  const json& parameters = doc["paths"]["/f"]["get"]["parameters"];
  for (const std::size_t i : {0U, 1U, 2U}) {
    CHECK(!parameters[i].contains("schema"));
    CHECK(parameters[i]["content"]["application/json"].contains("schema"));
  }
  CHECK(parameters[3]["schema"]["default"] == 10);
  CHECK(parameters[4]["schema"]["default"] == "7");
  CHECK(parameters[5]["schema"]["type"] == "array");
}

TEST_CASE("bodies are required where a field comes from nowhere else, and take no other members") {
  const json doc = openapi_of(R"(
    struct Whole { 1: required list<i32> all (api.body = "*") }
    struct Either { 1: required string a (api.body, api.query) }
    struct Both { 1: required string a (api.body, api.form) }
    service S {
      void whole(1: Whole w) (api.post = "/whole")
      void either(1: Either e) (api.post = "/either")
      void both(1: Both b) (api.post = "/both")
      void some(1: string a) (api.post = "/some") })");
  const auto body = [&](const char* path) { return doc["paths"][path]["post"]["requestBody"]; };
  CHECK(body("/whole")["required"] == true);
  CHECK(body("/either")["required"] == false);
  CHECK(body("/both")["required"] == true);
  CHECK(body("/some")["required"] == false);
  const json content = body("/both")["content"];
  CHECK(content["application/json"]["schema"]["additionalProperties"] == false);
  CHECK(!content["application/x-www-form-urlencoded"]["schema"].contains("additionalProperties"));
}

TEST_CASE("responses have content and a status as far as they are known before") {
  constexpr std::string_view idl = R"(
    struct Answer { 1: i32 code (api.http_code), 2: string text }
    exception Known { 1: string text } (api.http_code = "404")
    exception Varies { 1: i32 code (api.http_code), 2: string text }
    service S {
      string none() (api.get = "/none", api.http_code = "204")
      Answer ask() throws (1: Known k, 2: Varies v) (api.get = "/ask") })";
  const json doc = openapi_of(idl);
  const json none = doc["paths"]["/none"]["get"]["responses"]["204"];
  CHECK(none == json{{"description", "The result"}});
  json ask = doc["paths"]["/ask"]["get"]["responses"];
  CHECK(ask.contains("2XX"));
  CHECK(!ask.contains("200"));
  CHECK(!ask.contains("500"));
  CHECK(ask["404"]["description"] == "Known or Varies");
  const json anything = ask["default"]["content"]["application/json"]["schema"]["anyOf"];
  REQUIRE(anything.size() == 2);
  CHECK(anything[0]["$ref"] == "#/components/schemas/Error");
  const json varies = anything[1]["properties"]["error"]["properties"];
  CHECK(varies["name"]["const"] == "Varies");
  CHECK(!varies["exception"]["properties"].contains("code"));
  // A direct route does not look into values.
  const json direct = doc["paths"]["/S/ask"]["post"]["responses"];
  CHECK(direct["200"]["description"] == "The result");
  CHECK(direct["500"]["description"] == "Varies");
  CHECK(direct["default"]["$ref"] == "#/components/responses/Error");

  gateway::OpenApiOptions options;
  options.status = [](const Field&) { return 400; };
  ask = openapi_of(idl, options)["paths"]["/ask"]["get"]["responses"];
  CHECK(ask["400"]["description"] == "Known or Varies");
  CHECK(ask["default"].contains("$ref"));
}

TEST_CASE("a token that every call needs is a security scheme") {
  constexpr std::string_view idl = "service S { void f() }";
  CHECK(!openapi_of(idl).contains("security"));
  gateway::OpenApiOptions options;
  options.wants_token = true;
  const json doc = openapi_of(idl, options);
  CHECK(doc["components"]["securitySchemes"]["token"] ==
        json{{"type", "http"}, {"scheme", "bearer"}});
  CHECK(doc["security"] == json::parse(R"([{"token": []}])"));
}
