#include <doctest/doctest.h>

#include <thriftpp/idl/parser.hpp>

using namespace thrift;

TEST_CASE("the sample service parses to its tree") {
  Diagnostics diagnostics;
  const ast::Program program = parse_idl(SourceFile::create("user.thrift", R"(
namespace py example.microservices

service UserService {
  string getUser(string userId),
  void updateUser(string userId, User updatedUser),
  list<User> getAllUsers()
}

struct User {
  1: required string id,
  2: required string name,
  3: required i32 age
}
)"),
                                         diagnostics);
  CHECK(render_text(diagnostics) == "");
  REQUIRE(program.headers.size() == 1);
  CHECK(std::get<ast::Namespace>(program.headers[0]).name.text == "example.microservices");
  REQUIRE(program.definitions.size() == 2);
  const auto& service = std::get<ast::Service>(program.definitions[0]);
  CHECK(service.name.text == "UserService");
  REQUIRE(service.functions.size() == 3);
  CHECK(service.functions[1].result.kind == ast::TypeKind::void_type);
  CHECK(service.functions[1].arguments[1].type.name.text == "User");
  CHECK(!service.functions[1].arguments[1].id);
  CHECK(service.functions[2].result.arguments[0].name.text == "User");
  const auto& user = std::get<ast::Struct>(program.definitions[1]);
  REQUIRE(user.fields.size() == 3);
  CHECK(user.fields[2].id->value == 3);
  CHECK(user.fields[2].requiredness == ast::Requiredness::required);
  CHECK(user.fields[2].range.text() == "3: required i32 age");
}
