#pragma once

// What programs do with values, decoding included, so that nothing can be put off until it is no
// longer measured:
//
//     round_trip   decode, assign to one field, encode
//     look_up      decode, find ten keys of a map; `thriftpp_index` builds the map's index first
//     read_all     decode, read every field, element and entry
//
// Access is what accessors.cpp generates.

#include <memory>
#include <optional>
#include <stdexcept>

#include "codec_bench.hpp"
#include "take.hpp"

namespace bench {

/// What a round trip gave, as one number.
inline std::uint64_t digest(std::span<const std::byte> bytes) {
  std::uint64_t sum = bytes.size();
  for (const std::byte b : bytes) sum = sum * 31 + take(b);
  return sum;
}
inline std::uint64_t digest(std::uint64_t sum) {
  return sum;
}

/// Registers what `make()` makes, a function that is called again and again. It must come to the
/// same result as all others of `operation`, the first of which sets `result`.
template <class Make>
void add_use(const std::string& operation, thrift::ProtocolId protocol, const Payload& p,
             const std::string& who, std::optional<std::uint64_t>& result, Make make) {
  const std::uint64_t got = digest(make()());
  if (result.value_or(got) != got) {
    throw std::runtime_error(p.name + ", " + operation + ": " + who + " comes to another result");
  }
  result = got;
  add(operation, protocol, p, who, [make](benchmark::State& state) {
    auto run = make();
    for (auto _ : state) benchmark::DoNotOptimize(run());
  });
}

/// Ten keys of the payload's map, from all over it. The copies share nothing with any value.
template <class Access>
std::vector<std::string> some_keys(const Payload& p) {
  std::vector<std::string> keys;
  const thrift::Value value =
      thrift::decode(thrift::ProtocolId::binary, p.in(thrift::ProtocolId::binary), *p.type);
  for (const auto& [key, ignored] : Access::map(value.view()).as_map()) {
    keys.push_back(key.template as<std::string>());
  }
  if (keys.empty()) throw std::runtime_error(p.name + ": its map is empty");
  std::vector<std::string> ten;
  for (std::size_t i = 0; i < 10; ++i) ten.push_back(keys[i * 997 % keys.size()]);
  return ten;
}

/// The results of one payload in one protocol, which must agree.
struct UseResults {
  std::optional<std::uint64_t> round_trip;
  std::optional<std::uint64_t> look_up;
  std::optional<std::uint64_t> read_all;
};

template <class Access, class Flavour, thrift::ProtocolId protocol, class T>
void add_apache_use(const Payload& p, const std::string& who, UseResults& results) {
  using In = Reader<Flavour, protocol>;
  using Out = Writer<Flavour, protocol>;
  const std::span<const std::byte> bytes = p.in(protocol);
  add_use("round_trip", protocol, p, who, results.round_trip, [bytes] {
    return [in = In(bytes), out = Out()]() mutable {
      T object;
      in.read(object);
      Access::change(object);
      return std::as_bytes(out.write(object));
    };
  });
  add_use("read_all", protocol, p, who, results.read_all, [bytes] {
    return [in = In(bytes)]() mutable {
      T object;
      in.read(object);
      return take(object);
    };
  });
  if constexpr (Access::has_map) {
    add_use("look_up", protocol, p, who, results.look_up, [bytes, keys = some_keys<Access>(p)] {
      return [in = In(bytes), &keys]() mutable {
        T object;
        in.read(object);
        const auto& map = Access::map(object);
        std::uint64_t sum = 0;
        for (const std::string& key : keys) sum += take(map.find(key)->second);
        return sum;
      };
    });
  }
}

template <class Access>
void add_thriftpp_use(const Payload& p, thrift::ProtocolId protocol, UseResults& results) {
  const std::span<const std::byte> bytes = p.in(protocol);
  const thrift::Type& type = *p.type;
  add_use("round_trip", protocol, p, "thriftpp", results.round_trip, [=, &type] {
    return [=, &type, out = std::make_shared<thrift::Buffer>()] {
      thrift::Value value = thrift::decode(protocol, bytes, type);
      Access::change(value.ref());
      out->clear();
      thrift::encode(protocol, value, *out);
      return out->bytes();
    };
  });
  add_use("read_all", protocol, p, "thriftpp", results.read_all, [=, &type] {
    return [=, &type, arena = std::make_shared<thrift::Arena>()] {
      arena->reset();
      return take(thrift::decode(protocol, bytes, type, *arena));
    };
  });
  if constexpr (Access::has_map) {
    const std::vector<std::string> keys = some_keys<Access>(p);
    add_use("look_up", protocol, p, "thriftpp", results.look_up, [=, &type] {
      return [=, &type, arena = std::make_shared<thrift::Arena>()] {
        arena->reset();
        const thrift::ValueView map = Access::map(thrift::decode(protocol, bytes, type, *arena));
        std::uint64_t sum = 0;
        for (const std::string& key : keys) sum += take(*map.find(key));
        return sum;
      };
    });
    add_use("look_up", protocol, p, "thriftpp_index", results.look_up, [=, &type] {
      return [=, &type] {
        thrift::Value value = thrift::decode(protocol, bytes, type);
        const thrift::ValueRef map = Access::map(value.ref());
        map.index();
        std::uint64_t sum = 0;
        for (const std::string& key : keys) sum += take(*map.find(key));
        return sum;
      };
    });
  }
}

template <class Access, thrift::ProtocolId protocol, class P, class T>
void add_uses(const Payload& p) {
  UseResults results;
  add_apache_use<Access, Plain, protocol, P>(p, "apache", results);
  add_apache_use<Access, Templates, protocol, T>(p, "apache_templates", results);
  add_thriftpp_use<Access>(p, protocol, results);
}

/// Checks and registers everything about one payload. P and T: what Apache generates for it.
template <class Access, class P, class T>
void add_payload(const std::string& name, const std::string& type) {
  Payload& p = payload(name, type);
  add_protocol<thrift::ProtocolId::binary, P, T>(p);
  add_protocol<thrift::ProtocolId::compact, P, T>(p);
  add_protocol<thrift::ProtocolId::json, P, T>(p);
  add_uses<Access, thrift::ProtocolId::binary, P, T>(p);
  add_uses<Access, thrift::ProtocolId::compact, P, T>(p);
  add_rows(p);
}

}  // namespace bench
