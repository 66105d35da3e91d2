#include <doctest/doctest.h>

#include <thriftpp/json/message.hpp>
#include <thriftpp/schema/schema_builder.hpp>

using namespace thrift;

namespace {

SchemaPtr make_schema() {
  SchemaBuilder b;
  Program& program = b.add_program("user", "user.thrift");
  StructType& missing = b.add_struct(program, "NotFound", TypeKind::exception);
  Service& service = b.add_service(program, "Users");
  b.define(missing, {{.id = 1, .name = "what", .type = base_type(TypeKind::string)}});
  const Type& string = base_type(TypeKind::string);
  b.define(service, nullptr,
           {{.name = "find",
             .returns = b.list_of(string),
             .arguments = {{.id = 1, .name = "name", .type = string}},
             .exceptions = {{.id = 1, .name = "missing", .type = missing}}},
            {.name = "ping", .returns = base_type(TypeKind::void_), .arguments = {}},
            {.name = "note",
             .returns = base_type(TypeKind::void_),
             .arguments = {{.id = 1, .name = "text", .type = string}},
             .oneway = true}});
  b.lay_out();
  return std::move(b).build();
}

const Service& service() {
  static const SchemaPtr made = make_schema();
  return made->service("Users");
}

Buffer bytes_of(std::string_view line) {
  Buffer out;
  message_from_json(line, service(), ProtocolId::binary, out);
  return out;
}

std::string error_of(std::string_view line) {
  try {
    (void)bytes_of(line);
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

}  // namespace

TEST_CASE("messages of every type go to lines and back") {
  for (const std::string_view line : {
           R"({"method":"find","type":"CALL","seqid":7,"args":{"name":"Ann"}})",
           R"({"method":"find","type":"REPLY","seqid":7,"result":["a","b"]})",
           R"({"method":"find","type":"REPLY","seqid":-1,"exception":{"missing":{"what":"x"}}})",
           R"({"method":"find","type":"EXCEPTION","seqid":1,"error":{"message":"no","type":6}})",
           R"({"method":"ping","type":"CALL","seqid":0,"args":{}})",
           R"({"method":"ping","type":"REPLY","seqid":0})",
           R"({"method":"note","type":"ONEWAY","seqid":0,"args":{"text":"\n"}})",
           R"({"method":"Users:ping","type":"CALL","seqid":0,"args":{}})",
           R"({"method":"find","type":"REPLY","seqid":7})",
       }) {
    const Buffer bytes = bytes_of(line);
    CHECK(message_to_json(ProtocolId::binary, bytes, service()) == line);
  }
}

TEST_CASE("the bytes of a message are those of the protocol") {
  const Buffer bytes = bytes_of(R"({"method":"ping","type":"CALL","seqid":258,"args":{}})");
  const std::string_view expected("\x80\x01\x00\x01\x00\x00\x00\x04ping\x00\x00\x01\x02\x00", 17);
  CHECK(bytes.text() == expected);
}

TEST_CASE("JSON options hold for what is in a message") {
  const Buffer bytes = bytes_of(R"({"method":"find","type":"CALL","seqid":1,"args":{"name":"A"}})");
  // an indent would break the line
  CHECK(message_to_json(ProtocolId::binary, bytes, service(), {.indent = 2}).find('\n') ==
        std::string::npos);
}

TEST_CASE("mistakes in lines are told with their place") {
  CHECK(error_of(R"({"method":"fnd","type":"CALL","args":{}})").find("`fnd`") != std::string::npos);
  CHECK(error_of(R"({"method":"find","type":"CALL","args":{"name":1}})") ==
        "args.name: expected `string`, got `1`");
  CHECK(error_of(R"({"method":"find","type":"CALL"})") ==
        "a message has a `args`, which is missing");
  CHECK(error_of(R"({"method":"find","type":"CALL","args":{},"result":[]})") ==
        "no `result` belongs here");
  CHECK(error_of(R"({"method":"find","type":"CALL","seqId":1,"args":{}})") ==
        "no `seqId` belongs here; did you mean `seqid`?");
  CHECK(error_of(R"({"method":"find","type":"CALL","seqid":4294967296,"args":{}})") ==
        "seqid: expected an `i32`, got `4294967296`");
  CHECK(error_of(R"({"method":"find","type":"call","args":{}})") ==
        "type: expected `CALL`, `REPLY`, `EXCEPTION` or `ONEWAY`, got `\"call\"`");
  CHECK(error_of(R"({"method":"find","type":"REPLY","result":[],"exception":{"missing":{}}})") ==
        "`result` and `exception` exclude each other");
  CHECK(error_of(R"({"method":"find","type":"REPLY","exception":{"mising":{}}})") ==
        "exception: `find` throws no `mising`; did you mean `missing`?");
  CHECK(error_of(R"({"method":"find","type":"REPLY","exception":{"success":[]}})") ==
        "exception: `find` throws no `success`");
  CHECK(error_of(R"({"method":"find","type":"REPLY","exception":{"missing":{"what":1}}})") ==
        "exception.missing.what: expected `string`, got `1`");
  CHECK(error_of(R"({"method":"ping","type":"REPLY","result":1})") ==
        "result: `ping` returns nothing, got `1`");
  CHECK(error_of("[]") == "a message is an object, got an array");
}

TEST_CASE("an exception needs no method that the service has") {
  const std::string_view line =
      R"({"method":"fnd","type":"EXCEPTION","seqid":3,"error":{"message":"no `fnd`","type":1}})";
  for (const ProtocolId protocol : {ProtocolId::binary, ProtocolId::compact, ProtocolId::json}) {
    Buffer bytes;
    message_from_json(line, service(), protocol, bytes);
    CHECK(message_to_json(protocol, bytes, service()) == line);
  }
  Buffer reply;
  write_message_header(ProtocolId::binary, {"fnd", MessageType::reply, 3}, reply);
  reply.push_back(std::byte{0});
  CHECK_THROWS_WITH((void)message_to_json(ProtocolId::binary, reply, service()),
                    "service `Users` has no method `fnd`; did you mean `find`?");
  CHECK(error_of(R"({"method":"fnd","type":"REPLY"})").find("`fnd`") != std::string::npos);
}

TEST_CASE("a member that comes twice is a mistake, whichever it is") {
  CHECK(error_of(R"({"method":"find","method":"ping","type":"CALL","args":{}})") ==
        "`method` stands there twice");
  CHECK(error_of(R"({"method":"ping","type":"CALL","type":"CALL","args":{}})") ==
        "`type` stands there twice");
  CHECK(error_of(R"({"method":"ping","type":"CALL","seqid":1,"seqid":1,"args":{}})") ==
        "`seqid` stands there twice");
  CHECK(error_of(R"({"method":"ping","type":"CALL","args":{},"args":{}})") ==
        "`args` stands there twice");
  CHECK(error_of(R"({"method":"find","type":"REPLY","result":[],"result":[]})") ==
        "`result` stands there twice");
  CHECK_THROWS_WITH_AS((void)reply_from_json(JsonDocument(R"({"result":[],"result":[]})").root(),
                                             service().function("find")),
                       "`result` stands there twice", TypeError);
}

TEST_CASE("offsets in errors count from the start of the message") {
  const Buffer bytes =
      bytes_of(R"({"method":"find","type":"CALL","seqid":1,"args":{"name":"Ann"}})");
  try {
    (void)message_to_json(ProtocolId::binary, bytes.bytes().first(bytes.size() - 2), service());
    FAIL("a cut message was read");
  } catch (const ProtocolError& error) {
    CHECK(error.kind() == ProtocolErrorKind::truncated);
    CHECK(error.offset() >= 16);
    CHECK(error.message().find("name") != std::string::npos);
  }
}

TEST_CASE("replies are read and written by themselves") {
  const Function& find = service().function("find");
  const auto read = [&](std::string_view text) {
    return reply_from_json(JsonDocument(text).root(), find);
  };
  const Result<Value> result = read(R"({"result": ["a"]})");
  REQUIRE(result);
  CHECK(reply_to_json(*result) == R"({"result":["a"]})");
  const Result<Value> exception = read(R"({"exception": {"missing": {"what": "x"}}})");
  REQUIRE(exception);
  CHECK(reply_to_json(*exception) == R"({"exception":{"missing":{"what":"x"}}})");
  const Result<Value> nothing = read("{}");
  CHECK(reply_to_json(*nothing) == "{}");
  const Result<Value> error = read(R"({"error": {"message": "later", "type": 5}})");
  REQUIRE_FALSE(error);
  REQUIRE_THROWS_AS(error.error().raise(), ApplicationError);
  CHECK(reply_to_json(ApplicationError(error.error())) ==
        R"({"error":{"message":"later","type":5}})");
  CHECK_THROWS_WITH_AS((void)read(R"({"reslt": 1})"),
                       "no `reslt` belongs here; did you mean `result`?", TypeError);
}
