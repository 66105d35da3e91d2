// Which routes an IDL makes, and which route a request takes.

#include "gateway/routes.hpp"

#include <doctest/doctest.h>

#include <thriftpp/load/load.hpp>

using namespace thrift;
using namespace thrift::gateway;

namespace {

struct Loaded {
  explicit Loaded(std::string_view text)
      : idl(loads(text, {.file_name = "users.thrift"})), table(idl.schema()) {}

  Idl idl;
  RouteTable table;

  [[nodiscard]] std::string problems() const {
    std::string out;
    for (const RouteProblem& problem : table.problems()) out += render_text(problem);
    return out;
  }
  // "Service.method(a, b)", "404", or "405 GET, OPTIONS".
  [[nodiscard]] std::string answer(HttpMethod method, std::string_view path) const {
    const RouteTable::Match match = table.match(method, path);
    if (match.route == nullptr) {
      return match.allowed == 0 ? "404" : "405 " + allow_list(match.allowed);
    }
    std::string out = std::string(match.route->service->name()) + "." +
                      std::string(match.route->function->name());
    std::size_t i = 0;
    for (const Segment& segment : match.route->segments) {
      if (segment.kind == Segment::Kind::text) continue;
      out += (i == 0 ? "(" : ", ") + std::string(match.parameters[i]);
      ++i;
    }
    return i == 0 ? out : out + ")";
  }
  [[nodiscard]] const Route* find(HttpMethod method, std::string_view path) const {
    for (const auto& route : table.routes()) {
      if (route->method == method && route->path == path) return route.get();
    }
    return nullptr;
  }
  // "id=path:id name=body:name,query:n"
  [[nodiscard]] std::string bindings(HttpMethod method, std::string_view path) const {
    const Route* const route = find(method, path);
    if (route == nullptr) return "no route";
    std::string out;
    const Field* last = nullptr;
    for (const Binding& binding : route->bindings) {
      if (binding.field != last && last != nullptr) out += ' ';
      out += binding.field == last ? "," : std::string(binding.field->name()) + "=";
      last = binding.field;
      out += std::string(to_string(binding.location)) + ":" + std::string(binding.name);
      if (binding.js_conv) out += "!";
    }
    return out;
  }
};

}  // namespace

TEST_CASE("every method has its direct route, inherited ones in each service") {
  const Loaded loaded(R"(
    service Base { void ping() }
    service UserStore extends Base { string getName(1: string id) }
  )");
  CHECK(loaded.problems().empty());
  CHECK(loaded.answer(HttpMethod::post, "/UserStore/getName") == "UserStore.getName");
  CHECK(loaded.answer(HttpMethod::post, "/UserStore/ping") == "UserStore.ping");
  CHECK(loaded.answer(HttpMethod::post, "/Base/ping") == "Base.ping");
  CHECK(loaded.answer(HttpMethod::post, "/Base/getName") == "404");
  CHECK(loaded.answer(HttpMethod::post, "/UserStore") == "404");
  CHECK(loaded.answer(HttpMethod::post, "/UserStore/getName/") == "404");
  CHECK(loaded.answer(HttpMethod::post, "/") == "404");
  CHECK(loaded.answer(HttpMethod::post, "") == "404");
  CHECK(loaded.answer(HttpMethod::get, "/UserStore/getName") == "405 POST, OPTIONS");
  CHECK(loaded.find(HttpMethod::post, "/UserStore/getName")->direct);
}

TEST_CASE("text comes before parameters, those before the rest, methods before ANY") {
  const Loaded loaded(R"(
    service Files {
      string me() (api.get = "/users/me")
      string user(1: string id) (api.get = "/users/:id", api.delete = "/users/{id}")
      string post(1: string id, 2: i32 n) (api.get = "/users/{id}/posts/{n}")
      string special(1: string id) (api.get = "/users/{id}/posts/last")
      string file(1: string path) (api.get = "/users/*path")
      string any(1: string id) (api.any = "/users/:id")
      string root() (api.get = "/")
    }
  )");
  CHECK(loaded.problems().empty());
  CHECK(loaded.answer(HttpMethod::get, "/users/me") == "Files.me");
  CHECK(loaded.answer(HttpMethod::get, "/users/7") == "Files.user(7)");
  CHECK(loaded.answer(HttpMethod::head, "/users/7") == "Files.user(7)");
  CHECK(loaded.answer(HttpMethod::delete_, "/users/a%2Fb") == "Files.user(a%2Fb)");
  CHECK(loaded.answer(HttpMethod::put, "/users/7") == "Files.any(7)");
  CHECK(loaded.answer(HttpMethod::put, "/users/me") == "Files.any(me)");
  CHECK(loaded.answer(HttpMethod::get, "/users/7/posts/12") == "Files.post(7, 12)");
  CHECK(loaded.answer(HttpMethod::get, "/users/7/posts/last") == "Files.special(7)");
  CHECK(loaded.answer(HttpMethod::get, "/users/7/posts") == "Files.file(7/posts)");
  CHECK(loaded.answer(HttpMethod::get, "/users/") == "404");
  CHECK(loaded.answer(HttpMethod::put, "/users/7/posts/12") == "405 GET, HEAD, OPTIONS");
  CHECK(loaded.answer(HttpMethod::get, "/") == "Files.root");
}

