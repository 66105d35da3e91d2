// Line ends of an old Macstruct A { 1: i32 a }
struct B {}
