struct A {
  1: ,
  2: required = 5,
  3: void v,
  4: string<i32> s,
  5: list<> l,
  6: map<string, > m,
  7: i32 good
}
typedef void T
const = 5
service S {
  void f(void),
}
