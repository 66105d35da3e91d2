// Compiled once: typed handlers take the compiler long.

#include "rpc/service.hpp"

#include <thriftpp/schema/schema_builder.hpp>

namespace test {

thrift::SchemaPtr make_schema() {
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

const thrift::SchemaPtr& schema() {
  static const thrift::SchemaPtr one = make_schema();
  return one;
}

namespace {

template <class S>
void serve(S& server) {
  using namespace thrift;
  using Table = std::map<std::string, std::vector<double>>;
  const std::vector<Value> all{user("1", "Ann", 30), user("2", "Bob", 40)};
  server.on("ping", [] {})
      .on("add", [](std::int32_t a, std::int32_t b) { return std::int64_t{a} + b; })
      .on("getName", [](std::string_view id) { return "name of " + std::string(id); })
      .on("update",
          [](std::string_view id, ValueView given) {
            if (given["id"].as<std::string_view>() != id) throw std::runtime_error("secret text");
          })
      .on("all", [=] { return all; })
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
          [](const Table& t, std::optional<std::int16_t> n) {
            Table out = t;
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

}  // namespace

void serve_users(thrift::Server& server) {
  serve(server);
}

void serve_users(thrift::Processor& processor) {
  serve(processor);
}

}  // namespace test
