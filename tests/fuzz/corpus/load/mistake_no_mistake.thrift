/** Everything that the language has, without a mistake. */
namespace * everything
namespace py.twisted every.thing (note = "x")
include 'shared.thrift'
cpp_include "<vector>"

typedef map<string, list<set<i64>>> (kept) Deep (a = "b", c; d.e = 'f')
enum E { A, B = 5; C = -0x1 D = +3 (x) } (y = "z")
const list<double> L = [.5 1e5, -1.5E-3; +2.0 1-2+3]
const map<string, E> M = {"it's": E.A, 'say "hi"': B}
struct listing xsd_all {
  i32 optionalThing
  1: string string, 2: i32 required; 3: map cpp_type "M" <i32, i32> list
  4: optional shared.Thing (x = "1") & thing = {} xsd_optional xsd_nillable xsd_attrs { 1: i32 q } (y)
  true: bool flag = true
  6: list<list<i32>>x
}
union U {}
exception X { 1: string why } (message = "why")
service S extends shared.Base {
  oneway void f() void g();
  list<i32> (a = "b") h(1: i32 a 2: required i32 b; 3: i32 c,) throws (1: X x) (deprecated)
}
