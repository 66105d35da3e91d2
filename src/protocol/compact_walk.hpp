#pragma once

// Compact, for going through bytes: see walk.hpp.

#include <thriftpp/base/buffer.hpp>

#include "protocol/compact.hpp"
#include "protocol/compact_varint.hpp"
#include "protocol/walk.hpp"

namespace thrift::compact {

/// The number at `p`, which cannot be read. Returns nullptr.
[[gnu::cold]] Place bad_varint(DecodeState& state, Place p);

struct Wire {
  static constexpr ProtocolId protocol = ProtocolId::compact;

  /// The header of a field; returns where its value starts (or, of a stop, where the struct ends).
  static Place read_field(DecodeState& state, Place p, std::int16_t last_id, FieldHeader& out) {
    if (p == state.end()) [[unlikely]]
      return state.truncated(p, 1);
    const auto byte = static_cast<unsigned>(*p);
    if (is_stop(byte)) {
      out.type = WireType::stop;
      return p + 1;
    }
    out.type = wire_type(byte);
    if (out.type == WireType::stop) [[unlikely]]
      return state.bad_wire_type(p, byte & 15);
    out.has_value = out.type != WireType::bool_;
    out.value = (byte & 15) == static_cast<unsigned>(Code::true_);
    ++p;
    if (byte >> 4 != 0) {
      out.id = static_cast<std::int16_t>(last_id + static_cast<int>(byte >> 4));
      return p;
    }
    std::uint64_t id = 0;
    const Place end = read_varint(p, state.end(), id);
    if (end == nullptr) [[unlikely]]
      return bad_varint(state, p);
    out.id = static_cast<std::int16_t>(unzigzag(id));
    return end;
  }

  /// The header of a list or set, its size compared with the limit alone. Its types may be any, or
  /// none: whether they are the schema's is for the caller to see.
  static Place read_list(DecodeState& state, Place p, ContainerHeader& out) {
    if (p == state.end()) [[unlikely]]
      return state.truncated(p, 1);
    const auto byte = static_cast<unsigned>(*p);
    out.element = wire_type(byte);
    return read_size(state, p + 1, byte >> 4, out);
  }

  /// An empty map has no types.
  static Place read_map(DecodeState& state, Place p, ContainerHeader& out) {
    p = read_size(state, p, 15, out);
    if (p == nullptr || out.size == 0) return p;
    if (p == state.end()) [[unlikely]]
      return state.truncated(p, 1);
    const auto types = static_cast<unsigned>(*p);
    out.key = wire_type(types >> 4);
    out.element = wire_type(types);
    return p + 1;
  }

  static std::uint64_t least_size(WireType type) noexcept { return compact::least_size(type); }

  /// Reads a bool, a number, a uuid or a string (which then views the input) into a cell.
  static Place read_scalar(DecodeState& state, Place p, const SlotLayout& slot, std::byte* cell);

  static Place skip(DecodeState& state, Place p, WireType type, std::uint32_t depth) {
    return compact::skip(state, p, type, depth);
  }
  /// Where the value of type `slot` at `p` ends; a bool is that of a container.
  static Place skip_slot(DecodeState& state, Place p, const SlotLayout& slot, std::uint32_t depth);
  /// As skip_slot, of `n` values, for which there are bytes enough at least.
  static Place skip_elements(DecodeState& state, Place p, const SlotLayout& slot, std::uint32_t n,
                             std::uint32_t depth);
  /// Where the value of a field of `record` ends, whose header has been read and has a value.
  static Place skip_field(DecodeState& state, Place p, const StructLayout& record,
                          const FieldHeader& header, std::uint32_t depth);

  static void put_field(Buffer& out, std::int16_t last_id, const FieldHeader& header) {
    std::byte* const begin = out.prepare(1 + longest_varint);
    std::byte* p = begin;
    unsigned type = code(header.type);
    if (header.type == WireType::bool_ && !header.value) type = static_cast<unsigned>(Code::false_);
    const int delta = header.id - last_id;
    if (delta >= 1 && delta <= 15) {
      *p++ = static_cast<std::byte>(static_cast<unsigned>(delta) << 4 | type);
    } else {
      *p++ = static_cast<std::byte>(type);
      p = write_varint(p, zigzag(header.id));
    }
    out.commit(static_cast<std::size_t>(p - begin));
  }
  static void put_list(Buffer& out, const ContainerHeader& header) {
    const unsigned type = code(header.element);
    if (header.size < 15) return out.push_back(static_cast<std::byte>(header.size << 4 | type));
    out.push_back(static_cast<std::byte>(0xf0 | type));
    put_size(out, header.size);
  }
  static void put_map(Buffer& out, const ContainerHeader& header) {
    put_size(out, header.size);
    if (header.size == 0) return;
    out.push_back(static_cast<std::byte>(code(header.key) << 4 | code(header.element)));
  }
  /// Whether a field's header depends on the field before it.
  static constexpr bool has_relative_ids = true;
  /// Whether a bool as a field is its header alone.
  static constexpr bool has_bool_headers = true;

 private:
  /// A size, which stands at `p` where `small` is 15.
  static Place read_size(DecodeState& state, Place p, unsigned small, ContainerHeader& out) {
    std::uint64_t size = small;
    Place behind = p;
    if (small == 15) {
      behind = read_varint(p, state.end(), size);
      if (behind == nullptr) [[unlikely]]
        return bad_varint(state, p);
    }
    if (size > state.max_container()) [[unlikely]] {
      return state.bad_container_size(p, size, 1, behind);
    }
    out.size = static_cast<std::uint32_t>(size);
    return behind;
  }
  static void put_size(Buffer& out, std::uint32_t size) {
    std::byte* const p = out.prepare(longest_varint);
    out.commit(static_cast<std::size_t>(write_varint(p, size) - p));
  }
};

}  // namespace thrift::compact
