// Places of the payload found in its bytes, beside decoding all of it (decode/...): names are
// find/PROTOCOL/PAYLOAD/IMPLEMENTATION.
//
//     thriftpp_service_name          process.serviceName: near the front
//     thriftpp_operation_name        spans[99].operationName: nearly all is skipped
//     ..._by_text                    the same, with the path as text
//
// The implementations named thriftpp_rename and thriftpp_rename_by_value set process.serviceName:
// in the bytes, and by decoding, assigning and encoding.

#include <benchmark/benchmark.h>

#include <stdexcept>
#include <thriftpp/protocol/bytes_path.hpp>

#include "codec_bench.hpp"

namespace bench {
namespace {

void add_find(const Payload& p, thrift::ProtocolId protocol, const std::string& who,
              const std::string& path) {
  const std::span<const std::byte> bytes = p.in(protocol);
  const thrift::Value value = thrift::decode(protocol, bytes, *p.type);
  const auto text = [](const std::optional<thrift::WireValue>& found) {
    return found.value().as<std::string_view>();
  };
  if (text(thrift::find(protocol, bytes, *p.type, path)) !=
      value.view().path(path).as<std::string_view>()) {
    throw std::runtime_error(p.name + ": " + path + " is another in the bytes");
  }
  const auto compiled = std::make_shared<thrift::CompiledPath>(*p.type, path);
  add("find", protocol, p, who, [=](benchmark::State& state) {
    for (auto _ : state) {
      benchmark::DoNotOptimize(text(thrift::find(protocol, bytes, *compiled)).data());
    }
  });
  const thrift::Type& type = *p.type;
  add("find", protocol, p, who + "_by_text", [=, &type](benchmark::State& state) {
    for (auto _ : state) {
      benchmark::DoNotOptimize(text(thrift::find(protocol, bytes, type, path)).data());
    }
  });
}

void add_rename(const Payload& p, thrift::ProtocolId protocol) {
  const std::span<const std::byte> bytes = p.in(protocol);
  const auto path = std::make_shared<thrift::CompiledPath>(*p.type, "process.serviceName");
  const thrift::Type& type = *p.type;
  add("find", protocol, p, "thriftpp_rename", [=](benchmark::State& state) {
    for (auto _ : state) {
      benchmark::DoNotOptimize(thrift::set(protocol, bytes, *path, "another name").data());
    }
  });
  add("find", protocol, p, "thriftpp_rename_by_value", [=, &type](benchmark::State& state) {
    for (auto _ : state) {
      thrift::Value value = thrift::decode(protocol, bytes, type);
      value["process"]["serviceName"] = "another name";
      benchmark::DoNotOptimize(thrift::encode(protocol, value).data());
    }
  });
}

void add_all(const Payload& p) {
  if (p.name != "jaeger") return;
  for (const auto protocol : {thrift::ProtocolId::binary, thrift::ProtocolId::compact}) {
    add_find(p, protocol, "thriftpp_service_name", "process.serviceName");
    add_find(p, protocol, "thriftpp_operation_name", "spans[99].operationName");
    add_rename(p, protocol);
  }
}

const Rows rows(add_all);

}  // namespace
}  // namespace bench
