#pragma once

/// @file
/// What a JsonDocument holds: nodes in the order of the text.
///
///     {"a": [1, 2.5]}     object  size 1, next 5
///                         string  "a"              (the member's name)
///                         array   size 2, next 5
///                         int64   1
///                         decimal "2.5"
///
/// `next` is the index behind a node and all below it, so that siblings are found by a jump.

#include <string>
#include <thriftpp/json/document.hpp>
#include <vector>

namespace thrift {

struct JsonNode::Tape {
  enum class Tag : std::uint8_t {
    null,
    boolean,
    int64,
    minus_zero,  // "-0": an integer whose sign only a double keeps
    digits,      // an integer beyond 64 bits, as text
    decimal,     // any other number, as text
    string,
    array,
    object,
  };
  struct Node {
    Tag tag;
    std::uint32_t size;  // bytes of text, elements, members
    std::uint32_t next;
    union {
      bool boolean;
      std::int64_t int64;
      std::size_t text;  // offset in `pool`
    };
  };
  [[nodiscard]] std::string_view text(const Node& node) const noexcept {
    return {pool.data() + node.text, node.size};
  }

  std::vector<Node> nodes;
  std::string pool;
  std::size_t source_size = 0;  // bytes of the JSON text
};

}  // namespace thrift
