// Our side of the interop tests.
//
//     interop_peer server IDL URL...   serves until its standard input ends; prints each bound URL
//     interop_peer client IDL URL      calls every method, exits with the number of failures
//     interop_peer has PROTOCOL        exits with 0 where this build has it

#include <cstdio>
#include <iostream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <thriftpp/load/load.hpp>
#include <thriftpp/rpc/client.hpp>
#include <thriftpp/rpc/server.hpp>
#include <thriftpp/value/text.hpp>

namespace {

using namespace thrift;

constexpr std::string_view all_bytes = "\0\1\2\xff\xfe\x80 bytes";

Value make(const Idl& idl, std::string_view type, const Literal& literal) {
  return {idl.type(type), literal};
}

// The value that both sides know.
Value example(const Idl& idl) {
  return make(idl, "Everything",
              {{"flag", true},
               {"tiny", -128},
               {"small", -32768},
               {"medium", 2147483647},
               {"large", std::int64_t{-7000000000000000123}},
               {"real", 0.1},
               {"text",
                "Gr\xc3\xbc\xc3\x9f"
                "e \xe2\x98\x83"},
               {"bytes", std::string_view(all_bytes.data(), 12)},
               {"colour", "BLUE"},
               {"inner", {{"name", "root"}, {"children", {{{"name", "leaf"}}, {{"name", ""}}}}}},
               {"numbers", {1, -1, 65536}},
               {"words", {"one", "two", "three"}},
               {"counts", {{"a", 1}, {"b", std::int64_t{1} << 40}}},
               {"nested", {{7, {{{"name", "seven"}}, {{"name", "sept"}}}}, {8, list{}}}},
               {"choice", {{"text", "chosen"}}},
               {"flags", {true, false, true}},
               {"by_colour", {{"RED", {1, 2}}, {"GREEN", list{}}}},
               {"far", "away"}});
}

std::size_t count(ListView tree) {
  std::size_t n = tree.size();
  for (const ValueView inner : tree) n += count(inner["children"].as_list());
  return n;
}

int serve(const Idl& idl, int urls, char** url) {
  Server server(idl, "Interop");
  std::mutex mutex;
  std::vector<std::string> noted;
  server.on("hello", [](std::string_view name) { return "hello, " + std::string(name); })
      .on("nothing", [] {})
      .on("join",
          [](const std::string& left, const std::string& right) { return left + '|' + right; })
      .on("echo", [](ValueView value) { return value; })
      .on("example", [&] { return example(idl); })
      .on("bytes", [](std::span<const std::byte> bytes) { return bytes; }, {.blocking = true})
      .on("count",
          [&](ValueView tree) {
            if (tree.empty()) {
              throw ServiceException(make(idl, "base.NotFound", {{"what", "a tree"}}));
            }
            return count(tree.as_list());
          })
      .on("fail",
          [&](std::int32_t how) {
            if (how == 1) throw ServiceException(make(idl, "base.NotFound", {{"what", "it"}}));
            if (how == 2) {
              throw ServiceException(make(idl, "Refused", {{"code", 7}, {"reason", "no"}}));
            }
            if (how == 3) throw std::runtime_error("undeclared");
          })
      .on("note",
          [&](const std::string& text) {
            const std::lock_guard lock(mutex);
            noted.push_back(text);
          })
      .on("notes", [&] {
        const std::lock_guard lock(mutex);
        return noted;
      });
  for (int i = 0; i < urls; ++i) server.start(url[i]);
  for (const Endpoint& endpoint : server.endpoints()) std::cout << endpoint.to_string() << '\n';
  std::cout.flush();
  while (std::cin.get() != EOF) {
  }
  server.stop();
  return 0;
}

int failures = 0;

template <class A, class B>
void expect(const char* what, const A& got, const B& wanted) {
  if (got == wanted) return;
  ++failures;
  std::cerr << "interop_peer: " << what << ": got " << got << ", wanted " << wanted << '\n';
}

// What a call throws, in a word or two.
template <class F>
std::string thrown(F call) {
  try {
    call();
  } catch (const ServiceException& e) {
    return std::string(e.type().name()) + ' ' + to_json(e.value());
  } catch (const ApplicationError& e) {
    return std::string(e.from_peer() ? "peer: " : "local: ") + std::string(to_string(e.kind()));
  } catch (const Error& e) {
    return e.message();
  }
  return "nothing";
}

int call(const Idl& idl, const std::string& url) {
  const Client client(idl, "Interop", url);
  const auto text = [](const Value& v) { return v.as<std::string>(); };
  expect("hello", text(client.call("hello", "you")), "hello, you");
  expect("nothing", client.call("nothing").is_void(), true);
  expect("join", text(client.call("join", "a", "b")), "a|b");
  expect("join by name", text(client.call("join", {{"right", "b"}, {"left", "a"}})), "a|b");
  const Value mine = example(idl);
  expect("example", client.call("example"), mine);
  expect("echo", client.call("echo", mine), mine);
  Value changed = mine;
  changed["absent"] = "here";
  changed["choice"] = Literal{{"inner", {{"name", "deep"}}}};
  changed["defaulted"] = -1;
  changed["colour"] = 1234;  // a number without a name
  expect("echo of other fields", client.call("echo", changed), changed);
  // Python's JSON protocol reads a character at a time.
  const bool is_json = client.endpoint().protocol == Endpoint::Protocol::json;
  for (const std::size_t size : {0U, 1U, 1000U, is_json ? 100'000U : 1'000'000U}) {
    const std::string bytes(size, '\x9c');
    expect("bytes", text(client.call("bytes", bytes)) == bytes, true);
  }
  expect("count",
         client
             .call("count",
                   {{"tree", {{{"name", "a"}, {"children", {{{"name", "b"}}}}}, {{"name", "c"}}}}})
             .as<std::int32_t>(),
         3);
  const Value none(idl.type("list<Inner>"));
  expect("count of none", thrown([&] { client.call("count", none); }),
         R"(NotFound {"what":"a tree"})");
  expect("fail 0", thrown([&] { client.call("fail", 0); }), "nothing");
  expect("fail 1", thrown([&] { client.call("fail", 1); }), R"(NotFound {"what":"it"})");
  expect("fail 2", thrown([&] { client.call("fail", 2); }), R"(Refused {"code":7,"reason":"no"})");
  expect("fail 3", thrown([&] { client.call("fail", 3); }), "peer: internal error");
  const Idl other = loads("service Interop { void nowhere(1: i32 n) }");
  const Client stranger(other, "Interop", url);
  expect("unknown method", thrown([&] { stranger.call("nowhere", 1); }), "peer: unknown method");
  client.call("note", "first");
  client.call("note", {{"text", "second"}});
  const Value notes = client.call("notes");
  expect("notes", to_json(notes), R"(["first","second"])");
  return failures;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string verb = argc > 3 ? argv[1] : "";
    if (verb == "server") return serve(load(argv[2]), argc - 3, argv + 3);
    if (argc == 3 && std::string_view(argv[1]) == "has") {
      const Idl idl = loads("service S { void f() }");
      const Client client(idl, "S", "memory://nobody?protocol=" + std::string(argv[2]));
      return 0;
    }
    if (verb == "client" && argc == 4) return call(load(argv[2]), argv[3]);
    std::cerr << "usage: interop_peer server IDL URL... | client IDL URL\n";
    return 2;
  } catch (const std::exception& e) {
    std::cerr << "interop_peer: " << e.what() << '\n';
    return 1;
  }
}
