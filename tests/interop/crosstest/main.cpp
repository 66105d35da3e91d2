// The two sides of Apache's cross test, by ThriftTest.thrift, which is loaded at run time.
//
//     crosstest server|client --idl PATH --protocol=binary|compact|json|header|multi[c|j|h]
//         --transport=buffered|framed|zlib|http|header|websocket [--zlib] [--ssl --certs DIR]
//         [--domain-socket=PATH [--abstract-namespace]] --port=N [--host=H] [--path=/P]
//
// A server of ours finds most of it out by itself: it takes any of them on the same port.

#include <cstdio>
#include <exception>

#include "crosstest.hpp"

int main(int argc, char** argv) {
  try {
    const std::string_view side = argc > 1 ? argv[1] : "";
    if (side != "server" && side != "client") {
      throw std::invalid_argument("usage: crosstest server|client --idl PATH ...");
    }
    const crosstest::Options options = crosstest::Options::parse(argc, argv);
    return side == "server" ? crosstest::serve(options) : crosstest::call(options);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "crosstest: %s\n", e.what());
    return 64;
  }
}
