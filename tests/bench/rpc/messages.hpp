#pragma once

// The one call that servers are compared with: getUser("1234") of idl_samples/user.thrift, framed,
// in binary, and the one reply to it. As bytes, written by hand.

#include <string>
#include <string_view>

namespace rpc_bench {

inline constexpr std::string_view user_id = "1234";
inline constexpr std::string_view user_name = "Ann, a user with a name of usual length";

namespace detail {

inline std::string word(std::size_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

inline std::string text(std::string_view bytes) {
  return word(bytes.size()) + std::string(bytes);
}

/// A frame that holds a message with one string in a struct.
inline std::string message(unsigned char type, int id, std::string_view value) {
  std::string out = word(0x8001'0000U | type) + text("getUser") + word(7);  // the sequence id
  out += '\x0b';                                                            // a string
  out += '\0';
  out += static_cast<char>(id);
  out += text(value) + '\0';
  return text(out);
}

}  // namespace detail

inline const std::string& request() {
  static const std::string bytes = detail::message(1, 1, user_id);
  return bytes;
}
inline const std::string& reply() {
  static const std::string bytes = detail::message(2, 0, user_name);
  return bytes;
}

}  // namespace rpc_bench
