include "a.thrift";
namespace * everything (x = "y")
namespace js my-module
namespace hs "in quotes"
struct A { 1: i32 a (x = 1, "quoted name", y = word, list = "z") };
enum E { list, map = 2 }
service S { void string() };
const i32 C = 1 (a = "b")
namespace py late
struct X xsdAll { 1: i32 a xsdOptional, 2: i32 true }
