#include <doctest/doctest.h>

#include <thriftpp/base/error.hpp>
#include <thriftpp/schema/schema_builder.hpp>

using namespace thrift;

namespace {

FieldSpec field(std::int16_t id, std::string_view name, const Type& type,
                Requiredness requiredness = Requiredness::default_) {
  return {.id = id, .name = name, .type = type, .requiredness = requiredness};
}

/// user.thrift, which includes b.v1.thrift.
SchemaPtr sample() {
  SchemaBuilder b;
  Program& p = b.add_program("user", "user.thrift");
  Program& inc = b.add_program("b.v1", "b.v1.thrift");
  StructType& item = b.add_struct(inc, "Item", TypeKind::struct_);
  EnumType& color = b.add_enum(p, "Color");
  StructType& user = b.add_struct(p, "User", TypeKind::struct_);
  Typedef& users = b.add_typedef(p, "Users");
  Service& base = b.add_service(inc, "Base");
  Service& service = b.add_service(p, "UserService");
  const std::vector<const Program*> includes{&inc};
  b.define(p, {.docs = "about users", .annotations = {}, .source = {}},
           std::vector<Namespace>{{"py", "a.b", {}}, {"*", "any", {}}, {"py", "c.d", {}}},
           includes);
  b.define(item, {field(1, "sku", base_type(TypeKind::i64))});
  b.define(color, {{.name = "RED", .number = 5},
                   {.name = "ALSO_RED", .number = 5},
                   {.name = "BLUE", .number = -1}});
  b.define(user, {field(1, "id", base_type(TypeKind::string), Requiredness::required),
                  field(2, "items", b.list_of(item))});
  b.define(users, b.list_of(user));
  b.define(base, nullptr,
           {{.name = "ping", .returns = base_type(TypeKind::void_), .arguments = {}}});
  b.define(service, &base,
           {{.name = "getUser",
             .returns = user,
             .arguments = {field(-1, "userId", base_type(TypeKind::string))}}});
  b.lay_out();
  return std::move(b).build();
}

}  // namespace

TEST_CASE("a container type is one node per schema") {
  const SchemaPtr schema = sample();
  CHECK(&schema->type("list<User>") == &schema->type("Users"));
  CHECK(&schema->type("map<string,list<User>>") == &schema->type(" map < string , Users > "));
  CHECK(&schema->type("byte") == &base_type(TypeKind::i8));
  CHECK(schema->type("map<string, b.v1.Item>").name() == "map<string, b.v1.Item>");
  CHECK(schema->type("list<map<string, b.v1.Item>>").slot().entry_size == 24);
}

TEST_CASE("type expressions that are wrong say where and what is near") {
  const SchemaPtr schema = sample();
  CHECK_THROWS_WITH_AS((void)schema->type("Usr"), "no type `Usr`; did you mean `User`?", TypeError);
  CHECK_THROWS_WITH_AS((void)schema->type("list<b.v1.Itm>"),
                       "no type `b.v1.Itm`; did you mean `b.v1.Item`?", TypeError);
  CHECK_THROWS_WITH_AS((void)schema->type("map<string>"),
                       "type `map<string>`, column 11: expected `,`", TypeError);
  CHECK_THROWS_WITH_AS((void)schema->type("list<void>"),
                       "type `list<void>`, column 10: `void` cannot be an element", TypeError);
  CHECK_THROWS_AS((void)schema->type("i32 x"), TypeError);
  CHECK_THROWS_AS((void)schema->type(""), TypeError);
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "list<";
  CHECK_THROWS_AS((void)schema->type(deep), TypeError);
}

TEST_CASE("services know their own and their inherited functions") {
  const SchemaPtr schema = sample();
  const Service& service = schema->service();
  CHECK(service.name() == "UserService");
  CHECK(service.all_functions().size() == 2);
  CHECK(&service.function("ping").service() == service.base());
  const Function& get = service.function("getUser");
  CHECK(get.arguments().name() == "getUser_args");
  CHECK(get.arguments().field("userId").id() == -1);
  CHECK(get.success()->id() == 0);
  CHECK(get.exceptions().empty());
  CHECK(service.function("ping").success() == nullptr);
  CHECK_THROWS_WITH_AS((void)service.function("getUsr"),
                       "service `UserService` has no method `getUsr`; did you mean `getUser`?",
                       ApplicationError);
  CHECK_THROWS_WITH_AS((void)schema->service("UserServce"),
                       "no service `UserServce`; did you mean `UserService`?", TypeError);
}

TEST_CASE("of two enum names with one number the first counts") {
  const SchemaPtr schema = sample();
  const EnumType& color = schema->enum_type("Color");
  CHECK(color.find(5)->name() == "RED");
  CHECK(color.find(-1)->name() == "BLUE");
  CHECK(color.find(0) == nullptr);
  CHECK(color.find("ALSO_RED")->number() == 5);
}

TEST_CASE("the last namespace of a scope counts, and `*` is the fallback") {
  const SchemaPtr schema = sample();
  CHECK(schema->program().find_namespace("py") == "c.d");
  CHECK(schema->program().find_namespace("go") == "any");
}

TEST_CASE("types of two schemas agree by structure, and differences are named") {
  const SchemaPtr a = sample();
  const SchemaPtr b = sample();
  CHECK(same_structure(a->type("User"), b->type("User")));
  CHECK(same_structure(a->type("Users"), b->type("list<User>")));
  CHECK_FALSE(same_structure(a->type("User"), b->type("b.v1.Item")));
  CHECK(first_difference(a->type("User"), b->type("b.v1.Item")) ==
        "field 1 `id` of `User` is required here and default there");
  CHECK(first_difference(a->type("list<i32>"), b->type("list<i64>")) ==
        "`i32` here is `i64` there");
}

TEST_CASE("of two includes with one base name the later is searched first") {
  SchemaBuilder b;
  Program& root = b.add_program("m", "m.thrift");
  Program& first = b.add_program("b", "x/b.thrift");
  Program& second = b.add_program("b", "y/b.thrift");
  StructType& only_first = b.add_struct(first, "P", TypeKind::struct_);
  StructType& in_first = b.add_struct(first, "Q", TypeKind::struct_);
  StructType& in_second = b.add_struct(second, "Q", TypeKind::struct_);
  for (StructType* type : {&only_first, &in_first, &in_second}) b.define(*type, {});
  b.define(root, {}, {}, std::vector<const Program*>{&first, &second});
  b.lay_out();
  const SchemaPtr schema = std::move(b).build();
  CHECK(schema->find_type("b.Q") == &in_second);
  CHECK(schema->find_type("b.P") == &only_first);
}

TEST_CASE("a definition that is left out is found and listed nowhere") {
  SchemaBuilder b;
  Program& p = b.add_program("m", "m.thrift");
  StructType& kept = b.add_struct(p, "Kept", TypeKind::struct_);
  StructType& gone = b.add_struct(p, "Gone", TypeKind::struct_);
  b.define(kept, {});
  b.define(gone, {});
  b.lay_out();
  b.leave_out(p, &gone);
  const SchemaPtr schema = std::move(b).build();
  CHECK(schema->find_type("Gone") == nullptr);
  CHECK(schema->find_type("Kept") == &kept);
  CHECK(schema->program().structs().size() == 1);
}
