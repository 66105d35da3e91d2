service S { void f() throws (1: string message) }
