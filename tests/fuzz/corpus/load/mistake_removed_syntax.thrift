cpp_namespace test
py_module "test"
senum Colour { "red", "green" }
struct A { 1: Colour c }
