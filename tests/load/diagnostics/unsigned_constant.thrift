struct S { 1: byte b = 200, 2: i32 mask = 0xFFFFFFFF }
