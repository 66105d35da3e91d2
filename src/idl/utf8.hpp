#pragma once

/// @file
/// Code points of text that may not be UTF-8 everywhere, and how wide a terminal shows them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace thrift::utf8 {

inline constexpr std::uint32_t replacement = 0xFFFD;

struct CodePoint {
  std::uint32_t value;  ///< U+FFFD where the byte begins no valid sequence.
  std::uint8_t length;  ///< Bytes; 1 where invalid.
  bool valid;
};

/// The code point at `at`, which must be less than the size of `text`.
[[nodiscard]] CodePoint decode(std::string_view text, std::size_t at) noexcept;

/// Columns of a terminal: 0 for combining marks, 2 for East Asian wide characters and emoji,
/// else 1. Control characters count 1: they are never shown as they are.
[[nodiscard]] int width(std::uint32_t code_point) noexcept;

/// Appends `text` with U+FFFD for each invalid byte and each control character (tabs and line ends
/// too), so that a terminal shows text and does not obey it.
void append_printable(std::string& out, std::string_view text);

/// `text` with U+FFFD for each invalid byte; control characters stay.
[[nodiscard]] std::string to_valid(std::string_view text);

}  // namespace thrift::utf8
