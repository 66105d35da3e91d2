package "facebook.com/thrift/test"

include "a.thrift" as a
hs_include "b.thrift"

@thrift.Uri{value = "x"}
struct A {
  @cpp.Ref{type = cpp.RefType.Unique}
  1: i32 a,
  @go.Skip
  2: B b = B{x = 1, y = [2, 3]},
}

safe permanent client exception E {
  1: string message,
}

interaction I {
  void f();
}

service S {
  performs I;
  readonly i32 get(),
  i32, stream<i32> numbers(),
  stream<i32 throws (1: E e)> more(),
  void last(),
}

const A C = A{a = 1}
