#pragma once

// Decimal numbers into doubles.

#include <cstdint>

namespace thrift {

/// A number in JSON's grammar: -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
struct DecimalText {
  std::uint64_t digits = 0;  ///< The first 19 significant digits.
  int exponent = 0;          ///< value = digits * 10^exponent, if nothing was dropped
  bool negative = false;
  bool whole = true;     ///< Neither a fraction nor an exponent.
  bool dropped = false;  ///< There were more digits, or the exponent is beyond all bounds.
};

/// Reads the number at `p`; where it ends, or nullptr where there is none.
[[nodiscard]] const char* scan_decimal(const char* p, const char* end,
                                       DecimalText& decimal) noexcept;

/// The double next to the number that stands in [begin, end), which scan_decimal has read; false
/// where it is beyond the largest, or so small that its digits are lost.
[[nodiscard]] bool to_double(const DecimalText& decimal, const char* begin, const char* end,
                             double& value) noexcept;

}  // namespace thrift
