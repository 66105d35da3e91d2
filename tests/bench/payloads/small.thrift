// A record of a few bytes: what a call costs before its data does.
struct Person { 1: i64 id; 2: string name; 3: i32 age }
