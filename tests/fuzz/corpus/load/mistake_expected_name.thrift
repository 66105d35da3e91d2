struct S {
  1: i32,
  2: string
  3: name = "x"
  4: required Thing;
  5: i64 good
}
struct {
  1: i32 a
}
service A extends {
  void (),
  i32 get(1: i32 a),
}
typedef i32
enum E { X }
const i32 list
enum { Y }
namespace py
