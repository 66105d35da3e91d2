#include "payload.hpp"

#include <cstring>
#include <deque>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thriftpp/load/load.hpp>

#include "random_value.hpp"

namespace bench {
namespace {

using thrift::ProtocolId;

std::vector<std::byte> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto* const bytes = reinterpret_cast<const std::byte*>(text.data());
  return {bytes, bytes + text.size()};
}

}  // namespace

Payload& payload(const std::string& name, const std::string& type) {
  static std::deque<Payload> all;  // a deque's elements never move
  const std::string path = THRIFTPP_BENCH_FOLDER "/" + name;
  Payload& made = all.emplace_back();
  made.name = name;
  made.schema = thrift::load(path + ".thrift");
  made.type = &made.schema->struct_type(type);
  made.binary = read_file(path + ".binary");
  if (made.binary.empty()) made.binary = random_value(made.type->slot());
  return made;
}

void check_same(const Payload& payload, const std::string& who, const void* bytes,
                std::size_t size) {
  if (size != payload.binary.size() || std::memcmp(bytes, payload.binary.data(), size) != 0) {
    throw std::runtime_error(payload.name + ": " + who + " encodes to other bytes");
  }
}

void check(const Payload& payload) {
  constexpr auto binary = ProtocolId::binary;
  const thrift::Value value = thrift::decode(binary, payload.binary, *payload.type);
  const thrift::Buffer again = thrift::encode(binary, value);
  check_same(payload, "thriftpp", again.data(), again.size());
  if (thrift::skip(binary, payload.binary, thrift::WireType::struct_) != payload.binary.size()) {
    throw std::runtime_error(payload.name + ": skip finds another size");
  }
  // All offsets of small payloads, some thousand of large ones.
  const std::size_t step = 1 + payload.binary.size() / 4000;
  thrift::Arena arena;
  for (std::size_t size = 0; size < payload.binary.size(); size += step) {
    arena.reset();
    const auto part = std::span(payload.binary).first(size);
    if (thrift::try_decode_prefix(binary, part, *payload.type, arena, {.alias_input = true})) {
      throw std::runtime_error(payload.name + ": " + std::to_string(size) + " bytes of it decode");
    }
  }
}

}  // namespace bench
