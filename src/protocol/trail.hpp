#pragma once

// Where in a value something went wrong. The loops do not keep track of it: while a failure returns
// up through them, each level adds its own step, from the inside outwards. So it costs nothing
// until something fails, and it is exact.

#include <string>
#include <string_view>
#include <thriftpp/schema/layout.hpp>
#include <vector>

namespace thrift {

class Trail {
 public:
  void add_field(const StructLayout& record, const FieldLayout& field);
  void add_index(std::size_t index);
  /// `cell` holds the key of a map's entry.
  void add_key(const SlotLayout& key, const std::byte* cell);

  /// "root.spans[3].tags{\"x\"}", in the syntax of value/path.hpp; without the first dot where
  /// `root` is empty.
  [[nodiscard]] std::string text(std::string_view root) const;

 private:
  std::vector<std::string> steps_;  // the innermost first
};

}  // namespace thrift
