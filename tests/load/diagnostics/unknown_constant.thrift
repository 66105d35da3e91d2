include "b.thrift"
const i32 LIMIT = 3
enum Colour { RED }
const i32 A = LIMTI
const i32 B = OTHER
const Colour C = Colour.REDD
const i32 D = b.OTER
//// b.thrift
const i32 OTHER = 4
