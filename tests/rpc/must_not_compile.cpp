// What must not compile: see tests/must_not_compile/run.py.
#include <thriftpp/rpc/client.hpp>
#include <thriftpp/rpc/server.hpp>

using namespace thrift;

void handlers(Server& server) {
  server.on("good", [](std::string_view id) { return std::string(id); });
#ifdef UNKNOWN_PARAMETERS  // error: a handler's parameters must have known types
  server.on("bad", [](auto id, auto age) { return age + id.size(); });
#endif
#ifdef UNSIGNED_PARAMETER  // error: Thrift's integers are signed
  server.on("bad", [](std::uint32_t n) { return n; });
#endif
#ifdef UNKNOWN_RESULT  // error: a handler cannot take or return this C\+\+ type
  struct Point {
    int x;
  };
  server.on("bad", [] { return Point{1}; });
#endif
}

void results(const Client& client) {
  const Value value = client.call("getName", "1");
  (void)value.as<std::string_view>();
#ifdef VIEW_OF_A_RESULT  // error: deleted
  (void)client.call("getName", "1").as<std::string_view>();
#endif
#ifdef NO_SUCH_ARGUMENT_TYPE  // error: no matching (member )?function
  struct Point {
    int x;
  };
  (void)client.call("move", Point{1});
#endif
}
