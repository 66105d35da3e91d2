include "directory.thrift"
