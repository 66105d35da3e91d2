#include <doctest/doctest.h>

#include <sstream>
#include <thriftpp/schema/schema_builder.hpp>

#include "rpc/service.hpp"

using namespace thrift;

namespace {

Processor users(ProcessorOptions options = {}) {
  Processor p(test::schema(), "Users", std::move(options));
  test::serve_users(p);
  return p;
}

const Function& function(std::string_view name) {
  return test::schema()->service("Users").function(name);
}

Buffer message(std::string_view name, MessageType type, std::int32_t id, const Value& arguments) {
  Buffer out;
  write_message_header(ProtocolId::binary, {name, type, id}, out);
  encode(ProtocolId::binary, arguments, out);
  return out;
}

Buffer call(std::string_view method, const Literal& arguments, std::int32_t id = 7) {
  return message(method, MessageType::call, id, Value(function(method).arguments(), arguments));
}

// "REPLY getName 7 {...}": the reply's result as JSON; or the TApplicationException's.
std::string answer(const Processor& processor, std::span<const std::byte> request) {
  Buffer out;
  if (!processor.process(ProtocolId::binary, request, out)) {
    CHECK(out.empty());
    return "nothing";
  }
  const ReadHeader read = read_message_header(ProtocolId::binary, out.bytes());
  const auto body = out.bytes().subspan(read.size);
  std::ostringstream text;
  text << to_string(read.header.type) << ' ' << read.header.name << ' ' << read.header.sequence_id
       << ' ';
  if (read.header.type == MessageType::reply) {
    text << decode(ProtocolId::binary, body, function(read.header.name).result());
    return text.str();
  }
  SchemaBuilder b;
  Program& p = b.add_program("t", "t");
  b.define(b.add_struct(p, "X", TypeKind::exception),
           {{.id = 1, .name = "message", .type = base_type(TypeKind::string)},
            {.id = 2, .name = "type", .type = base_type(TypeKind::i32)}});
  b.lay_out();
  const SchemaPtr schema = std::move(b).build();
  text << decode(ProtocolId::binary, body, schema->type("X"));
  return text.str();
}

std::string mistake(const std::function<void(Processor&)>& step) {
  Processor p(test::schema(), "Users");
  try {
    step(p);
  } catch (const Error& e) {
    return e.message();
  }
  return "no mistake";
}

}  // namespace

TEST_CASE("a processor answers every shape of method") {
  const Processor p = users();
  CHECK(answer(p, call("ping", {})) == "REPLY ping 7 {}");
  CHECK(answer(p, call("add", {{"a", 2}, {"b", 3}})) == R"(REPLY add 7 {"success":5})");
  CHECK(answer(p, call("getName", {{"userId", "x"}}, -1)) ==
        R"(REPLY getName -1 {"success":"name of x"})");
  CHECK(answer(p, call("update", {{"userId", "1"}, {"user", test::user("1", "A", 1)}})) ==
        "REPLY update 7 {}");
  CHECK(answer(p, call("all", {})) == R"(REPLY all 7 {"success":[{"id":"1","name":"Ann","age":30},)"
                                      R"({"id":"2","name":"Bob","age":40}]})");
  CHECK(answer(p, call("echo", {{"bytes", "a\nb"}})) == R"(REPLY echo 7 {"success":"YQpi"})");
  CHECK(answer(p, call("slow", {{"n", std::int64_t{1} << 40}})) ==
        R"(REPLY slow 7 {"success":1099511627776})");
  CHECK(answer(p, call("table", {{"t", {{"r", {1.5, 2.0}}}}, {"times", 2}})) ==
        R"(REPLY table 7 {"success":{"r":[1.5,2.0,0.0,0.0]}})");
  CHECK(answer(p, call("table", {{"t", {{"r", {1.5, 2.0}}}}})) ==
        R"(REPLY table 7 {"success":{"r":[1.5,2.0]}})");
  CHECK(answer(p, call("paint", {{"c", "RED"},
                                 {"b", true},
                                 {"y", -1},
                                 {"d", 0.5},
                                 {"u", "5e2ab188-1726-4e75-a04f-1ed9a6a89c4c"},
                                 {"s", {1, 2}}})) == R"(REPLY paint 7 {"success":"GREEN"})");
}

