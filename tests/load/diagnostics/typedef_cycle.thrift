typedef list<Tree> Forest
typedef map<string, Forest> Tree
struct S { 1: Forest f }
