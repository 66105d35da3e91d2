include "b.thrift"
include "c.thrift"
//// b.thrift
//// c.thrift
