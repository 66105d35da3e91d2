typedef map<string, map<string, string>> T1
typedef map<T1, T1> T2
typedef map<T2, T2> T3
struct S { 1: T3 t, 2: list<T1> ok }
