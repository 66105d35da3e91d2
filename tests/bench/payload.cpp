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

// Functions, so that they are there whichever source's statics come first.
std::vector<void (*)(const Payload&)>& payload_rows() {
  static std::vector<void (*)(const Payload&)> rows;
  return rows;
}
std::vector<void (*)()>& single_rows() {
  static std::vector<void (*)()> rows;
  return rows;
}

[[noreturn]] void fail(const Payload& payload, ProtocolId protocol, const std::string& problem) {
  throw std::runtime_error(payload.name + ", " + std::string(to_string(protocol)) + ": " + problem);
}

}  // namespace

Payload& payload(const std::string& name, const std::string& type) {
  static std::deque<Payload> all;  // a deque's elements never move
  const std::string path = THRIFTPP_BENCH_FOLDER "/" + name;
  Payload& made = all.emplace_back();
  made.name = name;
  made.schema = thrift::load(path + ".thrift");
  made.type = &made.schema->struct_type(type);
  made.in(ProtocolId::binary) = read_file(path + ".binary");
  made.in(ProtocolId::compact) = read_file(path + ".compact");
  made.in(ProtocolId::json) = read_file(path + ".tjson");
  if (made.in(ProtocolId::binary).empty()) {
    made.in(ProtocolId::binary) = random_value(made.type->slot());
  }
  return made;
}

void check_same(const Payload& payload, ProtocolId protocol, const std::string& who,
                const void* bytes, std::size_t size) {
  const auto& wanted = payload.in(protocol);
  if (size != wanted.size() || std::memcmp(bytes, wanted.data(), size) != 0) {
    fail(payload, protocol, who + " encodes to other bytes");
  }
}

void check(const Payload& payload, ProtocolId protocol) {
  const auto& bytes = payload.in(protocol);
  const thrift::Value value = thrift::decode(protocol, bytes, *payload.type);
  const thrift::Buffer again = thrift::encode(protocol, value);
  check_same(payload, protocol, "thriftpp", again.data(), again.size());
  if (thrift::skip(protocol, bytes, thrift::WireType::struct_) != bytes.size()) {
    fail(payload, protocol, "skip finds another size");
  }
  // All offsets of small payloads, some thousand of large ones.
  const std::size_t step = 1 + bytes.size() / 4000;
  thrift::Arena arena;
  for (std::size_t size = 0; size < bytes.size(); size += step) {
    arena.reset();
    const auto part = std::span(bytes).first(size);
    if (thrift::try_decode_prefix(protocol, part, *payload.type, arena, {.alias_input = true})) {
      fail(payload, protocol, std::to_string(size) + " bytes of it decode");
    }
  }
}

Rows::Rows(void (*add)(const Payload&)) {
  payload_rows().push_back(add);
}
Rows::Rows(void (*add)()) {
  single_rows().push_back(add);
}
void add_rows(const Payload& payload) {
  for (auto* const add : payload_rows()) add(payload);
}
void add_rows() {
  for (auto* const add : single_rows()) add();
}

}  // namespace bench
