// The service that peers with Apache's runtimes and ours call each other by: every shape of method,
// and every type that Apache's runtimes of Debian 12 have.

include "base.thrift"

namespace py interop

enum Colour {
  RED = 1,
  GREEN = 5,
  BLUE
}

typedef i64 Count

struct Inner {
  1: required string name,
  2: optional list<Inner> children
}

union Choice {
  1: i32 number,
  2: string text,
  3: Inner inner
}

struct Everything {
  1: bool flag,
  2: i8 tiny,
  3: i16 small,
  4: i32 medium,
  5: i64 large,
  6: double real,
  7: string text,
  8: binary bytes,
  9: Colour colour,
  10: Inner inner,
  11: list<i32> numbers,
  12: set<string> words,
  13: map<string, Count> counts,
  14: map<i32, list<Inner>> nested,
  15: Choice choice,
  16: optional string absent,
  17: i32 defaulted = 42,
  18: list<bool> flags,
  19: map<Colour, set<i16>> by_colour,
  400: string far
}

exception Refused {
  1: i32 code,
  2: string reason
}

service Interop extends base.Base {
  void nothing(),
  // Arguments without ids: the compiler counts them down from -1.
  string join(string left, string right),
  Everything echo(1: Everything value),
  Everything example(),
  binary bytes(1: binary bytes),
  i32 count(1: list<Inner> tree) throws (1: base.NotFound empty),
  // 0 returns, 1 throws NotFound, 2 Refused, 3 something that is not declared.
  void fail(1: i32 how) throws (1: base.NotFound missing, 2: Refused refused),
  oneway void note(1: string text),
  list<string> notes()
}
