struct User { string name, 2: i32 age }
