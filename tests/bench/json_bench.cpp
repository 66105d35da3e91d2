// Plain JSON and the wire, beside nlohmann: its documents made from values and written, or parsed
// and walked, which is what programs do that have the wire's bytes as values and want JSON.
//
//     to_json    `nlohmann`: decode, make a document, dump it
//     from_json  `nlohmann`: parse, then write each field that the schema has and the document
//                holds; `simdjson_parse`: its DOM parser alone, which makes no bytes, to compare
//                with

#include <simdjson.h>

#include <stdexcept>
#include <thriftpp/json/transcode.hpp>
#include <thriftpp/nlohmann.hpp>

#include "codec_bench.hpp"
#include "json/wire_out.hpp"

namespace bench {
namespace {

using Json = nlohmann::json;

/// Writes the bytes of a document by a schema.
template <class Wire>
class Walk {
 public:
  explicit Walk(thrift::Buffer& out) : out_(out) {}

  void value(const Json& json, const thrift::Type& type) {
    using enum thrift::TypeKind;
    switch (type.kind()) {
      case bool_: return put([&](char* p) { return Wire::element_bool(p, json.get<bool>()); });
      case i8: return integer<std::int8_t>(json);
      case i16: return integer<std::int16_t>(json);
      case i32: return integer<std::int32_t>(json);
      case i64: return integer<std::int64_t>(json);
      case double_: return put([&](char* p) { return Wire::number(p, json.get<double>()); });
      case enum_: {
        const auto* const named = type.as_enum().find(json.get_ref<const std::string&>());
        return put([&](char* p) { return Wire::integer(p, named->number()); });
      }
      case string: return text(json.get_ref<const std::string&>());
      case binary: return text(*thrift::from_base64(json.get_ref<const std::string&>()));
      case list:
      case set: {
        const std::size_t header = open([](char* p) { return Wire::list(p); });
        for (const Json& element : json) value(element, type.as_container().element());
        const auto count = static_cast<std::uint32_t>(json.size());
        return close(header, [&](char* at, char* p) {
          return Wire::end_list(at, p, *type.slot().element, count);
        });
      }
      case map: {
        const std::size_t header = open([](char* p) { return Wire::map(p); });
        for (auto member = json.begin(); member != json.end(); ++member) {
          key(member.key(), type.as_container().key());
          value(*member, type.as_container().element());
        }
        const auto count = static_cast<std::uint32_t>(json.size());
        return close(header, [&](char* at, char* p) {
          return Wire::end_map(at, p, *type.slot().key, *type.slot().element, count);
        });
      }
      case struct_:
      case union_:
      case exception: return record(json, type.as_struct());
      default: throw std::runtime_error("no payload has such a field");
    }
  }

 private:
  template <class F>
  void put(F f) {
    auto* const p = reinterpret_cast<char*>(out_.prepare(64));
    out_.commit(static_cast<std::size_t>(f(p) - p));
  }
  template <class T>
  void integer(const Json& json) {
    put([&](char* p) { return Wire::integer(p, json.get<T>()); });
  }
  void text(const std::string& bytes) {
    put([&](char* p) { return Wire::size(p, static_cast<std::uint32_t>(bytes.size())); });
    out_.append(bytes);
  }
  void key(const std::string& name, const thrift::Type& type) {
    if (type.is_string()) return text(name);
    put([&](char* p) { return Wire::integer(p, static_cast<std::int32_t>(std::stol(name))); });
  }
  template <class F>
  std::size_t open(F f) {
    const std::size_t at = out_.size();
    put(f);
    return at;
  }
  template <class F>
  void close(std::size_t header, F f) {
    char* const end = reinterpret_cast<char*>(out_.prepare(64));
    char* const at = reinterpret_cast<char*>(out_.data()) + header;
    out_.truncate(static_cast<std::size_t>(f(at, end) - reinterpret_cast<char*>(out_.data())));
  }
  void record(const Json& json, const thrift::StructType& type) {
    const thrift::StructLayout& layout = type.layout();
    std::int16_t before = 0;
    for (std::size_t i = 0; i < layout.field_count; ++i) {
      const thrift::FieldLayout& field = layout.fields[i];
      const thrift::Field& known = type.fields()[field.index];
      const auto found = json.find(known.name());
      if (found == json.end()) continue;
      if (field.op == thrift::SlotOp::bool_) {
        put([&](char* p) { return Wire::field_bool(p, field, before, found->get<bool>()); });
      } else {
        put([&](char* p) { return Wire::field(p, field, before); });
        value(*found, known.type());
      }
      before = field.id;
    }
    out_.push_back(std::byte{0});
  }

