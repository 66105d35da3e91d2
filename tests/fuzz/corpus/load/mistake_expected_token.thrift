struct A
  1: i32 a
}
struct B {
  1 i32 a,
  2: map<string i32> b,
  3: list i32> c,
}
const i32 C 5
const map<i32, string> D = {1: "one", 2 "two"}
service E {
  void f,
  void g() throws 1: X x,
  void h()
}
