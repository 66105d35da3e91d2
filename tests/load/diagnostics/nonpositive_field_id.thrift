struct User {
  i32 a,
  -1: i32 b,
  0: i32 c,
}
