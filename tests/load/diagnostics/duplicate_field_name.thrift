struct User {
  1: i32 id,
  2: string id,
}
service S { void f(1: i32 a, 2: i32 a) }
