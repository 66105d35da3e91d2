#include <csignal>
#include <iostream>
#include <thriftpp/load/load.hpp>
#include <thriftpp/rpc/server.hpp>

#include "crosstest.hpp"

namespace crosstest {

namespace {

using namespace thrift;

Value make(const Idl& idl, std::string_view type, const Literal& literal) {
  return {idl.type(type), literal};
}

// What most methods do.
Value same(ValueView thing) {
  return Value(thing);
}

std::map<std::int32_t, std::map<std::int32_t, std::int32_t>> map_map(std::int32_t) {
  return {{-4, {{-4, -4}, {-3, -3}, {-2, -2}, {-1, -1}}}, {4, {{1, 1}, {2, 2}, {3, 3}, {4, 4}}}};
}

Value insanity(const Idl& idl, ValueView argument) {
  Value out(idl.type("map<i64, map<Numberz, Insanity>>"));
  Value first(idl.type("map<Numberz, Insanity>"));
  first.insert("TWO", argument);
  first.insert("THREE", argument);
  Value second(idl.type("map<Numberz, Insanity>"));
  second.insert("SIX", Value(idl.type("Insanity")));
  out.insert(1, first);
  out.insert(2, second);
  return out;
}

void throw_one(const Idl& idl, const std::string& arg) {
  if (arg == "Xception") {
    throw ServiceException(make(idl, "Xception", {{"errorCode", 1001}, {"message", arg}}));
  }
  if (arg == "TException") throw std::runtime_error("TException, as it was asked for");
}

Value throw_one_of_two(const Idl& idl, const std::string& arg0, const std::string& arg1) {
  if (arg0 == "Xception") {
    throw ServiceException(
        make(idl, "Xception", {{"errorCode", 1001}, {"message", "This is an Xception"}}));
  }
  if (arg0 == "Xception2") {
    throw ServiceException(
        make(idl, "Xception2",
             {{"errorCode", 2002}, {"struct_thing", {{"string_thing", "This is an Xception2"}}}}));
  }
  return make(idl, "Xtruct", {{"string_thing", arg1}});
}

void listen(Server& server, const Options& options) {
  if (!options.domain_socket.empty()) return server.start(options.unix_url());
  const std::string scheme = options.ssl ? "tls://" : "tcp://";
  server.start(scheme + "127.0.0.1:" + options.port + options.server_query());
  try {
    // Clients of "localhost" may well begin with this one.
    server.start(scheme + "[::1]:" + std::to_string(server.port()) + options.server_query());
  } catch (const TransportError& e) {
    std::cerr << "crosstest: IPv4 only: " << e.message() << '\n';
  }
}

}  // namespace

int serve(const Options& options) {
  const Idl idl = load(options.idl);
  Server server(idl, "ThriftTest");
  for (const Function* function : server.service().all_functions()) {
    const bool echoes =
        function->arguments().fields().size() == 1 && function->success() != nullptr;
    if (echoes && &function->arguments().fields()[0].type() == &function->success()->type()) {
      server.on(function->name(), same);
    }
  }
  server.on("testVoid", [] {})
      .on("testMapMap", map_map)
      .on("testInsanity", [&](ValueView argument) { return insanity(idl, argument); })
      .on("testMulti",
          [&](std::int8_t a, std::int32_t b, std::int64_t c, ValueView, ValueView, std::int64_t) {
            return make(idl, "Xtruct",
                        {{"string_thing", "Hello2"},
                         {"byte_thing", a},
                         {"i32_thing", b},
                         {"i64_thing", c}});
          })
      .on("testException", [&](const std::string& arg) { throw_one(idl, arg); })
      .on("testMultiException",
          [&](const std::string& arg0, const std::string& arg1) {
            return throw_one_of_two(idl, arg0, arg1);
          })
      .on("testOneway", [](std::int32_t) {});  // who waits for nothing need not be kept waiting
  server.add("SecondService").on("secondtestString", [](const std::string& thing) {
    return "testString(\"" + thing + "\")";
  });
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before there are threads
  listen(server, options);
  for (const Endpoint& endpoint : server.endpoints()) std::cout << endpoint.to_string() << '\n';
  std::cout.flush();
  int signal = 0;
  sigwait(&signals, &signal);
  server.stop();
  return 0;
}

}  // namespace crosstest
