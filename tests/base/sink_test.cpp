#include <doctest/doctest.h>

#include <thriftpp/base/sink.hpp>
#include <vector>

using namespace thrift;

TEST_CASE("sinks take pieces in order") {
  Buffer piece;
  piece.append(std::string_view("ab"));
  std::string text = "x";
  StringSink into_text(text);
  into_text.write(piece);
  into_text.write(piece);
  CHECK(text == "xabab");

  std::vector<std::size_t> sizes;
  FunctionSink into_function(
      [&](std::span<const std::byte> bytes) { sizes.push_back(bytes.size()); });
  Sink& sink = into_function;
  sink.write(piece);
  CHECK(sizes == std::vector<std::size_t>{2});
}
