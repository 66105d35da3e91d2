#pragma once

// The benchmarks of one payload, named operation/protocol/payload/implementation. How they are
// kept fair:
//
//   - All implementations see the same bytes, and write into an output that is used again.
//   - Apache's objects are made and destroyed anew per operation; `_reused` is one object that is
//     read into again and again. `apache` is what `thrift --gen cpp` gives, `apache_templates` the
//     faster `cpp:templates` with a concrete protocol and transport.
//   - `thriftpp` owns its strings, as Apache's objects do, in an arena that is reset per operation;
//     `_view` lets strings view the input; `_new_arena` makes a Value of its own per operation.
//   - Before anything is timed, each implementation has encoded what it decoded to the same bytes.

#include <benchmark/benchmark.h>

#include "apache.hpp"
#include "payload.hpp"

namespace bench {

inline constexpr auto binary = thrift::ProtocolId::binary;

template <class F>
void add(const std::string& name, const Payload& payload, F operation) {
  benchmark::RegisterBenchmark(name.c_str(), [&payload, operation](benchmark::State& state) {
    operation(state);
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(payload.binary.size()));
  })->MeasureProcessCPUTime();
}

inline void add_thriftpp(const Payload& p) {
  const auto decode_into_arena = [&p](const thrift::DecodeOptions& options) {
    return [&p, options](benchmark::State& state) {
      thrift::Arena arena;
      for (auto _ : state) {
        arena.reset();
        benchmark::DoNotOptimize(thrift::decode(binary, p.binary, *p.type, arena, options));
      }
    };
  };
  const std::string decode = "decode/binary/" + p.name + "/thriftpp";
  add(decode, p, decode_into_arena({}));
  add(decode + "_view", p, decode_into_arena({.alias_input = true}));
  add(decode + "_new_arena", p, [&p](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(thrift::decode(binary, p.binary, *p.type));
  });
  add("encode/binary/" + p.name + "/thriftpp", p, [&p](benchmark::State& state) {
    const thrift::Value value = thrift::decode(binary, p.binary, *p.type);
    thrift::Buffer out;
    for (auto _ : state) {
      out.clear();
      thrift::encode(binary, value, out);
      benchmark::DoNotOptimize(out.data());
    }
  });
}

template <class Flavour, class T>
void add_apache(const Payload& p, const std::string& name) {
  {
    T object;
    Reader<Flavour>(p.binary).read(object);
    Writer<Flavour> writer;
    const auto bytes = writer.write(object);
    check_same(p, name, bytes.data(), bytes.size());
  }
  const std::string decode = "decode/binary/" + p.name + "/" + name;
  add(decode, p, [&p](benchmark::State& state) {
    Reader<Flavour> reader(p.binary);
    for (auto _ : state) {
      T object;
      reader.read(object);
      benchmark::DoNotOptimize(&object);
    }
  });
  add(decode + "_reused", p, [&p](benchmark::State& state) {
    Reader<Flavour> reader(p.binary);
    T object;
    for (auto _ : state) {
      reader.read(object);
      benchmark::DoNotOptimize(&object);
    }
  });
  add("encode/binary/" + p.name + "/" + name, p, [&p](benchmark::State& state) {
    T object;
    Reader<Flavour>(p.binary).read(object);
    Writer<Flavour> writer;
    for (auto _ : state) benchmark::DoNotOptimize(writer.write(object).data());
  });
}

/// Checks and registers everything about one payload. P and T: what Apache generates for it.
template <class P, class T>
void add_payload(const std::string& name, const std::string& type) {
  const Payload& p = payload(name, type);
  check(p);
  add_thriftpp(p);
  add_apache<Plain, P>(p, "apache");
  add_apache<Templates, T>(p, "apache_templates");
}

}  // namespace bench
