const i32 A = 010
const i32 B = 007
const i32 C = 0
struct S { 01: i32 a, 09: i32 b }
