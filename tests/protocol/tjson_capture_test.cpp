// Apache's JSON as Apache's C++ writes it: the benchmark's payloads, a recorded conversation. (What
// Python's runtime writes and reads: tests/property.)

#include <filesystem>
#include <fstream>
#include <iterator>
#include <support/shared.hpp>
#include <thriftpp/load/load.hpp>
#include <thriftpp/protocol/message.hpp>
#include <thriftpp/protocol/transcode.hpp>

#include "samples.hpp"

using namespace thrift;
using samples::Bytes;
using samples::Exact;
using samples::to_bytes;

namespace {

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), path);
  return {std::istreambuf_iterator<char>(file), {}};
}

Bytes read_bytes(const std::filesystem::path& path) {
  return samples::Wire().raw(read_text(path)).bytes;
}

}  // namespace

TEST_CASE("the payloads are written byte for byte as Apache's C++ writes them in JSON") {
  const auto folder = test::shared("payloads in Apache's JSON", "bench");
  if (!folder) return;
  for (const auto& [name, type_name] :
       std::initializer_list<std::pair<std::string, std::string>>{{"user", "User"},
                                                                  {"biz", "Order"},
                                                                  {"jaeger", "Batch"},
                                                                  {"parquet", "FileMetaData"},
                                                                  {"num", "Big"}}) {
    CAPTURE(name);
    const Idl idl = load((*folder / (name + ".thrift")).string());
    const Type& type = idl.type(type_name);
    const Bytes binary = read_bytes(*folder / (name + ".binary"));
    const Bytes text = read_bytes(*folder / (name + ".tjson"));
    const Exact exact(text);
    const Value from_binary = decode(ProtocolId::binary, binary, type);
    CHECK(to_bytes(encode(ProtocolId::json, from_binary)) == text);
    const Value from_text = decode(ProtocolId::json, exact.span(), type);
    CHECK(from_text == from_binary);
    CHECK(to_bytes(encode(ProtocolId::binary, from_text)) == binary);
    CHECK(skip(ProtocolId::json, exact.span(), WireType::struct_) == text.size());
  }
}

TEST_CASE("a recorded conversation in JSON says the same as the one in binary") {
  const auto folder = test::shared("conversations in Apache's JSON", "real/streams");
  if (!folder) return;
  const Idl idl = load((*folder / "tutorial.thrift").string());
  const Service& calculator = idl.service("Calculator");
  int seen = 0;
  for (const char* const side : {"c2s", "s2c"}) {
    const Bytes json_file =
        read_bytes(*folder / (std::string("calc-service-json.") + side + ".bin"));
    const Bytes binary_file =
        read_bytes(*folder / (std::string("calc-service-binary.") + side + ".bin"));
    std::span<const std::byte> json(json_file);
    std::span<const std::byte> binary(binary_file);
    for (; !json.empty(); ++seen) {
      const std::size_t size = MessageScanner(ProtocolId::json).scan(json);
      REQUIRE(size != 0);
      const auto message = json.first(size);
      const auto same = binary.first(MessageScanner(ProtocolId::binary).scan(binary));
      json = json.subspan(size);
      binary = binary.subspan(same.size());
      const ReadHeader read = read_message_header(ProtocolId::json, message);
      const ReadHeader expected = read_message_header(ProtocolId::binary, same);
      CHECK(read.header.name == expected.header.name);
      CHECK(read.header.type == expected.header.type);
      CHECK(read.header.sequence_id == expected.header.sequence_id);
      const Function& function = calculator.function(read.header.name);
      const Type& type =
          read.header.type == MessageType::reply ? function.result() : function.arguments();
      const auto body = message_body(ProtocolId::json, message, read);
      const Value value = decode(ProtocolId::json, body, type);
      CHECK(value == decode(ProtocolId::binary, same.subspan(expected.size), type));
      Buffer again;
      write_message_header(ProtocolId::json, read.header, again);
      encode(ProtocolId::json, value, again);
      write_message_end(ProtocolId::json, again);
      CHECK(to_bytes(again) == Bytes(message.begin(), message.end()));
      Buffer there, back;
      transcode_message(ProtocolId::binary, same, ProtocolId::json, &calculator, there);
      CHECK(there.text() == again.text());
      transcode_message(ProtocolId::json, message, ProtocolId::binary, &calculator, back);
      CHECK(to_bytes(back) == Bytes(same.begin(), same.end()));
    }
    CHECK(binary.empty());
  }
  CHECK(seen >= 10);
}