TEST_CASE("a path's text may come encoded") {
  const Loaded loaded(R"(
    service Users { string me() (api.get = "/users/@me") string user(1: string id) (api.get = "/users/:id") }
  )");
  CHECK(loaded.answer(HttpMethod::get, "/users/@me") == "Users.me");
  CHECK(loaded.answer(HttpMethod::get, "/users/%40me") == "Users.me");
  CHECK(loaded.answer(HttpMethod::get, "/u%73ers/%40m%65") == "Users.me");
  CHECK(loaded.answer(HttpMethod::get, "/users%2F@me") == "404");  // a slash in a segment
  CHECK(loaded.answer(HttpMethod::get, "/users/%4") == "Users.user(%4)");
}

TEST_CASE("arguments are bound by annotations, else by the path, the query or the body") {
  const Loaded loaded(R"(
    struct User { 1: string name }
    service UserStore {
      User find(1: string id, 2: optional i32 depth, 3: list<string> tags, 4: User like)
        (api.get = "/users/:id")
      User save(1: string id, 2: User user (api.body = "*"), 3: string token (api.header = "X-Token"))
        (api.put = "/users/:id")
      User login(1: string name (api.form = "user", api.query), 2: i64 n (api.cookie = "N", api.js_conv = ""))
        (api.post = "/login")
      binary raw(1: binary bytes (api.raw_body), 2: string uri (api.raw_uri = ""), 3: i32 no (api.none = ""))
        (api.post = "/raw")
    }
  )");
  CHECK(loaded.problems().empty());
  CHECK(loaded.bindings(HttpMethod::get, "/users/{id}") ==
        "id=path:id depth=query:depth tags=query:tags like=body:like");
  CHECK(loaded.bindings(HttpMethod::put, "/users/{id}") ==
        "id=path:id user=body:* token=header:X-Token");
  CHECK(loaded.bindings(HttpMethod::post, "/login") == "name=form:user,query:name n=cookie:N!");
  CHECK(loaded.bindings(HttpMethod::post, "/raw") ==
        "bytes=raw_body:bytes uri=raw_uri:uri no=none:no");
  CHECK(loaded.find(HttpMethod::put, "/users/{id}")->unpacked == nullptr);
}

TEST_CASE("a sole struct has its fields bound") {
  const Loaded loaded(R"(
    struct Request {
      1: required string id (api.path = "key")
      2: optional string name (api.body = "full_name")
      3: optional map<string, i32> filter (api.query = "filter")
    }
    service UserStore {
      void save(1: Request request) (api.post = "/users/:key")
      void whole(1: Request request (api.body = "request")) (api.post = "/whole")
    }
  )");
  CHECK(loaded.problems().empty());
  CHECK(loaded.bindings(HttpMethod::post, "/users/{key}") ==
        "id=path:key name=body:full_name filter=query:filter");
  CHECK(loaded.find(HttpMethod::post, "/users/{key}")->unpacked->name() == "request");
  CHECK(loaded.bindings(HttpMethod::post, "/whole") == "request=body:request");
  CHECK(loaded.find(HttpMethod::post, "/whole")->unpacked == nullptr);
}

TEST_CASE("conflicts are reported with both places, and the first route stays") {
  const Loaded loaded(R"(service UserStore {
  string a(1: string id) (api.get = "/users/:id")
  string b(1: string name) (api.get = "/users/{name}")
  string c() (api.post = "/UserStore/a")
})");
  CHECK(loaded.problems() ==
        "users.thrift:3:3: error: UserStore.b: `GET /users/{name}` is taken by `UserStore.a` "
        "[route-conflict]\n"
        "users.thrift:2:3: note: `GET /users/{id}` is here\n"
        "users.thrift:4:3: error: UserStore.c: `POST /UserStore/a` is taken by `UserStore.a` "
        "[route-conflict]\n"
        "users.thrift:2:3: note: `POST /UserStore/a` is here\n");
  CHECK(loaded.table.has_errors());
  CHECK(loaded.answer(HttpMethod::get, "/users/1") == "UserStore.a(1)");
}

