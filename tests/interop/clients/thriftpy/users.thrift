// What a thriftpy program and ours call each other by: every type, exceptions, a base service and a
// oneway method. thriftpy knows no uuid, and wants an id for every argument.

namespace py users

enum Role { GUEST = 1, ADMIN = 7 }

struct Address {
  1: required string city
  2: optional i16 floor
}

struct User {
  1: required string id
  2: required string name
  3: required i32 age
  4: optional Role role
  5: optional list<Address> addresses
  6: optional map<string, i64> counts
  7: optional set<i32> groups
  8: optional binary key
  9: optional double score
  10: optional bool active
  11: optional byte level
  12: i32 visits = 3
}

exception NotFound {
  1: required string what
  2: optional i32 code
}

exception Refused {
  1: string why
}

service Base {
  i64 sum(1: list<i64> numbers)
}

service UserService extends Base {
  User getUser(1: string userId) throws (1: NotFound missing, 2: Refused refused)
  void updateUser(1: string userId, 2: User updatedUser) throws (1: Refused refused)
  list<User> getAllUsers()
  void ping()
  oneway void note(1: string text, 2: i32 level)
}
