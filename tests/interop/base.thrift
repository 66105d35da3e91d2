// What interop.thrift includes: an exception and a service from another file.

namespace py interop_base

exception NotFound {
  1: string what
}

service Base {
  string hello(1: string name)
}
