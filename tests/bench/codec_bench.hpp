#pragma once

// The benchmarks of one payload, named operation/protocol/payload/implementation. How they are
// kept fair:
//
//   - All implementations see the same bytes, and write into an output that is used again.
//   - Apache's objects are made and destroyed anew per operation; `_reused` is one object that is
//     read into again and again. `apache` is what `thrift --gen cpp` gives, `apache_templates` the
//     faster `cpp:templates` with a concrete protocol and transport.
//   - `thriftpp` owns its strings, as Apache's objects do, in an arena that is reset per operation;
//     `_view` lets strings view the input; `_new_arena` makes a Value of its own per operation;
//     `_portable` keeps to the loops that any processor can run.
//   - Before anything is timed, each implementation has encoded what it decoded to the same bytes.

#include <benchmark/benchmark.h>

#include "apache.hpp"
#include "payload.hpp"
#include "protocol/codec.hpp"

namespace bench {

/// Registers `operation` as operation/protocol/payload/implementation.
template <class F>
void add(const std::string& operation, thrift::ProtocolId protocol, const Payload& payload,
         const std::string& implementation, F run) {
  const std::string name = operation + "/" + std::string(to_string(protocol)) + "/" + payload.name +
                           "/" + implementation;
  const auto bytes = static_cast<std::int64_t>(payload.in(protocol).size());
  benchmark::RegisterBenchmark(name.c_str(), [bytes, run](benchmark::State& state) {
    run(state);
    state.SetBytesProcessed(state.iterations() * bytes);
  })->MeasureProcessCPUTime();
}

/// `run` with the codec's loops that any processor can run.
template <class F>
auto portable(F run) {
  return [run](benchmark::State& state) {
    thrift::use_portable_codecs(true);
    run(state);
    thrift::use_portable_codecs(false);
  };
}

inline void add_thriftpp(const Payload& p, thrift::ProtocolId protocol) {
  const std::span<const std::byte> bytes = p.in(protocol);
  const thrift::Type& type = *p.type;
  const auto decode_into_arena = [=, &type](const thrift::DecodeOptions& options) {
    return [=, &type](benchmark::State& state) {
      thrift::Arena arena;
      for (auto _ : state) {
        arena.reset();
        benchmark::DoNotOptimize(thrift::decode(protocol, bytes, type, arena, options));
      }
    };
  };
  add("decode", protocol, p, "thriftpp", decode_into_arena({}));
  add("decode", protocol, p, "thriftpp_view", decode_into_arena({.alias_input = true}));
  add("decode", protocol, p, "thriftpp_new_arena", [=, &type](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(thrift::decode(protocol, bytes, type));
  });
  add("decode", protocol, p, "thriftpp_portable", portable(decode_into_arena({})));
  const auto encode = [=, &type](benchmark::State& state) {
    const thrift::Value value = thrift::decode(protocol, bytes, type);
    thrift::Buffer out;
    for (auto _ : state) {
      out.clear();
      thrift::encode(protocol, value, out);
      benchmark::DoNotOptimize(out.data());
    }
  };
  add("encode", protocol, p, "thriftpp", encode);
  add("encode", protocol, p, "thriftpp_portable", portable(encode));
}

template <class Flavour, thrift::ProtocolId protocol, class T>
void add_apache(const Payload& p, const std::string& name) {
  const std::span<const std::byte> bytes = p.in(protocol);
  {
    T object;
    Reader<Flavour, protocol>(bytes).read(object);
    Writer<Flavour, protocol> writer;
    const auto again = writer.write(object);
    check_same(p, protocol, name, again.data(), again.size());
  }
  add("decode", protocol, p, name, [bytes](benchmark::State& state) {
    Reader<Flavour, protocol> reader(bytes);
    for (auto _ : state) {
      T object;
      reader.read(object);
      benchmark::DoNotOptimize(&object);
    }
  });
  add("decode", protocol, p, name + "_reused", [bytes](benchmark::State& state) {
    Reader<Flavour, protocol> reader(bytes);
    T object;
    for (auto _ : state) {
      reader.read(object);
      benchmark::DoNotOptimize(&object);
    }
  });
  add("encode", protocol, p, name, [bytes](benchmark::State& state) {
    T object;
    Reader<Flavour, protocol>(bytes).read(object);
    Writer<Flavour, protocol> writer;
    for (auto _ : state) benchmark::DoNotOptimize(writer.write(object).data());
  });
}

/// Checks and registers everything about one payload in one protocol. P and T: what Apache
/// generates for it.
template <thrift::ProtocolId protocol, class P, class T>
void add_protocol(Payload& p) {
  if (p.in(protocol).empty()) {  // where there was no file: as Apache writes it
    P object;
    Reader<Plain, thrift::ProtocolId::binary>(p.in(thrift::ProtocolId::binary)).read(object);
    Writer<Plain, protocol> writer;
    const auto bytes = std::as_bytes(writer.write(object));
    p.in(protocol).assign(bytes.begin(), bytes.end());
  }
  add_apache<Plain, protocol, P>(p, "apache");
  add_apache<Templates, protocol, T>(p, "apache_templates");
  check(p, protocol);
  add_thriftpp(p, protocol);
}

}  // namespace bench
