struct User {
  40000: i32 a,
  32767: i32 b,
}
