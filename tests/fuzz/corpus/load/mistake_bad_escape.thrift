const string PATH = "C:\dir"
const string HEX = '\x41 and \ö'
struct A {
  1: string good = "\r\n\t\"\'\\" (note = "a\qb"),
}
