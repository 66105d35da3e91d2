service Users {}
struct S { 1: list<Users> users }
