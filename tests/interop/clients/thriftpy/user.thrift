// idl_samples/user.thrift as thriftpy reads it: with the ids that its arguments have, and what is used
// after what it is.

namespace py user

struct User {
  1: required string id,
  2: required string name,
  3: required i32 age
}

service UserService {
  string getUser(-1: string userId),
  void updateUser(-1: string userId, -2: User updatedUser),
  list<User> getAllUsers()
}
