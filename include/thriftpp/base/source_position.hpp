#pragma once

/// @file
/// A line and a column: what syntax tree, diagnostics and schema tell people about places.

#include <cstdint>

namespace thrift {

/// A place as people count it, both from 1. A column is one code point; a byte that is not UTF-8
/// counts as one.
struct SourcePosition {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const SourcePosition&, const SourcePosition&) = default;
};

}  // namespace thrift
