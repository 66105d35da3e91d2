// What the base layer forbids at compile time; see tests/must_not_compile/run.py.
#include <thriftpp/base/arena.hpp>
#include <thriftpp/base/buffer.hpp>
#include <thriftpp/base/result.hpp>
#include <utility>

[[maybe_unused]] static thrift::Result<int> answer() {
  return 42;
}

[[maybe_unused]] static void use() {
  thrift::Buffer buffer;
  const thrift::Buffer moved = std::move(buffer);
  thrift::Arena arena;
#ifdef COPY_OF_A_BUFFER  // error: use of deleted function|call to deleted constructor
  const thrift::Buffer copy = moved;
#endif
#ifdef COPY_OF_AN_ARENA  // error: use of deleted function|call to deleted constructor
  const thrift::Arena copy = arena;
#endif
#ifdef ARENA_ADOPTS_AN_LVALUE  // error: cannot bind (rvalue reference|to lvalue)
  (void)arena.adopt(buffer);
#endif
#ifdef RESULT_IS_DROPPED  // error: ignoring return(ed)? value
  answer();
#endif
}
