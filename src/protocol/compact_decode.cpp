// Compact's bytes, for the loop of decode_loop.hpp.

#include "protocol/compact.hpp"
#include "protocol/decode_loop.hpp"
#include "protocol/varint_list.hpp"
#include "protocol/varint_read.hpp"

namespace thrift::compact {
inline namespace THRIFTPP_ISA {
namespace {

struct CompactWire {
  static constexpr ProtocolId id = ProtocolId::compact;
  static constexpr bool counts_from_last_id = true;
  static constexpr bool bools_in_headers = true;
  static constexpr bool has_varints = true;

  // --- fields ------------------------------------------------------------------------------------

  static constexpr std::ptrdiff_t short_header = 1;

  /// The high half of a header says how many ids further the field is: times 16, how many bytes.
  [[gnu::always_inline]] static bool locate(Place p, const StructLayout& layout,
                                            const HotField*& field) noexcept {
    static_assert(sizeof(HotField) == 16);
    field += static_cast<std::uint8_t>(*p) >> 4;
    return field < layout.table_end;
  }

  template <bool checked>
  [[nodiscard]] static FieldHeader field_header(DecodeState& state, Place p, std::int32_t last_id) {
    const auto first = static_cast<std::uint8_t>(*p);
    const std::uint8_t type = first & 15;
    if (is_stop(first)) return {p, 0, 0};
    if (first >= 16) return {p + 1, static_cast<std::int16_t>(last_id + (first >> 4)), type};
    const Varint given = read_varint(state, p + 1);
    if (given.end == nullptr) return {nullptr, 0, 0};
    if constexpr (checked) {
      const std::int64_t whole = unzigzag(given.value);
      if (whole != static_cast<std::int16_t>(whole)) {
        if (state.strictness().varint_overflow == Reaction::error) {
          return {state.varint_overflow(p + 1, 16), 0, 0};
        }
        if (state.strictness().varint_overflow == Reaction::skip) state.leave_out();
      }
    }
    return {given.end, static_cast<std::int16_t>(unfold<std::uint16_t>(given.value)), type};
  }

  [[nodiscard]] static WireType wire_type(std::uint8_t type) noexcept {
    return compact::wire_type(type);
  }

  [[nodiscard]] static bool is_true(std::uint8_t type) noexcept {
    return type == static_cast<std::uint8_t>(Code::true_);
  }

  [[nodiscard]] static Place skip_field(DecodeState& state, FieldHeader header, WireType type) {
    return type == WireType::bool_ ? header.value : skip_value(state, header.value, type);
  }

  [[nodiscard]] static Place skip_value(DecodeState& state, Place p, WireType type) {
    return skip(state, p, type, state.depth_left());
  }

  template <class Loop>
  [[nodiscard]] static constexpr std::array<Step, 256> make_steps() noexcept {
    std::array<Step, 256> steps{};
    for (unsigned byte = 0; byte < steps.size(); ++byte) {
      const auto type = static_cast<Code>(byte & 15);
      if (is_stop(byte)) {
        steps[byte] = Loop::stop;
      } else if (byte < 16) {
        steps[byte] = Loop::long_way;  // an id of its own follows
      } else if (type == Code::true_) {
        steps[byte] = Loop::template bool_step<true>;
      } else if (type == Code::false_) {
        steps[byte] = Loop::template bool_step<false>;
      } else {
        const WireType wire = compact::wire_type(byte);
        steps[byte] = wire == WireType::stop ? Loop::long_way : Loop::step_for(wire);
      }
    }
    return steps;
  }

  // --- values ------------------------------------------------------------------------------------

  [[nodiscard, gnu::always_inline]] static std::uint32_t least_size(WireType type) noexcept {
    return compact::least_size(type);
  }

  /// In a container: a byte of its own.
  template <bool exact>
  [[gnu::always_inline]] static Place read_bool(DecodeState& state, Place p, std::byte* cell) {
    if (exact && p >= state.end()) [[unlikely]]
      return state.truncated(p, 1);
    *cell = std::byte{*p == std::byte{1}};
    return p + 1;
  }

  template <bool exact>
  [[gnu::always_inline]] static Place read_i8(DecodeState& state, Place p, std::byte* cell) {
    if (exact && p >= state.end()) [[unlikely]]
      return state.truncated(p, 1);
    *cell = *p;
    return p + 1;
  }

  template <class T, bool exact, bool checked>
  [[gnu::always_inline]] static Place read_number(DecodeState& state, Place p, std::byte* cell) {
    const Varint varint = exact ? read_varint(state, p) : read_near_varint(p);
    if (varint.end == nullptr) [[unlikely]]
      return nullptr;
    if constexpr (checked) {
      if (overflows<T>(varint, p) && state.strictness().varint_overflow != Reaction::keep) {
        if (state.strictness().varint_overflow == Reaction::error) {
          return state.varint_overflow(p, 8 * sizeof(T));
        }
        state.leave_out();
        return varint.end;
      }
    }
    const T number = unfold<T>(varint.value);
    std::memcpy(cell, &number, sizeof(number));
    return varint.end;
  }

  template <class T>
  [[nodiscard]] static bool overflows(Varint varint, Place p) noexcept {
    if constexpr (sizeof(T) < 8) {
      const std::int64_t whole = unzigzag(varint.value);
      using Signed = std::make_signed_t<T>;
      if (whole != static_cast<Signed>(whole)) return true;
    }
    // The tenth byte has room for one bit.
    return varint.end - p == longest_varint && varint.end[-1] > std::byte{1};
  }

  template <bool exact>
  [[gnu::always_inline]] static Place read_double(DecodeState& state, Place p, std::byte* cell) {
    if (exact && state.end() - p < 8) [[unlikely]]
      return state.truncated(p, 8);
    const std::uint64_t bits = load_little(p);
    std::memcpy(cell, &bits, sizeof(bits));
    return p + 8;
  }

  template <bool exact>
  [[gnu::always_inline]] static Place read_string(DecodeState& state, Place p, std::byte* cell) {
    const Varint size = exact ? read_varint(state, p) : read_near_varint(p);
    if (size.end == nullptr) [[unlikely]]
      return nullptr;
    // What is left has a sign, as the size may end behind the end; max_string fits into 31 bits.
    if (size.value > state.max_string() ||
        static_cast<std::int64_t>(size.value) > state.end() - size.end) [[unlikely]] {
      return exact ? state.bad_string_size(p, size.value, size.end) : nullptr;
    }
    const StringSlot view{reinterpret_cast<const char*>(size.end),
                          static_cast<std::size_t>(size.value)};
    std::memcpy(cell, &view, sizeof(view));
    return size.end + size.value;
  }

  // --- containers --------------------------------------------------------------------------------

  [[nodiscard, gnu::always_inline]] static ContainerHeader list_header(DecodeState& state,
                                                                       Place p) {
    if (p >= state.end()) [[unlikely]]
      return {state.truncated(p, 1), 0, WireType::stop, WireType::stop};
    const auto first = static_cast<std::uint8_t>(*p);
    const WireType element = compact::wire_type(first);
    if (first < 0xf0) return {p + 1, std::uint64_t{first} >> 4, WireType::stop, element};
    const Varint size = read_varint(state, p + 1);
    return {size.end, size.value, WireType::stop, element};
  }

  [[nodiscard, gnu::always_inline]] static ContainerHeader map_header(DecodeState& state, Place p) {
    const Varint size = read_varint(state, p);
    if (size.end == nullptr || size.value == 0) {  // an empty map has no types
      return {size.end, 0, WireType::stop, WireType::stop};
    }
    if (size.end >= state.end()) [[unlikely]]
      return {state.truncated(size.end, 1), 0, WireType::stop, WireType::stop};
    const auto types = static_cast<std::uint8_t>(*size.end);
    return {size.end + 1, size.value, compact::wire_type(types >> 4), compact::wire_type(types)};
  }

  static Place read_bools(Place p, std::byte* data, std::size_t n) noexcept {
    for (std::size_t i = 0; i < n; ++i) data[i] = std::byte{p[i] == std::byte{1}};
    return p + n;
  }

  static Place read_doubles(Place p, std::byte* data, std::size_t n) noexcept {
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(data, p, n * 8);
    } else {
      for (std::size_t i = 0; i < n; ++i) {
        const std::uint64_t bits = load_little(p + i * 8);
        std::memcpy(data + i * 8, &bits, sizeof(bits));
      }
    }
    return p + n * 8;
  }

  template <class T>
  static Place read_numbers(DecodeState& state, Place p, std::byte* data, std::size_t n) {
    std::size_t done = 0;
#ifdef THRIFTPP_V3
    p = read_varint_blocks<T>(p, state.end(), data, n, done);
#endif
    for (; done < n; ++done) {
      p = read_number<T, true, false>(state, p, data + done * sizeof(T));
      if (p == nullptr) [[unlikely]]
        return state.in_element(done);
    }
    return p;
  }
};

}  // namespace

Place decode(DecodeState& state, Place p, std::byte* cell, const SlotLayout& slot,
             std::uint32_t depth) {
  return decode_value<CompactWire>(state, p, cell, slot, depth);
}

}  // namespace THRIFTPP_ISA
}  // namespace thrift::compact
