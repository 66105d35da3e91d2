include "b.thrift"
struct A { 1: b.B b }
//// b.thrift
include "c.thrift"
struct B { 1: c.C c }
//// c.thrift
include "b.thrift"
struct C { 1: b.B b }
