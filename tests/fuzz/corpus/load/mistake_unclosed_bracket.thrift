struct A {
  1: i32 a
  2: list<i32 b

struct B {
  1: list<i32> c = [1, 2
  2: i32 d (x = "y"
  3: i32 e
}

service S {
  void f(1: i32 a
  i32 g(2: i32 b throws (1: B e)
  void h(),
}

enum E {
  X,
  Y

const map<string, i32> M = {"a": 1, "b": 2

union U {
  1: i32 a