TEST_CASE("a declared exception goes into its own field of the result") {
  const Processor p = users();
  CHECK(answer(p, call("find", {{"id", "nobody"}})) ==
        R"(REPLY find 7 {"missing":{"id":"nobody"}})");
  CHECK(answer(p, call("find", {{"id", "banned"}})) ==
        R"(REPLY find 7 {"banned":{"id":"banned"}})");
}

TEST_CASE("an exception of an equal schema is found by its name") {
  Processor p(test::schema(), "Users");
  const SchemaPtr other = test::make_schema();
  p.on("find", [&](std::string_view id) -> Value {
    throw ServiceException(Value(other->type("Banned"), {{"id", id}}));
  });
  CHECK(answer(p, call("find", {{"id", "7"}})) == R"(REPLY find 7 {"banned":{"id":"7"}})");
}

TEST_CASE("a value of an equal schema is a result, one of another type is not") {
  std::string told;
  Processor p(test::schema(), "Users",
              {.on_error = [&](std::string_view, std::string_view text) { told = text; }});
  const SchemaPtr other = test::make_schema();
  p.on("find", [&](std::string_view id) -> Value {
    if (id == "odd") return Value(other->type("Banned"), {{"id", id}});
    return Value(other->type("User"), {{"id", id}, {"name", "N"}, {"age", 3}});
  });
  CHECK(answer(p, call("find", {{"id", "7"}})) ==
        R"(REPLY find 7 {"success":{"id":"7","name":"N","age":3}})");
  CHECK(answer(p, call("find", {{"id", "odd"}})) ==
        R"(EXCEPTION find 7 {"message":"internal error in `find`","type":6})");
  CHECK(told.find("expected") != std::string::npos);
}

TEST_CASE("a handler's unexpected error leaks no text unless asked") {
  const Buffer request = call("update", {{"userId", "2"}, {"user", test::user("1", "A", 1)}});
  CHECK(answer(users(), request) ==
        R"(EXCEPTION update 7 {"message":"internal error in `update`","type":6})");
  CHECK(answer(users({.expose_errors = true}), request) ==
        R"(EXCEPTION update 7 {"message":"internal error in `update`: secret text","type":6})");
  std::string told;
  CHECK(answer(users({.on_error =
                          [&](std::string_view method, std::string_view text) {
                            told = std::string(method) + ": " + std::string(text);
                          }}),
               request) ==
        R"(EXCEPTION update 7 {"message":"internal error in `update`","type":6})");
  CHECK(told == "update: secret text");
}

TEST_CASE("the caller is answered even where on_error throws") {
  const Buffer request = call("update", {{"userId", "2"}, {"user", test::user("1", "A", 1)}});
  CHECK(answer(users({.on_error = [](std::string_view, std::string_view) { throw 1; }}), request) ==
        R"(EXCEPTION update 7 {"message":"internal error in `update`","type":6})");
}

TEST_CASE("an undeclared exception is an internal error, an ApplicationError is passed on") {
  const Processor p = users();
  CHECK(answer(p, call("find", {{"id", "odd"}})) ==
        R"(EXCEPTION find 7 {"message":"internal error in `find`","type":6})");
  CHECK(answer(p, call("find", {{"id", "refused"}})) ==
        R"(EXCEPTION find 7 {"message":"go away","type":10})");
}

TEST_CASE("a result that is out of range or not whole is an internal error") {
  Processor p(test::schema(), "Users");
  p.on("add", [](std::int32_t, std::int32_t) { return std::int64_t{1} << 40; });
  p.on("find", [](std::string_view) { return Value(test::schema()->type("User")); });
  p.on("getName", [](std::string_view) { return std::optional<std::string>(); });
  CHECK(answer(p, call("add", {{"a", 2}, {"b", 3}})) ==
        R"(EXCEPTION add 7 {"message":"internal error in `add`","type":6})");
  CHECK(answer(p, call("find", {{"id", "x"}})) ==
        R"(EXCEPTION find 7 {"message":"internal error in `find`","type":6})");
  CHECK(answer(p, call("getName", {{"userId", "x"}})) ==
        R"(EXCEPTION getName 7 {"message":"`getName` returned no result","type":5})");
}

