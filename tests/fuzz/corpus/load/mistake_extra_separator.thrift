enum E { A,, B;, C }
struct S {
  1: i32 a,;
  , 2: i32 b;;
}
const list<i32> L = [1,, 2]
;
service T { void f(),, void g() }
