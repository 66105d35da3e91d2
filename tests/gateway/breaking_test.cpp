// What a change of the IDL takes from its callers.

#include "gateway/breaking.hpp"

#include <doctest/doctest.h>

#include <thriftpp/load/load.hpp>

using namespace thrift;

namespace {

std::vector<std::string> breaking(std::string_view before, std::string_view after) {
  const Idl a = loads(before);
  const Idl b = loads(after);
  return gateway::breaking_changes(a.services(), b.services());
}

}  // namespace

TEST_CASE("what callers lose of HTTP's routes is named") {
  constexpr std::string_view old_text =
      "service A {\n"
      "  void f(1: i32 id (api.path = \"id\"), 2: i32 n (api.query = \"n\"))"
      " (api.get = \"/f/:id\", api.post = \"/f\")\n"
      "  void g() (api.get = \"/g\")\n}\n";
  CHECK(breaking(old_text, old_text).empty());
  CHECK(breaking(old_text,
                 "service A {\n"
                 "  void f(1: i32 id (api.path = \"key\"), 2: i32 n (api.header = \"n\"))"
                 " (api.get = \"/f/:key\")\n"
                 "  void g()\n  void h() (api.get = \"/g\")\n}\n") ==
        std::vector<std::string>{"route `GET /f/{id}` no longer takes `n` from the query `n`",
                                 "route `POST /f` is gone",
                                 "route `GET /g` calls `h` instead of `g`"});
}

TEST_CASE("what callers lose is named") {
  constexpr std::string_view old_text =
      "struct S { 1: i32 a, 2: string b }\nservice A { S f(1: S s), void g() }\n";
  CHECK(breaking(old_text, old_text).empty());
  CHECK(breaking(old_text,
                 "struct S { 1: i32 a, 2: string b, 3: i32 c }\n"
                 "service A { S f(1: S s, 2: i32 x), void g(), void h() }")
            .empty());
  CHECK(breaking("service A { }", "service B { }") ==
        std::vector<std::string>{"service `A` is gone"});
  CHECK(breaking("enum E { X, Y } struct N { 1: N n, 2: list<E> e }\n"
                 "exception Q { } service A { N f(1: map<string, E> m) throws (1: Q q) }",
                 "enum E { X } struct N { 1: N n, 2: set<E> e, 3: required i32 r }\n"
                 "exception Q { } service A { N f(1: map<string, i32> k) }") ==
        std::vector<std::string>{"argument `A.f.m` is now called `k`",
                                 "the element of argument `A.f.m` is `i32` instead of `E`",
                                 "field `N.e` is `set<E>` instead of `list<E>`",
                                 "field `N.r` is new and required",
                                 "method `A.f` no longer throws `Q`"});
  CHECK(breaking("service A { void f(1: i32 a) oneway void g() }",
                 "service A { i32 f(1: required i32 a) void g() }") ==
        std::vector<std::string>{"argument `A.f.a` has become required",
                                 "method `A.f` returns `i32` instead of `void`",
                                 "method `A.g` is no longer oneway"});
}
