struct User {
  1: i32 id,
  2: string name,
  1: string mail,
}
service S { void f(3: i32 a, 3: i32 b) }
