// Whether bytes are UTF-8, at the same speed for all scripts.
//
// A finite automaton whose states are numbered by multiples of six: the table has for each byte, at
// the bit whose number is a state, what state comes next. So a byte costs a load and a shift, and
// no branch that text of mixed scripts would make the processor guess wrong.

#include <array>
#include <cstdint>
#include <cstring>
#include <thriftpp/base/json_writer.hpp>

namespace thrift {
namespace {

enum State : unsigned {
  start = 0,      // between characters
  bad = 6,        // for ever
  one = 12,       // one byte is to follow
  two = 18,       // two are
  three = 24,     // three are
  after_e0 = 30,  // two, the first of which is not below A0: the form would be overlong
  after_ed = 36,  // two, the first of which is not above 9F: surrogates
  after_f0 = 42,  // three, the first of which is not below 90: overlong
  after_f4 = 48,  // three, the first of which is not above 8F: above U+10FFFF
};
constexpr unsigned state_mask = 63;

constexpr State first_byte(unsigned c) {
  if (c < 0x80) return start;
  if (c < 0xC2 || c > 0xF4) return bad;
  if (c < 0xE0) return one;
  if (c == 0xE0) return after_e0;
  if (c == 0xED) return after_ed;
  if (c < 0xF0) return two;
  if (c == 0xF0) return after_f0;
  return c == 0xF4 ? after_f4 : three;
}

constexpr State next(State state, unsigned c) {
  const auto within = [c](unsigned least, unsigned most, State then) {
    return c >= least && c <= most ? then : bad;
  };
  switch (state) {
    case start: return first_byte(c);
    case bad: return bad;
    case one: return within(0x80, 0xBF, start);
    case two: return within(0x80, 0xBF, one);
    case three: return within(0x80, 0xBF, two);
    case after_e0: return within(0xA0, 0xBF, one);
    case after_ed: return within(0x80, 0x9F, one);
    case after_f0: return within(0x90, 0xBF, two);
    case after_f4: return within(0x80, 0x8F, two);
  }
  return bad;
}

constexpr std::array<std::uint64_t, 256> transitions = [] {
  std::array<std::uint64_t, 256> table{};
  for (unsigned c = 0; c < table.size(); ++c) {
    for (unsigned state = start; state <= after_f4; state += 6) {
      table[c] |= std::uint64_t{next(static_cast<State>(state), c)} << state;
    }
  }
  return table;
}();

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = p + text.size();
  std::uint64_t state = start;
  while (end - p >= 8) {
    std::uint64_t word;
    std::memcpy(&word, p, sizeof(word));
    if ((word & 0x8080808080808080U) != 0 || (state & state_mask) != start) {
      for (int i = 0; i < 8; ++i) state = transitions[p[i]] >> (state & state_mask);
      if ((state & state_mask) == bad) return false;
    }
    p += 8;
  }
  for (; p != end; ++p) state = transitions[*p] >> (state & state_mask);
  return (state & state_mask) == start;
}

}  // namespace thrift
