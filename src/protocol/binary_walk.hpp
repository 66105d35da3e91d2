#pragma once

// Binary, for going through bytes: see walk.hpp.

#include <thriftpp/base/buffer.hpp>

#include "protocol/big_endian.hpp"
#include "protocol/binary.hpp"
#include "protocol/walk.hpp"

namespace thrift::binary {

struct Wire {
  static constexpr ProtocolId protocol = ProtocolId::binary;

  /// The header of a field; returns where its value starts (or, of a stop, where the struct ends).
  static Place read_field(DecodeState& state, Place p, std::int16_t /*last_id*/, FieldHeader& out) {
    if (bytes_between(p, state.end()) < field_header_size) [[unlikely]] {
      if (p == state.end()) return state.truncated(p, 1);
      if (*p != std::byte{0}) return state.truncated(p, field_header_size);
    }
    out.type = static_cast<WireType>(*p);
    if (out.type == WireType::stop) return p + 1;
    if (binary::least_size(out.type) == 0) [[unlikely]]
      return state.bad_wire_type(p, static_cast<unsigned>(out.type));
    out.id = load_big<std::int16_t>(p + 1);
    return p + field_header_size;
  }

  /// The header of a list or set, its size compared with the limit alone. Its types may be any, or
  /// none: whether they are the schema's is for the caller to see.
  static Place read_list(DecodeState& state, Place p, ContainerHeader& out) {
    if (bytes_between(p, state.end()) < list_header_size) [[unlikely]]
      return state.truncated(p, list_header_size);
    out.element = static_cast<WireType>(*p);
    out.size = load_big<std::uint32_t>(p + 1);
    if (out.size > state.max_container()) [[unlikely]]
      return state.bad_container_size(p + 1, out.size, 1, p + list_header_size);
    return p + list_header_size;
  }

  static Place read_map(DecodeState& state, Place p, ContainerHeader& out) {
    if (bytes_between(p, state.end()) < map_header_size) [[unlikely]]
      return state.truncated(p, map_header_size);
    out.key = static_cast<WireType>(p[0]);
    out.element = static_cast<WireType>(p[1]);
    out.size = load_big<std::uint32_t>(p + 2);
    if (out.size > state.max_container()) [[unlikely]]
      return state.bad_container_size(p + 2, out.size, 1, p + map_header_size);
    return p + map_header_size;
  }

  static std::uint64_t least_size(WireType type) noexcept { return binary::least_size(type); }

  /// Reads a bool, a number, a uuid or a string (which then views the input) into a cell.
  static Place read_scalar(DecodeState& state, Place p, const SlotLayout& slot, std::byte* cell);

  static Place skip(DecodeState& state, Place p, WireType type, std::uint32_t depth) {
    return binary::skip(state, p, type, depth);
  }
  /// Where the value of type `slot` at `p` ends.
  static Place skip_slot(DecodeState& state, Place p, const SlotLayout& slot, std::uint32_t depth);
  /// As skip_slot, of `n` values, for which there are bytes enough at least.
  static Place skip_elements(DecodeState& state, Place p, const SlotLayout& slot, std::uint32_t n,
                             std::uint32_t depth);
  /// Where the value of a field of `record` ends, whose header has been read.
  static Place skip_field(DecodeState& state, Place p, const StructLayout& record,
                          const FieldHeader& header, std::uint32_t depth);

  static void put_field(Buffer& out, std::int16_t /*last_id*/, const FieldHeader& header) {
    std::byte* const p = out.prepare(field_header_size);
    p[0] = static_cast<std::byte>(header.type);
    store_big(p + 1, header.id);
    out.commit(field_header_size);
  }
  static void put_list(Buffer& out, const ContainerHeader& header) {
    std::byte* const p = out.prepare(list_header_size);
    p[0] = static_cast<std::byte>(header.element);
    store_big(p + 1, header.size);
    out.commit(list_header_size);
  }
  static void put_map(Buffer& out, const ContainerHeader& header) {
    std::byte* const p = out.prepare(map_header_size);
    p[0] = static_cast<std::byte>(header.key);
    p[1] = static_cast<std::byte>(header.element);
    store_big(p + 2, header.size);
    out.commit(map_header_size);
  }
  /// Whether a field's header depends on the field before it.
  static constexpr bool has_relative_ids = false;
  /// Whether a bool as a field is its header alone.
  static constexpr bool has_bool_headers = false;
};

}  // namespace thrift::binary
