namspace py test
import "b.thrift"
strcut A {
  1: requird string name,
  2: Optional list<i32> numbers,
  3: i32 good,
}
Enum E { X, Y }
typdef i32 Id
cosnt i32 C = 5
service S extend Base {
  onway void f(1: i32 a),
  i32 g() trows (1: A a),
  void h() raises (1: A a),
}
service T : S {
}
message M { 1: i32 a }
