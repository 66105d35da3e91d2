include "base.thrift"
service S extends base.Base {
  void ping(),
  i32 count(),
  i64 count(),
}
//// base.thrift
service Base { void ping() }