TEST_CASE("oneway methods answer nothing, whatever happens") {
  const Processor p = users();
  const Value arguments(function("note").arguments(), {{"text", "x"}});
  CHECK(answer(p, message("note", MessageType::oneway, 1, arguments)) == "nothing");
  // old clients send CALL
  CHECK(answer(p, message("note", MessageType::call, 1, arguments)) == "nothing");
  // nobody waits for a reply to ONEWAY, be the method what it may
  CHECK(answer(p, message("ping", MessageType::oneway, 1, Value(function("ping").arguments()))) ==
        "nothing");
  CHECK(answer(p, message("nowhere", MessageType::oneway, 1,
                          Value(function("ping").arguments()))) == "nothing");
  Buffer broken = message("note", MessageType::oneway, 1, arguments);
  broken.truncate(broken.size() - 2);
  CHECK(answer(p, broken) == "nothing");
}

TEST_CASE("what is wrong with a call is answered as TApplicationException") {
  const Processor p = users();
  const Value none(function("ping").arguments());
  CHECK(answer(p, message("nowhere", MessageType::call, 3, none)) ==
        R"(EXCEPTION nowhere 3 {"message":"service `Users` has no method `nowhere`","type":1})");
  CHECK(answer(p, message("ping", MessageType::reply, 3, none)) ==
        R"(EXCEPTION ping 3 {"message":"a server takes CALL and ONEWAY, not REPLY","type":2})");
  CHECK(answer(Processor(test::schema(), "Users"), message("ping", MessageType::call, 3, none)) ==
        R"(EXCEPTION ping 3 {"message":"method `ping` has no handler here","type":1})");
  Buffer request = call("getName", {{"userId", "abcdef"}});
  request.truncate(request.size() - 4);
  const std::string text = answer(p, request);
  CHECK(text.find("EXCEPTION getName 7") == 0);
  CHECK(text.find("arguments of `getName`: ") != std::string::npos);
  CHECK(text.find("getName_args.userId") != std::string::npos);
  CHECK(text.find(R"("type":7)") != std::string::npos);
  request = call("ping", {});
  request.append("xyz");
  CHECK(answer(p, request) ==
        R"(EXCEPTION ping 7 {"message":"arguments of `ping`: 3 bytes are left behind them",)"
        R"("type":7})");
}

TEST_CASE("a message whose head cannot be read has nobody to answer to") {
  const Processor p = users();
  Buffer out;
  CHECK_THROWS_AS(
      p.process(ProtocolId::binary, std::as_bytes(std::span("GET / HTTP/1.1", 14)), out),
      ProtocolError);
  CHECK_THROWS_AS(p.process(ProtocolId::binary, {}, out), ProtocolError);
  CHECK(out.empty());
}

TEST_CASE("the service's own name before a method's is understood, and not repeated") {
  const Processor p = users();
  const Value none(function("ping").arguments());
  CHECK(answer(p, message("Users:ping", MessageType::call, 3, none)) == "REPLY ping 3 {}");
  CHECK(answer(p, message("Base:ping", MessageType::call, 3, none)).find("EXCEPTION") == 0);
}

TEST_CASE("a reply over the limit is an internal error") {
  const Processor p = users({.max_reply = 40});
  CHECK(answer(p, call("getName", {{"userId", "x"}})).find("REPLY") == 0);
  CHECK(answer(p, call("getName", {{"userId", "a name of more than forty bytes"}}))
            .find(R"("type":6)") != std::string::npos);
}

TEST_CASE("one handler may answer any method") {
  Processor p(test::schema(), "Users");
  p.on("ping", [] {});
  p.on_any([](Call& call) {
    if (call.function().name() == "add") {
      return call.reply(call["a"].as<std::int32_t>() * call["b"].as<std::int32_t>());
    }
    if (call.function().name() == "find") {
      return call.reply({{"id", call["id"]}, {"name", "any"}, {"age", 1}});
    }
    if (call.function().name() == "getName") {
      call.reply("first");
      call.reply("second");  // the last counts
    }
  });
  CHECK(p.missing().empty());
  CHECK(answer(p, call("ping", {})) == "REPLY ping 7 {}");
  CHECK(answer(p, call("add", {{"a", 6}, {"b", 7}})) == R"(REPLY add 7 {"success":42})");
  CHECK(answer(p, call("find", {{"id", "9"}})) ==
        R"(REPLY find 7 {"success":{"id":"9","name":"any","age":1}})");
  CHECK(answer(p, call("getName", {{"userId", "1"}})) == R"(REPLY getName 7 {"success":"second"})");
  CHECK(answer(p, call("slow", {{"n", 1}})) ==
        R"(EXCEPTION slow 7 {"message":"`slow` returned no result","type":5})");
}

