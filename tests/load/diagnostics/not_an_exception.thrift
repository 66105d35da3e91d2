struct NotFound {}
service S { void f() throws (1: NotFound x, 2: i32 code) }
