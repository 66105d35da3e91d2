struct a.b {
  1: i32 x.y,
}
enum E { p.q = 1 }
service S { void f.g() }
