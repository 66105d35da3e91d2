struct A { }
struct Été { 1: i32 x }
const string S = “quoted”
	struct B { 1: i32 a$b, 2: i32 c }
/* 漢字 */ struct C { 1: i32 � }
1 % 2
struct D {  2: i32 b }
