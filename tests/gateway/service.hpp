#pragma once

// The service that the tests of the gateway stand in front of, and a server of it.

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <thriftpp/gateway/gateway.hpp>
#include <thriftpp/load/load.hpp>
#include <thriftpp/rpc/server.hpp>
#include <vector>

namespace test {

inline constexpr std::string_view users_text = R"(
/** Somebody. */
struct User {
  1: required string id
  2: required string name
  3: optional i32 age
  4: optional i64 big
  5: optional list<string> tags
}
exception NotFound { 1: string what } (api.http_code = "404")
exception Banned { 1: string why }
exception Gone { 1: string what }

struct Search {
  1: optional string name (api.query = "name")
  2: optional i32 limit = 10 (api.query = "limit")
  3: optional list<i32> ages (api.query = "age")
  4: optional string token (api.header = "X-Token")
  5: optional string session (api.cookie = "session")
  6: optional string text (api.body = "full_text")
}
struct Found {
  1: optional string summary (api.body = "Summary")
  2: optional string etag (api.header = "ETag")
  3: optional i32 code (api.http_code = "")
  4: optional string secret (api.none = "")
  5: optional i64 big (api.js_conv = "")
}

service UserStore {
  User getUser(1: string userId) throws (1: NotFound missing, 2: Banned banned, 3: Gone gone)
    (api.get = "/users/:userId", idempotent)
  void save(1: string id, 2: User user (api.body = "*")) (api.put = "/users/{id}")
  Found search(1: Search search) (api.post = "/search", api.get = "/search")
  string login(1: string name (api.form = "user", api.query), 2: binary raw (api.raw_body))
    (api.post = "/login")
  i64 slow(1: i64 milliseconds)
  oneway void note(1: string text)
  bool flag(1: bool b)
  string fail(1: string how)
  binary blob(1: i32 size)
  map<string, list<double>> table(1: map<string, list<double>> t)
  i32 files(1: string path (api.path)) (api.get = "/files/*path")
}
)";

inline thrift::Idl users_idl() {
  return thrift::loads(users_text, {.file_name = "users.thrift"});
}

/// A server that answers what is asked of it.
class UserServer {
 public:
  explicit UserServer(std::string_view url = "tcp://127.0.0.1:0")
      : server_(users_idl(), "UserStore") {
    using namespace thrift;
    server_.on("getUser", [this](std::string_view id) {
      ++calls;
      const Idl idl = users_idl();
      if (id == "missing") throw idl.exception("NotFound", {{"what", "user"}});
      if (id == "banned") throw idl.exception("Banned", {{"why", "rude \"words\""}});
      if (id == "gone") throw idl.exception("Gone", {{"what", id}});
      return idl.make("User", {{"id", id}, {"name", "Ann"}, {"big", INT64_MAX}});
    });
    server_.on("save", [this](std::string_view id, ValueView user) {
      saved = std::string(id) + " " + to_json(user);
    });
    server_.on("search", [](ValueView search) {
      return users_idl().make("Found", {{"summary", to_json(search)},
                                        {"etag", "\"7\""},
                                        {"code", 203},
                                        {"secret", "s"},
                                        {"big", 1}});
    });
    server_.on("login", [](std::string_view name, std::string_view raw) {
      return std::string(name) + "|" + std::string(raw);
    });
    server_.on("slow",
               [](std::int64_t time) {
                 std::this_thread::sleep_for(std::chrono::milliseconds(time));
                 return time;
               },
               {.blocking = true});
    server_.on("note", [this](std::string_view text) { noted = std::string(text); });
    server_.on("flag", [](bool b) { return !b; });
    server_.on("fail", [](std::string_view how) -> std::string {
      throw std::runtime_error(std::string(how));
    });
    server_.on("blob",
               [](std::int32_t size) { return std::string(static_cast<std::size_t>(size), 'x'); });
    server_.on("table", [](ValueView t) { return Value(t); });
    server_.on("files",
               [](std::string_view path) { return static_cast<std::int32_t>(path.size()); });
    server_.start(url);
  }
  [[nodiscard]] std::string url(std::string_view query = {}) const {
    return server_.endpoint().address() + std::string(query);
  }
  void stop() { server_.stop(); }

  std::atomic<int> calls = 0;
  std::string saved;
  std::string noted;

 private:
  thrift::Server server_;
};

/// The lines of a gateway's access log, to be read when that has stopped.
class AccessLog {
 public:
  explicit AccessLog(thrift::GatewayOptions& options) {
    options.access_log = [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      lines.emplace_back(line);
    };
  }
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  std::vector<std::string> lines;

 private:
  std::mutex mutex_;
};

/// A gateway in front of one.
struct Stand {
  explicit Stand(thrift::GatewayOptions options = {}, std::string_view query = {},
                 const thrift::UpstreamOptions& upstream = {},
                 std::string_view listen = "tcp://127.0.0.1:0")
      : server(listen), gateway(users_idl(), with_threads(std::move(options))) {
    gateway.upstream("UserStore", server.url(query), upstream).map_exception("Banned", 403);
  }
  static thrift::GatewayOptions with_threads(thrift::GatewayOptions options) {
    if (options.threads == 0) options.threads = 2;
    return options;
  }
  Stand& start() {
    gateway.start("http://127.0.0.1:0");
    return *this;
  }
  [[nodiscard]] std::uint16_t port() const { return gateway.endpoint().port; }

  UserServer server;
  thrift::Gateway gateway;
};

}  // namespace test
