#pragma once

// The service that the tests of rpc call, with every shape of method; and what it answers.
//
//     struct User { 1: required string id, 2: required string name, 3: required i32 age }
//     exception NotFound { 1: string id }
//     exception Banned { 1: string id }
//     enum Colour { RED = 1, GREEN = 2 }
//     service Base { void ping(), i32 add(1: i32 a, 2: i32 b) }
//     service Users extends Base {
//       string getName(string userId),                        // ids count down from -1
//       void update(string userId, User user),
//       list<User> all(),
//       User find(1: string id) throws (1: NotFound missing, 2: Banned banned),
//       oneway void note(1: string text),
//       i64 slow(1: i64 n),
//       binary echo(1: binary bytes),
//       map<string, list<double>> table(1: map<string, list<double>> t, 2: optional i16 times),
//       Colour paint(1: Colour c, 2: bool b, 3: i8 y, 4: double d, 5: uuid u, 6: set<i32> s),
//     }

#include <thriftpp/rpc/client.hpp>
#include <thriftpp/rpc/server.hpp>
#include <thriftpp/rpc/session.hpp>
#include <thriftpp/schema/schema_builder.hpp>

namespace test {

inline thrift::SchemaPtr make_schema() {
  using namespace thrift;
  SchemaBuilder b;
  Program& p = b.add_program("users", "users.thrift");
  StructType& user = b.add_struct(p, "User", TypeKind::struct_);
  StructType& not_found = b.add_struct(p, "NotFound", TypeKind::exception);
  StructType& banned = b.add_struct(p, "Banned", TypeKind::exception);
  EnumType& colour = b.add_enum(p, "Colour");
  thrift::Service& base = b.add_service(p, "Base");
  thrift::Service& users = b.add_service(p, "Users");
  const Type& text = base_type(TypeKind::string);
  const Type& i32 = base_type(TypeKind::i32);
  const Type& i64 = base_type(TypeKind::i64);
  const Type& nothing = base_type(TypeKind::void_);
  const auto required = Requiredness::required;
  b.define(colour, {{.name = "RED", .number = 1}, {.name = "GREEN", .number = 2}});
  b.define(user, {{.id = 1, .name = "id", .type = text, .requiredness = required},
                  {.id = 2, .name = "name", .type = text, .requiredness = required},
                  {.id = 3, .name = "age", .type = i32, .requiredness = required}});
  b.define(not_found, {{.id = 1, .name = "id", .type = text}});
  b.define(banned, {{.id = 1, .name = "id", .type = text}});
  const Type& rows = b.map_of(text, b.list_of(base_type(TypeKind::double_)));
  b.define(
      base, nullptr,
      {{.name = "ping", .returns = nothing, .arguments = {}},
       {.name = "add",
        .returns = i32,
        .arguments = {{.id = 1, .name = "a", .type = i32}, {.id = 2, .name = "b", .type = i32}}}});
  b.define(users, &base,
           {{.name = "getName",
             .returns = text,
             .arguments = {{.id = -1, .name = "userId", .type = text, .explicit_id = false}}},
            {.name = "update",
             .returns = nothing,
             .arguments = {{.id = -1, .name = "userId", .type = text, .explicit_id = false},
                           {.id = -2, .name = "user", .type = user, .explicit_id = false}}},
            {.name = "all", .returns = b.list_of(user), .arguments = {}},
            {.name = "find",
             .returns = user,
             .arguments = {{.id = 1, .name = "id", .type = text}},
             .exceptions = {{.id = 1, .name = "missing", .type = not_found},
                            {.id = 2, .name = "banned", .type = banned}}},
            {.name = "note",
             .returns = nothing,
             .arguments = {{.id = 1, .name = "text", .type = text}},
             .oneway = true},
            {.name = "slow", .returns = i64, .arguments = {{.id = 1, .name = "n", .type = i64}}},
            {.name = "echo",
             .returns = base_type(TypeKind::binary),
             .arguments = {{.id = 1, .name = "bytes", .type = base_type(TypeKind::binary)}}},
            {.name = "table",
             .returns = rows,
             .arguments = {{.id = 1, .name = "t", .type = rows},
                           {.id = 2,
                            .name = "times",
                            .type = base_type(TypeKind::i16),
                            .requiredness = Requiredness::optional}}},
            {.name = "paint",
             .returns = colour,
             .arguments = {{.id = 1, .name = "c", .type = colour},
                           {.id = 2, .name = "b", .type = base_type(TypeKind::bool_)},
                           {.id = 3, .name = "y", .type = base_type(TypeKind::i8)},
                           {.id = 4, .name = "d", .type = base_type(TypeKind::double_)},
                           {.id = 5, .name = "u", .type = base_type(TypeKind::uuid)},
                           {.id = 6, .name = "s", .type = b.set_of(i32)}}}});
  b.lay_out();
  return std::move(b).build();
}

inline const thrift::SchemaPtr& schema() {
  static const thrift::SchemaPtr one = make_schema();
  return one;
}

inline thrift::Value user(std::string_view id, std::string_view name, int age) {
  return {schema()->type("User"), {{"id", id}, {"name", name}, {"age", age}}};
}

/// Gives a Server or Processor the handlers that the tests expect.
template <class S>
void serve_users(S& server) {
  using namespace thrift;
  server.on("ping", [] {})
      .on("add", [](std::int32_t a, std::int32_t b) { return std::int64_t{a} + b; })
      .on("getName", [](std::string_view id) { return "name of " + std::string(id); })
      .on("update",
          [](std::string_view id, ValueView given) {
            if (given["id"].as<std::string_view>() != id) throw std::runtime_error("secret text");
          })
      .on("all", [] { return std::vector<Value>{user("1", "Ann", 30), user("2", "Bob", 40)}; })
      .on("find",
          [](const std::string& id) {
            if (id == "nobody") {
              throw ServiceException(Value(schema()->type("NotFound"), {{"id", id}}));
            }
            if (id == "banned") {
              throw ServiceException(Value(schema()->type("Banned"), {{"id", id}}));
            }
            if (id == "odd") throw ServiceException(user(id, "no exception at all", 1));
            if (id == "refused") {
              throw ApplicationError(ApplicationErrorKind::unsupported_client_type, "go away");
            }
            return user(id, "Ann", 30);
          })
      .on("note", [](std::string_view) { throw std::runtime_error("nobody hears this"); })
      .on("slow", [](std::int64_t n) { return n; }, {.blocking = true})
      .on("echo", [](std::span<const std::byte> bytes) { return bytes; })
      .on("table",
          [](const std::map<std::string, std::vector<double>>& t, std::optional<std::int16_t> n) {
            auto out = t;
            if (n) {
              for (auto& [key, row] : out) row.resize(row.size() * static_cast<std::size_t>(*n));
            }
            return out;
          })
      .on("paint", [](std::string_view colour, bool b, std::int8_t y, double d, Uuid u,
                      const std::vector<std::int32_t>& s) {
        return colour == "RED" && b && y == -1 && d == 0.5 && u[0] == 0x5e && s.size() == 2 ? 2 : 1;
      });
}

}  // namespace test
