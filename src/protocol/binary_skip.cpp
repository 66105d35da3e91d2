#include "protocol/big_endian.hpp"
#include "protocol/binary.hpp"

namespace thrift::binary {
namespace {

using Place = const std::byte*;

/// `n` values of that type.
Place skip_many(DecodeState& state, Place p, WireType type, std::uint64_t n, std::uint32_t depth) {
  // The caller has compared n with the bytes that are left, so this cannot overflow.
  if (has_fixed_size(type)) return p + n * least_size(type);
  for (; n != 0; --n) {
    p = skip(state, p, type, depth);
    if (p == nullptr) return nullptr;
  }
  return p;
}

Place skip_struct(DecodeState& state, Place p, std::uint32_t depth) {
  for (;;) {
    if (p == state.end()) return state.truncated(p, 1);
    const auto type = static_cast<WireType>(*p);
    if (type == WireType::stop) return p + 1;
    if (state.end() - p < field_header_size) return state.truncated(p, field_header_size);
    if (least_size(type) == 0) return state.bad_wire_type(p, static_cast<unsigned>(type));
    p = skip(state, p + field_header_size, type, depth);
    if (p == nullptr) return nullptr;
  }
}

Place skip_list(DecodeState& state, Place p, std::uint32_t depth) {
  if (state.end() - p < list_header_size) return state.truncated(p, list_header_size);
  const auto type = static_cast<WireType>(*p);
  const auto size = load_big<std::int32_t>(p + 1);
  p += list_header_size;
  if (size == 0) return p;  // an empty list's type means nothing, and some peers write any
  const std::uint64_t least = least_size(type);
  if (least == 0) return state.bad_wire_type(p - 5, static_cast<unsigned>(type));
  const auto n = static_cast<std::uint32_t>(size);
  if (n > state.max_container() || n * least > static_cast<std::size_t>(state.end() - p)) {
    return state.bad_container_size(p - 4, n, least, p);
  }
  return skip_many(state, p, type, n, depth);
}

Place skip_map(DecodeState& state, Place p, std::uint32_t depth) {
  if (state.end() - p < map_header_size) return state.truncated(p, map_header_size);
  const auto key = static_cast<WireType>(p[0]);
  const auto value = static_cast<WireType>(p[1]);
  const auto size = load_big<std::int32_t>(p + 2);
  p += map_header_size;
  if (size == 0) return p;
  if (least_size(key) == 0) return state.bad_wire_type(p - 6, static_cast<unsigned>(key));
  if (least_size(value) == 0) return state.bad_wire_type(p - 5, static_cast<unsigned>(value));
  const std::uint64_t least = least_size(key) + least_size(value);
  const auto n = static_cast<std::uint32_t>(size);
  if (n > state.max_container() || n * least > static_cast<std::size_t>(state.end() - p)) {
    return state.bad_container_size(p - 4, n, least, p);
  }
  if (has_fixed_size(key) && has_fixed_size(value)) return p + n * least;
  for (std::uint32_t i = 0; i < n; ++i) {
    p = skip(state, p, key, depth);
    if (p == nullptr) return nullptr;
    p = skip(state, p, value, depth);
    if (p == nullptr) return nullptr;
  }
  return p;
}

Place skip_string(DecodeState& state, Place p) {
  if (state.end() - p < 4) return state.truncated(p, 4);
  const auto size = load_big<std::uint32_t>(p);
  if (size > state.max_string() || size > static_cast<std::size_t>(state.end() - p - 4)) {
    return state.bad_string_size(p, size, p + 4);
  }
  return p + 4 + size;
}

}  // namespace

Place skip(DecodeState& state, Place p, WireType type, std::uint32_t depth) {
  switch (type) {
    case WireType::string: return skip_string(state, p);
    case WireType::struct_:
      if (depth == 0) return state.too_deep(p);
      return skip_struct(state, p, depth - 1);
    case WireType::list:
    case WireType::set:
      if (depth == 0) return state.too_deep(p);
      return skip_list(state, p, depth - 1);
    case WireType::map:
      if (depth == 0) return state.too_deep(p);
      return skip_map(state, p, depth - 1);
    default: {
      const std::ptrdiff_t size = least_size(type);
      if (size == 0) return state.bad_wire_type(p, static_cast<unsigned>(type));
      if (state.end() - p < size) return state.truncated(p, static_cast<std::uint64_t>(size));
      return p + size;
    }
  }
}

}  // namespace thrift::binary
