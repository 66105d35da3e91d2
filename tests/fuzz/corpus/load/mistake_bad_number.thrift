const double A = 5.
const i32 B = 0XFF
const i32 C = 12abc
const i32 D = - 5
const double E = -
const double F = 1.5f
struct G {
  1: i32 a = +,
  2x: i32 b,
  3: i32 c
}
