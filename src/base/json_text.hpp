#pragma once

// Strings and numbers as JSON text, written to memory that is known to be large enough.

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/digits.hpp"

#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace thrift {

/// Sixteen bytes of text, looked at all at once.
class TextBlock {
 public:
  static constexpr std::size_t size = 16;

#ifdef __SSE2__
  explicit TextBlock(const char* p) noexcept
      : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))) {}
  void store(char* p) const noexcept { _mm_storeu_si128(reinterpret_cast<__m128i*>(p), bytes_); }
  /// A bit for each byte that JSON escapes: controls, `"` and `\`.
  [[nodiscard]] std::uint32_t escaped() const noexcept {
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes_, _mm_set1_epi8(0x1F)), bytes_);
    const __m128i quote = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('"'));
    const __m128i backslash = _mm_cmpeq_epi8(bytes_, _mm_set1_epi8('\\'));
    return static_cast<std::uint32_t>(
        _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash))));
  }
  /// A bit for each byte that is not ASCII.
  [[nodiscard]] std::uint32_t high() const noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes_));
  }
  /// A bit for each byte that is the other's.
  [[nodiscard]] std::uint32_t equal(const TextBlock& other) const noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes_, other.bytes_)));
  }

 private:
  __m128i bytes_;
#else
  explicit TextBlock(const char* p) noexcept { std::memcpy(bytes_, p, size); }
  void store(char* p) const noexcept { std::memcpy(p, bytes_, size); }
  [[nodiscard]] std::uint32_t escaped() const noexcept {
    return bits([](unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; });
  }
  [[nodiscard]] std::uint32_t high() const noexcept {
    return bits([](unsigned char c) { return c >= 0x80; });
  }
  [[nodiscard]] std::uint32_t equal(const TextBlock& other) const noexcept {
    std::uint32_t found = 0;
    for (std::size_t i = 0; i < size; ++i) {
      found |= static_cast<std::uint32_t>(bytes_[i] == other.bytes_[i]) << i;
    }
    return found;
  }

 private:
  template <class Test>
  [[nodiscard]] std::uint32_t bits(Test test) const noexcept {
    std::uint32_t found = 0;
    for (std::size_t i = 0; i < size; ++i) {
      found |= static_cast<std::uint32_t>(test(static_cast<unsigned char>(bytes_[i]))) << i;
    }
    return found;
  }
  char bytes_[size];
#endif
};

/// Bytes that must be free behind a text that is copied by blocks.
inline constexpr std::size_t text_slack = TextBlock::size;

struct CopiedText {
  std::size_t size;    ///< Bytes copied: all, or those before the first that JSON escapes.
  std::uint32_t high;  ///< Not zero where one of them is not ASCII.
};

/// Copies `text` up to the first byte that JSON escapes. `size + text_slack` bytes are free at
/// `p`; nothing at or past `readable` is read.
[[nodiscard]] inline CopiedText copy_unescaped(char* p, const char* text, std::size_t size,
                                               const char* readable) noexcept {
  std::uint32_t high = 0;
  std::size_t done = 0;
  for (; size - done >= TextBlock::size; done += TextBlock::size) {
    const TextBlock block(text + done);
    block.store(p + done);
    high |= block.high();
    if (const std::uint32_t escaped = block.escaped(); escaped != 0) [[unlikely]] {
      return {done + static_cast<std::size_t>(std::countr_zero(escaped)), high};
    }
  }
  const std::size_t left = size - done;
  if (left == 0) return {size, high};
  const char* source = text + done;
  char last[TextBlock::size];
  if (readable - source < static_cast<std::ptrdiff_t>(TextBlock::size)) [[unlikely]] {
    std::memcpy(last, source, left);
    source = last;
  }
  const TextBlock block(source);
  block.store(p + done);
  const std::uint32_t ours = (std::uint32_t{1} << left) - 1;
  high |= block.high() & ours;
  if (const std::uint32_t escaped = block.escaped() & ours; escaped != 0) [[unlikely]] {
    return {done + static_cast<std::size_t>(std::countr_zero(escaped)), high};
  }
  return {size, high};
}

/// The most bytes that one byte of text becomes: \u001f.
inline constexpr std::size_t longest_escape = 6;

/// Copies `text` escaped; `size * longest_escape` bytes are free at `p`. Where it ends.
[[nodiscard]] char* write_escaped(char* p, const char* text, std::size_t size) noexcept;

/// As JsonWriter::number; number_room bytes are free at `p`.
[[nodiscard]] inline char* write_json_number(char* p, double value) noexcept {
  const auto put = [&p](const char* text, std::size_t size) {
    std::memcpy(p, text, size);
    return p + size;
  };
  if (!std::isfinite(value)) [[unlikely]] {
    if (std::isnan(value)) return put("\"NaN\"", 5);
    return value < 0 ? put("\"-Infinity\"", 11) : put("\"Infinity\"", 10);
  }
  return write_shortest(p, value, NumberForm::json);
}

}  // namespace thrift
