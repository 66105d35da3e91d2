#pragma once

// Reading bytes of the wire piece by piece, for loops that look at each value once and keep
// nothing. Only what is plain is read: nullptr means "odd or wrong", and whoever reads then takes
// the way through values, which knows what to do about it, or what to say.

#include <bit>
#include <cstdint>
#include <thriftpp/schema/layout.hpp>

#include "protocol/big_endian.hpp"
#include "protocol/binary.hpp"
#include "protocol/compact.hpp"

namespace thrift::wire_in {

using Place = const std::byte*;

[[nodiscard]] inline std::size_t left(Place p, Place end) noexcept {
  return static_cast<std::size_t>(end - p);
}

/// Whether `size` elements of at least `least` bytes can be there.
[[nodiscard]] inline bool fits(std::uint32_t size, std::uint64_t least, Place p,
                               Place end) noexcept {
  return least != 0 && size * least <= left(p, end);
}

struct Binary {
  static constexpr ProtocolId protocol = ProtocolId::binary;

  struct Header {
    WireType type;
    std::int16_t id;
  };
  /// What a header depends on: nothing.
  struct Before {};

  [[nodiscard]] static Place field(Place p, Place end, Header& header, Before&) noexcept {
    if (left(p, end) < static_cast<std::size_t>(binary::field_header_size)) [[unlikely]] {
      if (p == end || *p != std::byte{0}) return nullptr;
    }
    header.type = static_cast<WireType>(*p);
    if (header.type == WireType::stop) return p + 1;
    header.id = load_big<std::int16_t>(p + 1);
    return p + binary::field_header_size;
  }
  [[nodiscard]] static bool has_type(WireType type) noexcept {
    return binary::least_size(type) != 0;
  }
  /// Whether a field of that type has no bytes of its own.
  [[nodiscard]] static bool is_in_header(WireType) noexcept { return false; }

  [[nodiscard]] static Place field_bool(Place p, Place end, const Header&, bool& value) noexcept {
    return element_bool(p, end, value);
  }
  [[nodiscard]] static Place element_bool(Place p, Place end, bool& value) noexcept {
    if (p == end) [[unlikely]]
      return nullptr;
    value = *p != std::byte{0};
    return p + 1;
  }
  template <class T>
  [[nodiscard]] static Place integer(Place p, Place end, T& value) noexcept {
    if (left(p, end) < sizeof(T)) [[unlikely]]
      return nullptr;
    value = load_big<T>(p);
    return p + sizeof(T);
  }
  [[nodiscard]] static Place number(Place p, Place end, double& value) noexcept {
    if (left(p, end) < sizeof(double)) [[unlikely]]
      return nullptr;
    value = std::bit_cast<double>(load_big<std::uint64_t>(p));
    return p + sizeof(double);
  }
  [[nodiscard]] static Place size(Place p, Place end, std::uint32_t& size) noexcept {
    return integer(p, end, size);
  }
  [[nodiscard]] static Place list(Place p, Place end, const SlotLayout& element,
                                  std::uint32_t& size) noexcept {
    if (left(p, end) < static_cast<std::size_t>(binary::list_header_size)) [[unlikely]]
      return nullptr;
    const auto type = static_cast<WireType>(*p);
    size = load_big<std::uint32_t>(p + 1);
    p += binary::list_header_size;
    if (size == 0) return p;
    if (type != element.wire || !fits(size, binary::least_size(type), p, end)) return nullptr;
    return p;
  }
  [[nodiscard]] static Place map(Place p, Place end, const SlotLayout& key, const SlotLayout& value,
                                 std::uint32_t& size) noexcept {
    if (left(p, end) < static_cast<std::size_t>(binary::map_header_size)) [[unlikely]]
      return nullptr;
    const auto keys = static_cast<WireType>(p[0]);
    const auto values = static_cast<WireType>(p[1]);
    size = load_big<std::uint32_t>(p + 2);
    p += binary::map_header_size;
    if (size == 0) return p;
    if (keys != key.wire || values != value.wire) return nullptr;
    const std::uint64_t least =
        std::uint64_t{binary::least_size(keys)} + binary::least_size(values);
    return fits(size, least, p, end) ? p : nullptr;
  }
};

struct Compact {
  static constexpr ProtocolId protocol = ProtocolId::compact;

  struct Header {
    WireType type;
    std::uint8_t code;
    std::int16_t id;
  };
  /// The id of the field before, from which ids are counted.
  struct Before {
    std::int16_t id = 0;
  };

