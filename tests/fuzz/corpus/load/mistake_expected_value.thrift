include b.thrift
include <vector>
const i32 A =
const i32 B = ;
struct S {
  1: i32 a = ,
  2: list<i32> b = [1, =, 3, :],
  3: i32 c (x = ),
  1.5: i32 d,
}
enum E { X = Y, Z = "1", W = 2.5 }
