// A user's program: what the packaging tests build against the installed library.
#include <cstdio>
#include <string>
#include <string_view>
#include <thriftpp/thriftpp.hpp>

#ifdef WITH_APACHE
// Apache's library in the same program, even in the same source: it lives in apache::thrift.
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#endif

int main() try {
  const thrift::Idl idl = thrift::loads(R"(
    service Users { User find(1: string id) }
    struct User { 1: required string id }
  )");
  thrift::Server server(idl, "Users");
  server.on("find", [&](std::string_view id) { return idl.make("User", {{"id", id}}); });
  server.start("tcp://127.0.0.1:0");
  const thrift::Client users(idl, "Users", server.endpoint().address());
  const thrift::Value user = users.call("find", "7");
  const auto id = user["id"].as<std::string>();
  std::printf("found user %s\n", id.c_str());
#ifdef WITH_APACHE
  const auto buffer = std::make_shared<apache::thrift::transport::TMemoryBuffer>();
  apache::thrift::protocol::TBinaryProtocol protocol(buffer);
  protocol.writeString(id);
  if (buffer->getBufferAsString() != std::string("\0\0\0\0017", 5)) return 1;
#endif
  return id == "7" ? 0 : 1;
} catch (const thrift::Error& error) {
  std::printf("%s\n", error.what());
  return 1;
}
