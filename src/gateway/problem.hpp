#pragma once

// What a request ends with that is not answered as it wanted: a status, and
//
//     {"error": {"name": "bad_request", "status": 400, "message": "user.age: expected an `i32`,
//     ...",
//                "path": "user.age", "line": 3, "column": 7, "suggestion": "age"}}
//
// Declared exceptions have the same form: "name" is the exception's, "exception" its value.

#include <string>
#include <thriftpp/base/error.hpp>
#include <thriftpp/gateway/http.hpp>

namespace thrift::gateway {

struct Problem {
  int status = 500;
  std::string name{};  // "bad_request"; empty: the status's usual one
  std::string message{};
  std::string path{};  // of the field that is wrong
  std::string suggestion{};
  unsigned line = 0;  // of the body, 0: unknown
  unsigned column = 0;
  Headers headers{};  // of the response
};

// "not_found", ...
[[nodiscard]] std::string_view problem_name(int status) noexcept;
[[nodiscard]] std::string to_json(const Problem& problem);
[[nodiscard]] HttpResponse to_response(const Problem& problem);

// Of a TypeError about what the client sent.
[[nodiscard]] Problem bad_input(const TypeError& error);
// Of a call that failed: 502, 503, 504.
[[nodiscard]] Problem upstream_problem(const Failure& failure);

}  // namespace thrift::gateway
