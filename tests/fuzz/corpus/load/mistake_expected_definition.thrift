"a string"
struct A { 1: i32 a }
just some words, on a line
that nobody needs
struct B { 1: i32 b }
const string C = "a" "b"
42
