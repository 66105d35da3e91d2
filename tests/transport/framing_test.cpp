#include <doctest/doctest.h>

#include <thriftpp/transport/framing.hpp>

using namespace thrift;

TEST_CASE("a frame's length is big-endian and counts what follows it") {
  Buffer out;
  out.append("before");
  const std::size_t start = begin_frame(out);
  out.append(std::string(0x10203, 'x'));
  end_frame(out, start);
  CHECK(start == 6);
  CHECK(out.text().substr(6, 4) == std::string_view("\0\1\2\3", 4));
  CHECK(out.size() == 6 + 4 + 0x10203);
}

TEST_CASE("framings have names") {
  CHECK(to_string(Framing::buffered) == "buffered");
  CHECK(to_string(Framing::framed) == "framed");
}
