// Binary's bytes, for the loop of decode_loop.hpp.

#include "protocol/big_endian.hpp"
#include "protocol/binary.hpp"
#include "protocol/bulk.hpp"
#include "protocol/decode_loop.hpp"

namespace thrift::binary {
inline namespace THRIFTPP_ISA {
namespace {

struct BinaryWire {
  static constexpr ProtocolId id = ProtocolId::binary;
  static constexpr bool counts_from_last_id = false;
  static constexpr bool bools_in_headers = false;
  static constexpr bool has_varints = false;

  // --- fields ------------------------------------------------------------------------------------

  /// Bytes of a header on the short way.
  static constexpr std::ptrdiff_t short_header = field_header_size;

  /// The table's entry for the field whose header is at `p`; false where it has none.
  [[gnu::always_inline]] static bool locate(Place p, const StructLayout& layout,
                                            const HotField*& field) noexcept {
    const auto at = static_cast<std::uint32_t>(load_big<std::int16_t>(p + 1)) -
                    static_cast<std::uint32_t>(layout.first_id);
    if (at >= layout.id_span) [[unlikely]]
      return false;
    field = layout.table + at;
    return true;
  }

  template <bool checked>
  [[nodiscard]] static FieldHeader field_header(DecodeState& state, Place p, std::int32_t) {
    if (*p == std::byte{0}) return {p, 0, 0};
    if (left(p, state.end()) < field_header_size) {
      return {state.truncated(p, field_header_size), 0, 0};
    }
    return {p + field_header_size, load_big<std::int16_t>(p + 1), static_cast<std::uint8_t>(*p)};
  }

  [[nodiscard]] static WireType wire_type(std::uint8_t type) noexcept {
    const auto known = static_cast<WireType>(type);
    return binary::least_size(known) == 0 ? WireType::stop : known;
  }

  [[nodiscard]] static bool is_true(std::uint8_t) noexcept { return false; }

  [[nodiscard]] static Place skip_field(DecodeState& state, FieldHeader header, WireType type) {
    return skip_value(state, header.value, type);
  }

  [[nodiscard]] static Place skip_value(DecodeState& state, Place p, WireType type) {
    return skip(state, p, type, state.depth_left());
  }

  template <class Loop>
  [[nodiscard]] static constexpr std::array<Step, 256> make_steps() noexcept {
    std::array<Step, 256> steps{};
    for (std::size_t byte = 0; byte < steps.size(); ++byte) {
      steps[byte] = Loop::step_for(static_cast<WireType>(byte));
    }
    return steps;
  }

  // --- values ------------------------------------------------------------------------------------

  [[nodiscard, gnu::always_inline]] static std::uint32_t least_size(WireType type) noexcept {
    return binary::least_size(type);
  }

  template <bool exact>
  [[gnu::always_inline]] static Place read_bool(DecodeState& state, Place p, std::byte* cell) {
    if (exact && p >= state.end()) [[unlikely]]
      return state.truncated(p, 1);
    *cell = std::byte{*p != std::byte{0}};
    return p + 1;
  }

  template <bool exact>
  [[gnu::always_inline]] static Place read_i8(DecodeState& state, Place p, std::byte* cell) {
    return read_number<std::uint8_t, exact, false>(state, p, cell);
  }

  template <class T, bool exact, bool checked>
  [[gnu::always_inline]] static Place read_number(DecodeState& state, Place p, std::byte* cell) {
    if (exact && state.end() - p < std::ptrdiff_t{sizeof(T)}) [[unlikely]]
      return state.truncated(p, sizeof(T));
    copy_big<T>(cell, p);
    return p + sizeof(T);
  }

  template <bool exact>
  [[gnu::always_inline]] static Place read_double(DecodeState& state, Place p, std::byte* cell) {
    return read_number<std::uint64_t, exact, false>(state, p, cell);
  }

  template <bool exact>
  [[gnu::always_inline]] static Place read_string(DecodeState& state, Place p, std::byte* cell) {
    if (exact && state.end() - p < 4) [[unlikely]]
      return state.truncated(p, 4);
    const auto size = load_big<std::uint32_t>(p);
    p += 4;
    // p may lie behind the end, so that what is left has a sign.
    if (std::int64_t{size} > state.end() - p || size > state.max_string()) [[unlikely]] {
      return exact ? state.bad_string_size(p - 4, size, p) : nullptr;
    }
    const StringSlot view{reinterpret_cast<const char*>(p), size};
    std::memcpy(cell, &view, sizeof(view));
    return p + size;
  }

  // --- containers --------------------------------------------------------------------------------

  [[nodiscard, gnu::always_inline]] static ContainerHeader list_header(DecodeState& state,
                                                                       Place p) {
    if (state.end() - p < list_header_size) [[unlikely]]
      return {state.truncated(p, list_header_size), 0, WireType::stop, WireType::stop};
    return {p + list_header_size, load_big<std::uint32_t>(p + 1), WireType::stop,
            static_cast<WireType>(*p)};
  }

  [[nodiscard, gnu::always_inline]] static ContainerHeader map_header(DecodeState& state, Place p) {
    if (state.end() - p < map_header_size) [[unlikely]]
      return {state.truncated(p, map_header_size), 0, WireType::stop, WireType::stop};
    return {p + map_header_size, load_big<std::uint32_t>(p + 2), static_cast<WireType>(p[0]),
            static_cast<WireType>(p[1])};
  }

  [[gnu::always_inline]] static Place read_bools(Place p, std::byte* data, std::size_t n) noexcept {
    copy_bools(data, p, n);
    return p + n;
  }

  template <class T>
  [[gnu::always_inline]] static Place read_numbers(DecodeState&, Place p, std::byte* data,
                                                   std::size_t n) noexcept {
    if constexpr (sizeof(T) == 2) copy_big_16(data, p, n);
    if constexpr (sizeof(T) == 4) copy_big_32(data, p, n);
    if constexpr (sizeof(T) == 8) copy_big_64(data, p, n);
    return p + n * sizeof(T);
  }

  [[gnu::always_inline]] static Place read_doubles(Place p, std::byte* data,
                                                   std::size_t n) noexcept {
    copy_big_64(data, p, n);
    return p + n * 8;
  }
};

}  // namespace

Place decode(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
             std::uint32_t depth) {
  return decode_value<BinaryWire>(state, p, cell, slot, depth);
}

}  // namespace THRIFTPP_ISA
}  // namespace thrift::binary