  [[nodiscard]] static Place field(Place p, Place end, Header& header, Before& before) noexcept {
    if (p == end) [[unlikely]]
      return nullptr;
    const auto byte = static_cast<std::uint8_t>(*p++);
    header.code = byte & 15;
    header.type = compact::wire_type(header.code);
    if (header.type == WireType::stop) [[unlikely]]
      return compact::is_stop(byte) ? p : nullptr;
    if (const int delta = byte >> 4; delta != 0) [[likely]] {
      header.id = static_cast<std::int16_t>(before.id + delta);
    } else {
      p = integer(p, end, header.id);
      if (p == nullptr) return nullptr;
    }
    before.id = header.id;
    return p;
  }
  [[nodiscard]] static bool has_type(WireType type) noexcept {
    return compact::least_size(type) != 0;
  }
  [[nodiscard]] static bool is_in_header(WireType type) noexcept { return type == WireType::bool_; }

  [[nodiscard]] static Place field_bool(Place p, Place, const Header& header,
                                        bool& value) noexcept {
    value = header.code == static_cast<std::uint8_t>(compact::Code::true_);
    return p;
  }
  [[nodiscard]] static Place element_bool(Place p, Place end, bool& value) noexcept {
    if (p == end) [[unlikely]]
      return nullptr;
    value = *p == std::byte{1};
    return p + 1;
  }
  template <class T>
  [[nodiscard]] static Place integer(Place p, Place end, T& value) noexcept {
    if constexpr (sizeof(T) == 1) {
      if (p == end) [[unlikely]]
        return nullptr;
      value = static_cast<T>(*p);
      return p + 1;
    } else {
      std::uint64_t bits;
      p = varint(p, end, bits);
      const std::int64_t number = compact::unzigzag(bits);
      value = static_cast<T>(number);
      return value == number ? p : nullptr;
    }
  }
  [[nodiscard]] static Place number(Place p, Place end, double& value) noexcept {
    if (left(p, end) < sizeof(double)) [[unlikely]]
      return nullptr;
    value = std::bit_cast<double>(swap_bytes(load_big<std::uint64_t>(p)));
    return p + sizeof(double);
  }
  [[nodiscard]] static Place size(Place p, Place end, std::uint32_t& size) noexcept {
    std::uint64_t bits;
    p = varint(p, end, bits);
    size = static_cast<std::uint32_t>(bits);
    return size == bits ? p : nullptr;
  }
  [[nodiscard]] static Place list(Place p, Place end, const SlotLayout& element,
                                  std::uint32_t& count) noexcept {
    if (p == end) [[unlikely]]
      return nullptr;
    const auto byte = static_cast<std::uint8_t>(*p++);
    count = byte >> 4;
    if (count == 15) {
      p = size(p, end, count);
      if (p == nullptr) return nullptr;
    }
    if (count == 0) return p;
    const WireType type = compact::wire_type(byte & 15U);
    if (type != element.wire || !fits(count, compact::least_size(type), p, end)) return nullptr;
    return p;
  }
  [[nodiscard]] static Place map(Place p, Place end, const SlotLayout& key, const SlotLayout& value,
                                 std::uint32_t& count) noexcept {
    p = size(p, end, count);
    if (p == nullptr || count == 0) return p;
    if (p == end) return nullptr;
    const auto byte = static_cast<std::uint8_t>(*p++);
    const WireType keys = compact::wire_type(byte >> 4U);
    const WireType values = compact::wire_type(byte & 15U);
    if (keys != key.wire || values != value.wire) return nullptr;
    const std::uint64_t least =
        std::uint64_t{compact::least_size(keys)} + compact::least_size(values);
    return fits(count, least, p, end) ? p : nullptr;
  }

 private:
  [[nodiscard]] static Place varint(Place p, Place end, std::uint64_t& value) noexcept {
    value = 0;
    if (p == end) [[unlikely]]
      return nullptr;
    if (const auto byte = static_cast<std::uint64_t>(*p); byte < 0x80) [[likely]] {
      value = byte;
      return p + 1;
    }
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (p == end) return nullptr;
      const auto byte = static_cast<std::uint64_t>(*p++);
      if (shift == 63 && byte > 1) return nullptr;
      value |= (byte & 0x7F) << shift;
      if (byte < 0x80) return p;
    }
    return nullptr;
  }
};

}  // namespace thrift::wire_in
