struct A {
  1: i32 a
  /* everything else
  2: i32 b
}
