struct User { 1: i32 id }
enum User { A }
service User {}
