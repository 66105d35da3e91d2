const i8 SMALL = 300
struct S {
  1: i16 a = -40000,
  2: i64 b = SMALL_ENOUGH,
  3: i8 c = BIG,
}
const i32 SMALL_ENOUGH = 7
const i32 BIG = 1000
