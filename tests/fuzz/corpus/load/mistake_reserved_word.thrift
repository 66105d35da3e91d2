struct list { 1: i32 a }
typedef i32 string
struct A {
  1: struct B b,
  2: service s,
  3: i32 good,
}
