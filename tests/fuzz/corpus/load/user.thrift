namespace py example.microservices

service UserService {
  string getUser(string userId),
  void updateUser(string userId, User updatedUser),
  list<User> getAllUsers()
}

struct User {
  1: required string id,
  2: required string name,
  3: required i32 age
}
