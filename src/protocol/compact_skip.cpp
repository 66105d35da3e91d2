#include "protocol/compact.hpp"
#include "protocol/compact_varint.hpp"
#include "protocol/compact_walk.hpp"

namespace thrift::compact {
namespace {

/// `n` values of that type; the caller has compared n with the bytes that are left.
Place skip_many(DecodeState& state, Place p, WireType type, std::uint64_t n, std::uint32_t depth) {
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
    const auto header = static_cast<unsigned>(*p);
    if (is_stop(header)) return p + 1;
    const WireType type = wire_type(header);
    if (type == WireType::stop) return state.bad_wire_type(p, header & 15);
    ++p;
    if (header >> 4 == 0) {  // the id stands apart
      const Place id = p;
      p = skip_varint(p, state.end());
      if (p == nullptr) return bad_varint(state, id);
    }
    if (type == WireType::bool_) continue;  // which the header was
    p = skip(state, p, type, depth);
    if (p == nullptr) return nullptr;
  }
}

Place skip_list(DecodeState& state, Place p, std::uint32_t depth) {
  const Place begin = p;
  if (p == state.end()) return state.truncated(p, 1);
  const auto header = static_cast<unsigned>(*p++);
  std::uint64_t size = header >> 4;
  if (size == 15) {
    const Place number = p;
    p = read_varint(p, state.end(), size);
    if (p == nullptr) return bad_varint(state, number);
  }
  if (size == 0) return p;  // an empty list's type means nothing
  const WireType type = wire_type(header);
  if (type == WireType::stop) return state.bad_wire_type(begin, header & 15);
  if (size > state.max_container() ||
      size * least_size(type) > static_cast<std::size_t>(state.end() - p)) {
    return state.bad_container_size(begin, size, least_size(type), p);
  }
  return skip_many(state, p, type, size, depth);
}

Place skip_map(DecodeState& state, Place p, std::uint32_t depth) {
  const Place begin = p;
  std::uint64_t size = 0;
  p = read_varint(p, state.end(), size);
  if (p == nullptr) return bad_varint(state, begin);
  if (size == 0) return p;  // without types
  if (p == state.end()) return state.truncated(p, 1);
  const auto types = static_cast<unsigned>(*p);
  const WireType key = wire_type(types >> 4);
  const WireType value = wire_type(types);
  if (key == WireType::stop) return state.bad_wire_type(p, types >> 4);
  if (value == WireType::stop) return state.bad_wire_type(p, types & 15);
  ++p;
  const std::uint64_t least = least_size(key) + least_size(value);
  if (size > state.max_container() || size * least > static_cast<std::size_t>(state.end() - p)) {
    return state.bad_container_size(begin, size, least, p);
  }
  if (has_fixed_size(key) && has_fixed_size(value)) return p + size * least;
  for (; size != 0; --size) {
    p = skip(state, p, key, depth);
    if (p == nullptr) return nullptr;
    p = skip(state, p, value, depth);
    if (p == nullptr) return nullptr;
  }
  return p;
}

Place skip_string(DecodeState& state, Place p) {
  const Place begin = p;
  std::uint64_t size = 0;
  p = read_varint(p, state.end(), size);
  if (p == nullptr) return bad_varint(state, begin);
  if (size > state.max_string() || size > static_cast<std::size_t>(state.end() - p)) {
    return state.bad_string_size(begin, size, p);
  }
  return p + size;
}

}  // namespace

Place skip(DecodeState& state, Place p, WireType type, std::uint32_t depth) {
  switch (type) {
    case WireType::i16:
    case WireType::i32:
    case WireType::i64: {
      const Place end = skip_varint(p, state.end());
      return end == nullptr ? bad_varint(state, p) : end;
    }
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

}  // namespace thrift::compact
