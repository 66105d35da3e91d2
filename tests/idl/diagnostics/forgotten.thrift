include shared.thrift"
namespace xsd test (uri = example.org')
const map<string, string> A = {"hello":world", "thrift":"audit"}
const map<string, string> B = {"hello:"world", "thrift":"audit"}
const map<string, string> C = {"hello":"world", "thrift":"audit};
const map<string, string> D = {
  "one": first",
  "two: "second",
  "three": "third",
}
const map<string, i32> E = "one": 1, "two": 2}
const list<i32> F = 1, 2 ]
const list<i32> G = [1, 2
const i32 H = 1

struct {
  1: i32 a
}
struct I {{
  1: string b = foo bar"
  2i32 c
  3: listi32> d
  4: list<mapi32, string>> e
  5: map<i32, string> f = 1: "one"}
  6: list<i32> g = 23, 32 ],
  7: i32 h ((key = "value")
  8: i32 i (key "value", other = "x)
  9: i32 j
}
struct J- {
  1: i32 a
}
struct K
  1: i32 a
}
service L {
  f(1: i32 a)
  void g((1: i32 a))
  void h 1: i32 a, 2: i32 b)
  void j i32 a, i32 b)
  void k(1: i32 a) throws ((1: X x)
  void l(1: i32 a) throws 1: X x
  void n()
}
struct M {
  1: double a 2.5
  2: bool b true,
  3: string c "x";
  4: N d N.X
  5: list<i32> e [1, 2]
  6: list<i32 (a = "b"> f
  7: i32 g
}
enum N { X 1, Y = 2 }
enum O {
  X -1
  Y
}
const map<string, i32> P = {{"one": 1};
struct Q {
  1: map<i32, i32> a = {1: 2, 3: 4,
  2: map<i32, i32> b = {{1: 2}},
  3: map<i32, i32> c = {
    1: 2
    3: 4
  }
}} (
  key = "value"
)
service R {
  void f(,

  void g(;
}