TEST_CASE("impossible routes are reported and left out") {
  const Loaded loaded(R"(struct S { 1: i32 x }
service UserStore {
  void a(1: string id) (api.get = "/a/:uid")
  void b(1: list<i32> id (api.path)) (api.get = "/b/:id")
  void c(1: S x (api.body = "*"), 2: S y (api.body = "*")) (api.post = "/c")
  void d(1: S x (api.body = "*"), 2: i32 y) (api.post = "/d")
  void e() (api.get = "e")
  void f(1: i32 x) (api.get = "/f/{x}.json")
  void g(1: i32 x) (api.get = "/g/:x/:x")
  void h(1: i32 x) (api.get = "/h/*x/more")
  void i(1: i32 x (api.path = "y")) (api.get = "/i")
  void j(1: i32 x (api.raw_body)) (api.post = "/j")
  void k(1: required i32 x (api.none)) (api.post = "/k")
  void l() (api.get = "/l/{")
})");
  CHECK(
      loaded.problems() ==
      "users.thrift:3:3: error: UserStore.a: the parameter `uid` of `/a/{uid}` is no field of "
      "`a_args` "
      "[route-parameter]\n"
      "users.thrift:4:10: error: UserStore.b: `id` cannot be bound by `api.path`: a path holds no "
      "`list<i32>` [route-binding]\n"
      "users.thrift:5:35: error: UserStore.c: `y` cannot be bound by `api.body`: `x` is the whole "
      "body "
      "already [route-body]\n"
      "users.thrift:6:35: error: UserStore.d: `y` cannot be bound by `api.body`: `x` is the whole "
      "body "
      "already [route-body]\n"
      "users.thrift:7:3: error: UserStore.e: `api.get = \"e\"`: a path begins with `/` "
      "[route-path]\n"
      "users.thrift:8:3: error: UserStore.f: `api.get = \"/f/{x}.json\"`: `{x}.json` lacks its `}` "
      "[route-path]\n"
      "users.thrift:9:3: error: UserStore.g: `api.get = \"/g/:x/:x\"`: the parameter `x` stands "
      "there "
      "twice [route-path]\n"
      "users.thrift:10:3: error: UserStore.h: `api.get = \"/h/*x/more\"`: `*x` must come last "
      "[route-path]\n"
      "users.thrift:11:10: error: UserStore.i: `x` cannot be bound by `api.path`: the path `/i` "
      "has no "
      "parameter `y` [route-binding]\n"
      "users.thrift:12:10: error: UserStore.j: `x` cannot be bound by `api.raw_body`: the raw body "
      "is "
      "no `i32` [route-binding]\n"
      "users.thrift:13:10: error: UserStore.k: `x` is required, and `api.none` leaves it unset "
      "[route-binding]\n"
      "users.thrift:14:3: error: UserStore.l: `api.get = \"/l/{\"`: `{` lacks its `}` "
      "[route-path]\n");
  CHECK(loaded.table.routes().size() == 12);  // the direct ones
}

TEST_CASE("inherited routes belong to the service that is exposed") {
  const Idl idl = loads(R"(
    service Base { void ping() (api.get = "/ping") }
    service A extends Base {}
    service B extends Base {}
  )");
  const Service* const heirs[] = {&idl.service("B"), &idl.service("A")};
  const RouteTable table(heirs);
  CHECK(table.problems().empty());
  CHECK(table.match(HttpMethod::get, "/ping").route->service->name() == "B");
  const RouteTable all(idl.schema());
  CHECK(all.problems().empty());
  CHECK(all.match(HttpMethod::get, "/ping").route->service->name() == "Base");
}

TEST_CASE("responses take the shape that their annotations say") {
  const Idl idl = loads(R"(
    struct Plain { 1: i32 a }
    struct Shaped {
      1: i32 code (api.http_code = "")
      2: string etag (api.header = "ETag")
      3: string secret (api.none = "")
      4: i64 big (api.body = "Big", api.js_conv = "")
    }
    exception NotFound { 1: string what } (api.http_code = "404")
    exception Odd { 1: string what } (api.http_code = "nine")
    service S {
      void f() throws (1: NotFound a, 2: NotFound b (api.http_code = "410"), 3: Odd c)
        (api.http_code = "201")
      void g()
    }
  )");
  CHECK(!response_shape(idl.type("Plain")));
  CHECK(!response_shape(idl.type("list<Shaped>")));
  const auto shape = response_shape(idl.type("Shaped"));
  REQUIRE(shape);
  CHECK(shape->find(Location::status)->field->name() == "code");
  CHECK(shape->find(Location::header)->name == "ETag");
  CHECK(shape->find(Location::none)->field->name() == "secret");
  CHECK(shape->find(Location::body)->name == "Big");
  CHECK(shape->find(Location::body)->js_conv);
  const Function& f = idl.service("S").function("f");
  CHECK(fixed_status(f.exceptions()[0]) == 404);
  CHECK(fixed_status(f.exceptions()[1]) == 410);
  CHECK(!fixed_status(f.exceptions()[2]));
  CHECK(fixed_status(f) == 201);
  CHECK(!fixed_status(idl.service("S").function("g")));
}
