#pragma once

// take(v): reads everything that a value holds and sums it up, so that no read can be left out.
// Of two implementations' values that are equal the sums are.

#include <bit>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <thriftpp/value/value.hpp>
#include <type_traits>
#include <vector>

namespace bench {

template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
std::uint64_t take(T v) {
  if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<std::uint64_t>(v);
  } else {
    return static_cast<std::uint64_t>(v);
  }
}
/// The bytes of a string are there whichever implementation it comes from; the first one says so.
inline std::uint64_t take(std::string_view v) {
  return v.empty() ? 0 : v.size() + static_cast<unsigned char>(v.front());
}
inline std::uint64_t take(const std::string& v) {
  return take(std::string_view(v));
}
template <class T>
std::uint64_t take(const std::vector<T>& v);
template <class T>
std::uint64_t take(const std::set<T>& v);
template <class K, class V>
std::uint64_t take(const std::map<K, V>& v);

template <class T>
std::uint64_t take(const std::vector<T>& v) {
  std::uint64_t sum = 0;
  for (const auto& element : v) sum += take(element);
  return sum;
}
template <class T>
std::uint64_t take(const std::set<T>& v) {
  std::uint64_t sum = 0;
  for (const auto& element : v) sum += take(element);
  return sum;
}
template <class K, class V>
std::uint64_t take(const std::map<K, V>& v) {
  std::uint64_t sum = 0;
  for (const auto& [key, value] : v) sum += take(key) + take(value);
  return sum;
}

/// Of one of our values, whatever its type: what a program does that knows no type in advance.
std::uint64_t take(thrift::ValueView v);

}  // namespace bench