TEST_CASE("replying to a method that returns nothing is an error of the handler") {
  std::string told;
  Processor p(test::schema(), "Users",
              {.on_error = [&](std::string_view, std::string_view text) { told = text; }});
  p.on("ping", [](Call& call) { call.reply(1); });
  CHECK(answer(p, call("ping", {})).find(R"("type":6)") != std::string::npos);
  CHECK(told == "`ping` returns nothing, and the handler replied with a value");
}

TEST_CASE("a handler that does not fit the IDL is told when it is registered") {
  CHECK(mistake([](Processor& p) { p.on("pink", [] {}); }) ==
        "service `Users` has no method `pink`; did you mean `ping`?");
  CHECK(mistake([](Processor& p) { p.on("getName", [] { return std::string(); }); }) ==
        "`getName` has 1 argument (string userId), the handler takes 0");
  CHECK(mistake([](Processor& p) { p.on("ping", [](std::string_view) {}); }) ==
        "`ping` has 0 arguments, the handler takes 1");
  CHECK(
      mistake([](Processor& p) { p.on("getName", [](std::int32_t) { return std::string(); }); }) ==
      "`getName`: argument `userId` is `string`, which the handler takes as `std::int32_t`");
  CHECK(mistake([](Processor& p) { p.on("slow", [](std::int32_t n) { return n; }); }) ==
        "`slow`: argument `n` is `i64`, which the handler takes as `std::int32_t`");
  CHECK(mistake([](Processor& p) { p.on("getName", [](std::string_view) {}); }) ==
        "`getName` returns `string`, the handler returns nothing");
  CHECK(mistake([](Processor& p) { p.on("getName", [](std::string_view) { return 1; }); }) ==
        "`getName` returns `string`, the handler returns `std::int32_t`");
  CHECK(mistake([](Processor& p) { p.on("ping", [] { return true; }); }) ==
        "`ping` returns nothing, the handler returns `bool`");
  CHECK(mistake([](Processor& p) {
          p.on("table", [](const std::map<std::string, std::vector<std::string>>&,
                           std::optional<std::int16_t>) { return std::map<std::string, int>(); });
        }) ==
        "`table`: argument `t` is `map<string, list<double>>`, which the handler takes as "
        "`std::map<std::string, std::vector<std::string>>`");
  CHECK(mistake([](Processor& p) {
          p.on("all", [] { return std::vector<std::string>(); });
        }).find("the handler returns `std::vector<std::string>`") != std::string::npos);
}

TEST_CASE("handlers may be functions, function objects that only move, and std::function") {
  Processor p(test::schema(), "Users");
  struct MoveOnly {
    std::unique_ptr<int> n = std::make_unique<int>(5);
    int operator()(std::int32_t a, std::int32_t b) const { return a + b + *n; }
  };
  p.on("add", MoveOnly());
  p.on("getName", std::function<std::string(std::string)>([](const std::string& s) { return s; }));
  void (*const nothing)() = [] {};
  p.on("ping", nothing);
  CHECK(answer(p, call("add", {{"a", 2}, {"b", 3}})) == R"(REPLY add 7 {"success":10})");
  CHECK(answer(p, call("getName", {{"userId", "x"}})) == R"(REPLY getName 7 {"success":"x"})");
  CHECK(answer(p, call("ping", {})) == "REPLY ping 7 {}");
}

TEST_CASE("methods without a handler are known") {
  Processor p(test::schema(), "Base");
  p.on("ping", [] {});
  REQUIRE(p.missing().size() == 1);
  CHECK(p.missing()[0]->name() == "add");
}

TEST_CASE("cutting a call short at every byte, and flipping each, gives an answer or an error") {
  const Processor p = users();
  const Buffer whole = call("update", {{"userId", "1"}, {"user", test::user("1", "Ann", 30)}});
  Arena arena;
  for (std::size_t n = 0; n < whole.size(); ++n) {
    Buffer out;
    try {
      const bool replied = p.process(ProtocolId::binary, whole.bytes().first(n), out, arena);
      CHECK(replied);
      CHECK(read_message_header(ProtocolId::binary, out.bytes()).header.type ==
            MessageType::exception);
    } catch (const ProtocolError&) {
      CHECK(out.empty());
    }
    for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
      Buffer changed(whole.bytes());
      changed.data()[n] ^= static_cast<std::byte>(flip);
      out.clear();
      try {
        (void)p.process(ProtocolId::binary, changed.bytes(), out, arena);
      } catch (const ProtocolError&) {
        CHECK(out.empty());
      }
    }
  }
}
