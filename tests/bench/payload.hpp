#pragma once

// The data that is encoded and decoded: a type and its bytes.

#include <string>
#include <thriftpp/protocol/protocol.hpp>

namespace bench {

struct Payload {
  std::string name;
  thrift::SchemaPtr schema;
  const thrift::StructType* type = nullptr;
  std::vector<std::byte> binary;
};

/// The payload of that name; lives as long as the program. Its bytes come from NAME.binary beside
/// its IDL, or, where there is no such file, are made up, the same in each run.
Payload& payload(const std::string& name, const std::string& type);

/// Our codec's part of the gate before anything is timed: what is measured must be right. Throws
/// std::runtime_error.
void check(const Payload& payload);
/// `bytes` are what another implementation made of the payload; they must be the same.
void check_same(const Payload& payload, const std::string& who, const void* bytes,
                std::size_t size);

/// Registers all payloads' benchmarks.
void add_payloads();

}  // namespace bench
