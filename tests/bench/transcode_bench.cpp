// From one wire protocol to another in one pass: transcode/FROM_to_TO/PAYLOAD/thriftpp; beside it,
// as thriftpp_value, the way through a value. Bytes are those of the input.

#include <benchmark/benchmark.h>

#include <stdexcept>
#include <thriftpp/protocol/transcode.hpp>

#include "payload.hpp"

namespace {

using namespace thrift;

constexpr std::array protocols{ProtocolId::binary, ProtocolId::compact, ProtocolId::json};

void add_pair(const bench::Payload& p, ProtocolId from, ProtocolId to) {
  const std::span<const std::byte> bytes = p.in(from);
  const Type& type = *p.type;
  {
    Buffer out;
    transcode(from, bytes, to, type, out);
    bench::check_same(p, to, "transcode", out.data(), out.size());
  }
  const std::string name = "transcode/" + std::string(to_string(from)) + "_to_" +
                           std::string(to_string(to)) + "/" + p.name + "/";
  const auto add = [&](const char* implementation, auto operation) {
    benchmark::RegisterBenchmark((name + implementation).c_str(), [=](benchmark::State& state) {
      Buffer out;
      for (auto _ : state) {
        out.clear();
        operation(out);
        benchmark::DoNotOptimize(out.data());
      }
      state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
    })->MeasureProcessCPUTime();
  };
  add("thriftpp", [=, &type](Buffer& out) { transcode(from, bytes, to, type, out); });
  add("thriftpp_value", [=, &type](Buffer& out) {
    static Arena arena;
    arena.reset();
    encode(to, decode(from, bytes, type, arena), out);
  });
}

void add_transcoding(const bench::Payload& p) {
  for (const ProtocolId from : protocols) {
    for (const ProtocolId to : protocols) {
      if (from != to && !p.in(from).empty() && !p.in(to).empty()) add_pair(p, from, to);
    }
  }
}

const bench::Rows rows(add_transcoding);

}  // namespace
