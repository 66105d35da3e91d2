include common "./shared/common.thrift"
struct A { 1: common.B b }
