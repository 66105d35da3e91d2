// Bytes that real programs sent, through JSON and back. (tests/protocol compares them with what
// Apache's runtime reads without our JSON in between.)

#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <thriftpp/json/message.hpp>
#include <thriftpp/load/load.hpp>

#include "support/cases.hpp"
#include "support/shared.hpp"

using namespace thrift;

namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  return std::move(out).str();
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

/// A value on the wire as the truth has it: bytes, type, JSON.
struct Captured {
  std::string name;
  std::string_view bytes;
  const Type& type;
  JsonNode truth;
};

class Captures {
 public:
  explicit Captures(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Calls `use` with every value in binary: the bodies of messages, and bare ones.
  void each(const std::function<void(const Captured&)>& use) {
    for (const char* const name : {"hive", "jaeger", "scribe", "streams", "zipkin"}) {
      for (const auto& entry : std::filesystem::directory_iterator(folder_ / name)) {
        const std::filesystem::path& path = entry.path();
        if (path.extension() == ".json") use_file(name, path, use);
      }
    }
  }

 private:
  void use_file(const std::string& folder, const std::filesystem::path& path,
                const std::function<void(const Captured&)>& use) {
    const std::filesystem::path capture = std::filesystem::path(path).replace_extension();
    const std::string name = capture.filename();
    if (name.find("-compact.") != std::string::npos || name.find("-json.") != std::string::npos) {
      return;
    }
    const JsonDocument truth(contents(path));
    const JsonNode root = truth.root();
    if (const auto protocol = root.find("protocol"); protocol && protocol->text() != "b") return;
    const std::string bytes = contents(capture);
    if (const auto messages = root.find("messages")) {
      const Service& service = idl(folder, messages_idl_.at(folder)).service();
      for (const JsonNode message : *messages) {
        const auto at = static_cast<std::size_t>(*message.find("offset")->as_int64());
        const auto size = static_cast<std::size_t>(*message.find("length")->as_int64());
        const std::string_view whole = std::string_view(bytes).substr(at, size);
        const ReadHeader read = read_message_header(ProtocolId::binary, bytes_of(whole));
        const Function& function = service.function(read.header.name);
        const Type& type =
            read.header.type == MessageType::reply ? function.result() : function.arguments();
        use({name, whole.substr(read.size), type, *message.find("value")});
      }
    } else {
      const auto record = root.find("struct");
      const std::string type = record ? std::string(record->text())
                                      : "list<" + std::string(root.find("list")->text()) + ">";
      use({name, bytes, idl(folder, values_idl_.at(folder)).type(type), *root.find("value")});
    }
  }

  const Idl& idl(const std::string& folder, const std::string& file) {
    const std::string path = folder_ / folder / file;
    const auto found = loaded_.find(path);
    return found != loaded_.end() ? found->second : loaded_.emplace(path, load(path)).first->second;
  }

  const std::map<std::string, std::string> messages_idl_{{"hive", "TCLIService.thrift"},
                                                         {"jaeger", "agent.thrift"},
                                                         {"scribe", "scribe.thrift"},
                                                         {"streams", "tutorial.thrift"}};
  const std::map<std::string, std::string> values_idl_{{"jaeger", "jaeger.thrift"},
                                                       {"zipkin", "zipkinCore.thrift"}};
  std::filesystem::path folder_;
  std::map<std::string, Idl> loaded_;
};

}  // namespace

TEST_CASE("captures of real programs decode to their truth and encode to the same bytes") {
  const auto folder = test::shared("json.captures", "real");
  if (!folder) return;
  std::size_t values = 0;
  Captures(*folder).each([&](const Captured& captured) {
    CAPTURE(captured.name);
    ++values;
    const Value value = decode(ProtocolId::binary, bytes_of(captured.bytes), captured.type);
    CHECK(value == from_json(captured.truth, captured.type));
    CHECK(encode(ProtocolId::binary, value).text() == captured.bytes);
    const Value again = from_json(to_json(value), captured.type);
    CHECK(again == value);
    CHECK(encode(ProtocolId::binary, again).text() == captured.bytes);
  });
  CHECK(values >= 50);
}

TEST_CASE("a capture that is cut anywhere is an error, and a changed one a value or an error") {
  const auto folder = test::shared("json.damaged_captures", "real");
  if (!folder) return;
  const auto try_decode = [](std::string_view bytes, const Type& type) {
    // exactly as many bytes as there are: reading past the end is seen by AddressSanitizer
    const std::vector<char> exact(bytes.begin(), bytes.end());
    Arena arena;
    const Result<Decoded> decoded =
        try_decode_prefix(ProtocolId::binary, bytes_of({exact.data(), exact.size()}), type, arena);
    CHECK(arena.reserved() <= 2 * (65536 + 64 * bytes.size()));
    return decoded.has_value() && decoded->consumed == bytes.size();
  };
  std::size_t whole = 0;
  Captures(*folder).each([&](const Captured& captured) {
    CAPTURE(captured.name);
    std::string_view flips("\xff\x01\x80");
    if (captured.bytes.size() > 3000) flips = flips.substr(0, 1);  // their elements are all alike
    const std::size_t step = captured.bytes.size() > 500 ? test::one_of(5) : 1;
    std::string changed(captured.bytes);
    for (std::size_t i = 0; i < captured.bytes.size(); i += step) {
      CHECK_FALSE(try_decode(captured.bytes.substr(0, i), captured.type));
      for (const char flip : flips) {
        changed[i] = static_cast<char>(captured.bytes[i] ^ flip);
        whole += try_decode(changed, captured.type) ? 1U : 0U;
      }
      changed[i] = captured.bytes[i];
    }
  });
  CHECK(whole > 0);
}
