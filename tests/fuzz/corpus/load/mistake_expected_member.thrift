enum E {
  A = 1,
  = 2,
  C,
}
struct S {
  1: i32 a (= "x", y = "z"),
}
service T {
  void f(1: i32 a),
  5,
  void g(),
}
