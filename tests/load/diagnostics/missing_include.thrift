include "unused.thrift"
include "used.thrift"
struct A { 1: used.B b, 2: used.C c }
