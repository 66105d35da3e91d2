include "b.thrift"
service Users {}
service A extends User {}
service B extends Base {}
//// b.thrift
service Base {}
