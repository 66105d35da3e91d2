#pragma once

/// @file
/// Thrift's tokens, and what reads and writes them: what a BasicProtocol (basic_protocol.hpp, which
/// says how they follow each other) is made of.

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>
#include <thriftpp/base/buffer.hpp>
#include <thriftpp/protocol/message.hpp>
#include <thriftpp/schema/layout.hpp>
#include <utility>

namespace thrift {

struct FieldToken {
  WireType type = WireType::stop;
  std::int16_t id = 0;
};
/// Of a list or set.
struct ListToken {
  WireType element = WireType::stop;
  std::uint32_t size = 0;
};
/// Types of an empty map may be `stop`, where the protocol does not say them.
struct MapToken {
  WireType key = WireType::stop;
  WireType value = WireType::stop;
  std::uint32_t size = 0;
};

template <class R>
concept TokenReader =
    std::constructible_from<R, std::span<const std::byte>> && std::copyable<R> && requires(R r) {
      { r.read_message_begin() } -> std::same_as<MessageHeader>;
      r.read_struct_begin();
      r.read_struct_end();
      { r.read_field_begin() } -> std::same_as<FieldToken>;
      r.read_field_end();
      { r.read_list_begin() } -> std::same_as<ListToken>;
      r.read_list_end();
      { r.read_set_begin() } -> std::same_as<ListToken>;
      r.read_set_end();
      { r.read_map_begin() } -> std::same_as<MapToken>;
      r.read_map_end();
      { r.read_bool() } -> std::same_as<bool>;
      { r.read_i8() } -> std::same_as<std::int8_t>;
      { r.read_i16() } -> std::same_as<std::int16_t>;
      { r.read_i32() } -> std::same_as<std::int32_t>;
      { r.read_i64() } -> std::same_as<std::int64_t>;
      { r.read_double() } -> std::same_as<double>;
      // Both are valid until the next call. What skips values reads `binary` as a string.
      { r.read_string() } -> std::convertible_to<std::string_view>;
      { r.read_binary() } -> std::convertible_to<std::string_view>;
      { r.read_uuid() } -> std::same_as<Uuid>;
      // Bytes that have been read, and that are left.
      { std::as_const(r).position() } -> std::convertible_to<std::size_t>;
      { std::as_const(r).left() } -> std::convertible_to<std::size_t>;
    };

template <class W>
concept TokenWriter = std::constructible_from<W, Buffer&> &&
                      requires(W w, const MessageHeader& message, FieldToken field, ListToken list,
                               MapToken map, std::string_view text, const Uuid& uuid) {
                        w.write_message_begin(message);
                        w.write_message_end();
                        w.write_struct_begin();
                        w.write_struct_end();
                        w.write_field_begin(field);
                        w.write_field_end();
                        w.write_field_stop();
                        w.write_list_begin(list);
                        w.write_list_end();
                        w.write_set_begin(list);
                        w.write_set_end();
                        w.write_map_begin(map);
                        w.write_map_end();
                        w.write_bool(true);
                        w.write_i8(std::int8_t{});
                        w.write_i16(std::int16_t{});
                        w.write_i32(std::int32_t{});
                        w.write_i64(std::int64_t{});
                        w.write_double(double{});
                        w.write_string(text);
                        w.write_binary(text);
                        w.write_uuid(uuid);
                      };

}  // namespace thrift
