// What Apache's Python runtime writes at random, for the test that reads it.
enum Color { RED = 1, GREEN = 2, BLUE = 7 }

struct Leaf { 1: required string key; 2: optional i64 n; 5: optional binary raw }

union Choice { 1: i32 number; 2: string text; 3: Leaf leaf }

struct Every {
  1: bool flag; 2: byte tiny; 3: i16 small; 4: i32 number; 5: i64 big; 6: double real;
  7: string text; 8: binary raw; 9: Color color; 10: Leaf leaf; 11: Choice choice;
  20: list<bool> flags; 21: list<byte> tinies; 22: list<i16> smalls; 23: list<i32> numbers;
  24: list<i64> bigs; 25: list<double> reals; 26: list<string> texts; 27: list<Leaf> leaves;
  28: set<i64> ids; 29: map<string, i32> counts; 30: map<i16, list<Leaf>> groups;
  31: list<map<string, set<byte>>> deep; 300: optional Every inner
}