  thrift::Buffer& out_;
};

void walk(const std::string& text, const thrift::Type& type, thrift::ProtocolId protocol,
          thrift::Buffer& out) {
  const Json json = Json::parse(text);
  if (protocol == thrift::ProtocolId::binary) {
    Walk<thrift::wire_out::Binary>(out).value(json, type);
  } else {
    Walk<thrift::wire_out::Compact>(out).value(json, type);
  }
}

std::string dump(const Payload& p, thrift::ProtocolId protocol) {
  thrift::Arena arena;
  const auto value = thrift::decode(protocol, p.in(protocol), *p.type, arena);
  return thrift::to_nlohmann(value).dump();
}

void add_json(const Payload& p, thrift::ProtocolId protocol) {
  const std::span<const std::byte> bytes = p.in(protocol);
  const thrift::Type& type = *p.type;
  const std::string text = thrift::to_json(protocol, bytes, type);
  if (Json::parse(text) != Json::parse(dump(p, protocol))) {
    throw std::runtime_error(p.name + ": nlohmann's JSON is another");
  }
  thrift::Buffer out;
  thrift::from_json(text, type, protocol, out);
  check_same(p, protocol, "from_json", out.data(), out.size());
  out.clear();
  walk(text, type, protocol, out);
  // Maps come sorted by key, so that their order is another.
  if (out.size() != bytes.size()) throw std::runtime_error(p.name + ": the walk's bytes differ");

  add("to_json", protocol, p, "thriftpp", [=, &type](benchmark::State& state) {
    thrift::Buffer json;
    for (auto _ : state) {
      json.clear();
      thrift::to_json(protocol, bytes, type, json);
      benchmark::DoNotOptimize(json.data());
    }
  });
  add("to_json", protocol, p, "thriftpp_value", [=, &type](benchmark::State& state) {
    thrift::Arena arena;
    std::string json;
    for (auto _ : state) {
      arena.reset();
      json.clear();
      thrift::append_json(json, thrift::decode(protocol, bytes, type, arena));
      benchmark::DoNotOptimize(json.data());
    }
  });
  add("to_json", protocol, p, "nlohmann", [&p, protocol](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(dump(p, protocol));
  });
  add("from_json", protocol, p, "thriftpp", [=, &type](benchmark::State& state) {
    thrift::Buffer wire;
    for (auto _ : state) {
      wire.clear();
      thrift::from_json(text, type, protocol, wire);
      benchmark::DoNotOptimize(wire.data());
    }
  });
  add("from_json", protocol, p, "nlohmann", [=, &type](benchmark::State& state) {
    thrift::Buffer wire;
    for (auto _ : state) {
      wire.clear();
      walk(text, type, protocol, wire);
      benchmark::DoNotOptimize(wire.data());
    }
  });
  add("from_json", protocol, p, "simdjson_parse", [=](benchmark::State& state) {
    simdjson::dom::parser parser;
    for (auto _ : state) {
      if (parser.parse(text).error() != simdjson::SUCCESS) state.SkipWithError("no JSON");
    }
  });
}

const Rows rows([](const Payload& p) {
  for (const auto protocol : {thrift::ProtocolId::binary, thrift::ProtocolId::compact}) {
    add_json(p, protocol);
  }
});

}  // namespace
}  // namespace bench
