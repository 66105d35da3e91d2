#pragma once

// The data that is encoded and decoded: a type and its bytes.

#include <array>
#include <string>
#include <thriftpp/protocol/protocol.hpp>
#include <vector>

namespace bench {

struct Payload {
  std::string name;
  thrift::SchemaPtr schema;
  const thrift::StructType* type = nullptr;
  std::array<std::vector<std::byte>, 3> bytes;  ///< By ProtocolId.

  [[nodiscard]] const std::vector<std::byte>& in(thrift::ProtocolId protocol) const {
    return bytes[static_cast<std::size_t>(protocol)];
  }
  [[nodiscard]] std::vector<std::byte>& in(thrift::ProtocolId protocol) {
    return bytes[static_cast<std::size_t>(protocol)];
  }
};

/// The payload of that name; lives as long as the program. Its bytes come from NAME.binary,
/// NAME.compact and NAME.tjson beside its IDL. Where there are none, the binary ones are made up,
/// the same in each run, and the others left empty.
Payload& payload(const std::string& name, const std::string& type);

/// Our codec's part of the gate before anything is timed: what is measured must be right. Throws
/// std::runtime_error.
void check(const Payload& payload, thrift::ProtocolId protocol);
/// `bytes` are what another implementation made of the payload; they must be the same.
void check_same(const Payload& payload, thrift::ProtocolId protocol, const std::string& who,
                const void* bytes, std::size_t size);

/// Registers all payloads' benchmarks.
void add_payloads();

/// Registers more benchmarks. A source that has a `const bench::Rows rows(add_my_rows);` needs to
/// be listed in CMakeLists.txt, and nothing else.
struct Rows {
  /// `add` is called for each payload, whose bytes are complete and checked by then.
  explicit Rows(void (*add)(const Payload&));
  /// `add` is called once.
  explicit Rows(void (*add)());
};
/// Calls what Rows have been given.
void add_rows(const Payload& payload);
void add_rows();

}  // namespace bench
