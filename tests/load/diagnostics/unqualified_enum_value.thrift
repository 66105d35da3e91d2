include "b.thrift"
enum Colour { RED, GREEN }
struct S { 1: Colour c = GREEN, 2: list<b.Size> s = [b.LARGE] }
//// b.thrift
enum Size { SMALL, LARGE }
