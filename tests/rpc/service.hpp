#pragma once

// The service that the tests of rpc call, with every shape of method; and what it answers.
//
//     struct User { 1: required string id, 2: required string name, 3: required i32 age }
//     exception NotFound { 1: string id }
//     exception Banned { 1: string id }
//     enum Colour { RED = 1, GREEN = 2 }
//     service Base { void ping(), i32 add(1: i32 a, 2: i32 b) }
//     service Users extends Base {
//       string getName(string userId),                        // ids count down from -1
//       void update(string userId, User user),
//       list<User> all(),
//       User find(1: string id) throws (1: NotFound missing, 2: Banned banned),
//       oneway void note(1: string text),
//       i64 slow(1: i64 n),
//       binary echo(1: binary bytes),
//       map<string, list<double>> table(1: map<string, list<double>> t, 2: optional i16 times),
//       Colour paint(1: Colour c, 2: bool b, 3: i8 y, 4: double d, 5: uuid u, 6: set<i32> s),
//     }

#include <thriftpp/rpc/client.hpp>
#include <thriftpp/rpc/server.hpp>
#include <thriftpp/rpc/session.hpp>

namespace test {

/// A schema of its own at each call; schema() is the one that all share.
thrift::SchemaPtr make_schema();

const thrift::SchemaPtr& schema();

inline thrift::Value user(std::string_view id, std::string_view name, int age) {
  return {schema()->type("User"), {{"id", id}, {"name", name}, {"age", age}}};
}

/// Gives them the handlers that the tests expect.
void serve_users(thrift::Server& server);
void serve_users(thrift::Processor& processor);

}  // namespace test
