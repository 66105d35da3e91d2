include "b.thrift"
struct User {}
struct S {
	1: Usr user,	// a tab before it
  2: map<strin, list<b.Itm>> b,
  3: Item item,
  4: c.Deep deep,
  5: unknown_type.User own,
  6: Nowhere nowhere,
}
//// b.thrift
include "c.thrift"
struct Item { 1: c.Deep deep }
typedef Missing NobodyNeedsThis
//// c.thrift
struct Deep {}
