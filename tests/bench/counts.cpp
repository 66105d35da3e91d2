// thriftpp_counts: does each operation once, for callgrind to count its instructions; counts.py
// runs it and compares with counts.tsv. The payloads are those that are made up, so that everybody
// counts the same; the loops are the portable ones (THRIFTPP_ISA, which counts.py sets).

#include <valgrind/callgrind.h>

#include <exception>
#include <iostream>
#include <string>

#include "payload.hpp"

namespace {

using bench::Payload;
using thrift::ProtocolId;

/// Counts `run`, warm: what it does once only (its first block of memory) is not its price.
template <class F>
void count(const std::string& operation, ProtocolId protocol, const Payload& p, F run) {
  const std::string name =
      operation + "/" + std::string(thrift::to_string(protocol)) + "/" + p.name;
  run();
  CALLGRIND_ZERO_STATS;
  run();
  CALLGRIND_DUMP_STATS_AT(name.c_str());
}

void count_codec(Payload& p, ProtocolId protocol) {
  auto& bytes = p.in(protocol);
  const thrift::Value value = thrift::decode(ProtocolId::binary, p.in(ProtocolId::binary), *p.type);
  thrift::Buffer out;
  thrift::encode(protocol, value, out);
  bytes.assign(out.data(), out.data() + out.size());

  thrift::Arena arena;
  count("decode", protocol, p, [&] {
    arena.reset();
    (void)thrift::decode(protocol, bytes, *p.type, arena);
  });
  count("encode", protocol, p, [&] {
    out.clear();
    thrift::encode(protocol, value, out);
  });
  count("skip", protocol, p,
        [&] { (void)thrift::skip(protocol, bytes, thrift::WireType::struct_); });
}

void count_payload(const std::string& name, const std::string& type) {
  Payload& p = bench::payload(name, type);
  for (const ProtocolId protocol : {ProtocolId::binary, ProtocolId::compact, ProtocolId::json}) {
    count_codec(p, protocol);
  }
}

}  // namespace

int main() {
  try {
    count_payload("small", "Person");
    count_payload("order", "Order");
    count_payload("trace", "Trace");
    count_payload("table", "Table");
    count_payload("numbers", "Numbers");
  } catch (const std::exception& e) {
    std::cerr << "thriftpp_counts: " << e.what() << '\n';
    return 1;
  }
  return 0;
}
