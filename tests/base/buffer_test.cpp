#include <doctest/doctest.h>

#include <thriftpp/base/buffer.hpp>

using thrift::Buffer;

TEST_CASE("a buffer keeps its content while it grows") {
  Buffer buffer;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    buffer.append(std::string_view("abc"));
    expected += "abc";
  }
  CHECK(buffer.text() == expected);
  buffer.consume(3);
  buffer.truncate(6);
  CHECK(buffer.text() == "abcabc");
}

TEST_CASE("a moved-from buffer is empty and usable") {
  Buffer a;
  a.append(std::string_view("x"));
  Buffer b = std::move(a);
  CHECK(b.text() == "x");
  a.append(std::string_view("y"));  // NOLINT(bugprone-use-after-move)
  CHECK(a.text() == "y");
}

TEST_CASE("the slack past the capacity may be written") {
  Buffer buffer(100);
  std::memset(buffer.data() + buffer.capacity(), 0, Buffer::slack);
  CHECK(buffer.capacity() >= 100);
}
