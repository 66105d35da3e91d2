// IDLs that change while they are served.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "gateway/http_client.hpp"
#include "gateway/service.hpp"

using namespace thrift;
using namespace std::chrono_literals;
using test::fetch;

namespace {

/// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "thriftpp-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  void write(const std::string& name, std::string_view text) const {
    // At once, as editors do it: nobody reads a half.
    std::ofstream(path_ / (name + "~")) << text;
    std::filesystem::rename(path_ / (name + "~"), path_ / name);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

constexpr std::string_view old_text =
    "struct S { 1: i32 a, 2: string b }\nservice A { S f(1: S s), void g() }\n";

}  // namespace

TEST_CASE("a catalogue takes changes as a whole, and keeps the old where the new is broken") {
  const Folder folder;
  folder.write("a.thrift", old_text);
  folder.write("b.thrift", "include \"a.thrift\"\nservice B extends a.A { void h() }\n");
  Catalogue idls(folder.path());
  CHECK(idls.state()->services.size() == 2);
  CHECK(idls.state()->services[0]->name() == "A");
  CHECK(idls.state()->generation == 1);
  CHECK(!idls.reload());

  std::weak_ptr<const Schema> first = idls.state()->idls[0].schema().shared_from_this();
  folder.write("a.thrift", "struct S { 1: i64 a }\nservice A { S f(1: S s) }\n");
  CHECK(idls.reload());
  CHECK(idls.state()->generation == 2);
  CHECK(first.expired());
  CHECK(idls.breaking_changes() ==
        std::vector<std::string>{"field `S.a` is `i64` instead of `i32`", "field `S.b` is gone",
                                 "method `A.g` is gone", "method `B.g` is gone"});

  folder.write("a.thrift", "struct S { 1: i6 a }\n");
  CHECK(!idls.reload());
  CHECK(idls.problems().find("a.thrift:1:15: error: unknown type `i6`") != std::string::npos);
  CHECK(idls.state()->generation == 2);
  CHECK(idls.state()->services[0]->find_function("f") != nullptr);

  folder.write("a.thrift", "struct S { 1: i64 a }\nservice A { S f(1: S s) }\n");
  idls.reload();
  CHECK(idls.problems().empty());
  folder.write("c.thrift", "service C { }");
  CHECK(idls.reload());
  CHECK(idls.state()->services.size() == 3);
  CHECK_THROWS_AS(Catalogue("no/such/file.thrift"), IdlError);
}

TEST_CASE("a gateway follows its catalogue, while calls of the old IDL finish") {
  const Folder folder;
  folder.write("users.thrift", test::users_text);
  test::UserServer server;
  std::atomic<int> messages = 0;
  GatewayOptions options;
  options.threads = 2;
  options.log = [&](std::string_view /*message*/) { ++messages; };
  Catalogue idls(folder.file("users.thrift"), {.watch = true, .interval = 10ms});
  Gateway gateway(idls, options);
  gateway.upstream("UserStore", server.url("?transport=framed")).map_exception("Banned", 403);
  gateway.start("http://127.0.0.1:0");
  const std::uint16_t port = gateway.endpoint().port;
  CHECK(fetch(port, "GET", "/users/1").status == 200);

  test::HttpClient slow(port);
  slow.send(
      "POST /UserStore/slow HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Content-Length: 21\r\n\r\n{\"milliseconds\":1000}");
  constexpr std::string_view runs =
      "thriftpp_gateway_in_flight{service=\"UserStore\",method=\"slow\"} 1";
  while (fetch(port, "GET", "/metrics").body.find(runs) == std::string::npos) {
  }
  std::string changed(test::users_text);
  changed.replace(changed.find("/users/:userId"), 14, "/people/:userId");
  changed.erase(changed.find("  i64 slow"), changed.find("  oneway") - changed.find("  i64 slow"));
  // that it is mapped does not keep an exception from going
  constexpr std::string_view banned = ", 2: Banned banned";
  changed.erase(changed.find(banned), banned.size());
  changed.replace(changed.find("exception Banned"), 16, "exception Barred");
  folder.write("users.thrift", changed);
  // Each of the two threads takes it when it comes to it; they get connections in turn.
  for (int threads = 0; threads < 2;) {
    threads = fetch(port, "GET", "/people/1").status == 200 ? threads + 1 : 0;
  }
  CHECK(fetch(port, "GET", "/users/1").status == 405);  // there is still a PUT
  CHECK(fetch(port, "POST", "/UserStore/slow", R"({"milliseconds":1})").status == 404);
  CHECK(slow.receive().body == "1000");
  CHECK(fetch(port, "GET", "/status").body.find("method `UserStore.slow` is gone") !=
        std::string::npos);

  folder.write("users.thrift", changed + "broken {");
  while (fetch(port, "GET", "/status").body.find("\"current\": false") == std::string::npos) {
  }
  CHECK(fetch(port, "GET", "/status").body.find("users.thrift:") != std::string::npos);
  CHECK(fetch(port, "GET", "/people/1").status == 200);
  // Routes that conflict are a mistake as any other.
  folder.write("users.thrift", changed + "service Other { void f() (api.get = \"/people/:x\") }");
  std::string conflicting = changed;
  conflicting.replace(conflicting.find("/files/*path"), 12, "/people/:path");
  folder.write("users.thrift", conflicting);
  while (fetch(port, "GET", "/status").body.find("route-conflict") == std::string::npos) {
  }
  CHECK(fetch(port, "GET", "/people/1").status == 200);
  folder.write("users.thrift", test::users_text);
  while (fetch(port, "GET", "/users/1").status != 200) {
  }
  CHECK(fetch(port, "GET", "/status").body.find("\"current\": true") != std::string::npos);
  CHECK(messages >= 4);
}
