include "../secret.thrift"
//// ../secret.thrift
struct Secret {}
