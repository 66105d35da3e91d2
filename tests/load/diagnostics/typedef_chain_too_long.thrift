typedef B A
typedef C B
typedef D C
typedef i32 D
