#include "protocol/tjson_text.hpp"

namespace thrift::tjson {
namespace {

Place skip_struct(DecodeState& state, Place p, std::uint32_t depth) {
  const Place end = state.end();
  bool more = false;
  p = read_open(state, p, end, more);
  while (p != nullptr && more) {
    std::int32_t id = 0;
    WireType type = WireType::stop;
    p = read_field_id(state, p, end, id);
    if (p == nullptr) return nullptr;
    p = read_tag(state, p, end, type);
    if (p == nullptr) return nullptr;
    p = skip(state, p, type, depth);
    if (p == nullptr) return nullptr;
    p = read_field_end(state, p, end, more);
  }
  return p;
}

Place skip_list(DecodeState& state, Place p, std::uint32_t depth) {
  const Place end = state.end();
  ContainerHeader header;
  p = read_list_header(state, p, end, header);
  if (p == nullptr) return nullptr;
  for (std::uint32_t i = 0; i < header.size; ++i) {
    p = read_mark(state, p, end, ',');
    if (p == nullptr) return nullptr;
    p = skip(state, p, header.element, depth);
    if (p == nullptr) return nullptr;
  }
  return read_mark(state, p, end, ']');
}

Place skip_map(DecodeState& state, Place p, std::uint32_t depth) {
  const Place end = state.end();
  ContainerHeader header;
  p = read_map_header(state, p, end, header);
  if (p == nullptr) return nullptr;
  for (std::uint32_t i = 0; i < header.size; ++i) {
    if (i != 0) p = read_mark(state, p, end, ',');
    if (p == nullptr) return nullptr;
    p = skip(state, p, header.key, depth);
    if (p == nullptr) return nullptr;
    p = read_mark(state, p, end, ':');
    if (p == nullptr) return nullptr;
    p = skip(state, p, header.element, depth);
    if (p == nullptr) return nullptr;
  }
  return read_map_end(state, p, end);
}

/// Whether it is a string or base64 the wire does not say: the limit counts the text in either
/// case, so that of a binary it lets less through than decoding does.
Place skip_text(DecodeState& state, Place p) {
  Text text;
  const Place behind = read_text(state, p, state.end(), text);
  if (behind != nullptr && text.size > state.max_string()) {
    return state.bad_string_size(text.begin, text.size, text.begin);
  }
  return behind;
}

}  // namespace

Place skip(DecodeState& state, Place p, WireType type, std::uint32_t depth) {
  switch (type) {
    case WireType::bool_: {
      bool value = false;
      return read_bool(state, p, state.end(), value);
    }
    case WireType::i8:
    case WireType::i16:
    case WireType::i32:
    case WireType::i64: {
      std::int64_t value = 0;
      const Place behind = read_integer<true>(state, p, state.end(), value);
      if (behind != nullptr) [[likely]]
        return behind;
      bool beyond = false;
      return read_wide_integer(state, p, state.end(), value, beyond);
    }
    case WireType::double_: {
      double value = 0;
      bool beyond = false;
      return read_double(state, p, state.end(), value, &beyond);
    }
    case WireType::string: return skip_text(state, p);
    case WireType::uuid: {
      Uuid uuid;
      return read_uuid(state, p, state.end(), reinterpret_cast<std::byte*>(uuid.data()));
    }
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
    default: return state.bad_wire_type(p, static_cast<unsigned>(type));
  }
}

}  // namespace thrift::tjson
