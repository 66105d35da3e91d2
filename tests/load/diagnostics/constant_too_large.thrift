// more than twenty values, each reference counting with all that it stands for
const list<i32> A = [1, 2, 3, 4]
const list<list<i32>> B = [A, A]
const list<list<list<i32>>> C = [B, B]
