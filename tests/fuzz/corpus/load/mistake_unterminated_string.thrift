const string A = "never closed
const string B = 'fine'
struct S {
  1: string c = 'open,
  2: string d = "closed",
}
const string E = "at the end
