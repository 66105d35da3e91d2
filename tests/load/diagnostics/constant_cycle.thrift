const list<i32> FIRST = [1, SECOND]
const i32 SECOND = THIRD
const i32 THIRD = SECOND
const i32 FINE = 1
