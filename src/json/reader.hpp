#pragma once

/// @file
/// JSON nodes into cells: what from_json and the messages share.

#include <thriftpp/json/read.hpp>

namespace thrift {

/// Writes nodes through CellWriters: the forms of read.hpp. Recursion is as deep as the value.
class JsonReader {
 public:
  explicit JsonReader(const FromJsonOptions& options) noexcept : options_(options) {}

  void read(CellWriter& writer, JsonNode node) const;
  /// A new value; `path` leads to it in messages.
  [[nodiscard]] Value read(JsonNode node, const Type& type, const BuildPath& path) const;

 private:
  void read_string(CellWriter& writer, JsonNode node) const;
  void read_bytes(CellWriter& writer, std::string_view base64) const;
  void read_list(CellWriter& writer, JsonNode node) const;
  void read_map(CellWriter& writer, JsonNode node) const;
  void read_key(CellWriter& writer, std::string_view name) const;
  void read_struct(CellWriter& writer, JsonNode node) const;

  const FromJsonOptions& options_;
};

}  // namespace thrift
